/// The shape and dtype rules that all elementwise ops share.
extension Tensor {
  /// Which dtypes an op takes.
  enum Domain: Sendable {
    case floating
    case numeric
    case boolean
    case integerOrBool
    case any

    func contains(_ dtype: DType) -> Bool {
      switch self {
      case .floating: dtype.hasGradients
      case .numeric: dtype != .bool
      case .boolean: dtype == .bool
      case .integerOrBool: dtype.isInteger || dtype == .bool
      case .any: true
      }
    }

    /// The dtype that operands of this common dtype are computed in: where only floats are, whole
    /// numbers and bool in float32.
    func dtype(of common: DType) -> DType {
      self == .floating && !common.hasGradients ? .plain : common
    }

    var description: String {
      switch self {
      case .floating: "floats"
      case .numeric: "numbers"
      case .boolean: "bool"
      case .integerOrBool: "whole numbers or bool"
      case .any: "any dtype"
      }
    }
  }

  /// An error if this tensor's dtype is not one that an op takes.
  func domainError(_ name: @autoclosure () -> String, _ domain: Domain) -> TensorError? {
    if domain.contains(dtype) { return nil }
    let target: DType = domain == .boolean ? .bool : domain == .integerOrBool ? .int64 : .float32
    return TensorError(
      name(), "takes \(domain.description), not \(dtype)", operands: [("input", signature)],
      help: "write .cast(to: .\(target)) first")
  }

  /// An op of one operand, which keeps shape and dtype; whole numbers and bool become float32 where
  /// only floats are computed.
  @inline(never)
  func elementwise(
    _ op: Elementwise, _ domain: Domain = .floating, to dtype: DType? = nil
  ) -> Tensor {
    if node.failure != nil { return self }
    let common = domain.dtype(of: self.dtype)
    if common != self.dtype { return converted(to: common).elementwise(op, domain, to: dtype) }
    if let error = domainError(op.rule.name, domain) { return Tensor(error: error) }
    if self.dtype.isHalf && op.traits.losesDigits && Autocast.isOn {
      return cast(to: .float32).elementwise(op, domain, to: dtype)
    }
    return .make(.elementwise(op), self, shape: shape, dtype: dtype ?? self.dtype)
  }

  /// An op of two operands, which broadcasts them and computes in the dtype of ``ResultType``.
  @inline(never)
  static func elementwise(
    _ op: Elementwise, _ left: Tensor, _ right: Tensor, _ domain: Domain = .numeric,
    to dtype: DType? = nil
  ) -> Tensor {
    if let failed = failed(left, right) { return failed }
    if let number = folded(op, left, right) { return number }
    if left.dtype == .bool, right.dtype == .bool, let logical = op.onBools {
      return elementwise(logical, left, right, .boolean, to: dtype).named(op.rule.name)
    }
    switch matched(op.rule.name, left, right, domain) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (left, right, shape)):
      return .make(
        .elementwise(op), left.broadcast(to: shape), right.broadcast(to: shape),
        shape: shape, dtype: dtype ?? left.dtype)
    }
  }

  /// Two operands in the dtype that an op of them computes in, and the shape that they broadcast
  /// to.
  static func matched(
    _ name: @autoclosure () -> String, _ left: Tensor, _ right: Tensor, _ domain: Domain
  ) -> Result<(left: Tensor, right: Tensor, shape: Shape), TensorError> {
    if left.dtype != right.dtype || !domain.contains(left.dtype) {
      let common = domain.dtype(of: ResultType(left, right).dtype)
      guard domain.contains(common) else { return .failure(.domain(name(), domain, left, right)) }
      let operands = (
        left.operand(of: name(), in: common, beside: right),
        right.operand(of: name(), in: common, beside: left)
      )
      if let error = failed(operands.0, operands.1)?.error { return .failure(error) }
      return matched(name(), operands.0, operands.1, domain)
    }
    if left.shape == right.shape { return .success((left, right, left.shape)) }
    guard let shape = Shape.broadcast(left.shape, right.shape) else {
      return .failure(.shapes(name(), left, right))
    }
    if shape.checkedElementCount == nil {
      return .failure(.tooLarge(name(), shape, [("left", left), ("right", right)]))
    }
    return .success((left, right, shape))
  }

  /// An op of a tensor and a scalar, which changes the tensor's dtype only if that holds no such
  /// numbers: a fraction among whole numbers, a whole number among bools.
  @inline(never)
  static func elementwise(
    _ op: Elementwise, _ left: Tensor, _ right: Scalar, _ domain: Domain = .numeric,
    to dtype: DType? = nil
  ) -> Tensor {
    if left.node.failure != nil { return left }
    if let number = folded(op, left, right) { return number }
    switch left.meeting(right, op, domain) {
    case .rejected(let tensor): return tensor
    case .operand(let left):
      return .make(
        .elementwise(op), of: Operands(left.node, Node(right, left.dtype)), shape: left.shape,
        dtype: dtype ?? left.dtype)
    }
  }

  /// An op of a scalar and a tensor, in the dtype that the two in the other order have.
  @inline(never)
  static func elementwise(
    _ op: Elementwise, _ left: Scalar, _ right: Tensor, _ domain: Domain = .numeric,
    to dtype: DType? = nil
  ) -> Tensor {
    if right.node.failure != nil { return right }
    if let number = folded(op, left, right) { return number }
    switch right.meeting(left, op, domain) {
    case .rejected(let tensor): return tensor
    case .operand(let right):
      return .make(
        .elementwise(op), of: Operands(Node(left, right.dtype), right.node), shape: right.shape,
        dtype: dtype ?? right.dtype)
    }
  }

  /// A tensor that an op can take beside a number, or one that carries an error.
  private enum Meeting {
    case operand(Tensor)
    case rejected(Tensor)
  }

  /// This tensor in the dtype that an op of it and a number computes in.
  @inline(never)
  private func meeting(_ number: Scalar, _ op: Elementwise, _ domain: Domain) -> Meeting {
    if dtype.isFloating && domain.contains(dtype) { return .operand(self) }
    let common = domain.dtype(of: ResultType(self, number).dtype)
    guard domain.contains(common) else {
      return .rejected(Tensor(error: converted(to: common).domainError(op.rule.name, domain)!))
    }
    guard number.fits(common) else {
      return .rejected(Tensor(error: .scalar(op.rule.name, number, for: self)))
    }
    return .operand(converted(to: common))
  }

  /// This tensor under a shape that its own is known to broadcast to.
  func broadcast(to shape: Shape) -> Tensor {
    if self.shape == shape { return self }
    if case .scalar = node.op { return self }
    return .make(.expand, self, shape: shape, dtype: dtype)
  }
}

