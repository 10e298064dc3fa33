import Blitz

/// What Blitz's word does not do of what a sample asks for.
struct Lacking: Error {
  let what: String
}

/// PyTorch's text or value for which Swift has no case or type: the compiler's to refuse.
struct NoSuchCase: Error {}

/// The arguments of one sample, by their places and names in PyTorch's signature.
///
/// What a row does not ask for, it cannot do: such a sample is counted as lacking that argument.
final class Call {
  private let places: [Value]
  private let names: [String: Value]
  private let load: (String) throws -> Tensor
  private var unread: Set<String>

  init(_ sample: Sample, load: @escaping (String) throws -> Tensor) {
    places = [sample.in] + sample.args
    names = sample.kw
    self.load = load
    unread = Set(names.keys).union(places.indices.dropFirst().map { "argument \($0)" })
  }

  /// A call with tensors that no sample has.
  init(input tensors: [Tensor], like sample: Sample) {
    places = tensors.indices.map { .tensor("\($0)") }
    names = sample.kw
    load = { tensors[Int($0) ?? 0] }
    unread = []
  }

  /// The call of a module's constructor.
  init(making sample: Sample, load: @escaping (String) throws -> Tensor) {
    places = sample.made ?? []
    // What PyTorch's fractional pools drew as they were made is a buffer.
    names = (sample.madeBy ?? [:])
      .merging((sample.state ?? [:]).filter { $0.key == "_random_samples" }) { given, _ in given }
    self.load = load
    unread = Set(names.keys).union(places.indices.map { "argument \($0)" })
  }

  /// The arguments of something that is itself an argument of another call.
  init(names: [String: Value], like other: Call) {
    places = []
    self.names = names
    load = other.load
    unread = []
  }

  /// The first argument that was given and that nobody asked for, but for those that say nothing.
  var lacking: String? {
    unread.sorted().first { name in
      switch names[name] ?? places[Int(name.dropFirst(9)) ?? 0] {
      case .none, .bool(false): false
      default: true
      }
    }
  }

  /// How many arguments have no name.
  var count: Int { places.count }

  /// An argument; nil if it is not given.
  func value(_ place: Int, _ name: String = "") -> Value? {
    if place < places.count {
      unread.remove("argument \(place)")
      if case .none = places[place] { return nil }
      return places[place]
    }
    unread.remove(name)
    if case .none? = names[name] { return nil }
    return names[name]
  }

  func has(_ place: Int, _ name: String = "") -> Bool { value(place, name) != nil }

  /// The argument whatever its place: for what is only given by name.
  func named(_ name: String) -> Value? { value(.max, name) }

  /// The first tensor.
  var x: Tensor { get throws { try tensor(0) } }

  func tensor(_ place: Int, _ name: String = "") throws -> Tensor {
    guard let value = value(place, name) else { throw Lacking(what: "no tensor \(name)") }
    return try tensor(value)
  }

  func optionalTensor(_ place: Int, _ name: String = "") throws -> Tensor? {
    try value(place, name).map { try tensor($0) }
  }

  /// A tensor, or a number as one would write it out.
  func tensor(_ value: Value) throws -> Tensor {
    switch value {
    case .tensor(let name): return try load(name)
    case .pairs(let name): return try load(name).viewAsComplex()
    case .complex(let real, let imag):
      return Tensor([Complex(real, imag)], shape: [], dtype: .complex128)
    case .integer(let number): return Tensor(integerLiteral: number)
    case .real(let number): return .real(number)
    case .bool(let flag): return Tensor(flag)
    case .foreign(let what): throw Lacking(what: what)
    default: throw NoSuchCase()
    }
  }

  /// Whether an argument is a tensor, and not a number.
  func isTensor(_ place: Int, _ name: String = "") -> Bool {
    switch value(place, name) {
    case .tensor?, .pairs?: return true
    default: return false
    }
  }

  func tensors(_ place: Int, _ name: String = "") throws -> [Tensor] {
    guard let value = value(place, name) else { throw Lacking(what: "no tensors") }
    guard case .list(let values) = value else { return [try tensor(value)] }
    return try values.map { try tensor($0) }
  }

  func int(_ place: Int, _ name: String = "") throws -> Int {
    guard let value = value(place, name) else { throw Lacking(what: "no number \(name)") }
    return try int(value)
  }

