import BlitzTensor

/// The plans of a function whose graph is long and the same for all inputs of the same shapes, as
/// that of a recurrent network is: to build it for each call would take as long as the numbers.
///
/// A call runs the plan, so that the numbers are there at once. On the processor alone: a program
/// for an accelerator is one for the whole step.
final class PlannedGraphs: Sendable {
  /// What a plan depends on.
  struct Key: Hashable, Sendable {
    /// What the function is, besides its inputs.
    var isReversed: Bool
    var isGradient: Bool
    var inputs: [Recording.Signature]
  }

  /// A plan, and which of the function's results there are.
  private struct Planned: Sendable {
    var recording: Recording
    var isThere: [Bool]
  }

  private let all = Lock<[Key: Planned]>([:])

  /// A program with sequences of more lengths than this makes some plans again.
  private static let capacity = 64

  /// Whether a call can run a plan: its tensors are the processor's, and nobody is recording.
  static func canRun(_ inputs: [Tensor]) -> Bool {
    recordedDrawCount == nil && inputs.allSatisfy { $0.device == .cpu }
  }

  /// The results of the function, computed.
  ///
  /// - Throws: the error of an input, or of the computation.
  func run(
    _ function: ([Tensor]) -> [Tensor?], _ inputs: [Tensor], isReversed: Bool, isGradient: Bool
  ) throws -> [Tensor?] {
    try eval(inputs)
    let key = Key(
      isReversed: isReversed, isGradient: isGradient,
      inputs: inputs.map {
        Recording.Signature(shape: $0.shape, dtype: $0.dtype, device: $0.device)
      })
    let planned: Planned
    if let known = all.withLock({ $0[key] }) {
      planned = known
    } else {
      planned = try plan(function, key)
    }
    var none: [Tensor] = []
    var answers = try planned.recording.run(&none, inputs)[...]
    return planned.isThere.map { $0 ? answers.removeFirst() : nil }
  }

  private func plan(_ function: ([Tensor]) -> [Tensor?], _ key: Key) throws -> Planned {
    var isThere: [Bool] = []
    let recording = try Recording(stateCount: 0, signatures: key.inputs) { given in
      let results = noGrad { function(given.inputs) }
      isThere = results.map { $0 != nil }
      return (state: [], answers: results.compactMap { $0 })
    }
    let planned = Planned(recording: recording, isThere: isThere)
    all.withLock { all in
      if all.count >= PlannedGraphs.capacity { all.removeAll() }
      all[key] = planned
    }
    return planned
  }
}
