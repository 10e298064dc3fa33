/// The random numbers that a function draws while it is recorded.
///
/// Random numbers are made on the host, at the call; a recording that kept them would give every
/// run the same dropout. So a draw in a recording only leaves a placeholder here, and each run
/// draws anew, from the same generators in the same order as the function would.
final class Draws: Sendable {
  struct Draw: Sendable {
    /// The placeholder.
    let node: Node
    /// Draws, into fresh memory of this machine.
    let storage: @Sendable () throws(TensorError) -> Storage

    /// The numbers of a run, on the placeholder's device.
    func contents() throws(TensorError) -> Contents {
      try node.device.holding(storage(), shape: node.shape, dtype: node.dtype)
    }

    /// The numbers of several runs, one behind the other.
    func contents(runs: Int) throws(TensorError) -> Contents {
      let size = node.shape.elementCount * node.dtype.byteCount
      let block = try MemoryBlock(byteCount: runs * size)
      for run in 0..<runs {
        let drawn = try storage()
        (block.pointer + run * size).copyMemory(from: drawn.pointer, byteCount: size)
        withExtendedLifetime(drawn) {}
      }
      return try node.device.holding(
        Storage(block: block), shape: Shape([runs] + node.shape.sizes), dtype: node.dtype)
    }
  }

  private let draws = Lock<[Draw]>([])
  private static let recording = TaskLocal<Draws?>(wrappedValue: nil)
  private static let leavesOut = TaskLocal<Bool>(wrappedValue: false)

  /// What has been drawn, in order.
  var all: [Draw] { draws.withLock { $0 } }

  /// Whether a function is being recorded.
  static var isRecording: Bool { recording.get() != nil }

  /// How many numbers' arrays have been drawn in the recording under way; nil outside of one.
  static var recordedCount: Int? { recording.get()?.all.count }

  /// Runs `body`, leaving its draws in `draws`.
  static func collect<R>(in draws: Draws, _ body: () throws -> R) rethrows -> R {
    try recording.withValue(draws, operation: body)
  }

  /// Runs `body`, in which random tensors are zeros and no generator moves.
  static func leaveOut<R>(_ body: () throws -> R) rethrows -> R {
    try leavesOut.withValue(true, operation: body)
  }

  /// A tensor of numbers that `fill` draws: now, or in every run of the recording under way.
  static func tensor<T: TensorElement>(
    _ shape: Shape, as type: T.Type, device: Device,
    _ fill: @escaping @Sendable (UnsafeMutableBufferPointer<T>) throws(TensorError) -> Void
  ) -> Tensor {
    if leavesOut.get() { return .zeros(shape, dtype: T.dtype, device: device) }
    guard let draws = recording.get() else {
      return .written(shape, as: type, device: device, fill)
    }
    let node = Node(.data, shape: shape, dtype: T.dtype, device: device)
    let draw = Draw(node: node) { () throws(TensorError) in
      let tensor = Tensor.written(shape, as: T.self, fill)
      if let error = tensor.error { throw error }
      return tensor.node.storage!
    }
    draws.draws.withLock { $0.append(draw) }
    return Tensor(node: node)
  }
}

/// How many random tensors have been drawn in the recording under way; nil outside of one.
package var recordedDrawCount: Int? { Draws.recordedCount }

/// Runs `body` without drawing: random tensors that it makes are zeros, which cost nothing until
/// somebody asks for them. For a network whose weights a file replaces at once.
package func withoutDrawing<R>(_ body: () throws -> R) rethrows -> R {
  try Draws.leaveOut(body)
}
