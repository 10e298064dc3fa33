import Blitz

/// Arguments for calls: mostly such as a call can use, often enough such as none can.
struct Values {
  private var random: ExampleGenerator
  /// Whether an operand is so large that reducing it would take days.
  private(set) var hasHugeOperand = false
  /// Whether an operand carries an error already.
  private(set) var hasFailedOperand = false

  init(seed: Int) { random = ExampleGenerator(seed: 10, index: seed) }

  mutating func pick<T>(_ choices: [T]) -> T { choices.randomElement(using: &random)! }

  /// True once in so many times.
  mutating func isOneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

  mutating func bool() -> Bool { Bool.random(using: &random) }

  /// Numbers that no size, axis or count can be, up to the ends of what a number can be.
  private static let absurd: [Int] = [
    .max, .min, .max - 1, .min + 1, 1 << 61, 1 << 62, -(1 << 62), 1 << 40, -(1 << 40), 1 << 31,
    -(1 << 31), (1 << 31) - 1, .max / 2, .max / 4, .max / 8,
  ]

  /// A small number, or an absurd one.
  mutating func int() -> Int {
    isOneIn(5) ? pick(Self.absurd) : Int.random(in: -3...5, using: &random)
  }

  /// A size that fits, or anything.
  mutating func size() -> Int { isOneIn(5) ? int() : pick([1, 2, 3, 4, 6]) }

  mutating func size2D() -> Size2D { bool() ? Size2D(size()) : Size2D(size(), size()) }

  mutating func ints() -> [Int] { (0..<pick([0, 1, 1, 2, 2, 3, 4, 17])).map { _ in int() } }

  mutating func shape() -> Shape {
    let rank = isOneIn(40) ? 17 : pick([0, 1, 1, 2, 2, 3, 4])
    return Shape((0..<rank).map { _ in isOneIn(8) ? int() : pick([0, 1, 2, 3, 5]) })
  }

  mutating func double() -> Double {
    pick([
      0, 1, -1, 0.5, 2, 0.1, 1e-8, 0.9, -0.0, .infinity, -.infinity, .nan, 1e300, -1e300,
      .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e19, -1e19,
    ])
  }

  mutating func dtype() -> DType {
    pick([
      .float32, .float32, .float64, .float16, .bfloat16, .int64, .int32, .uint8, .bool, .int8,
      .int16, .uint16, .uint32, .uint64,
    ])
  }

  mutating func device() -> Device {
    isOneIn(12) ? pick([.cuda(int()), .xla("none", int()), .mesh(.cpu, ["a": int()])]) : .cpu
  }

  func generator() -> Generator { Generator(seed: 3) }

  mutating func string() -> String { pick(["", "a", "x.y", "ij,jk->ik", "\u{0}", "é→", "a/b"]) }

  mutating func strings() -> [String] { (0..<pick([0, 1, 2, 3])).map { _ in string() } }

  mutating func reduction() -> LossReduction { pick([.mean, .sum, .none]) }

  /// An operand: of any rank, with or without elements, of any dtype, huge or failed.
  mutating func tensor() -> Tensor {
    let tensor = anyTensor()
    if tensor.error != nil { hasFailedOperand = true }
    if tensor.elementCount > Self.huge { hasHugeOperand = true }
    return tensor
  }

  /// The same, or none.
  mutating func maybeTensor() -> Tensor? { bool() ? tensor() : nil }

  mutating func tensors() -> [Tensor] { (0..<pick([0, 1, 2, 2, 3])).map { _ in tensor() } }

  /// Class numbers, some of which no class has.
  mutating func labels() -> Tensor {
    if isOneIn(4) { return tensor() }
    let labels = Tensor(
      pick([[0, 1], [2, 0], [0, 1, 2], [5, -1], [Int.max, Int.min], [], [1]]),
      dtype: pick([.int64, .int64, .int32, .uint8, .float32]))
    if labels.error != nil { hasFailedOperand = true }
    return labels
  }

  /// Pictures, `[N, C, H, W]`, more often than not.
  mutating func pictures() -> Tensor {
    isOneIn(3)
      ? tensor() : numbers(pick([[1, 2, 5, 5], [2, 1, 4, 3], [1, 4, 1, 1], [0, 2, 3, 3]]))
  }

  /// Sequences, `[T, N, features]`, more often than not.
  mutating func sequence() -> Tensor {
    isOneIn(3)
      ? tensor() : numbers(pick([[2, 1, 2], [3, 2, 4], [1, 1, 1], [0, 2, 2], [2, 2]]))
  }

  /// What nothing can hold the memory of is more.
  private static let huge = 1 << 24

  private mutating func numbers(_ shape: Shape) -> Tensor {
    let count = shape.elementCount
    return Tensor((0..<count).map { Float($0 % 7) - 2.5 }, shape: shape, requiresGrad: bool())
  }

  private mutating func anyTensor() -> Tensor {
    switch Int.random(in: 0..<14, using: &random) {
    case 0: Tensor.zeros(shape(), dtype: dtype())
    case 1: Tensor.full(shape(), double(), dtype: dtype())
    case 2: Tensor.zeros([pick([0, 1, 1 << 40]), pick([0, 3, 1 << 10])], dtype: dtype())
    case 3: Tensor.zeros([2]) + Tensor.zeros([3])
    case 4: Tensor(double(), requiresGrad: bool())
    case 5: Tensor(int())
    case 6: Tensor([double(), double(), double()], requiresGrad: bool())
    case 7: Tensor.ones(shape(), requiresGrad: bool())
    default:
      numbers(
        pick([
          [2, 3], [2, 3], [3, 2], [3], [2], [1], [], [2, 3, 4], [2, 2, 2], [1, 2, 3, 3], [0, 3],
          [3, 3], [0], [1, 1],
        ])
      ).cast(to: dtype())
    }
  }

  mutating func index() -> any TensorIndex {
    switch Int.random(in: 0..<9, using: &random) {
    case 0: int()
    case 1: AxisIndex.slice(from: int(), to: int(), by: int())
    case 2: pick([0..<2, 1..<1, -3..<(-1), 0..<Int.max, Int.min..<Int.max, Int.min..<0])
    case 3: AxisIndex.ellipsis
    case 4: AxisIndex.newAxis
    case 5: ints()
    case 6: tensor() .> 1
    case 7: pick([0...1, -1...0, 0...(Int.max - 1), Int.min...0, Int.max...Int.max])
    default: tensor()
    }
  }

  mutating func schedule(depth: Int = 0) -> Schedule {
    switch Int.random(in: 0..<(depth > 2 ? 11 : 13), using: &random) {
    case 0: .constant
    case 1: .step(every: int(), factor: double())
    case 2: .multiStep(at: ints(), factor: double())
    case 3: .exponential(factor: double())
    case 4: .cosine(over: int(), least: double())
    case 5: .warmUp(over: int(), from: double())
    case 6: .oneCycle(over: int(), rising: double(), start: double(), end: double())
    case 7: .held(over: int(), factor: double())
    case 8: .polynomial(over: int(), power: double())
    case 9: .warmRestarts(every: int(), growth: int(), least: double())
    case 10:
      .cyclic(
        to: double(), rising: int(), falling: bool() ? nil : int(),
        shape: pick([.triangular, .halving, .falling(factor: double())]))
    case 11: .chained([schedule(depth: depth + 1), schedule(depth: depth + 1)])
    default:
      .sequence(
        first: schedule(depth: depth + 1), steps: int(), second: schedule(depth: depth + 1))
    }
  }
}
