extension Tensor {
  /// The number of a tensor of one element, computed now.
  ///
  ///     print(try loss.item())
  ///
  /// - Returns: the number; 1 or 0 for a bool.
  /// - Throws: `TensorError` if there is not one element, or what went wrong on the way to it;
  ///   also for an int64 that no `Double` equals.
  public func item() throws(TensorError) -> Double { try item(as: Double.self) }

  /// The number of a tensor of one element, computed now, as a Swift type.
  ///
  ///     let best = try scores.argmax().item(as: Int.self)
  ///
  /// - Throws: `TensorError` if there is not one element, if the type cannot hold every value of
  ///   the dtype (see ``scalars(as:)``), or what went wrong on the way to it.
  public func item<Number: TensorElement>(
    as type: Number.Type
  ) throws(TensorError) -> Number {
    if let error { throw error }
    guard elementCount == 1 else {
      throw TensorError(
        "item", "takes a tensor of one element, this one has \(elementCount)",
        operands: [("tensor", signature)],
        help: "index or reduce it first, or read all numbers with scalars(as:) or array()")
    }
    return try numbers("item", as: type)[0]
  }

  /// All numbers in one array, row by row, computed now.
  ///
  ///     let flat = try x.scalars(as: Float.self)
  ///
  /// Types that hold every value of the dtype will do: a wider one too, and a floating one for
  /// whole numbers that it can tell apart. For anything else cast first.
  ///
  /// - Returns: as many numbers as the tensor has elements.
  /// - Throws: `TensorError` if numbers would change, or what went wrong on the way to them.
  public func scalars<Number: TensorElement>(
    as type: Number.Type = Number.self
  ) throws(TensorError) -> [Number] {
    try numbers("scalars", as: type)
  }

  /// All numbers as nested arrays, or row by row in a flat one, computed now.
  ///
  ///     let rows: [[Float]] = try x.array()      // one bracket for each axis
  ///     let flat: [Float] = try x.array()        // one bracket: any number of axes
  ///     let same = try x.array(as: [[Float]].self)
  ///
  /// - Throws: `TensorError` if there are more than one and not as many brackets as axes, if
  ///   numbers would change (see ``scalars(as:)``), or what went wrong on the way to them.
  public func array<Numbers: NestedNumbers>(
    as type: Numbers.Type = Numbers.self
  ) throws(TensorError) -> Numbers {
    if let error { throw error }
    guard Numbers.depth == rank || Numbers.depth == 1 else {
      throw TensorError(
        "array", "\(type) has \(Numbers.depth) brackets, the tensor \(rank) axes",
        operands: [("tensor", signature)],
        help: "give one bracket for each axis, or one for all numbers row by row")
    }
    let flat = try numbers("array", as: Numbers.Number.self)
    let sizes = Numbers.depth == rank ? shape.sizes : [elementCount]
    return flat.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else {
        // An empty array has no address; nothing is read from the one that stands in.
        return withUnsafeTemporaryAllocation(of: Numbers.Number.self, capacity: 1) {
          Numbers.read(UnsafePointer($0.baseAddress!), sizes: sizes[...])
        }
      }
      return Numbers.read(start, sizes: sizes[...])
    }
  }

  /// All numbers row by row, computed now, where no type is asked for.
  ///
  /// - Throws: as ``scalars(as:)``.
  public func array() throws(TensorError) -> [Double] { try numbers("array", as: Double.self) }

  private func numbers<Number: TensorElement>(
    _ op: String, as type: Number.Type
  ) throws(TensorError) -> [Number] {
    if let error { throw error }
    guard dtype.widens(to: Number.dtype) else {
      throw TensorError(
        op, "\(dtype) numbers cannot all be kept as \(type)", operands: [("tensor", signature)],
        help: "write .cast(to: .\(Number.dtype)) first")
    }
    let storage = try Evaluation.storage(of: node)
    let count = elementCount
    var isExact = true
    let numbers = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let target = buffer.baseAddress {
        isExact = dtype.copy(
          UnsafeRawPointer(storage.pointer), to: UnsafeMutableRawPointer(target), as: Number.dtype,
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
