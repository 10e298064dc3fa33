import BlitzTensor

/// A node that is run: its inputs, its attributes, and the opset that says what it means.
struct OpCall {
  let node: Node
  let opset: Int
  let inputs: [Value]
  let attributes: [String: Attribute]
  /// For each input, the whole numbers that it was made of; empty if the op does not ask.
  var sources: [QuantizedSource?] = []
  /// Runs a graph that is an attribute, with values for its inputs.
  let run: (Graph, [Value]) throws -> [Value]

  /// How many outputs the node has, also those that nobody reads.
  var outputCount: Int { node.outputs.count }

  /// Whether an output is asked for.
  func wants(_ output: Int) -> Bool { output < outputCount && !node.outputs[output].isEmpty }

  /// An error about this node.
  func failure(_ rule: String, help: String? = nil) -> TensorError {
    TensorError(
      node.op, rule,
      operands: inputs.enumerated().map { ("input \($0)", $1.signature) }, help: help)
  }
}

// Inputs.
extension OpCall {
  /// An input; one that carries an error if it is left out or no tensor.
  subscript(index: Int) -> Tensor {
    optional(index) ?? Tensor(error: failure("input \(index) must be a tensor"))
  }

  /// Whether an input is there.
  func has(_ index: Int) -> Bool {
    guard index < inputs.count else { return false }
    if case .absent = inputs[index] { return false }
    return true
  }

  /// An input, or nil if it is left out.
  func optional(_ index: Int) -> Tensor? { index < inputs.count ? inputs[index].tensor : nil }

  /// All inputs.
  var tensors: [Tensor] { inputs.indices.map { self[$0] } }

  /// The type of an input.
  func type(_ index: Int) -> ElementType {
    index < inputs.count ? inputs[index].type ?? .float32 : .float32
  }

  /// The whole numbers of an input, computed now.
  func numbers(_ index: Int) throws -> [Int] {
    try self[index].cast(to: .int64).scalars(as: Int.self)
  }

  /// The one whole number of an input, computed now.
  func number(_ index: Int) throws -> Int {
    guard let first = try numbers(index).first else {
      throw failure("input \(index) must have one element")
    }
    return first
  }

  /// The numbers of an input as `Double`, computed now.
  func reals(_ index: Int) throws -> [Double] {
    try self[index].cast(to: .float64).scalars(as: Double.self)
  }

  /// The one number of an input as `Double`, computed now.
  func real(_ index: Int) throws -> Double {
    guard let first = try reals(index).first else {
      throw failure("input \(index) must have one element")
    }
    return first
  }

  /// The tensors of a list.
  func sequence(_ index: Int) throws -> [Value] {
    guard index < inputs.count, case .sequence(let values) = inputs[index] else {
      throw failure("input \(index) must be a list")
    }
    return values
  }

  /// The texts of an input, with its sizes.
  func strings(_ index: Int) throws -> (texts: [String], sizes: [Int]) {
    guard index < inputs.count, case .strings(let texts, let sizes) = inputs[index] else {
      throw failure("input \(index) must be a tensor of texts")
    }
    return (texts, sizes)
  }
}

// Attributes.
extension OpCall {
  /// Whether an attribute is there.
  func has(_ name: String) -> Bool { attributes[name] != nil }

  /// A whole number, or its default.
  @inline(never)
  func int(_ name: String, _ otherwise: Int = 0) -> Int {
    if case .int(let value) = attributes[name] { value } else { otherwise }
  }

  /// A flag, which is 0 or 1.
  @inline(never)
  func flag(_ name: String, _ otherwise: Bool = false) -> Bool {
    int(name, otherwise ? 1 : 0) != 0
  }

  /// A number, or its default.
  @inline(never)
  func float(_ name: String, _ otherwise: Double = 0) -> Double {
    if case .float(let value) = attributes[name] { value } else { otherwise }
  }

  /// A text, or its default.
  @inline(never)
  func text(_ name: String, _ otherwise: String = "") -> String {
    if case .text(let value) = attributes[name] { value } else { otherwise }
  }

  /// Whole numbers, or nil.
  @inline(never)
  func ints(_ name: String) -> [Int]? {
    if case .ints(let values) = attributes[name] { values } else { nil }
  }

  /// Numbers, or nil.
  func floats(_ name: String) -> [Double]? {
    if case .floats(let values) = attributes[name] { values } else { nil }
  }

  /// Texts, or nil.
  func texts(_ name: String) -> [String]? {
    if case .texts(let values) = attributes[name] { values } else { nil }
  }

  /// A graph.
  func graph(_ name: String) throws -> Graph {
    guard case .graph(let graph) = attributes[name] else {
      throw failure("the graph \(name) is missing")
    }
    return graph
  }

  /// Whole numbers that older opsets have as an attribute and newer ones as an input; nil if they
  /// are left out.
  func numbers(_ index: Int, orAttribute name: String) throws -> [Int]? {
    if has(index) { return try numbers(index) }
    if case .int(let value) = attributes[name] { return [value] }
    return ints(name)
  }

  /// A size or count that a node gives, which must be one that memory could have.
  func size(_ size: Int, _ what: String) throws -> Int {
    guard (0...1 << 28).contains(size) else { throw failure("\(what) is \(size)") }
    return size
  }

  /// An axis counted from the start.
  func axis(_ axis: Int, rank: Int) throws -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    guard resolved >= 0, resolved < rank else {
      throw failure("there is no axis \(axis) of \(rank)")
    }
    return resolved
  }
}

// Results.
extension OpCall {
  /// A tensor of the type of an input.
  func like(_ index: Int, _ tensor: Tensor) -> Value {
    let type = type(index)
    return type.carrier == tensor.dtype ? .tensor(tensor, type) : Value(tensor)
  }
}

extension Sequence<Int> {
  /// The product of all; the greatest number if it is more.
  var product: Int {
    var product = 1
    for factor in self {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      product = overflow ? Int.max : next
    }
    return product
  }
}

extension Int {
  /// The whole number nearest to zero from a number; 0 for NaN, bounds for what is beyond them.
  init(bounded number: Double) {
    self = number.isNaN ? 0 : Int(Swift.min(Swift.max(number, -1e15), 1e15))
  }
}
