import Blitz
import Testing

/// Values and gradients at the edges of ops' domains, which finite differences do not reach: those
/// of PyTorch 2.15.0.
@Suite struct EdgeTests {
  static func numbers(_ tensor: Tensor) throws -> [Double] {
    try tensor.detached().cast(to: .float64).scalars(as: Double.self)
  }

  /// Bit for bit, so that -0 is not 0; NaN is NaN.
  static func isSame(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { ($0 == $1 && $0.sign == $1.sign) || ($0.isNaN && $1.isNaN) }
  }

  /// `torch.unique(x, dim=0, return_inverse=True, return_counts=True)`; NaN comes last here.
  @Test("slices are compared as far as they are equal")
  func uniqueSlices() throws {
    let rows = Tensor([[2, 1, .nan], [1, 3, 0], [2, 1, 0], [2, 0, 5], [2, 1, 0]] as [[Float]])
    let found = rows.unique(axis: 0)
    #expect(try found.inverse.scalars(as: Int.self) == [3, 0, 2, 1, 2])
    #expect(try found.counts.scalars(as: Int.self) == [1, 1, 2, 1])
    var numbers = [Float](repeating: 0, count: 3 << 20)
    numbers[(2 << 20) - 1] = 1
    let long = Tensor(numbers).reshaped(to: [3, 1 << 20]).unique(axis: 0)
    #expect(try long.inverse.scalars(as: Int.self) == [0, 1, 0])
    #expect(Tensor.zeros([0, 1 << 24]).unique(axis: 0).values.shape == [0, 1 << 24])
    let great = Tensor([[UInt64.max], [1]]).unique(axis: 0)
    #expect(try great.inverse.scalars(as: Int.self) == [1, 0])
    #expect(Tensor.zeros([2, 2], dtype: .complex64).unique(axis: 0).values.error != nil)
  }

  /// `torch.masked_fill`
  @Test("fills where a mask is true, with what the dtype holds")
  func maskedFill() throws {
    let x = Tensor([Float(1), 2, 3], requiresGrad: true)
    let value = Tensor(Float(5)).requiringGrad()
    let mask = Tensor([true, false, true])
    let y = x.maskedFill(mask, value)
    #expect(try Self.numbers(y) == [5, 2, 5])
    #expect(try Self.numbers(gradient(of: y.sum(), wrt: x)) == [0, 1, 0])
    #expect(try Self.numbers(gradient(of: y.sum(), wrt: value)) == [2])
    #expect(try Self.numbers(x.maskedFill(mask, -1)) == [-1, 2, -1])
    #expect(x.maskedFill(mask, Tensor(2.5)).dtype == .float32)
    let whole = Tensor([1, 2, 3])
    #expect(whole.maskedFill(mask, 0.5).error?.description.contains("maskedFill") == true)
    #expect(whole.maskedFill(mask, Tensor(Float(0.5))).error != nil)
    #expect(x.maskedFill(mask, Tensor([Float(1)])).error != nil)
  }

  @Test("a convolution's bias is a number for each output")
  func convolutionBias() throws {
    let (x, weight) = (Tensor.ones([1, 2, 3, 3]), Tensor.ones([2, 2, 3, 3]))
    let bias = Tensor([Float(1), 2])
    #expect(try Self.numbers(x.conv2d(weight, bias: bias)) == [19, 20])
    #expect(try Self.numbers(x[0].conv2d(weight, bias: bias)) == [19, 20])
    #expect(try Self.numbers(x[0].conv1d(weight[0], bias: bias)) == [10, 11, 10, 11])
    let wrong = x.conv2d(weight, bias: bias.cast(to: .float64))
    #expect(wrong.error?.description.contains("conv2d: the bias is not float32[2]") == true)
    #expect(x.convTranspose2d(weight, bias: Tensor([Float(1)])).error != nil)
  }

  static let edges = [-0.0, 0, -Double.infinity, Double.infinity, -1]

