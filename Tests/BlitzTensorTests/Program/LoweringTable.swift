import Blitz
import Testing

@testable import BlitzTensor

/// Small graphs, at least one for each primitive, whose programs are stored in
/// Reference/programs.txt.
enum LoweringTable {
  struct Row: Sendable {
    let name: String
    let make: @Sendable () throws -> Lowered

    init(_ name: String, make: @escaping @Sendable () throws -> Lowered) {
      (self.name, self.make) = (name, make)
    }

    init(_ name: String, _ make: @escaping @Sendable () throws -> [Tensor]) {
      self.init(name) { try Lowered(make()) }
    }
  }

  static let rows =
    elementwise + wholeNumbers + shapes + reductions + products + places + windows
    + whole

  /// Numbers in memory.
  static func data(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    try Tensor.zeros(shape, dtype: dtype).eval()
  }

  /// The op on numbers of a dtype, or nil if its words do not take them.
  static func applied(_ op: Elementwise, _ dtype: DType) throws -> Tensor? {
    // Complex numbers are ops on their parts.
    guard op.traits.domain.contains(dtype), !dtype.isComplex else { return nil }
    let x = try data([2, 3], dtype)
    let y = try data([2, 3], dtype)
    var operands = op.traits.operandCount == 1 ? [x] : [x, y]
    if op == .select { operands.insert(try data([2, 3], .bool), at: 0) }
    return .make(.elementwise(op), operands, shape: [2, 3], dtype: op.result(of: dtype))
  }

  private static let elementwise = Elementwise.allCases.map { op in
    Row("\(op)") {
      let dtype: DType = op.traits.domain.contains(.float32) ? .float32 : .bool
      return [try #require(try applied(op, dtype))]
    }
  }

  private static let wholeNumbers: [Row] = [
    Row("sign of uint8") { [try data([3], .uint8).sign()] },
    Row("abs of uint8 is the operand") { [try data([3], .uint8).abs()] },
    Row("power of int32") { [try data([3], .int32).pow(try data([3], .int32))] },
    Row("remainder of int64 and a number") { [try data([3], .int64) % 5] },
    Row("cast of float32 to bool") { [try data([3]).cast(to: .bool)] },
    Row("cast of bool to float16") { [try data([3], .bool).cast(to: .float16)] },
    Row("two numbers of two dtypes") { [try data([3]) * 2 + 0.5, try data([2], .int64) + 1] },
  ]

  private static let shapes: [Row] = [
    Row("reshape") { [try data([2, 3]).reshaped(to: [6])] },
    Row("permute") { [try data([2, 3, 4]).permuted([2, 0, 1])] },
    Row("expand") { [try data([3, 1]).expanded(to: [2, 3, 4])] },
    Row("slice") {
      [
        try data([5, 6]).sliced([
          AxisSlice(start: 1, step: 1, count: 2), AxisSlice(start: 0, step: 2, count: 3),
        ])
      ]
    },
    Row("slice backwards") { [try data([2, 5]).flipped(axes: [1])] },
    Row("pad") { [try data([2, 3]).padded([(1, 0), (0, 2)], value: 7)] },
    Row("pad backwards with gaps") {
      let slices = [AxisSlice(start: 4, step: -2, count: 3)]
      return [try data([3]).padded(slices, in: [6], fill: .integer(0))]
    },
    Row("concatenate") { [concatenate([try data([2, 3]), try data([2, 1])], axis: 1)] },
    Row("nothing") { [try data([0, 3]) + 1] },
  ]

  private static let reductions: [Row] =
    Reduction.allCases.map { kind in
      Row("reduce \(kind)") { [reduced(kind, try data([2, 3, 4]))] }
    } + [
      Row("sum of bfloat16") { [reduced(.sum, try data([2, 3, 4], .bfloat16))] },
      Row("maximum of int32") { [reduced(.maximum, try data([2, 3, 4], .int32))] },
      Row("moments variance") { [try data([2, 3, 4]).variance(axis: 1)] },
      Row("moments deviation") { [try data([2, 3]).std()] },
      Row("moments standardization") {
        let known = try data([2, 3, 4]).standardization([2], epsilon: 1e-5)!
        return [known.mean, known.scale, known.shift, known.deviation]
      },
      Row("moments rootScale") { [try data([2, 3]).rootScale([1], epsilon: 1e-5)!] },
      Row("argReduce") { [try data([2, 3]).argmax(axis: 1)] },
      Row("argReduce of int32") { [try data([2, 3], .int32).argmin(axis: 0)] },
      Row("complex numbers") {
        let z = try data([2, 3], .complex64)
        return [z * z, z.viewAsReal()]
      },
      Row("fourier") {
        [try data([2, 5], .complex64).fft(), try data([2, 5], .complex64).ifft()]
      },
      Row("fourier of reals") {
        [try data([2, 6]).rfft(), try data([2, 4], .complex128).irfft()]
      },
      Row("cumulativeSum") { [try data([2, 5]).cumsum(axis: 1)] },
      Row("cumulativeSum of a long axis") { [try data([40, 2]).cumsum(axis: 0)] },
      Row("cumulativeProduct of a long axis") { [try data([40, 2]).cumprod(axis: 0)] },
      Row("argSort") { [try data([2, 3]).argSort(axis: 0)] },
      Row("argSort of int64, descending") {
        [try data([2, 3], .int64).argSort(descending: true)]
      },
      Row("argSort, the first") { [try data([2, 3]).topK(2).indices] },
    ]

  private static func reduced(_ kind: Reduction, _ x: Tensor) -> Tensor {
    .make(.reduce(kind, axes: [0, 2]), [x], shape: [x.shape[1]], dtype: x.dtype)
  }

  private static let products: [Row] = [
    Row("matmul") { [try data([2, 3]).matmul(try data([3, 4]))] },
    Row("matmul of transposes") {
      [try data([3, 2]).transposed().matmul(try data([4, 3]).transposed())]
    },
    Row("matmul of batches, one with its axes in another order") {
      [try data([5, 2, 3]).matmul(try data([4, 5, 3]).permuted([1, 2, 0]))]
    },
    Row("matmul with TF32") {
      try Lowered([try data([2, 3]).matmul(try data([3, 4]))], allowsTF32: true)
    },
    Row("matmul of float64") {
      [try data([2, 3], .float64).matmul(try data([3, 4], .float64))]
    },
  ]

  private static let places: [Row] = [
    Row("gather of rows") {
      [try data([5, 4]).indexSelect(axis: 0, indices: try data([3], .int64))]
    },
    Row("gather of elements") {
      [try data([2, 5]).gather(axis: 1, index: try data([2, 3], .int64))]
    },
    Row("gather of slices of int32") {
      let index = try data([2, 3, 1], .int64).expanded(to: [2, 3, 4])
      return [try data([2, 5, 4], .int32).gather(axis: 1, index: index)]
    },
    Row("scatter that adds rows") {
      [
        try data([5, 4]).scatterAdd(
          axis: 0, index: try data([3, 1], .int64).expanded(to: [3, 4]), updates: try data([3, 4]))
      ]
    },
    Row("scatter that replaces elements") {
      [
        try data([2, 5], .bool).scatter(
          axis: 1, index: try data([2, 3], .int64), updates: try data([2, 3], .bool))
      ]
    },
  ]

  private static let windows: [Row] =
    Convolution.Role.allCases.flatMap { role in
      [1, 2].map { groups in
        Row("convolution, \(role), groups \(groups)") { [try convolved(role, groups)] }
      }
    } + [
      Row("windowMaximum") { [try data([1, 2, 5, 5]).maxPool2d(2, padding: 1, ceil: true)] },
      Row("windowMaximum's places") { [try pooled(places: true)] },
      Row("windowMaximum of other values") { [try pooled(places: false)] },
    ]

  private static func convolved(_ role: Convolution.Role, _ groups: Int) throws -> Tensor {
    let window = Window(size: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2])
    let image = try data([5, 4, 8, 7])
    let weight = try data([6, 4 / groups, 3, 2])
    let output = try data([5, 6, 4, 5])
    let convolution = Convolution(role: role, window: window, groups: groups)
    let (operands, result) =
      switch role {
      case .output: ([image, weight], output)
      case .input: ([output, weight], image)
      case .weight: ([image, output], weight)
      }
    return .make(.convolution(convolution), operands, shape: result.shape, dtype: .float32)
  }

