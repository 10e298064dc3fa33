import BlitzTensor

/// How a file stores the elements of one tensor.
struct StoredElements: Sendable {
  /// Their type in the file.
  var type: DType
  /// The size of each axis.
  var shape: [Int]
  /// The distance, in elements, between neighbours along each axis; nil if row-major.
  var strides: [Int]?
  /// Where the first element is, in elements from the start of the stored bytes.
  var offset = 0
  /// Whether the bytes of an element are in the order of big-endian machines.
  var isBigEndian = false
  /// Whether the elements have the other sign than the stored ones.
  var isNegated = false
  /// Whether the elements, complex numbers, are the conjugates of the stored ones.
  var isConjugated = false

  /// How many elements the shape has; nil if that is no number that memory could have.
  var count: Int? {
    SafetensorsEntry.byteCount(dtype: .uint8, shape: shape)
  }

  /// How many bytes the elements take in the file, row-major; nil if that is no size that memory
  /// could have.
  var byteCount: Int? {
    guard let (bytes, overflow) = count?.multipliedReportingOverflow(by: type.byteCount),
      !overflow
    else { return nil }
    return bytes
  }

  /// How many stored elements there must be for all reads to be inside; nil if no memory has so
  /// many, or an element is before the first.
  var reach: Int? {
    guard offset >= 0, let count else { return nil }
    if count == 0 { return offset }
    guard let strides else {
      let (end, overflow) = offset.addingReportingOverflow(count)
      return overflow ? nil : end
    }
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (way, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflowToo) = last.addingReportingOverflow(way)
      if stride < 0 || overflow || overflowToo { return nil }
      last = sum
    }
    return last == Int.max ? nil : last + 1
  }

  /// The strides of Fortran's order: the first axis is the one whose neighbours touch.
  static func columnMajor(_ shape: [Int]) -> [Int] {
    var step = 1
    return shape.map { size in
      defer { step &*= max(size, 1) }
      return step
    }
  }

  /// Whether the stored bytes from the offset on are the elements row by row.
  var isRowMajor: Bool {
    guard let strides else { return true }
    var step = 1
    for (size, stride) in zip(shape, strides).reversed() {
      if size != 1 && stride != step { return false }
      step &*= max(size, 1)
    }
    return true
  }

  /// The tensor, its elements copied. `bytes` must hold `reach` elements.
  ///
  /// - Throws: `DataError` if memory does not have the room, or the shape is not one a tensor can
  ///   have; `failure` says where.
  func tensor(
    from bytes: UnsafeRawBufferPointer, _ failure: (String) -> DataError
  ) throws(DataError) -> Tensor {
    guard let reach, reach <= bytes.count / type.byteCount else {
      throw failure("\(type)\(Shape(shape)) does not fit into \(bytes.count) bytes")
    }
    return try tensor(failure) { (target) throws(DataError) in
      guard target.count > 0 else { return }
      let start = bytes.baseAddress! + offset * type.byteCount
      if let strides, !isRowMajor {
        gather(from: start, strides: strides, to: target)
      } else {
        target.copyMemory(from: UnsafeRawBufferPointer(start: start, count: target.count))
      }
    }
  }

  /// The tensor, its elements written row by row by `write`, still as the file has them.
  func tensor(
    _ failure: (String) -> DataError,
    write: (UnsafeMutableRawBufferPointer) throws(DataError) -> Void
  ) throws(DataError) -> Tensor {
    let tensor = try Tensor.written(bytesOf: Shape(shape), dtype: type) {
      (target) throws(DataError) in
      try write(target)
      finish(target)
    }
    if let error = tensor.error { throw failure(error.rule) }
    return tensor
  }

  /// Brings elements from the file's way of writing to the machine's, in place.
  private func finish(_ elements: UnsafeMutableRawBufferPointer) {
    switch type.component.byteCount {
    case 8: finish(elements.bindMemory(to: UInt64.self))
    case 4: finish(elements.bindMemory(to: UInt32.self))
    case 2: finish(elements.bindMemory(to: UInt16.self))
    default: finish(elements.bindMemory(to: UInt8.self))
    }
  }

  private func finish<Word: FixedWidthInteger>(_ words: UnsafeMutableBufferPointer<Word>) {
    if isBigEndian {
      for place in words.indices { words[place] = words[place].byteSwapped }
    }
    if isConjugated {
      for place in words.indices where place % 2 == 1 { words[place] ^= 1 << (Word.bitWidth - 1) }
    }
    if isNegated, type.component.isFloating {
      for place in words.indices { words[place] ^= 1 << (Word.bitWidth - 1) }
    } else if isNegated {
      for place in words.indices { words[place] = 0 &- words[place] }
    }
    if type == .bool {
      // Other bytes than 0 and 1 are true for NumPy and PyTorch, too.
      for place in words.indices where words[place] > 1 { words[place] = 1 }
    }
  }

  private func gather(
    from source: UnsafeRawPointer, strides: [Int], to target: UnsafeMutableRawBufferPointer
  ) {
    switch type.byteCount {
    case 16: gather(SIMD2<UInt64>.self, from: source, strides: strides, to: target)
    case 8: gather(UInt64.self, from: source, strides: strides, to: target)
    case 4: gather(UInt32.self, from: source, strides: strides, to: target)
    case 2: gather(UInt16.self, from: source, strides: strides, to: target)
    default: gather(UInt8.self, from: source, strides: strides, to: target)
    }
  }

  /// Copies row by row: the last axis in a loop, the others counted like a mileage.
  private func gather<Word: BitwiseCopyable>(
    _ type: Word.Type, from source: UnsafeRawPointer, strides: [Int],
    to target: UnsafeMutableRawBufferPointer
  ) {
    let size = MemoryLayout<Word>.size
    let length = shape.last ?? 1
    let step = (strides.last ?? 1) * size
    let outer = shape.count - 1
    var place = [Int](repeating: 0, count: max(outer, 0))
    var row = source
    var written = 0
    while true {
      var element = row
      for _ in 0..<length {
        target.storeBytes(
          of: element.loadUnaligned(as: Word.self), toByteOffset: written, as: Word.self)
        written += size
        element += step
      }
      if written >= target.count { return }
      var axis = outer - 1
      while axis >= 0 {
        place[axis] += 1
        row += strides[axis] * size
        if place[axis] < shape[axis] { break }
        row -= shape[axis] * strides[axis] * size
        place[axis] = 0
        axis -= 1
      }
    }
  }
}
