import Blitz

@testable import BlitzTensor

/// Pending tensors as a program.
struct Lowered {
  let graph: LoweredGraph
  let pending: Pending

  var text: String { graph.program.text }

  init(_ tensors: [Tensor], allowsTF32: Bool = false, mayOverwrite: Bool = false) throws {
    (graph, pending) = try Lowered.planned(tensors, mayOverwrite) { graph throws(TensorError) in
      try graph.lowered(allowsTF32: allowsTF32)
    }
  }

  init(_ tensors: [Tensor], repeating repetition: Repetition) throws {
    (graph, pending) = try Lowered.planned(tensors, false) { graph throws(TensorError) in
      try graph.lowered(repeating: repetition, allowsTF32: false)
    }
  }

  private static func planned(
    _ tensors: [Tensor], _ mayOverwrite: Bool,
    _ lower: (PlanGraph) throws(TensorError) -> LoweredGraph
  ) throws -> (LoweredGraph, Pending) {
    nonisolated(unsafe) var both: (LoweredGraph, Pending)?
    try Evaluation.withState { state throws(TensorError) in
      var pending = Pending(tensors.map(\.node), on: .cpu, state: &state)
      pending.keepRoots(
        mayOverwrite: [Bool](repeating: mayOverwrite, count: pending.known.count))
      both = (try lower(PlanGraph(pending)), pending)
    }
    return both!
  }
}