  /// `x.pow(p)` and its gradient, `x = torch.tensor([-0., 0, -inf, inf, -1])`.
  static let powers: [(Double, [Double], [Double])] = [
    (0.5, [-0.0, 0, .nan, .infinity, .nan], [-.infinity, .infinity, .nan, 0, .nan]),
    (-0.5, [-.infinity, .infinity, .nan, 0, .nan], [-.infinity, -.infinity, -0.0, -0.0, .nan]),
    (1.5, [0, 0, .infinity, .infinity, .nan], [-0.0, 0, .nan, .infinity, .nan]),
    (2, [0, 0, .infinity, .infinity, 1], [-0.0, 0, -.infinity, .infinity, -2]),
    (-1, [-.infinity, .infinity, -0.0, 0, -1], [-.infinity, -.infinity, -0.0, -0.0, -1]),
  ]

  @Test("powers of zeros and infinities are PyTorch's", arguments: powers)
  func power(exponent: Double, values: [Double], slopes: [Double]) throws {
    for dtype in [DType.float32, .float64, .float16] {
      let x = Tensor(Self.edges, dtype: dtype, requiresGrad: true)
      let y = x.pow(exponent)
      let found = try Self.numbers(y)
      #expect(Self.isSame(found, values), "\(dtype): \(found)")
      if exponent == -0.5 { continue }  // Infinity times zero depends on the order of the factors.
      let slope = try Self.numbers(gradient(of: y.sum(), wrt: x))
      #expect(zip(slope, slopes).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }, "\(slope)")
    }
  }

  /// `torch.tensor([[1, nan, 3, nan]]).max()` gives `[0, 0.5, 0, 0.5]`.
  @Test("NaNs share the gradient of a maximum or minimum")
  func maximumOfNaN() throws {
    let x = Tensor([1, .nan, 3, .nan]).requiringGrad()
    for y in [x.max(), x.min(), x.max(axis: 0)] {
      #expect(try Self.numbers(y)[0].isNaN)
      #expect(try Self.numbers(gradient(of: y, wrt: x)) == [0, 0.5, 0, 0.5])
    }
  }

  /// `torch.arange(6).view(2, 3).roll(1)` is `[[5, 0, 1], [2, 3, 4]]`.
  @Test("rolling without an axis goes from row to row")
  func rolled() throws {
    let x = Tensor.arange(6).reshaped(to: [2, 3])
    let y = x.rolled(by: 1)
    #expect(y.shape == [2, 3])
    #expect(try Self.numbers(y) == [5, 0, 1, 2, 3, 4])
    #expect(try Self.numbers(x.rolled(by: -7)) == [1, 2, 3, 4, 5, 0])
    #expect(try Self.numbers(Tensor(3.0).rolled(by: 2)) == [3])
    #expect(try Self.numbers(x.rolled(by: 1, axis: 0)) == [3, 4, 5, 0, 1, 2])
  }

  /// PyTorch raises `RuntimeError: ZeroDivisionError` for all of them.
  @Test("a whole number divided by zero is an error", arguments: [DType.int32, .int64, .uint8])
  func divisionByZero(dtype: DType) throws {
    let x = Tensor([5, 7, 9]).cast(to: dtype)
    let zero = Tensor([2, 0, 1]).cast(to: dtype)
    for result in [x % zero, x % 0, 5 % zero, x % (zero * 0)] {
      let error = #expect(throws: TensorError.self) { try result.eval() }
      #expect(error?.message.hasPrefix("remainder: a whole number is divided by 0") == true)
    }
    #expect(try Self.numbers(x % 4) == [1, 3, 1])
    #expect(try Self.numbers(Tensor([5.0]) % 0)[0].isNaN)
  }

  @Test("variance takes any correction")
  func correction() throws {
    let x = Tensor([1.0, 2])
    #expect(try Self.numbers(x.variance(correction: 3)) == [.infinity])
    #expect(try Self.numbers(x.variance(correction: Int.max)) == [.infinity])
    // torch.var([1, 2], correction=-2**63): 0.5 / (2 + 2^63), 2.15.0.
    #expect(try Self.numbers(x.variance(correction: Int.min))[0] == 5.421010862427522e-20)
    #expect(try Self.numbers(Tensor([1.0, 1]).variance(correction: 2))[0].isNaN)
  }
}
