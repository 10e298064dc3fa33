import BlitzTensor

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
  /// Why it cannot be read and what to save instead, if that is known already.
  var refusal: String?
  /// The byte of the pickle where it is made.
  var place: Int
}

extension PickleReader {
  /// Does what a function of Python's would.
  mutating func call(
    _ global: TorchGlobal, _ arguments: [PickleValue], _ place: Int
  ) throws(DataError) -> PickleValue {
    switch global {
    case .unknown(let name):
      // Protocol 1 makes objects by a function whose first argument is their class.
      if name.hasSuffix("._reconstructor"), case .global(let made)? = arguments.first {
        return opaque(made.name, place)
      }
      return opaque(name, place)
    case .dictionary:
      // A defaultdict has a factory; the items are set later. With anything else it is a value of
      // Python 2's, whose items are in a list.
      switch arguments.first {
      case nil, .some(.global), .some(.none): return newDictionary()
      default: return opaque("collections.OrderedDict", place)
      }
    case .size:
      guard arguments.count == 1, case .tuple = arguments[0] else { break }
      return arguments[0]
    case .device:
      guard case .text? = arguments.first, arguments.count <= 2 else { break }
      return arguments[0]
    case .rebuildParameter:
      guard (3...4).contains(arguments.count), case .tensor = arguments[0] else { break }
      return arguments[0]
    case .rebuildSubclass:
      // No function of these takes such a call, so that none can be in another without end.
      guard arguments.count == 4, case .global(let rebuild) = arguments[0],
        case .tuple(let inner) = arguments[2]
      else { break }
      if case .rebuildSubclass = rebuild { break }
      return try call(rebuild, tuples[inner], place)
    case .rebuildOther(let kind):
      tensors.append(
        TorchTensor(key: "", dtypeName: kind.rawValue, refusal: kind.refusal, place: place))
      return .tensor(tensors.count - 1)
    case .rebuildTensor:
      guard [4, 6, 7].contains(arguments.count), case .storage(let storage) = arguments[0] else {
        break
      }
      let kind = storages[storage].kind
      let name = TorchGlobal.storageDTypes[kind] ?? kind
      return try tensor(storages[storage], name, arguments, options: 6, place)
    case .rebuildTensorOfDType:
      guard (7...8).contains(arguments.count), case .storage(let storage) = arguments[0],
        case .global(let dtype) = arguments[6]
      else { break }
      guard case .dtype(let name) = dtype else {
        return try tensor(storages[storage], dtype.name, arguments, options: 7, place)
      }
      return try tensor(storages[storage], name, arguments, options: 7, place)
    case .storage, .dtype: break
    }
    throw failure(place, "the pickle calls \(global.name) with arguments that it does not take")
  }

  /// A storage from the tuple that names it: `('storage', class, key, place, count)`.
  func storage(_ name: PickleValue, _ place: Int) throws(DataError) -> TorchStorage {
    guard case .tuple(let tuple) = name, (5...6).contains(tuples[tuple].count),
      case .text("storage") = tuples[tuple][0], case .global(let kind) = tuples[tuple][1],
      case .text(let key) = tuples[tuple][2], case .integer(let count) = tuples[tuple][4],
      count >= 0
    else { throw failure(place, "the pickle names something that is not a storage") }
    return TorchStorage(kind: kind.name, key: key, count: count)
  }

  /// A view of a storage: arguments 1 to 3 are the offset, the sizes and the strides, and the one
  /// at `options` has what else PyTorch keeps in mind about the numbers.
  private mutating func tensor(
    _ storage: TorchStorage, _ dtypeName: String, _ arguments: [PickleValue], options: Int,
    _ place: Int
  ) throws(DataError) -> PickleValue {
    guard case .integer(let offset) = arguments[1], let sizes = integers(arguments[2]),
      let strides = integers(arguments[3]), sizes.count == strides.count
    else {
      throw failure(place, "a tensor's offset, sizes or strides are not whole numbers, 16 at most")
    }
    var tensor = TorchTensor(key: storage.key, dtypeName: dtypeName, place: place)
    if let type = TorchGlobal.type(dtypeName) {
      var elements = StoredElements(type: type, shape: sizes, strides: strides, offset: offset)
      let changes = arguments.dropFirst(options).first
      elements.isNegated = isSet("neg", in: changes)
      elements.isConjugated = type.isComplex && isSet("conj", in: changes)
      let unit = storage.kind == "UntypedStorage" ? 1 : type.byteCount
      let (bytes, overflow) = storage.count.multipliedReportingOverflow(by: unit)
      let count = bytes / type.byteCount
      guard !overflow, let reach = elements.reach, reach <= count else {
        throw failure(
          place,
          "the view of offset \(offset), sizes \(sizes) and strides \(strides) goes beyond its "
            + "storage, which has \(count) elements")
      }
      tensor.elements = elements
      tensor.storageSize = bytes
    }
    tensors.append(tensor)
    return .tensor(tensors.count - 1)
  }

  /// Whether PyTorch still has to change the numbers: `neg` for their sign, `conj` for that of the
  /// imaginary parts.
  private func isSet(_ change: String, in options: PickleValue?) -> Bool {
    guard case .dictionary(let index)? = options else { return false }
    return dictionaries[index].contains { key, value in
      if case .text(change) = key, case .bool(true) = value { return true }
      return false
    }
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