  func int(_ place: Int, _ name: String = "", or usual: Int) throws -> Int {
    try value(place, name).map { try int($0) } ?? usual
  }

  func optionalInt(_ place: Int, _ name: String = "") throws -> Int? {
    try value(place, name).map { try int($0) }
  }

  func int(_ value: Value) throws -> Int {
    switch value {
    case .integer(let number): return number
    case .bool(let flag): return flag ? 1 : 0
    case .real(let number) where number == number.rounded(): return Int(number)
    case .list(let values) where values.count == 1: return try int(values[0])
    case .tensor(let name): return try load(name).cast(to: .int64).item(as: Int.self)
    default: throw NoSuchCase()
    }
  }

  func real(_ place: Int, _ name: String = "", or usual: Double? = nil) throws -> Double {
    guard let value = value(place, name) else {
      guard let usual else { throw Lacking(what: "no number \(name)") }
      return usual
    }
    return try real(value)
  }

  func optionalReal(_ place: Int, _ name: String = "") throws -> Double? {
    try value(place, name).map { try real($0) }
  }

  func real(_ value: Value) throws -> Double {
    switch value {
    case .integer(let number): return Double(number)
    case .real(let number): return number
    case .bool(let flag): return flag ? 1 : 0
    case .tensor(let name): return try load(name).cast(to: .float64).item()
    default: throw NoSuchCase()
    }
  }

  func bool(_ place: Int, _ name: String = "", or usual: Bool = false) throws -> Bool {
    guard let value = value(place, name) else { return usual }
    switch value {
    case .bool(let flag): return flag
    case .integer(let number): return number != 0
    default: throw NoSuchCase()
    }
  }

  func text(_ place: Int, _ name: String = "", or usual: String = "") throws -> String {
    guard let value = value(place, name) else { return usual }
    guard case .text(let text) = value else { throw NoSuchCase() }
    return text
  }

  /// Whole numbers: one, or a list of them; nil if the argument is not given.
  /// Numbers, of which one stands for as many as are asked for.
  func optionalReals(_ place: Int, _ name: String, count: Int) throws -> [Double]? {
    guard let value = value(place, name) else { return nil }
    guard case .list(let values) = value else {
      return try [Double](repeating: real(value), count: count)
    }
    return try values.map { try real($0) }
  }

  func optionalInts(_ place: Int, _ name: String = "") throws -> [Int]? {
    guard let value = value(place, name) else { return nil }
    guard case .list(let values) = value else { return [try int(value)] }
    return try values.map { try int($0) }
  }

  /// Numbers: one, or a list of them; nil if the argument is not given.
  func optionalReals(_ place: Int, _ name: String = "") throws -> [Double]? {
    guard let value = value(place, name) else { return nil }
    guard case .list(let values) = value else { return [try real(value)] }
    return try values.map { try real($0) }
  }

  func ints(_ place: Int, _ name: String = "") throws -> [Int] {
    guard let numbers = try optionalInts(place, name) else { throw Lacking(what: "no numbers") }
    return numbers
  }

  /// All arguments from a place on as whole numbers, or the list at it: `x.view(2, 3)`.
  func intsFrom(_ place: Int, _ name: String = "") throws -> [Int] {
    if count == place + 1 || count <= place { return try ints(place, name) }
    return try (place..<count).map { try int($0) }
  }

  /// The size of windows, one number for both axes.
  func size(_ place: Int, _ name: String, or usual: Size2D? = nil) throws -> Size2D {
    guard let sizes = try optionalInts(place, name), let first = sizes.first else {
      guard let usual else { throw Lacking(what: "no size \(name)") }
      return usual
    }
    return Size2D(first, sizes.last!)
  }

  /// The size of windows; nil if none is given, or an empty list.
  func optionalSize(_ place: Int, _ name: String) throws -> Size2D? {
    guard let sizes = try optionalInts(place, name), let first = sizes.first else { return nil }
    return Size2D(first, sizes.last ?? first)
  }

  func dtype(_ place: Int, _ name: String = "dtype") throws -> DType? {
    guard let value = value(place, name) else { return nil }
    guard case .dtype(let name) = value else { throw Lacking(what: "\(value) for a dtype") }
    guard let dtype = DType.allCases.first(where: { "\($0)" == name }) else {
      throw Lacking(what: name)
    }
    return dtype
  }
}
