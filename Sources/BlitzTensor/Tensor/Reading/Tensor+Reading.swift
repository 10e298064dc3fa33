extension Tensor {
  /// The element of a tensor that has only one, computed now: `torch.Tensor.item`.
  ///
  ///     print(try loss.item())
  ///
  /// - Returns: the number; 1 or 0 for a bool.
  /// - Throws: `TensorError` if there is not one element, or what went wrong on the way to it;
  ///   also for an int64 that no `Double` equals.
  public func item() throws(TensorError) -> Double { try item(as: Double.self) }

  /// The element of a tensor that has only one, as the Swift type that is wanted.
  ///
  ///     let best: Int = try scores.argmax().item()
  ///     if try (loss .< 1e-3).item() { break }
  ///
  /// - Throws: as ``item(as:)`` does.
  @_disfavoredOverload
  public func item<Element: TensorElement>() throws(TensorError) -> Element {
    try item(as: Element.self)
  }

  /// The element of a tensor that has only one, computed now, as a Swift type: `torch.Tensor.item`.
  ///
  ///     let best = try scores.argmax().item(as: Int.self)
  ///
  /// - Throws: `TensorError` if there is not one element, if the type cannot hold every value of
  ///   the dtype (see ``scalars(as:)``), or what went wrong on the way to it.
  public func item<Element: TensorElement>(
    as type: Element.Type
  ) throws(TensorError) -> Element {
    if let error { throw error }
    guard elementCount == 1 else {
      throw TensorError(
        "item", "takes a tensor of one element, this one has \(elementCount)",
        operands: [("tensor", signature)],
        help: "index or reduce it first, or read all numbers with scalars(as:) or array()")
    }
    return try elements("item", as: type)[0]
  }

  /// All elements in one flat array, row by row, computed now.
  ///
  ///     let flat = try x.scalars(as: Float.self)
  ///
  /// Types that hold every value of the dtype will do: a wider one too, and a floating one for
  /// whole numbers that it can tell apart. For anything else cast first.
  ///
  /// - Returns: as many numbers as the tensor has elements.
  /// - Throws: `TensorError` if numbers would change, or what went wrong on the way to them.
  public func scalars<Element: TensorElement>(
    as type: Element.Type = Element.self
  ) throws(TensorError) -> [Element] {
    try elements("scalars", as: type)
  }

  /// All elements as nested arrays, or row by row in a flat one, computed now:
  /// `torch.Tensor.tolist`.
  ///
  ///     let rows: [[Float]] = try x.array()      // one bracket for each axis
  ///     let flat: [Float] = try x.array()        // one bracket: any number of axes
  ///     let same = try x.array(as: [[Float]].self)
  ///
  /// - Throws: `TensorError` if there are more than one and not as many brackets as axes, if
  ///   numbers would change (see ``scalars(as:)``), or what went wrong on the way to them.
  public func array<Nested: NestedElements>(
    as type: Nested.Type = Nested.self
  ) throws(TensorError) -> Nested {
    if let error { throw error }
    guard Nested.depth == rank || Nested.depth == 1 else {
      throw TensorError(
        "array", "\(type) has \(Nested.depth) brackets, the tensor \(rank) axes",
        operands: [("tensor", signature)],
        help: "give one bracket for each axis, or one for all numbers row by row")
    }
    let flat = try elements("array", as: Nested.ElementType.self)
    let sizes = Nested.depth == rank ? shape.sizes : [elementCount]
    return flat.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else {
        // An empty array has no address; nothing is read from the one that stands in.
        return withUnsafeTemporaryAllocation(of: Nested.ElementType.self, capacity: 1) {
          Nested.read(UnsafePointer($0.baseAddress!), sizes: sizes[...])
        }
      }
      return Nested.read(start, sizes: sizes[...])
    }
  }

  /// All elements row by row as `Double`, computed now, where no type is asked for.
  ///
  /// - Throws: as ``scalars(as:)``.
  public func array() throws(TensorError) -> [Double] { try elements("array", as: Double.self) }

  private func elements<Element: TensorElement>(
    _ op: String, as type: Element.Type
  ) throws(TensorError) -> [Element] {
    if let error { throw error }
    guard dtype.widens(to: Element.dtype) else {
      throw TensorError(
        op, "\(dtype) numbers cannot all be kept as \(type)", operands: [("tensor", signature)],
        help: "write .cast(to: .\(Element.dtype)) first")
    }
    let storage = try Evaluation.storage(of: node)
    let count = elementCount
    var isExact = true
    let numbers = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let target = buffer.baseAddress {
        isExact = dtype.copy(
          UnsafeRawPointer(storage.pointer), to: UnsafeMutableRawPointer(target), as: Element.dtype,
          count: count)
      }
      initialized = count
    }
    withExtendedLifetime(storage) {}
    guard isExact else {
      throw TensorError(
        op, "some of the \(dtype) numbers are too large to be kept as \(type)",
        operands: [("tensor", signature)],
        help: "read them as \(dtype == .int64 ? "Int" : "Int32").self")
    }
    return numbers
  }
}
