/// The random numbers that a function draws while it is recorded.
///
/// Numbers are made on the host, at the call; a recording that kept them would give every run the
/// same dropout. So a draw in a recording only leaves a placeholder here, and each run draws anew,
/// from the same generators in the same order as the function would.
final class Draws: Sendable {
  struct Draw: Sendable {
    /// The placeholder.
    let node: Node
    /// Draws, into fresh memory.
    let numbers: @Sendable () throws(TensorError) -> Numbers
  }

  private let draws = Lock<[Draw]>([])
  private static let recording = TaskLocal<Draws?>(wrappedValue: nil)

  /// What has been drawn, in order.
  var all: [Draw] { draws.withLock { $0 } }

  /// Runs `body`, leaving its draws in `draws`.
  static func collect<R>(in draws: Draws, _ body: () throws -> R) rethrows -> R {
    try recording.withValue(draws, operation: body)
  }

  /// A tensor of numbers that `fill` draws: now, or in every run of the recording under way.
  static func tensor<T: TensorElement>(
    _ shape: Shape, as type: T.Type, device: Device,
    _ fill: @escaping @Sendable (UnsafeMutableBufferPointer<T>) throws(TensorError) -> Void
  ) -> Tensor {
    guard let draws = recording.get() else {
      return .written(shape, as: type, device: device, fill)
    }
    let node = Node(.data, shape: shape, dtype: T.dtype, device: device)
    let draw = Draw(node: node) { () throws(TensorError) in
      let tensor = Tensor.written(shape, as: T.self, device: device, fill)
      if let error = tensor.error { throw error }
      return tensor.node.numbers!
    }
    draws.draws.withLock { $0.append(draw) }
    return Tensor(node: node)
  }
}
