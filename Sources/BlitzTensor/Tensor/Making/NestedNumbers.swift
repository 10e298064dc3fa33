/// A number, or nested arrays of numbers, that a tensor can be made from and read into.
///
/// The element types of tensors conform, and arrays of what conforms.
public protocol NestedNumbers: Sendable {
  /// The type of the numbers.
  associatedtype Number: TensorElement
  /// How many arrays are nested: 0 for a number.
  static var depth: Int { get }
  /// The sizes of the arrays, taking the first at each level.
  var firstSizes: [Int] { get }
  /// Writes the numbers one behind the other.
  ///
  /// - Throws: `TensorError` if an array's sizes are not `sizes`, naming it by `path`.
  func write(
    to numbers: UnsafeMutablePointer<Number>, sizes: ArraySlice<Int>, path: [Int]
  ) throws(TensorError)
  /// Reads the numbers that were written one behind the other.
  static func read(_ numbers: UnsafePointer<Number>, sizes: ArraySlice<Int>) -> Self
}

extension NestedNumbers where Self: TensorElement {
  /// 0, as a number is no array.
  public static var depth: Int { 0 }
  /// No sizes, as a number is no array.
  public var firstSizes: [Int] { [] }
  /// Writes the number.
  public func write(
    to numbers: UnsafeMutablePointer<Self>, sizes: ArraySlice<Int>, path: [Int]
  ) throws(TensorError) {
    numbers.pointee = self
  }
  /// Reads the number.
  public static func read(_ numbers: UnsafePointer<Self>, sizes: ArraySlice<Int>) -> Self {
    numbers.pointee
  }
}

extension Float: NestedNumbers {
  /// Itself.
  public typealias Number = Self
}
extension Double: NestedNumbers {
  /// Itself.
  public typealias Number = Self
}
extension Float16: NestedNumbers {
  /// Itself.
  public typealias Number = Self
}
extension Int: NestedNumbers {
  /// Itself.
  public typealias Number = Self
}
extension Int64: NestedNumbers {
  /// Itself.
  public typealias Number = Self
}
extension Int32: NestedNumbers {
  /// Itself.
  public typealias Number = Self
}
extension UInt8: NestedNumbers {
  /// Itself.
  public typealias Number = Self
}
extension Bool: NestedNumbers {
  /// Itself.
  public typealias Number = Self
}

extension Array: NestedNumbers where Element: NestedNumbers {
  /// The type of the innermost elements.
  public typealias Number = Element.Number
  /// One more than that of the elements.
  public static var depth: Int { Element.depth + 1 }
  /// The count, and the sizes of the first element.
  public var firstSizes: [Int] {
    [count] + (first?.firstSizes ?? Array<Int>(repeating: 0, count: Element.depth))
  }
  /// Writes the elements one behind the other.
  public func write(
    to numbers: UnsafeMutablePointer<Number>, sizes: ArraySlice<Int>, path: [Int]
  ) throws(TensorError) {
    guard count == sizes.first else {
      throw .ragged(path: path, [count], first: [sizes.first ?? 0])
    }
    let inner = sizes.dropFirst()
    if Element.depth == 0, let flat = self as? [Number] {
      flat.withUnsafeBufferPointer { source in
        if let start = source.baseAddress { numbers.update(from: start, count: count) }
      }
      return
    }
    let length = inner.reduce(1, *)
    for (place, element) in enumerated() {
      try element.write(to: numbers + place * length, sizes: inner, path: path + [place])
    }
  }
  /// Reads as many elements as the first size says.
  public static func read(_ numbers: UnsafePointer<Number>, sizes: ArraySlice<Int>) -> [Element] {
    guard let count = sizes.first else { return [] }
    let inner = sizes.dropFirst()
    if Element.depth == 0,
      let flat = Array<Number>(UnsafeBufferPointer(start: numbers, count: count)) as? [Element]
    {
      return flat
    }
    let length = inner.reduce(1, *)
    return (0..<count).map { Element.read(numbers + $0 * length, sizes: inner) }
  }
}

extension Tensor {
  /// The numbers of a Swift value: a number, an array, or nested arrays.
  ///
  ///     let rows: [[Float]] = load()
  ///     let x = Tensor(rows)                     // float32[rows, columns]
  ///     let y = Tensor([0.1, 0.2] as [Double])   // float64[2]
  ///
  /// - Parameters:
  ///   - numbers: `Float`, `Double`, `Float16`, `Int` and `Int64` (int64), `Int32`, `UInt8` or
  ///     `Bool`, which give the tensor its dtype.
  ///   - dtype: another dtype, to which the numbers are cast.
  ///   - device: where the numbers live.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: rows of different lengths.
  @_disfavoredOverload
  public init<Numbers: NestedNumbers>(
    _ numbers: Numbers, dtype: DType? = nil, device: Device = .default, requiresGrad: Bool = false
  ) {
    let sizes = numbers.firstSizes
    if let error = TensorError.badShape("Tensor", sizes) {
      self.init(error: error)
      return
    }
    self = Tensor.written(Shape(sizes), as: Numbers.Number.self, device: device) {
      memory throws(TensorError) in
      guard let start = memory.baseAddress else { return }
      try numbers.write(to: start, sizes: sizes[...], path: [])
    }.made(dtype, requiresGrad: requiresGrad)
  }

  /// The numbers of a flat array, row by row, under a shape.
  ///
  ///     Tensor(pixels, shape: [28, 28])
  ///
  /// - Parameters:
  ///   - numbers: as many as the shape has elements; they give the tensor its dtype.
  ///   - shape: the size of each axis.
  ///   - dtype: another dtype, to which the numbers are cast.
  ///   - device: where the numbers live.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: another number of numbers.
  public init<Number: TensorElement>(
    _ numbers: [Number], shape: Shape, dtype: DType? = nil, device: Device = .default,
    requiresGrad: Bool = false
  ) {
    if let error = TensorError.badShape("Tensor", shape.sizes) {
      self.init(error: error)
      return
    }
    guard shape.elementCount == numbers.count else {
      self.init(
        error: TensorError(
          "Tensor",
          "the shape \(shape) has \(shape.elementCount) elements, the array has \(numbers.count)",
          help: "the product of the sizes is the number of elements"))
      return
    }
    self = Tensor.written(shape, as: Number.self, device: device) { memory in
      _ = memory.update(fromContentsOf: numbers)
    }.made(dtype, requiresGrad: requiresGrad)
  }
}
