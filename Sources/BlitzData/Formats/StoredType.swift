import BlitzTensor

/// The type of a file's elements: a dtype of tensors, or whole numbers that become a wider one.
///
///     int8, int16, uint16 -> int32        uint32, uint64 -> int64
enum StoredType: Hashable, Sendable {
  /// What tensors have, too.
  case same(DType)
  case int8, int16, uint16, uint32, uint64

  /// All there are, those of tensors first.
  static let all = DType.allCases.map(StoredType.same) + [.int8, .int16, .uint16, .uint32, .uint64]

  /// Bytes that one element takes in the file.
  var byteCount: Int {
    switch self {
    case .same(let dtype): dtype.byteCount
    case .int8: 1
    case .int16, .uint16: 2
    case .uint32: 4
    case .uint64: 8
    }
  }

  /// Bytes of what the order of bytes is about: of a complex number, one part.
  var wordByteCount: Int {
    if case .same(let dtype) = self { dtype.component.byteCount } else { byteCount }
  }

  /// The dtype of the tensor, which holds all values but those of uint64 from 2^63 on.
  var tensorDType: DType {
    switch self {
    case .same(let dtype): dtype
    case .int8, .int16, .uint16: .int32
    case .uint32, .uint64: .int64
    }
  }

  /// Whether tensors have another dtype.
  var isWidened: Bool { self != .same(tensorDType) }

  /// Writes stored numbers as those of the tensor's dtype.
  ///
  /// - Throws: `DataError`, which `failure` makes, if one is beyond int64.
  func widen(
    _ stored: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer,
    _ failure: (String) -> DataError
  ) throws(DataError) {
    switch self {
    case .same: target.copyMemory(from: stored)
    case .int8: widen(stored.bindMemory(to: Int8.self), target.bindMemory(to: Int32.self))
    case .int16: widen(stored.bindMemory(to: Int16.self), target.bindMemory(to: Int32.self))
    case .uint16: widen(stored.bindMemory(to: UInt16.self), target.bindMemory(to: Int32.self))
    case .uint32: widen(stored.bindMemory(to: UInt32.self), target.bindMemory(to: Int64.self))
    case .uint64:
      let numbers = stored.bindMemory(to: UInt64.self)
      if let place = numbers.firstIndex(where: { $0 > UInt64(Int64.max) }) {
        throw failure(
          "element \(place), row by row, is \(numbers[place]), which int64 does not hold; "
            + "cast it to float64 before saving")
      }
      widen(numbers, target.bindMemory(to: Int64.self))
    }
  }

  private func widen<From: FixedWidthInteger, To: FixedWidthInteger>(
    _ stored: UnsafeBufferPointer<From>, _ target: UnsafeMutableBufferPointer<To>
  ) {
    for place in stored.indices { target[place] = To(truncatingIfNeeded: stored[place]) }
  }
}

extension StoredType: CustomStringConvertible {
  /// The name that PyTorch and NumPy give it, `uint16`.
  var description: String {
    switch self {
    case .same(let dtype): dtype.description
    case .int8: "int8"
    case .int16: "int16"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    }
  }

  /// What messages say that can be saved, in the format's own names.
  static func list(_ name: (StoredType) -> String) -> String {
    all.map(name).joined(separator: " ")
  }
}
