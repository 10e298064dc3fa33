import BlitzTensor

/// The `TensorError` that `body` throws, or nil. `#expect(throws:)` describes what it catches, for
/// which a `TensorError` looks up its line: that takes a second in a debug build.
func tensorError<Answer>(_ body: () throws -> Answer) -> TensorError? {
  do { _ = try body() } catch { return error as? TensorError }
  return nil
}

/// Whether `body` throws a `TensorError`.
func fails<Answer>(_ body: () throws -> Answer) -> Bool { tensorError(body) != nil }
