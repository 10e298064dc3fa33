/// What a pickle of PyTorch's checkpoints builds: numbers, text, and containers by their place in
/// the reader's lists, so that nothing nests and nothing can hold itself.
enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case global(TorchGlobal)
  case storage(Int)
  case tensor(Int)
  /// Something else of Python's, which is not made.
  case opaque(Int)
}

/// What is known of something that is not made.
struct PickleOpaque: Sendable {
  /// Its class, or what made it.
  var name: String
  /// The byte of the pickle where it is made.
  var place: Int
}

/// Reads the pickles of PyTorch's checkpoints without running anything.
///
/// A pickle is a program for a small stack machine. This machine makes dictionaries, lists,
/// numbers, text and tensors, with the functions in ``TorchGlobal``. Whatever another name of
/// Python's would make becomes an opaque value that has only a name. It takes memory in proportion
/// to the pickle's size. The instructions are described in Python's `pickletools.py`.
struct PickleReader {
  private(set) var tuples: [[PickleValue]] = []
  private(set) var lists: [[PickleValue]] = []
  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [TorchStorage] = []
  var tensors: [TorchTensor] = []
  private(set) var opaques: [PickleOpaque] = []

  let failure: (Int, String) -> DataError
  private var cursor: PickleCursor
  private var stack: [PickleValue] = []
  /// How high the stack was at each mark.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  /// Reads from `bytes`; `failure` makes an error about one of them.
  init(_ bytes: [UInt8], _ failure: @escaping (Int, String) -> DataError) {
    cursor = PickleCursor(bytes, failure)
    self.failure = failure
  }

  /// Runs the pickle to its end.
  ///
  /// - Returns: what it leaves.
  mutating func read() throws(DataError) -> PickleValue {
    while true {
      let place = cursor.position
      let code = try cursor.byte()
      if code == UInt8(ascii: ".") {
        let value = try pop(place)
        guard stack.isEmpty, marks.isEmpty else {
          throw failure(place, "the pickle ends with more than one value")
        }
        return value
      }
      try run(code, place)
    }
  }

  // MARK: - Instructions

  private mutating func run(_ code: UInt8, _ place: Int) throws(DataError) {
    if try runValue(code, place) { return }
    if try runContainer(code, place) { return }
    switch code {
    case 0x80:  // PROTO
      let version = try cursor.byte()
      guard (2...5).contains(version) else {
        throw failure(place, "the pickle's protocol is \(version); Blitz reads 1 to 5")
      }
    case 0x95: _ = try cursor.integer(UInt64.self)  // FRAME
    case UInt8(ascii: "q"): memo[Int(try cursor.byte())] = try top(place)
    case UInt8(ascii: "r"): memo[Int(try cursor.integer(UInt32.self))] = try top(place)
    case 0x94: memo[memo.count] = try top(place)
    case UInt8(ascii: "h"): try recall(Int(try cursor.byte()), place)
    case UInt8(ascii: "j"): try recall(Int(try cursor.integer(UInt32.self)), place)
    case UInt8(ascii: "0"):  // POP, of a value or of a mark
      if let mark = marks.last, mark == stack.count {
        marks.removeLast()
      } else {
        _ = try pop(place)
      }
    case UInt8(ascii: "1"): _ = try popToMark(place)
    case UInt8(ascii: "2"): stack.append(try top(place))
    case UInt8(ascii: "c"):
      let module = try cursor.line()
      stack.append(.global(TorchGlobal(module: module, name: try cursor.line())))
    case 0x93:  // STACK_GLOBAL
      guard case .text(let name) = try pop(place), case .text(let module) = try pop(place) else {
        throw failure(place, "a global's names are not text")
      }
      stack.append(.global(TorchGlobal(module: module, name: name)))
    case UInt8(ascii: "R"): try make(try pop(place), place)
    case 0x81: try make(try pop(place), place)  // NEWOBJ
    case 0x92:  // NEWOBJ_EX
      _ = try pop(place)
      try make(try pop(place), place)
    case UInt8(ascii: "o"):  // OBJ: the class, then its arguments
      let values = try popToMark(place)
      guard let made = values.first else { throw failure(place, "a class to make is not there") }
      stack.append(made)
      push(Array(values.dropFirst()))
      try make(try pop(place), place)
    case UInt8(ascii: "i"):  // INST
      let module = try cursor.line()
      stack.append(opaque(TorchGlobal(module: module, name: try cursor.line()).name, place))
      let made = try pop(place)
      _ = try popToMark(place)
      stack.append(made)
    case UInt8(ascii: "b"):  // BUILD
      // An ordered dictionary's attributes: PyTorch notes the version of each layer there.
      _ = try pop(place)
      switch try top(place) {
      case .dictionary, .opaque, .tensor: break
      default: throw failure(place, "attributes are set on something that has none")
      }
    case UInt8(ascii: "Q"):
      storages.append(try storage(try pop(place), place))
      stack.append(.storage(storages.count - 1))
    default:
      let digits = String(code, radix: 16, uppercase: true)
      throw failure(
        place,
        "the pickle's instruction 0x\(digits) is not one that Blitz knows; save it again with "
          + "torch.save(..., pickle_protocol=2)")
    }
  }

