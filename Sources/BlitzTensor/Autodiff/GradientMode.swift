/// Whether ops on tracked tensors are recorded for the reverse walk, task by task.
enum GradientMode {
  private static let isOff = TaskLocal<Bool>(wrappedValue: false)

  static var isOn: Bool { !isOff.get() }

  static func off<R>(_ body: () throws -> R) rethrows -> R {
    try isOff.withValue(true, operation: body)
  }

  static func off<R>(
    isolation: isolated (any Actor)?, _ body: () async throws -> R
  ) async rethrows -> R {
    try await isOff.withValue(true, operation: body, isolation: isolation)
  }

  static func on<R>(_ body: () throws -> R) rethrows -> R {
    try isOff.withValue(false, operation: body)
  }
}

/// Runs `body` without recording for the reverse walk: for updating weights, and for
/// using a network without training it.
///
///     noGrad { w -= rate * w.grad! }
///
/// - Returns: what `body` returns; throws what it throws.
public func noGrad<R>(_ body: () throws -> R) rethrows -> R {
  try GradientMode.off(body)
}

/// Runs `body` without recording for the reverse walk, across its suspensions too.
public func noGrad<R>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  try await GradientMode.off(isolation: isolation, body)
}
