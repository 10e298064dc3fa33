import BlitzData
import BlitzNN
import BlitzTensor

/// A network in the ONNX format, `torch.onnx`'s and everybody's: read from a file, then called,
/// trained on, compiled or moved like one that was written in Swift.
///
///     let model = try ONNXModel("model.onnx")
///     print(model.inputs)                              // [images: float32[batch, 3, 224, 224]]
///     let logits = try model(images)[0]
///     let named = try model(["images": images])["logits"]
///
/// Opsets 1 to 28 of ONNX's own ops, IR versions up to 14, models with functions, with control flow
/// and with elements in files beside the model. Floating initializers are parameters under their
/// names, other ones buffers: `state()`, optimizers, `to(_:)` and safetensors see them.
///
/// In `noGrad`, or where neither a parameter nor an input requires a gradient, the first call with
/// inputs of some shapes and dtypes plans the network whole, and later ones run the plan; up to 16
/// plans are kept.
public struct ONNXModel: Module {
  /// What the model takes, but for parameters.
  public let inputs: [ONNXPort]
  /// What it gives.
  public let outputs: [ONNXPort]
  /// The opset of ONNX's own ops.
  public var opset: Int { message.opsets[""] ?? 1 }
  /// What wrote the file, as it says.
  public var producer: String { message.producer }
  /// Texts about the model.
  public var metadata: [String: String] { message.metadata }
  /// The ops of the model that Blitz lacks, each with the number of its nodes; such a model can be
  /// looked at, not run.
  public let unsupportedOps: [(name: String, count: Int)]
  /// Floating initializers, in the file's order.
  let weights: [(name: String, weight: Parameter)]
  let constants: [(name: String, constant: Buffer, type: ElementType)]
  /// Initializers that are texts.
  private let fixed: [String: Value]
  /// The names of all initializers.
  private let initialized: Set<String>
  let message: ModelMessage
  /// The file, and those beside it.
  let source: ModelSource
  private let plans = PlanCache()

  /// Reads the model at `path`, with the files of elements beside it.
  ///
  /// - Throws: `DataError` if a file cannot be read, breaks a rule of the format (naming the byte
  ///   and the node), or has elements of a type that Blitz does not have.
  public init(_ path: String) throws(DataError) {
    try self.init(ModelSource(path: path))
  }

  /// Reads a model from bytes in memory; its elements must be in them.
  ///
  /// - Parameters:
  ///   - bytes: the whole of a file.
  ///   - name: what errors call it.
  /// - Throws: as of a file.
  public init(bytes: [UInt8], name: String = "model") throws(DataError) {
    try self.init(ModelSource(MappedFile(bytes: bytes, path: name), folder: nil))
  }

  init(_ source: ModelSource) throws(DataError) {
    message = try ModelMessage(source)
    self.source = source
    unsupportedOps = message.unsupportedOps
    var weights: [(String, Parameter)] = []
    var constants: [(String, Buffer, ElementType)] = []
    var fixed: [String: Value] = [:]
    for (name, value) in message.graph.initializers {
      if case .tensor(let tensor, let type) = value {
        if tensor.dtype.isFloating, !type.isCarried {
          weights.append((name, Parameter(tensor, name: name)))
        } else {
          constants.append((name, Buffer(wrappedValue: tensor, name: name), type))
        }
      } else {
        fixed[name] = value
      }
    }
    let initialized = Set(message.graph.initializers.map(\.name))
    self.initialized = initialized
    inputs = message.graph.inputs.filter { !initialized.contains($0.name) }
    outputs = message.graph.outputs
    (self.weights, self.constants, self.fixed) = (weights, constants, fixed)
  }

  /// The ops of the model with the number of nodes of each, most first; those of functions are
  /// not counted.
  public var ops: [(name: String, count: Int)] { message.ops }

  /// The number of nodes, those of graphs in nodes too.
  public var nodeCount: Int { ops.reduce(0) { $0 + $1.count } }

  /// The parameters and buffers under the names of the initializers.
  public var members: [(name: String, value: Any)] {
    weights.map { ("", $0.weight) } + constants.map { ("", $0.constant) }
  }

  /// The path of the model and what it takes and gives.
  public var description: String {
    let ports = { (ports: [ONNXPort]) in ports.map(\.description).joined(separator: ", ") }
    return "ONNXModel(\(source.file.path): \(ports(inputs)) -> \(ports(outputs)))"
  }
}

extension ONNXModel {
  /// The outputs, by position, for inputs by position.
  ///
  /// - Throws: `TensorError` if inputs are missing, too many, or of a dtype, rank or size that the
  ///   model does not take; if the model needs ops that Blitz lacks, which it lists; or if a node
  ///   cannot be computed, which it names.
  public func callAsFunction(_ inputs: Tensor...) throws -> [Tensor] { try callAsFunction(inputs) }

