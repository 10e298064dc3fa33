import BlitzData
import BlitzTensor

/// A tensor as a file has it: its sizes, and where its elements are.
struct TensorMessage {
  private(set) var name = ""
  private(set) var sizes: [Int] = []
  private let source: ModelSource
  private let place: Int
  private var type = 0
  private var raw: Range<Int>?
  private var ints: [Int] = []
  private var floats: [Float] = []
  private var doubles: [Double] = []
  private var texts: [String] = []
  private var isExternal = false
  private var external: [String: String] = [:]

  /// Reads the message; its elements are read by `value()`.
  init(_ message: WireReader, _ source: ModelSource) throws(DataError) {
    var reader = message
    self.source = source
    place = message.place
    while let field = try reader.next() {
      switch field.number {
      case 1: try reader.ints(field, to: &sizes)
      case 2: type = try reader.int(field)
      case 4: try reader.floats(field, to: &floats)
      case 5, 7, 11: try reader.ints(field, to: &ints)
      case 6: texts.append(try reader.text(field))
      case 8: name = try reader.text(field)
      case 9: raw = try reader.range(field)
      case 10: try reader.doubles(field, to: &doubles)
      case 13:
        let (key, value) = try reader.message(field).entry()
        external[key] = value
      case 14: isExternal = try reader.int(field) == 1
      default: break
      }
    }
  }

  private func failure(_ reason: String) -> DataError {
    let label = name.isEmpty ? "a tensor" : "tensor \(JSONText.quoted(name))"
    return source.file.failure(place, "\(label): \(reason)")
  }

  /// The tensor, its elements copied.
  ///
  /// - Throws: `DataError` about a type that Blitz does not have, about sizes that do not fit the
  ///   elements, and about a file of elements that cannot be read.
  func value() throws(DataError) -> Value {
    guard let type = ElementType(rawValue: type) else {
      throw failure("element type \(self.type) is none that ONNX has up to IR 14")
    }
    let shape = Shape(sizes)
    guard sizes.count <= Shape.maximumRank, sizes.allSatisfy({ $0 >= 0 }),
      shape.elementCount < Int.max / 128
    else { throw failure("no tensor has the sizes \(sizes)") }
    if type == .string {
      guard texts.count == shape.elementCount else { throw wrongCount(shape, texts.count) }
      return .strings(texts, sizes)
    }
    guard type.carrier != nil else {
      throw failure("\(type) is a type that Blitz has no tensors of; cast it before exporting")
    }
    let byteCount = type.byteCount(of: shape.elementCount)
    let tensor: Tensor
    if isExternal {
      tensor = try source.withExternalBytes(external, count: byteCount, failure) {
        (bytes) throws(DataError) in try read(bytes, shape, type)
      }
    } else if let raw {
      let bytes = try source.file.bytes(at: raw.lowerBound, count: raw.count, name)
      tensor = try read(bytes, shape, type)
      source.file.letGo(bytes)
    } else {
      let bytes = typedBytes(type)
      tensor = try bytes.withBytes { (bytes) throws(DataError) in try read(bytes, shape, type) }
    }
    if let error = tensor.error { throw failure(error.rule) }
    return .tensor(tensor, type)
  }

  private func wrongCount(_ shape: Shape, _ count: Int) -> DataError {
    failure("its sizes \(shape) are \(shape.elementCount) elements, the file has \(count)")
  }

  /// The elements of a field for one kind of numbers, as `raw_data` would have them.
  private func typedBytes(_ type: ElementType) -> [UInt8] {
    func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
      numbers.flatMap { number in
        (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
      }
    }
    switch type {
    case .float32: return bytes(floats.map(\.bitPattern))
    case .float64: return bytes(doubles.map(\.bitPattern))
    default: break
    }
    switch type.bitCount {
    case 64: return bytes(ints.map { Int64($0) })
    case 32: return bytes(ints.map { Int32(truncatingIfNeeded: $0) })
    case 16: return bytes(ints.map { Int16(truncatingIfNeeded: $0) })
    default: return bytes(ints.map { Int8(truncatingIfNeeded: $0) })
    }
  }

  private func read(
    _ bytes: UnsafeRawBufferPointer, _ shape: Shape, _ type: ElementType
  ) throws(DataError) -> Tensor {
    guard bytes.count == type.byteCount(of: shape.elementCount) else {
      throw wrongCount(shape, bytes.count * 8 / type.bitCount)
    }
    return type.tensor(bytes, shape)
  }
}

extension [UInt8] {
  fileprivate func withBytes<Answer>(
    _ read: (UnsafeRawBufferPointer) throws(DataError) -> Answer
  ) throws(DataError) -> Answer {
    try withUnsafeBufferPointer { (bytes) throws(DataError) in
      try read(UnsafeRawBufferPointer(bytes))
    }
  }
}

extension WireReader {
  /// A key and its value.
  func entry() throws(DataError) -> (key: String, value: String) {
    var reader = self
    var entry = (key: "", value: "")
    while let field = try reader.next() {
      switch field.number {
      case 1: entry.key = try reader.text(field)
      case 2: entry.value = try reader.text(field)
      default: break
      }
    }
    return entry
  }
}
