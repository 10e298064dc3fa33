import Synchronization

extension Environment {
  private static let tf32 = Atomic(Environment.isSet("BLITZ_TF32"))

  /// Whether accelerators may compute matrix products and convolutions of float32 with TF32: ten
  /// bits of fraction instead of 23, several times as fast on NVIDIA GPUs from Ampere on.
  ///
  /// False unless `BLITZ_TF32=1`. It is part of a program's text, so programs that were compiled
  /// before a change stay as they are.
  package static var allowsTF32: Bool {
    get { tf32.load(ordering: .relaxed) }
    set { tf32.store(newValue, ordering: .relaxed) }
  }
}