  /// The outputs, by position, for an array of inputs.
  ///
  /// - Throws: as for single inputs.
  public func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
    guard inputs.count == self.inputs.count else {
      throw TensorError(
        "ONNXModel", "takes \(self.inputs.count) inputs, \(inputs.count) are given",
        operands: self.inputs.map { ($0.name, $0.description) })
    }
    return try tensors(run(zip(self.inputs, inputs).map { (name: $0.name, value: Value($1)) }))
  }

  /// The outputs by name, for inputs by name.
  ///
  /// An initializer that is an input too can be given under its name.
  ///
  /// - Throws: as for inputs by position, and if a name is none of the model's.
  public func callAsFunction(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
    // In an order of their own, so that a call is seen to be like the last one.
    let given = inputs.sorted { $0.key < $1.key }.map { (name: $0.key, value: Value($0.value)) }
    let results = try tensors(run(given))
    return Dictionary(zip(outputs.map(\.name), results)) { first, _ in first }
  }

  private func tensors(_ values: [Value]) throws -> [Tensor] {
    try zip(outputs, values).map { port, value in
      guard let tensor = value.tensor else {
        throw TensorError(
          "ONNXModel", "the output \(JSONText.quoted(port.name)) is \(value.signature), no tensor")
      }
      return tensor
    }
  }

  /// The outputs for values of the inputs.
  func run(_ given: [(name: String, value: Value)]) throws -> [Value] {
    if !unsupportedOps.isEmpty {
      let list = unsupportedOps.map { "\($0.name) (\($0.count))" }.joined(separator: ", ")
      throw TensorError(
        "ONNXModel", "the model needs ops that Blitz does not have in opset \(opset): \(list)",
        help: "the number of nodes is in brackets; export the model without them")
    }
    let checker = PortChecker()
    let checked = try given.map { name, value in
      guard let port = message.graph.inputs.first(where: { $0.name == name }) else {
        throw TensorError(
          "ONNXModel", "there is no input \(JSONText.quoted(name))",
          help: "the inputs are \(inputs.map { JSONText.quoted($0.name) }.joined(separator: ", "))")
      }
      return (name: name, value: try checker.checked(value, for: port))
    }
    let isTracked = isTracked(given.map(\.value))
    if !isTracked, let results = try plans.repeated(checked, stored) { return results }
    var values = fixed
    for (name, weight) in weights { values[name] = Value(weight.value) }
    for (name, constant, type) in constants {
      values[name] = .tensor(constant.wrappedValue, type)
    }
    for (name, value) in checked { values[name] = value }
    for port in inputs where values[port.name] == nil {
      if case .optional = port.kind {
        values[port.name] = .absent
        continue
      }
      throw TensorError(
        "ONNXModel", "the input \(JSONText.quoted(port.name)) is missing",
        operands: [("input", port.description)])
    }
    let interpreter = Interpreter(model: message)
    if isTracked { return try interpreter.run(values) }
    return try plans.run(values, given: checked, stored) { try interpreter.run($0) }
  }

  /// All initializers that are tensors, in the order of the file.
  private var stored: PlanCache.Stored {
    PlanCache.Stored(weights: weights, constants: constants, names: initialized)
  }

  /// Whether somebody may ask for gradients: then ops are recorded as they are called.
  private func isTracked(_ given: [Value]) -> Bool {
    GradientMode.isOn
      && (weights.contains { !$0.weight.isFrozen }
        || given.contains { $0.tensor?.requiresGrad == true })
  }

  /// How many signatures of inputs have been planned.
  public var planCount: Int { plans.count }
}

/// Compares what is given with what a model says that it takes.
private struct PortChecker {
  /// The value as the model takes it.
  func checked(_ value: Value, for port: ONNXPort) throws(TensorError) -> Value {
    guard case .tensor(let tensor, let given) = value else { return value }
    if let error = tensor.error { throw error }
    guard case .tensor(let expected) = port.kind else { return value }
    var value = value
    if let expected, expected != given {
      // A narrow type comes in the dtype that carries it.
      guard expected.carrier == tensor.dtype, !given.isCarried else {
        throw failure("is \(given)\(tensor.shape), not \(expected)", port, tensor)
      }
      value = .tensor(tensor, expected)
    }
    guard let expected = port.sizes else { return value }
    guard expected.count == tensor.rank else {
      throw failure("has \(tensor.rank) axes, not \(expected.count)", port, tensor)
    }
    for (axis, size) in expected.enumerated() {
      if case .fixed(let fixed) = size, fixed != tensor.shape[axis] {
        throw failure("has \(tensor.shape[axis]) along axis \(axis), not \(fixed)", port, tensor)
      }
    }
    return value
  }

  private func failure(_ reason: String, _ port: ONNXPort, _ tensor: Tensor) -> TensorError {
    TensorError(
      "ONNXModel", "the input \(JSONText.quoted(port.name)) \(reason)",
      operands: [("takes", port.description), ("given", tensor.signature)])
  }
}
