import Blitz
import BlitzCPU
import Synchronization

/// A backend that computes as the processor's does, and keeps the plan that it was given last.
final class PlanWatcher: PlanBackend {
  let name = "xla:watched"
  let deviceCount = 1
  private let last = Mutex<Plan?>(nil)

  var plan: Plan? { last.withLock { $0 } }

  func prepare(_ plan: Plan) throws(TensorError) -> any Executable {
    last.withLock { $0 = plan }
    return try CPUBackend().prepare(plan)
  }

  func makeNormal(
    _ numbers: UnsafeMutablePointer<Float>, blocks: Int, mean: Float, std: Float
  ) {
    CPUBackend().makeNormal(numbers, blocks: blocks, mean: mean, std: std)
  }

  /// The plan of one training step.
  static func planOfTrainingStep() throws -> Plan {
    let watcher = PlanWatcher()
    Backends.register(watcher)
    var training = TrainingStep(on: .xla("watched"))
    _ = try training.run(1)
    guard let plan = watcher.plan else { throw PictureError("the step was not planned") }
    return plan
  }
}

/// What keeps a picture from being drawn.
struct PictureError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
