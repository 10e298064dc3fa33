/// Literals in the source, one or nested arrays of any depth, that a tensor is made from.
///
/// Only `Tensor`'s initialiser takes it. A type of its own, because `2.5` in a tensor means
/// float32, while the same literal in a Swift array means `Double`.
public struct TensorLiteral: Sendable {
  let kind: Kind

  indirect enum Kind: Sendable {
    case bool(Bool)
    case number(Scalar)
    case array([TensorLiteral])
  }
}

extension TensorLiteral: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  /// A whole number.
  public init(integerLiteral value: Int) { kind = .number(.integer(value)) }
  /// A number with a fraction.
  public init(floatLiteral value: Double) { kind = .number(.real(value)) }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { kind = .bool(value) }
  /// One axis.
  public init(arrayLiteral elements: TensorLiteral...) { kind = .array(elements) }
}

extension Tensor {
  /// A tensor of literals, `Tensor([[1.5, 2], [3, 4]])` or `Tensor(5.0)`: `torch.tensor`.
  ///
  /// Numbers with a fraction, or a mixture, are float32; whole numbers alone are int64; `true`
  /// and `false` are bool: as in `torch.tensor`.
  ///
  /// - Parameters:
  ///   - numbers: one number, or rows of equal length in brackets, to any depth.
  ///   - dtype: another dtype, which must be able to hold the elements.
  ///   - device: where the tensor lives.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: rows of different lengths; numbers beside `true` or `false`; a number that the
  ///   dtype cannot hold.
  public init(
    _ numbers: TensorLiteral, dtype: DType? = nil, device: Device = .default,
    requiresGrad: Bool = false
  ) {
    var reader = LiteralReader()
    do throws(TensorError) {
      let sizes = try reader.read(numbers, path: [])
      if let error = TensorError.badShape("Tensor", sizes) { throw error }
      let dtype = dtype ?? reader.dtype
      for number in reader.numbers where !number.fits(dtype) {
        throw TensorError(
          "Tensor", "\(number) is not a value of \(dtype)",
          help: "write another number, or dtype: .\(number.whole == nil ? "float32" : "int64")")
      }
      if sizes.isEmpty, !requiresGrad, !dtype.isComplex {
        self = Tensor(
          node: Node(.scalar(reader.numbers[0]), shape: [], dtype: dtype, device: device))
        return
      }
      self = Tensor.numbers(reader.numbers, Shape(sizes), dtype, device)
        .made(nil, requiresGrad: requiresGrad)
    } catch {
      self.init(error: error)
    }
  }

  private static func numbers(
    _ numbers: [Scalar], _ shape: Shape, _ dtype: DType, _ device: Device
  ) -> Tensor {
    switch dtype {
    case .float64, .float32, .float16, .bfloat16, .complex64, .complex128:
      written(shape, as: Double.self, device: device) { memory in
        for (place, number) in numbers.enumerated() { memory[place] = number.double }
      }.cast(to: dtype)
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .bool:
      written(shape, as: Int.self, device: device) { memory in
        for (place, number) in numbers.enumerated() { memory[place] = number.whole ?? 0 }
      }.cast(to: dtype)
    }
  }
}

/// Checks that nested arrays are even, and collects their elements.
private struct LiteralReader {
  var numbers: [Scalar] = []
  private var hasBool = false
  private var hasNumber = false
  private var hasFraction = false

  var dtype: DType {
    hasBool ? .bool : hasFraction || !hasNumber ? .float32 : .int64
  }

  /// The sizes of an array at a path of positions.
  mutating func read(_ literal: TensorLiteral, path: [Int]) throws(TensorError) -> [Int] {
    switch literal.kind {
    case .bool(let value):
      hasBool = true
      numbers.append(.integer(value ? 1 : 0))
    case .number(let value):
      hasNumber = true
      if case .real = value { hasFraction = true }
      numbers.append(value)
    case .array(let rows):
      var sizes: [Int]?
      for (place, row) in rows.enumerated() {
        let inner = try read(row, path: path + [place])
        if let sizes, sizes != inner {
          throw .ragged(path: path + [place], inner, first: sizes)
        }
        sizes = inner
      }
      return [rows.count] + (sizes ?? [])
    }
    if hasBool && hasNumber {
      throw TensorError(
        "Tensor", "numbers and bools are mixed at \(path)",
        help: "write 1 and 0, or true and false, throughout")
    }
    return []
  }
}

extension TensorError {
  /// A row whose shape is not that of the first one beside it.
  static func ragged(path: [Int], _ sizes: [Int], first: [Int]) -> TensorError {
    func words(_ sizes: [Int]) -> String {
      switch sizes.count {
      case 0: "is a single number"
      case 1: "has \(sizes[0]) element\(sizes[0] == 1 ? "" : "s")"
      default: "has shape \(Shape(sizes))"
      }
    }
    return TensorError(
      "Tensor", "row \(path) \(words(sizes)), the first one beside it \(words(first))",
      help: "rows are equally long")
  }
}
