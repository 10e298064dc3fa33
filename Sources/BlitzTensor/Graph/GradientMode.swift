/// Whether ops on tracked tensors are recorded for the reverse walk, task by task.
package enum GradientMode {
  private static let isOff = TaskLocal<Bool>(wrappedValue: false)

  package static var isOn: Bool { !isOff.get() }

  static func off<R>(_ body: () throws -> R) rethrows -> R {
    try isOff.withValue(true, operation: body)
  }

  static func off<R>(
    isolation: isolated (any Actor)?, _ body: () async throws -> R
  ) async rethrows -> R {
    try await isOff.withValue(true, operation: body, isolation: isolation)
  }

  /// Runs `body` recording it for `backward()`, also inside `noGrad`.
  package static func on<R>(_ body: () throws -> R) rethrows -> R {
    try isOff.withValue(false, operation: body)
  }
}

/// Runs `body` without recording it for `backward()`, to update weights or to use a network that is
/// trained: `torch.no_grad`.
///
///     noGrad { w -= rate * w.grad }
///
/// It holds for the task that calls it and goes with it from thread to thread, and for tasks that
/// `body` starts with `async let`, in a group or with `Task { }`, also after `body` has ended. It
/// does not hold for `Task.detached { }`, threads and dispatch queues that `body` starts, nor for
/// any task that was there before: write `noGrad` in them. (PyTorch's `no_grad` holds for its
/// thread alone.)
///
/// - Returns: what `body` returns; throws what it throws.
public func noGrad<R>(_ body: () throws -> R) rethrows -> R {
  try GradientMode.off(body)
}

/// Runs asynchronous code without recording it for `backward()`; it reaches the same tasks as the
/// form without `await`.
public func noGrad<R>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  try await GradientMode.off(isolation: isolation, body)
}
