import Blitz
import Testing

/// Makes calls with arguments that are right about as often as wrong.
private struct RandomCalls {
  var random: SplitMix64

  mutating func pick<T>(_ choices: T...) -> T { choices.randomElement(using: &random)! }

  /// Mostly small, now and then out of all bounds.
  mutating func number() -> Int {
    switch Int.random(in: 0..<40, using: &random) {
    case 0: pick(Int.max, Int.min, 1 << 40, -(1 << 40), 1 << 62, Int.min + 1)
    case 1: pick(17, -17, 5)
    default: Int.random(in: -3...4, using: &random)
    }
  }

  mutating func size() -> Int {
    let any = number()
    return Int.random(in: 0..<8, using: &random) == 0 ? any : Int.random(in: 0...3, using: &random)
  }

  mutating func numbers() -> [Int] {
    (0..<Int.random(in: 0...4, using: &random)).map { _ in number() }
  }

  mutating func shape() -> Shape {
    let rank = Int.random(in: 0..<50, using: &random) == 0 ? 17 : pick(0, 1, 1, 2, 2, 3, 4)
    return Shape((0..<rank).map { _ in size() })
  }

  mutating func double() -> Double {
    pick(0, 1, -1, 0.5, 2, -.infinity, .nan, 1e300, 300)
  }

  mutating func dtype() -> DType {
    pick(.float32, .float32, .float32, .float64, .int64, .int64, .int32, .uint8, .bool, .float16)
  }

  /// Whether an operand of the call is so large that reducing it would take days.
  var hasHugeOperand = false

  /// An operand: often one that fits others, now and then empty, huge or failed.
  mutating func tensor() -> Tensor {
    let operand = anyTensor()
    if operand.elementCount > RandomCalls.huge { hasHugeOperand = true }
    return operand
  }

  /// Memory for so many elements cannot be had, so that asking for them must throw at once.
  static let huge = 1 << 38