  /// Runs an instruction that puts a number or a text on the stack; false if this is none.
  private mutating func runValue(_ code: UInt8, _ place: Int) throws(DataError) -> Bool {
    switch code {
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try cursor.byte())))
    case UInt8(ascii: "M"): stack.append(.integer(Int(try cursor.integer(UInt16.self))))
    case UInt8(ascii: "J"): stack.append(.integer(Int(try cursor.integer(Int32.self))))
    case 0x8A: appendLong(try cursor.longInteger(Int(try cursor.byte())), place)
    case 0x8B: appendLong(try cursor.longInteger(try cursor.count(UInt32.self)), place)
    case UInt8(ascii: "I"), UInt8(ascii: "L"):
      // Protocol 1: decimals, truth as 00 and 01, long ones with an L.
      let line = try cursor.line()
      let isTruth = code == UInt8(ascii: "I") && (line == "00" || line == "01")
      let digits = line.hasSuffix("L") ? String(line.dropLast()) : line
      guard digits.utf8.dropFirst(digits.hasPrefix("-") ? 1 : 0).allSatisfy({ 48...57 ~= $0 }),
        digits.utf8.last.map({ 48...57 ~= $0 }) == true
      else { throw failure(place, "a whole number has other letters than digits") }
      if isTruth { stack.append(.bool(line == "01")) } else { appendLong(Int(digits), place) }
    case UInt8(ascii: "G"):
      stack.append(.real(Double(bitPattern: try cursor.integer(UInt64.self).byteSwapped)))
    case UInt8(ascii: "F"):
      guard let real = Double(try cursor.line()) else {
        throw failure(place, "a number is not written as one")
      }
      stack.append(.real(real))
    case UInt8(ascii: "X"): stack.append(.text(try cursor.text(try cursor.count(UInt32.self))))
    case 0x8C: stack.append(.text(try cursor.text(Int(try cursor.byte()))))
    case 0x8D: stack.append(.text(try cursor.text(try cursor.count(UInt64.self))))
    case UInt8(ascii: "T"): try appendOldText(try cursor.count(UInt32.self), place)
    case UInt8(ascii: "U"): try appendOldText(Int(try cursor.byte()), place)
    case UInt8(ascii: "C"): try appendBytes("bytes", Int(try cursor.byte()), place)
    case UInt8(ascii: "B"): try appendBytes("bytes", try cursor.count(UInt32.self), place)
    case 0x8E: try appendBytes("bytes", try cursor.count(UInt64.self), place)
    case 0x96: try appendBytes("bytearray", try cursor.count(UInt64.self), place)
    default: return false
    }
    return true
  }

  /// Runs an instruction that makes or fills a container; false if this is none.
  private mutating func runContainer(_ code: UInt8, _ place: Int) throws(DataError) -> Bool {
    switch code {
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "}"): stack.append(newDictionary())
    case UInt8(ascii: "d"):
      let values = try popToMark(place)
      stack.append(newDictionary())
      try set(values, place)
    case UInt8(ascii: "]"): push(list: [])
    case UInt8(ascii: "l"): push(list: try popToMark(place))
    case UInt8(ascii: ")"): push([])
    case 0x85: push([try pop(place)])
    case 0x86:
      let second = try pop(place)
      push([try pop(place), second])
    case 0x87:
      let (third, second) = (try pop(place), try pop(place))
      push([try pop(place), second, third])
    case UInt8(ascii: "t"): push(try popToMark(place))
    case UInt8(ascii: "a"): try append([try pop(place)], place)
    case UInt8(ascii: "e"): try append(try popToMark(place), place)
    case UInt8(ascii: "s"):
      let value = try pop(place)
      try set([try pop(place), value], place)
    case UInt8(ascii: "u"): try set(try popToMark(place), place)
    case 0x8F: stack.append(opaque("set", place))
    case 0x90: try append(try popToMark(place), place)
    case 0x91:
      _ = try popToMark(place)
      stack.append(opaque("frozenset", place))
    default: return false
    }
    return true
  }

  /// Puts on the stack what the function or class there makes of a tuple of arguments.
  private mutating func make(_ arguments: PickleValue, _ place: Int) throws(DataError) {
    guard case .tuple(let tuple) = arguments else {
      throw failure(place, "something is called that is not a function")
    }
    switch try pop(place) {
    case .global(let global): stack.append(try call(global, tuples[tuple], place))
    case .opaque(let index): stack.append(opaque(opaques[index].name, place))
    default: throw failure(place, "something is called that is not a function")
    }
  }

  private mutating func appendLong(_ number: Int?, _ place: Int) {
    stack.append(number.map(PickleValue.integer) ?? opaque("int", place))
  }

  private mutating func appendBytes(_ name: String, _ count: Int, _ place: Int) throws(DataError) {
    _ = try cursor.take(count)
    stack.append(opaque(name, place))
  }

  /// A text of Python 2, which may be any bytes.
  private mutating func appendOldText(_ count: Int, _ place: Int) throws(DataError) {
    let text = String(validating: try cursor.take(count), as: UTF8.self)
    stack.append(text.map(PickleValue.text) ?? opaque("bytes", place))
  }

  private mutating func append(_ values: [PickleValue], _ place: Int) throws(DataError) {
    switch try top(place) {
    case .list(let list): lists[list] += values
    case .opaque: break
    default: throw failure(place, "values are appended to something that is not a list")
    }
  }

  private mutating func set(_ values: [PickleValue], _ place: Int) throws(DataError) {
    if case .opaque = try top(place), values.count % 2 == 0 { return }
    guard case .dictionary(let dictionary) = try top(place), values.count % 2 == 0 else {
      throw failure(place, "keys and values are not in pairs, or not for a dictionary")
    }
    for index in stride(from: 0, to: values.count, by: 2) {
      dictionaries[dictionary].append((values[index], values[index + 1]))
    }
  }

  /// An empty dictionary, for calls that make one.
  mutating func newDictionary() -> PickleValue {
    dictionaries.append([])
    return .dictionary(dictionaries.count - 1)
  }

  /// Something that is not made.
  mutating func opaque(_ name: String, _ place: Int) -> PickleValue {
    opaques.append(PickleOpaque(name: name, place: place))
    return .opaque(opaques.count - 1)
  }

  // MARK: - Stack and memo

  private mutating func push(_ tuple: [PickleValue]) {
    stack.append(.tuple(tuples.count))
    tuples.append(tuple)
  }

  private mutating func push(list: [PickleValue]) {
    stack.append(.list(lists.count))
    lists.append(list)
  }

  /// The value on top, which must be above the last mark.
  private func top(_ place: Int) throws(DataError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw failure(place, "the pickle takes a value that is not there")
    }
    return value
  }

  private mutating func pop(_ place: Int) throws(DataError) -> PickleValue {
    let value = try top(place)
    stack.removeLast()
    return value
  }

  private mutating func popToMark(_ place: Int) throws(DataError) -> [PickleValue] {
    guard let mark = marks.popLast() else {
      throw failure(place, "the pickle goes back to a mark that is not there")
    }
    let values = Array(stack[mark...])
    stack.removeLast(values.count)
    return values
  }

  private mutating func recall(_ number: Int, _ place: Int) throws(DataError) {
    guard let value = memo[number] else {
      throw failure(place, "the pickle recalls value \(number), which it never kept")
    }
    stack.append(value)
  }
}
