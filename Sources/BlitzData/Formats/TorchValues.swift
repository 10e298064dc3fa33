import BlitzTensor

/// The names of Python that the pickles of checkpoints may use. None of them is run: Blitz does
/// itself what the few functions do.
enum TorchGlobal: Sendable {
  case orderedDictionary
  case rebuildTensor
  case rebuildTensorOfDType
  case rebuildParameter
  case size
  case device
  /// A class of storage, such as `FloatStorage`; `UntypedStorage` counts bytes.
  case storage(String)
  /// A dtype, such as `float32`.
  case dtype(String)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTensorOfDType
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "Size"): self = .size
    case ("torch", "device"): self = .device
    case ("torch", _) where TorchGlobal.storageDTypes[name] != nil: self = .storage(name)
    case ("torch.storage", "UntypedStorage"): self = .storage(name)
    case ("torch", _) where TorchGlobal.dtypes.contains(name): self = .dtype(name)
    default: return nil
    }
  }

  /// The dtype of each class of storage.
  static let storageDTypes = [
    "FloatStorage": "float32", "DoubleStorage": "float64", "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16", "IntStorage": "int32", "LongStorage": "int64",
    "ByteStorage": "uint8", "BoolStorage": "bool", "CharStorage": "int8", "ShortStorage": "int16",
    "ComplexFloatStorage": "complex64", "ComplexDoubleStorage": "complex128",
  ]

  /// The dtypes of PyTorch that are a number per element.
  static let dtypes: Set<String> = Set(storageDTypes.values).union([
    "uint16", "uint32", "uint64", "complex32", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz",
    "float8_e5m2fnuz", "float8_e8m0fnu",
  ])

  /// Blitz's dtype of PyTorch's name, if it has it.
  static func dtype(_ name: String) -> DType? { DType.allCases.first { $0.description == name } }
}

/// Memory that a checkpoint's tensors are views of: a member of the archive.
struct TorchStorage: Sendable {
  /// The class of storage.
  var kind: String
  /// The member's name in the folder `data`.
  var key: String
  /// How many elements it has; bytes if it is untyped.
  var count: Int
}

/// A tensor as the pickle describes it.
struct TorchTensor: Sendable {
  /// The member that its storage is.
  var key: String
  /// The storage's size as the pickle has it, in bytes; nil for a dtype that Blitz does not have.
  var storageSize: Int?
  /// PyTorch's name of the dtype.
  var dtypeName: String
  /// How the elements are stored; nil for a dtype that Blitz does not have.
  var elements: StoredElements?
  /// The byte of the pickle where it is made.
  var place: Int
}

extension PickleReader {
  /// Does what a function of Python's would.
  mutating func call(
    _ global: TorchGlobal, _ arguments: [PickleValue], _ place: Int
  ) throws(DataError) -> PickleValue {
    switch global {
    case .orderedDictionary:
      guard arguments.isEmpty else { break }
      return newDictionary()
    case .size:
      guard arguments.count == 1, case .tuple = arguments[0] else { break }
      return arguments[0]
    case .device:
      guard case .text? = arguments.first, arguments.count <= 2 else { break }
      return arguments[0]
    case .rebuildParameter:
      guard arguments.count == 3, case .tensor = arguments[0] else { break }
      return arguments[0]
    case .rebuildTensor:
      guard (6...7).contains(arguments.count), case .storage(let storage) = arguments[0] else {
        break
      }
      guard let name = TorchGlobal.storageDTypes[storages[storage].kind] else { break }
      return try tensor(storages[storage], name, arguments, place)
    case .rebuildTensorOfDType:
      guard (7...8).contains(arguments.count), case .storage(let storage) = arguments[0],
        case .global(.dtype(let name)) = arguments[6]
      else { break }
      return try tensor(storages[storage], name, arguments, place)
    case .storage, .dtype: break
    }
    throw failure(place, "the pickle calls \(global) with arguments that it does not take")
  }

  /// A storage from the tuple that names it: `('storage', class, key, place, count)`.
  func storage(_ name: PickleValue, _ place: Int) throws(DataError) -> TorchStorage {
    guard case .tuple(let tuple) = name, (5...6).contains(tuples[tuple].count),
      case .text("storage") = tuples[tuple][0], case .global(.storage(let kind)) = tuples[tuple][1],
      case .text(let key) = tuples[tuple][2], case .integer(let count) = tuples[tuple][4],
      count >= 0
    else { throw failure(place, "the pickle names something that is not a storage") }
    return TorchStorage(kind: kind, key: key, count: count)
  }

  /// A view of a storage: arguments 1 to 3 are the offset, the sizes and the strides.
  private mutating func tensor(
    _ storage: TorchStorage, _ dtypeName: String, _ arguments: [PickleValue], _ place: Int
  ) throws(DataError) -> PickleValue {
    guard case .integer(let offset) = arguments[1], let sizes = integers(arguments[2]),
      let strides = integers(arguments[3]), sizes.count == strides.count
    else {
      throw failure(place, "a tensor's offset, sizes or strides are not whole numbers, 16 at most")
    }
    var tensor = TorchTensor(key: storage.key, dtypeName: dtypeName, place: place)
    if let dtype = TorchGlobal.dtype(dtypeName) {
      let elements = StoredElements(dtype: dtype, shape: sizes, strides: strides, offset: offset)
      let unit = storage.kind == "UntypedStorage" ? 1 : dtype.byteCount
      let (bytes, overflow) = storage.count.multipliedReportingOverflow(by: unit)
      let count = bytes / dtype.byteCount
      let what = "the view of offset \(offset), sizes \(sizes) and strides \(strides)"
      guard !overflow, let reach = elements.reach, reach <= count else {
        throw failure(place, "\(what) goes beyond its storage, which has \(count) elements")
      }
      // PyTorch's expand makes one element many: a few bytes that ask for all memory.
      guard let needed = elements.count, needed <= count else {
        throw failure(
          place,
          "\(what) has more elements than its storage, which has \(count); "
            + "call contiguous() before saving")
      }
      tensor.elements = elements
      tensor.storageSize = bytes
    }
    tensors.append(tensor)
    return .tensor(tensors.count - 1)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    // More axes than any tensor has would only take time.
    guard case .tuple(let tuple) = value, tuples[tuple].count <= Shape.maximumRank else {
      return nil
    }
    var integers: [Int] = []
    for value in tuples[tuple] {
      guard case .integer(let integer) = value, integer >= 0 else { return nil }
      integers.append(integer)
    }
    return integers
  }
}
