import BlitzTensor

/// How an op is computed: one entry of the table.
struct OpEntry: Sendable {
  typealias Body = @Sendable (OpCall) throws -> [Value]

  let domain: String
  let name: String
  /// The opset from which on the entry holds.
  let since: Int
  let body: Body
  /// Where the inputs begin that must be of one type; nil if they need not be. Tensors of Blitz
  /// promote, ONNX's do not.
  let uniformFrom: Int?

  /// Which type a result has.
  enum ResultType: Sendable {
    /// That of an input.
    case input(Int)
    /// That of an input, whose range the result is brought back into.
    case wrapped(Int)
    /// That of the tensor's dtype.
    case own
  }

  /// An op with one result, of the type of the first input.
  @inline(never)
  init(
    _ name: String, since: Int = 1, domain: String = "",
    _ body: @escaping @Sendable (OpCall) throws -> Tensor
  ) {
    self.init(name, since: since, domain: domain, .input(0), body)
  }

  /// An op with one result.
  @inline(never)
  init(
    _ name: String, since: Int = 1, domain: String = "", _ type: ResultType,
    _ body: @escaping @Sendable (OpCall) throws -> Tensor
  ) {
    self.init(many: name, since: since, domain: domain) { call in
      let tensor = try body(call)
      switch type {
      case .input(let index): return [call.like(index, tensor)]
      case .wrapped(let index):
        return [call.like(index, call.type(index).wrapped(tensor))]
      case .own: return [Value(tensor)]
      }
    }
  }

  /// An op with any results.
  @inline(never)
  init(many name: String, since: Int = 1, domain: String = "", _ body: @escaping Body) {
    (self.domain, self.name, self.since, self.body) = (domain, name, since, body)
    uniformFrom =
      !domain.isEmpty ? nil : OpEntry.uniform.contains(name) ? 0 : name == "Where" ? 1 : nil
  }

  private static let uniform: Set<String> = [
    "Add", "Sub", "Mul", "Div", "Mod", "Sum", "Mean", "Max", "Min", "Equal", "Greater",
    "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor", "BitwiseAnd", "BitwiseOr",
    "BitwiseXor", "MatMul", "Gemm", "Concat", "PRelu",
  ]

  /// The outputs of a call.
  ///
  /// - Throws: `TensorError` about inputs that the op does not take.
  func results(of call: OpCall) throws -> [Value] {
    if let uniformFrom {
      let dtypes = call.inputs.dropFirst(uniformFrom).compactMap(\.tensor?.dtype)
      if let other = dtypes.first(where: { $0 != dtypes[0] }) {
        throw call.failure(
          "takes inputs of one type, \(dtypes[0]) and \(other) are given: the model needs a Cast")
      }
    }
    return try body(call)
  }
}

/// All ops that Blitz runs.
enum OpTable {
  private struct Key: Hashable {
    var domain: String
    var name: String
  }

  private static let entries = Dictionary(
    grouping: [
      arithmetic, comparisons, functions, activations, shapes, padding, making, indexing,
      scattering, ordering, reductions, products, convolutions, pooling, normalisation, recurrent,
      attention, resizing, sampling, losses, signals, quantisation, casting, control, sequences,
      detection, strings, training,
    ].joined()
  ) { Key(domain: $0.domain, name: $0.name) }
  .mapValues { $0.sorted { $0.since < $1.since } }

  /// The entry for an op in an opset; nil if Blitz lacks it.
  static func entry(domain: String, name: String, opset: Int) -> OpEntry? {
    entries[Key(domain: domain, name: name)]?.last { $0.since <= opset }
  }
}
