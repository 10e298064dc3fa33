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
}

/// Reads the pickles of PyTorch's checkpoints without running anything.
///
/// A pickle is a program for a small stack machine. This machine has only the instructions that
/// `torch.save` writes for dictionaries, lists, numbers, text and tensors, and knows only the
/// names in ``TorchGlobal``; any other is an error that names it. It takes memory in proportion to
/// the pickle's size. The instructions are described in Python's `pickletools.py`.
struct PickleReader {
  private(set) var tuples: [[PickleValue]] = []
  private(set) var lists: [[PickleValue]] = []
  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [TorchStorage] = []
  var tensors: [TorchTensor] = []

  private let bytes: [UInt8]
  let failure: (Int, String) -> DataError
  private var position = 0
  private var stack: [PickleValue] = []
  /// How high the stack was at each mark.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  /// Reads from `bytes`; `failure` makes an error about one of them.
  init(_ bytes: [UInt8], _ failure: @escaping (Int, String) -> DataError) {
    self.bytes = bytes
    self.failure = failure
  }

  /// Runs the pickle to its end.
  ///
  /// - Returns: what it leaves.
  mutating func read() throws(DataError) -> PickleValue {
    while true {
      let place = position
      let code = try byte()
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
    switch code {
    case 0x80:  // PROTO
      let version = try byte()
      guard (2...5).contains(version) else {
        throw failure(place, "the pickle's protocol is \(version); Blitz reads 2 to 5")
      }
    case 0x95: _ = try integer(UInt64.self)  // FRAME
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try byte())))
    case UInt8(ascii: "M"): stack.append(.integer(Int(try integer(UInt16.self))))
    case UInt8(ascii: "J"): stack.append(.integer(Int(try integer(Int32.self))))
    case 0x8A: stack.append(.integer(try longInteger(place)))
    case UInt8(ascii: "G"):
      stack.append(.real(Double(bitPattern: try integer(UInt64.self).byteSwapped)))
    case UInt8(ascii: "X"): stack.append(.text(try text(Int(try integer(UInt32.self)))))
    case 0x8C: stack.append(.text(try text(Int(try byte()))))
    case 0x8D: stack.append(.text(try text(Int(clamping: try integer(UInt64.self)))))
    case UInt8(ascii: "}"):
      stack.append(.dictionary(dictionaries.count))
      dictionaries.append([])
    case UInt8(ascii: "]"):
      stack.append(.list(lists.count))
      lists.append([])
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
    case UInt8(ascii: "q"): memo[Int(try byte())] = try top(place)
    case UInt8(ascii: "r"): memo[Int(try integer(UInt32.self))] = try top(place)
    case 0x94: memo[memo.count] = try top(place)
    case UInt8(ascii: "h"): try recall(Int(try byte()), place)
    case UInt8(ascii: "j"): try recall(Int(try integer(UInt32.self)), place)
    case UInt8(ascii: "c"):
      let module = try line()
      stack.append(.global(try global(module, try line(), place)))
    case 0x93:  // STACK_GLOBAL
      guard case .text(let name) = try pop(place), case .text(let module) = try pop(place) else {
        throw failure(place, "a global's names are not text")
      }
      stack.append(.global(try global(module, name, place)))
    case UInt8(ascii: "R"):
      guard case .tuple(let arguments) = try pop(place), case .global(let global) = try pop(place)
      else { throw failure(place, "something is called that is not a function") }
      stack.append(try call(global, tuples[arguments], place))
    case UInt8(ascii: "b"):  // BUILD
      // An ordered dictionary's attributes: PyTorch notes the version of each layer there.
      _ = try pop(place)
      guard case .dictionary = try top(place) else {
        throw failure(place, "attributes are set on something that is not a dictionary")
      }
    case UInt8(ascii: "Q"):
      storages.append(try storage(try pop(place), place))
      stack.append(.storage(storages.count - 1))
    default:
      let digits = String(code, radix: 16, uppercase: true)
      throw failure(
        place,
        "the pickle's instruction 0x\(digits) is not one that a state dict needs; "
          + "save model.state_dict(), tensors, numbers and text only")
    }
  }

  private func global(
    _ module: String, _ name: String, _ place: Int
  ) throws(DataError) -> TorchGlobal {
    guard let global = TorchGlobal(module: module, name: name) else {
      let words = DataError.excerpt("\(module).\(name)".utf8, limit: 80)
      throw failure(
        place,
        "the pickle asks for \"\(words)\", which Blitz does not run; "
          + "save model.state_dict(), tensors, numbers and text only")
    }
    return global
  }

  private mutating func append(_ values: [PickleValue], _ place: Int) throws(DataError) {
    guard case .list(let list) = try top(place) else {
      throw failure(place, "values are appended to something that is not a list")
    }
    lists[list] += values
  }

  private mutating func set(_ values: [PickleValue], _ place: Int) throws(DataError) {
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

  // MARK: - Stack and memo

  private mutating func push(_ tuple: [PickleValue]) {
    stack.append(.tuple(tuples.count))
    tuples.append(tuple)
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

  // MARK: - Bytes

  private mutating func take(_ count: Int) throws(DataError) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else {
      throw failure(
        bytes.count, "the pickle ends, but \(count) bytes are needed from its byte \(position) on")
    }
    position += count
    return bytes[position - count..<position]
  }

  private mutating func byte() throws(DataError) -> UInt8 { try integer(UInt8.self) }

  private mutating func integer<Number: FixedWidthInteger>(
    _ type: Number.Type
  ) throws(DataError) -> Number {
    var value: Number = 0
    for digit in try take(MemoryLayout<Number>.size).reversed() {
      value = value << 8 | Number(truncatingIfNeeded: digit)
    }
    return value
  }

  /// A signed number of as many bytes as the first byte says.
  private mutating func longInteger(_ place: Int) throws(DataError) -> Int {
    let digits = try take(Int(try byte()))
    guard digits.count <= 8 else {
      throw failure(place, "a whole number of \(digits.count) bytes is too large")
    }
    var value = digits.last.map { $0 >= 0x80 } == true ? -1 : 0
    for digit in digits.reversed() { value = value << 8 | Int(digit) }
    return value
  }

  private mutating func text(_ count: Int) throws(DataError) -> String {
    let place = position
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw failure(place, "the text is not UTF-8")
    }
    return text
  }

  /// Text up to the end of the line.
  private mutating func line() throws(DataError) -> String {
    let place = position
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw failure(place, "the name of a global never ends")
    }
    let text = try text(end - position)
    position += 1
    return text
  }
}
