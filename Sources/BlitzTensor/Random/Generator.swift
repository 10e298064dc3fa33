/// A source of random numbers, the same as PyTorch's on the CPU for the same seed:
/// `torch.Generator`.
///
///     let generator = Generator(seed: 0)
///     let x = Tensor.randn([64, 1000], generator: generator)
///
/// Without a generator the random words draw from ``shared``, which ``manualSeed(_:)`` restarts.
/// The algorithm is mt19937 and, for each kind of number, the way in which PyTorch 2.15 turns its
/// bits into numbers, equal to the last bit: float32 `randn` to that of processors with AVX2 or
/// AVX-512 (on others PyTorch's own differs in the last bits).
///
/// A generator can be used from several tasks at once: each call takes its numbers in one piece.
/// Which task is first is then up to the scheduler; for numbers that repeat, give each task a
/// generator of its own. Not for secrets: the state can be computed from 624 outputs.
public final class Generator: Sendable {
  /// What changes when a number is drawn.
  struct Core: Sendable {
    var twister: MersenneTwister
    /// The second number of the last pair of normals, not yet handed out.
    var cachedNormal: Double?
    var seed: UInt64

    init(seed: UInt64) {
      // PyTorch keeps 64 bits of seed but gives the twister only the lower 32.
      twister = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
      self.seed = seed
    }
  }

  let core: Lock<Core>

  /// The seed of a generator that is made without one, the same as PyTorch's.
  public static let defaultSeed: UInt64 = 67_280_421_310_721

  /// The generator that draws where none is given: `torch.default_generator`.
  ///
  /// It starts from `BLITZ_SEED` if that is set, otherwise, as PyTorch's, from a seed of the
  /// system's, so that runs differ; ``initialSeed`` tells which, and ``manualSeed(_:)`` sets it.
  public static let shared = Generator(seed: startingSeed())

  private static func startingSeed() -> UInt64 {
    // 53 bits, so that every reader of JSON keeps the number.
    Environment.value(of: "BLITZ_SEED", takes: "a whole number of 0 or more") { UInt64($0) }
      ?? UInt64.random(in: 0..<1 << 53)
  }

  /// A generator that starts from `seed`.
  ///
  /// As in PyTorch, seeds that share their lower 32 bits give the same numbers.
  public init(seed: UInt64 = Generator.defaultSeed) {
    core = Lock(Core(seed: seed))
  }

  /// Restarts the generator from a seed, as if it were new: `torch.Generator.manual_seed`.
  public func seed(_ seed: UInt64) {
    let fresh = Core(seed: seed)
    core.withLock { $0 = fresh }
  }

  /// The seed that the generator was last started from: `torch.Generator.initial_seed`.
  public var initialSeed: UInt64 {
    core.withLock { $0.seed }
  }

  /// Everything that decides the numbers to come, to be kept and set again:
  /// `torch.Generator.get_state`.
  ///
  ///     let kept = generator.state
  ///     let a = Tensor.rand([3], generator: generator)
  ///     generator.state = kept
  ///     let b = Tensor.rand([3], generator: generator)   // equal to a
  public var state: State {
    get { core.withLock { State($0) } }
    set {
      let restored = newValue.core
      core.withLock { $0 = restored }
    }
  }
}

/// Restarts ``Generator/shared`` from a seed: `torch.manual_seed`.
///
///     manualSeed(0)
///     let x = Tensor.randn([64, 1000])   // PyTorch's numbers for torch.manual_seed(0)
public func manualSeed(_ seed: UInt64) {
  Generator.shared.seed(seed)
}
