/// A Swift number, or nested arrays of them, that a tensor can be made from and read into.
///
/// The element types of tensors conform, and arrays of what conforms.
public protocol NestedElements: Sendable {
  /// The type of the elements.
  associatedtype ElementType: TensorElement
  /// How many arrays are nested: 0 for a number.
  static var depth: Int { get }
  /// The sizes of the arrays, taking the first at each level.
  var firstSizes: [Int] { get }
  /// Writes the elements one behind the other.
  ///
  /// - Throws: `TensorError` if an array's sizes are not `sizes`, naming it by `path`.
  func write(
    to elements: UnsafeMutablePointer<ElementType>, sizes: ArraySlice<Int>, path: [Int]
  ) throws(TensorError)
  /// Reads the elements that were written one behind the other.
  static func read(_ elements: UnsafePointer<ElementType>, sizes: ArraySlice<Int>) -> Self
}

extension NestedElements where Self: TensorElement {
  /// 0: no arrays are nested in a single element.
  public static var depth: Int { 0 }
  /// No sizes: a single element is no array.
  public var firstSizes: [Int] { [] }
  /// Writes the element.
  public func write(
    to elements: UnsafeMutablePointer<Self>, sizes: ArraySlice<Int>, path: [Int]
  ) throws(TensorError) {
    elements.pointee = self
  }
  /// Reads the element.
  public static func read(_ elements: UnsafePointer<Self>, sizes: ArraySlice<Int>) -> Self {
    elements.pointee
  }
}

extension Float: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension Double: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension Float16: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension Int: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension Int64: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension Int32: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension Int16: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension Int8: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension UInt64: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension UInt32: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension UInt16: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension UInt8: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}
extension Bool: NestedElements {
  /// Itself.
  public typealias ElementType = Self
}

extension Array: NestedElements where Element: NestedElements {
  /// The type of the innermost elements.
  public typealias ElementType = Element.ElementType
  /// One more than that of the elements.
  public static var depth: Int { Element.depth + 1 }
  /// The count, and the sizes of the first element.
  public var firstSizes: [Int] {
    [count] + (first?.firstSizes ?? Array<Int>(repeating: 0, count: Element.depth))
  }
  /// Writes the elements one behind the other.
  public func write(
    to elements: UnsafeMutablePointer<ElementType>, sizes: ArraySlice<Int>, path: [Int]
  ) throws(TensorError) {
    guard count == sizes.first else {
      throw .ragged(path: path, [count], first: [sizes.first ?? 0])
    }
    let inner = sizes.dropFirst()
    if Element.depth == 0, let flat = self as? [ElementType] {
      flat.withUnsafeBufferPointer { source in
        if let start = source.baseAddress { elements.update(from: start, count: count) }
      }
      return
    }
    let length = inner.reduce(1, *)
    for (place, element) in enumerated() {
      try element.write(to: elements + place * length, sizes: inner, path: path + [place])
    }
  }
  /// Reads as many elements as the first size says.
  public static func read(_ elements: UnsafePointer<ElementType>, sizes: ArraySlice<Int>)
    -> [Element]
  {
    guard let count = sizes.first else { return [] }
    let inner = sizes.dropFirst()
    if Element.depth == 0,
      let flat = Array<ElementType>(UnsafeBufferPointer(start: elements, count: count))
        as? [Element]
    {
      return flat
    }
    let length = inner.reduce(1, *)
    return (0..<count).map { Element.read(elements + $0 * length, sizes: inner) }
  }
}

extension Tensor {
  /// A tensor of a Swift number, an array, or nested arrays: `torch.tensor`.
  ///
  ///     let rows: [[Float]] = load()
  ///     let x = Tensor(rows)                     // float32[rows, columns]
  ///     let y = Tensor([rate, 1.0 / 3])          // float32[2], as of all plain numbers
  ///     let z = Tensor([rate], dtype: .float64)  // float64[1], every digit kept
  ///
  /// - Parameters:
  ///   - elements: `Float` and `Double` (float32), `Float16`, `Int` and `Int64` (int64), the other
  ///     whole numbers of Swift but `UInt`, or `Bool`.
  ///   - dtype: another dtype, to which the elements are cast; float64 keeps what a `Double` is.
  ///   - device: where the elements live.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: rows of different lengths.
  @_disfavoredOverload
  public init<Nested: NestedElements>(
    _ elements: Nested, dtype: DType? = nil, device: Device = .default, requiresGrad: Bool = false
  ) {
    let sizes = elements.firstSizes
    if let error = TensorError.badShape("Tensor", sizes) {
      self.init(error: error)
      return
    }
    self = Tensor.written(Shape(sizes), as: Nested.ElementType.self, device: device) {
      memory throws(TensorError) in
      guard let start = memory.baseAddress else { return }
      try elements.write(to: start, sizes: sizes[...], path: [])
    }.made(dtype ?? Nested.ElementType.plainDType, requiresGrad: requiresGrad)
  }

  /// A tensor of a flat array, row by row, under a shape.
  ///
  ///     Tensor(pixels, shape: [28, 28])
  ///
  /// - Parameters:
  ///   - elements: as many as the shape has elements; they give the tensor its dtype, `Double`
  ///     float32.
  ///   - shape: the size of each axis.
  ///   - dtype: another dtype, to which the elements are cast; float64 keeps what a `Double` is.
  ///   - device: where the elements live.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: another number of elements.
  public init<Element: TensorElement>(
    _ elements: [Element], shape: Shape, dtype: DType? = nil, device: Device = .default,
    requiresGrad: Bool = false
  ) {
    if let error = TensorError.badShape("Tensor", shape.sizes) {
      self.init(error: error)
      return
    }
    guard shape.elementCount == elements.count else {
      self.init(
        error: TensorError(
          "Tensor",
          "the shape \(shape) has \(shape.elementCount) elements, the array has \(elements.count)",
          help: "the product of the sizes is the number of elements"))
      return
    }
    self = Tensor.written(shape, as: Element.self, device: device) { memory in
      _ = memory.update(fromContentsOf: elements)
    }.made(dtype ?? Element.plainDType, requiresGrad: requiresGrad)
  }
}

extension TensorElement {
  /// The dtype of a tensor that is made of such numbers where none is asked for: `Double` is how
  /// Swift holds any number with a fraction, and says nothing about how exact it is meant.
  fileprivate static var plainDType: DType {
    dtype == .float64 ? .plain : dtype == .complex128 ? .complex64 : dtype
  }
}