  private static func pooled(places: Bool) throws -> Tensor {
    let window = Window(size: 2, stride: 2, padding: 0, dilation: 1)
    let keys = try data([1, 2, 4, 4])
    let values = try data(places ? [1, 2, 2, 2] : [1, 2, 4, 4])
    return .make(
      .windowMaximum(window, places: places), [keys, values],
      shape: places ? [1, 2, 4, 4] : [1, 2, 2, 2], dtype: .float32)
  }

  /// Programs with more to them than their ops.
  private static let whole: [Row] = [
    Row("memory that may be overwritten") {
      try Lowered([try data([2, 3]) + (try data([3]))], mayOverwrite: true)
    },
    Row("equal results are one, and what nobody reads is left out") {
      let x = try data([2, 3])
      return [x.exp(), x.exp() * 1, x.reshaped(to: [6]).reshaped(to: [2, 3]).exp(), x.detached()]
    },
    Row("steps in a loop") {
      let (w, x) = (try data([3]), try data([2, 3]))
      let loss = (x * w).sum()
      let next = w - 0.1 * x.sum(axis: 0)
      // Results are in the order in which they were made.
      return try Lowered(
        [loss, next],
        repeating: Repetition(
          steps: 10, carried: [Repetition.Carried(argument: 0, result: 1)], stacked: [0],
          perStep: [1]))
    },
  ]
}

extension Elementwise {
  func result(of dtype: DType) -> DType {
    self == .cast ? (dtype == .int32 ? .float32 : .int32) : traits.resultDType ?? dtype
  }
}
