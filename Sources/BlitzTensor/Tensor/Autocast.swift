import Synchronization

/// The dtype that matrix products compute in, in mixed precision.
public enum Precision: String, Sendable, Hashable, CaseIterable, Codable {
  /// 24 significant bits: everything stays as it is.
  case float32
  /// 8 significant bits and the range of float32: no loss scaling is needed.
  case bfloat16
  /// 11 significant bits, up to 65504: gradients need a loss scaler.
  case float16

  /// The dtype of the same name.
  public var dtype: DType {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .float16: .float16
    }
  }
}

/// Runs `body` in mixed precision: weights and sums stay float32, products are computed in 16 bits:
/// `torch.autocast`.
///
///     let loss = autocast(to: .bfloat16) { crossEntropy(logits: model(x), labels: y) }
///     try loss.backward()
///
/// - Products (`matmul`, `einsum`, convolutions, `Linear`, attention, recurrent layers) cast their
///   float32 operands down, and return `precision`.
/// - What loses digits in sums or in exponents (`softmax`, `exp`, `log`, `pow`, `rsqrt`, `tan`,
///   `sum`, `prod`, `cumsum`, `norm`, normalisation, losses) casts float16 and bfloat16 operands
///   up, and returns in float32.
/// - Everything else computes in the dtype that it is given; where halves meet float32, in float32.
///
/// The casts are recorded, so the gradients of float32 weights are float32. float64 and whole
/// numbers are left alone. The reverse walk is not affected: call `backward()` inside or outside.
/// The rule holds for the task that runs `body`, and within it an inner `autocast` does; `.float32`
/// turns it off. PyTorch's `torch.autocast` has the same lists; here normalisation is among the
/// sums.
///
/// - Returns: what `body` returns; throws what it throws.
public func autocast<R>(to precision: Precision, _ body: () throws -> R) rethrows -> R {
  try Autocast.within(precision, body)
}

/// Runs asynchronous code in mixed precision; see ``autocast(to:_:)``.
public func autocast<R>(
  to precision: Precision, isolation: isolated (any Actor)? = #isolation,
  _ body: () async throws -> R
) async rethrows -> R {
  try await Autocast.within(precision, isolation: isolation, body)
}

/// Which precision products compute in, task by task.
package enum Autocast {
  private static let current = TaskLocal<Precision>(wrappedValue: .float32)
  /// How many tasks are in mixed precision, so that where none is an op asks no task.
  private static let regions = Atomic<Int>(0)

  /// What products compute in now.
  package static var precision: Precision {
    regions.load(ordering: .relaxed) == 0 ? .float32 : current.get()
  }

  /// Whether products compute in less than float32 now.
  package static var isOn: Bool { precision != .float32 }

  package static func within<R>(_ precision: Precision, _ body: () throws -> R) rethrows -> R {
    regions.wrappingAdd(1, ordering: .relaxed)
    defer { regions.wrappingSubtract(1, ordering: .relaxed) }
    return try current.withValue(precision, operation: body)
  }

  static func within<R>(
    _ precision: Precision, isolation: isolated (any Actor)?, _ body: () async throws -> R
  ) async rethrows -> R {
    regions.wrappingAdd(1, ordering: .relaxed)
    defer { regions.wrappingSubtract(1, ordering: .relaxed) }
    return try await current.withValue(precision, operation: body, isolation: isolation)
  }

  /// Runs `body` with every op in the dtype of its operands.
  package static func off<R>(_ body: () throws -> R) rethrows -> R {
    isOn ? try within(.float32, body) : try body()
  }
}

extension Tensor {
  /// What a product takes in mixed precision: float32, and the other half, in autocast's dtype.
  package var downcast: Tensor {
    let precision = Autocast.precision
    if precision == .float32 || dtype == .float64 || !dtype.isFloating { return self }
    return cast(to: precision.dtype)
  }

  /// What a sum takes in mixed precision: halves in float32.
  var upcast: Tensor { dtype.isHalf && Autocast.isOn ? cast(to: .float32) : self }

  /// Halves in float32, for what is computed there and rounded once.
  package var widened: Tensor { dtype.isHalf ? cast(to: .float32) : self }

  /// The result of a sum that was computed in float32: rounded to the operand's dtype, or in
  /// mixed precision as it is.
  package func rounded(like operand: Tensor) -> Tensor {
    Autocast.isOn ? self : cast(to: operand.dtype)
  }

  /// An op made of several, in float32 and rounded once, as PyTorch's one kernel for it rounds. Nil
  /// if this is no half, or if the op refuses: then the error should show the dtype that it is.
  @inline(never)
  func inFloat32(upcasts: Bool = true, _ op: (Tensor) -> Tensor) -> Tensor? {
    guard dtype.isHalf, node.failure == nil else { return nil }
    let result = op(cast(to: .float32))
    if result.node.failure != nil { return nil }
    return upcasts ? result.rounded(like: self) : result.cast(to: dtype)
  }

  /// An op of two tensors, in float32; in mixed precision, of different dtypes too. Nil if neither
  /// is a half, or if the op refuses.
  @inline(never)
  package static func inFloat32(
    _ left: Tensor, _ right: Tensor, _ op: (Tensor, Tensor) -> Tensor
  ) -> Tensor? {
    guard left.dtype.isHalf || right.dtype.isHalf else { return nil }
    if left.dtype != right.dtype && right.dtype.isFloating && !Autocast.isOn { return nil }
    if left.node.failure != nil || right.node.failure != nil { return nil }
    let result = op(left.widened, right.widened)
    return result.node.failure == nil ? result.rounded(like: left) : nil
  }
}