extension Elementwise {
  /// What words, plans and kernels know of a primitive that works element by element.
  struct Traits: Sendable {
    /// How many operands it takes.
    let operandCount: Int
    /// The dtypes that it computes.
    let domain: Tensor.Domain
    /// The result's dtype where it is not the operands'.
    let resultDType: DType?
    /// How long an element takes.
    let cost: Cost
    /// Whether mixed precision computes it in float32.
    let losesDigits: Bool
  }

  /// How long an element takes.
  enum Cost: Sendable {
    /// About as long as reading the operands: it is rather computed twice than kept.
    case cheap
    /// Some times that.
    case moderate
    /// As long as a dozen additions: it is worth a second thread earlier.
    case costly
  }

  /// What it is between two bools, as in PyTorch: a sum says whether one is true, a product whether
  /// both are. Nil if it is none.
  var onBools: Elementwise? {
    switch self {
    case .add, .maximum: .or
    case .multiply, .minimum: .and
    default: nil
    }
  }

  /// What its rule says of it.
  var traits: Traits {
    guard case .elementwise(let traits) = rule.computing else {
      fatalError("the rule of \(self) is not one of an elementwise op")
    }
    return traits
  }

  /// Whether an element takes several times as long as an addition.
  package var isCostly: Bool { traits.cost == .costly }
}

extension TensorError {
  /// Two tensors of whose common dtype an op has no values.
  static func domain(
    _ op: String, _ domain: Tensor.Domain, _ left: Tensor, _ right: Tensor
  ) -> TensorError {
    let common = ResultType(left, right).dtype
    let target = domain == .boolean ? DType.bool : .int64
    return TensorError(
      op, "takes \(domain.description), not \(common)",
      operands: [("left", left.signature), ("right", right.signature)],
      help: "write .cast(to: .\(target)) first")
  }

  /// Two tensors whose dtypes differ.
  static func dtypes(_ op: String, _ left: Tensor, _ right: Tensor) -> TensorError {
    TensorError(
      op, "the dtypes differ: left is \(left.dtype), right is \(right.dtype)",
      operands: [("left", left.signature), ("right", right.signature)],
      help: "cast one of them, for example right.cast(to: .\(left.dtype))")
  }

  /// Two tensors whose shapes do not broadcast.
  static func shapes(_ op: String, _ left: Tensor, _ right: Tensor) -> TensorError {
    let rank = max(left.rank, right.rank)
    var axis = 0
    var sizes = (0, 0)
    for fromEnd in 1...max(rank, 1) where fromEnd <= min(left.rank, right.rank) {
      let l = left.shape[left.rank - fromEnd]
      let r = right.shape[right.rank - fromEnd]
      if l != r && l != 1 && r != 1 {
        axis = -fromEnd
        sizes = (l, r)
        break
      }
    }
    return TensorError(
      op,
      "the shapes do not broadcast: axis \(axis) is \(sizes.0) on the left, "
        + "\(sizes.1) on the right",
      operands: [("left", left.signature), ("right", right.signature)],
      help:
        "sizes must be equal, or one of them 1; reshaped(to:) or unsqueezed(axis:) can add an axis")
  }

  /// A result with more elements than can be counted.
  static func tooLarge(
    _ op: String, _ shape: Shape, _ operands: [(role: String, tensor: Tensor)]
  ) -> TensorError {
    TensorError(
      op, "the result \(shape) is too large",
      operands: operands.map { ($0.role, $0.tensor.signature) },
      help: "look for an axis of size 1 that was not meant to be broadcast")
  }

  /// A scalar that a tensor's dtype cannot hold.
  static func scalar(_ op: String, _ value: Scalar, for tensor: Tensor) -> TensorError {
    TensorError(
      op, "\(value) is not a value of \(tensor.dtype)", operands: [("tensor", tensor.signature)],
      help: "write .cast(to: .float32) on the tensor, or another number")
  }
}
