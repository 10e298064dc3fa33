import BlitzTensor
import CKernels

/// Memory that one part of a job writes and reads, and nobody after it.
enum Scratch {
  /// More is not kept by threads, but given back when the part is done.
  private static let mostKept = 4 << 20

  /// Calls `body` with so many bytes, aligned to 64; it must not ask for others.
  ///
  /// Each thread has its own, so that it writes to what its core has in the cache.
  ///
  /// - Returns: whether there was memory.
  static func use(_ byteCount: Int, _ body: (UnsafeMutableRawPointer) -> Void) -> Bool {
    if byteCount <= mostKept, let own = blz_own_scratch(byteCount) {
      body(own)
      return true
    }
    guard let block = try? MemoryBlock(byteCount: byteCount) else { return false }
    body(block.pointer)
    withExtendedLifetime(block) {}
    return true
  }
}