  private mutating func anyTensor() -> Tensor {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: Tensor.zeros(shape(), dtype: dtype())
    case 1: Tensor.full(shape(), double(), dtype: dtype())
    case 2: Tensor.arange(number(), dtype: dtype())
    case 3: Tensor.zeros([pick(0, 1, 1 << 40), pick(0, 3, 1 << 10)])
    case 4: Tensor.randn(shape(), generator: Generator(seed: 1), dtype: dtype())
    case 5: Tensor.zeros([2]) + Tensor.zeros([3])
    case 6: Tensor(double())
    case 7: Tensor.ones(shape(), requiresGrad: true)
    default:
      (Tensor.arange(pick(6, 6, 12)) % 5 - 1).cast(to: dtype())
        .reshaped(to: pick([2, 3], [3, 2], [-1], [2, -1, 1]))
    }
  }

  mutating func index() -> any TensorIndex {
    switch Int.random(in: 0..<9, using: &random) {
    case 0...2: return number()
    case 3: return AxisIndexes.slice(pick(nil, number()), pick(nil, number()), number())
    case 4: return pick(0..<2, 1..<1, -3..<(-1), 0..<Int.max)
    case 5: return AxisIndexes.marker(isEllipsis: Bool.random(using: &random))
    case 6: return numbers()
    case 7: return tensor() .> 1
    default: return tensor()
    }
  }

  mutating func call() -> [Tensor] {
    hasHugeOperand = false
    let (x, y) = (tensor(), tensor())
    switch Int.random(in: 0..<52, using: &random) {
    case 0: return [x.reshaped(to: Shape(numbers()))]
    case 1: return [x.transposed()]
    case 2: return [x.transposed(number(), number())]
    case 3: return [x.permuted(numbers())]
    case 4: return [x.expanded(to: Shape(numbers()))]
    case 5: return [x.squeezed(axis: number())]
    case 6: return [x.unsqueezed(axis: number())]
    case 7: return [x.flattened(from: number(), to: number())]
    case 8: return [concatenate([x, y], axis: number())]
    case 9: return [stack([x, x], axis: number())]
    case 10: return x.split(count: number(), axis: number())
    case 11: return x.split(sizes: numbers(), axis: number())
    case 12: return [x.padded(numbers().map { ($0, 1) }, value: double())]
    case 13: return [x.tiled(numbers())]
    case 14: return [x.flipped(axes: numbers())]
    case 15: return [x.rolled(by: number(), axis: number())]
    case 16: return [x.tril(diagonal: number()), x.triu(diagonal: number())]
    case 17: return [x.gather(axis: number(), index: y)]
    case 18: return [x.scatter(axis: number(), index: y, updates: tensor())]
    case 19: return [x.scatterAdd(axis: number(), index: y, updates: tensor())]
    case 20: return [x.indexSelect(axis: number(), indices: y)]
    case 21: return [x.oneHot(classCount: number())]
    case 22: return [x.nonzero()]
    case 23:
      let top = x.topK(number(), axis: number())
      return [top.values, top.indices]
    case 24: return [x.sort(axis: number()).values]
    case 25: return [x.cast(to: dtype())]
    case 26: return [x[index()]]
    case 27: return [x[index(), index()], x[..., index()]]
    case 28:
      var z = x
      z[index()] = y
      return [z]
    case 29:
      var z = x
      z[index(), index()] = .real(double())
      return [z]
    case 30: return [x + y, x * y]
    case 31: return [x / y, x - y]
    case 32: return [x % y, x.pow(y)]
    case 33: return [x .< y, x .== y, (x .> y) .& (x .< y)]
    case 34: return [Tensor.where(x .> 0, y, tensor())]
    case 35: return [x.matmul(y)]
    case 36: return [x.dot(y), x.outer(y)]
    case 37: return [einsum(pick("ij,jk->ik", "i,j", "ii->", "ij->ji", "->", "i?"), x, y)]
    case 38: return [x.sum(axis: number()), x.sum(axes: numbers(), keepDims: true)]
    case 39: return [x.mean(axes: numbers()), x.variance(axis: number())]
    case 40: return [x.max(axis: number()), x.min(), x.prod(axes: numbers())]
    case 41: return [x.argmax(axis: number()), x.argmin()]
    case 42: return [x.softmax(axis: number()), x.logSoftmax(axis: number())]
    case 43: return [x.cumsum(axis: number()), x.logSumExp(axes: numbers())]
    case 44: return [x.exp(), x.log(), x.sqrt(), x.tanh(), x.abs(), -x]
    case 45: return [x.clamp(min: double(), max: double()), x.relu(), x.gelu()]
    case 46: return [x.any(axis: number()), x.all(), x.norm(double(), axes: numbers())]
    case 47: return [Tensor.eye(number(), columns: size())]
    case 48: return [Tensor.arange(number(), number(), step: number(), dtype: dtype())]
    case 49: return [Tensor.arange(double(), double(), step: double())]
    case 50: return [Tensor.linspace(double(), double(), count: number(), dtype: dtype())]
    default:
      return [
        Tensor.randint(number(), number(), shape(), dtype: dtype()), Tensor.randperm(size()),
        Tensor.normal(shape(), mean: double(), std: double()),
        Tensor.uniform(shape(), from: double(), to: double()),
        Tensor.bernoulli(shape(), probability: double()),
      ]
    }
  }
}

/// Indexes whose kind is chosen when the program runs.
private enum AxisIndexes {
  static func slice(_ from: Int?, _ to: Int?, _ step: Int) -> any TensorIndex {
    AxisIndex.slice(from: from, to: to, by: step)
  }

  static func marker(isEllipsis: Bool) -> any TensorIndex {
    isEllipsis ? AxisIndex.ellipsis : AxisIndex.newAxis
  }
}

@Suite("Random calls")
struct RandomCallsTests {
  @Test("end in an answer of the right size or a thrown error", arguments: 0..<10)
  func neverTrap(seed: Int) {
    var calls = RandomCalls(random: SplitMix64(state: UInt64(seed)))
    var (answers, errors) = (0, 0)
    let count = TestSize.isFull ? 1000 : 300
    for _ in 0..<count {
      for tensor in calls.call().prefix(8) {
        // A sum over a huge operand is a right answer that nobody can wait for.
        if calls.hasHugeOperand && tensor.elementCount < RandomCalls.huge { continue }
        check(tensor, &answers, &errors)
      }
    }
    // A generator of calls that are all wrong, or all right, would test nothing.
    #expect(answers > count / 3)
    #expect(errors > count / 3)
  }

  private func check(_ tensor: Tensor, _ answers: inout Int, _ errors: inout Int) {
    do throws(TensorError) {
      let numbers = try tensor.cast(to: .float64).scalars(as: Double.self)
      #expect(numbers.count == tensor.shape.reduce(1, *))
      #expect(tensor.error == nil)
      answers += 1
    } catch {
      #expect(!error.rule.isEmpty)
      errors += 1
    }
  }
}
