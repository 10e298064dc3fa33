/// A pending graph made ready to run on its device.
struct Step: Sendable {
  private let work: Work

  private enum Work: Sendable {
    case plan(PlanStep)
    case program(ProgramStep)
  }

  /// Plans a pending graph and has the device's backend make it ready.
  init(planning pending: Pending) throws(TensorError) {
    let device = pending.device
    let backend = try device.backend()
    let graph = PlanGraph(pending)
    if Environment.logsGraphs { Environment.log(graph.description) }
    if let backend = backend as? any PlanBackend {
      work = .plan(try PlanStep(graph, backend))
    } else if let backend = backend as? any ProgramBackend {
      work = .program(try ProgramStep(graph, backend, device))
    } else {
      throw TensorError("evaluate", "the backend \(backend.name) runs neither plans nor programs")
    }
  }

  /// Plans a pending graph that is run many times; nil if its device runs plans, which whoever
  /// asks can run one after the other.
  init?(
    repeating pending: Pending, _ repetition: (PlanGraph) -> Repetition
  ) throws(TensorError) {
    guard let backend = try pending.device.backend() as? any ProgramBackend else { return nil }
    let graph = PlanGraph(pending)
    work = .program(
      try ProgramStep(graph, repeating: repetition(graph), backend, pending.device))
  }

  /// Runs it.
  ///
  /// - Parameters:
  ///   - arguments: where the numbers are that it reads, on its device.
  ///   - scalars: the single numbers that it reads.
  ///   - kept: the places of arguments that it could overwrite but must not in this run.
  /// - Returns: where each of the results is.
  func run(
    _ arguments: [Numbers], _ scalars: [Scalar], keeping kept: [Int] = []
  ) throws(TensorError) -> [Numbers] {
    switch work {
    case .plan(let step): try step.run(arguments, scalars, keeping: kept)
    case .program(let step): try step.run(arguments, scalars, keeping: kept)
    }
  }

  /// Whether it is a program for an accelerator.
  var isProgram: Bool {
    if case .program = work { true } else { false }
  }

  /// The plan or the program in words.
  var description: String {
    switch work {
    case .plan(let step): step.plan.description
    case .program(let step): step.program.text
    }
  }
}

/// A plan made ready to run in this machine's memory.
private struct PlanStep: Sendable {
  let plan: Plan
  private let executable: any Executable
  private let resultSlots: [Int]

  init(_ graph: PlanGraph, _ backend: any PlanBackend) throws(TensorError) {
    plan = Plan(graph.widened())
    if Environment.logsPlans { Environment.log(plan.description) }
    executable = try backend.prepare(plan)
    let slots = plan.slots
    resultSlots = slots.indices.filter { slots[$0].role == .result }
  }

  func run(
    _ arguments: [Numbers], _ scalars: [Scalar], keeping kept: [Int]
  ) throws(TensorError) -> [Numbers] {
    var storages: [Storage] = []
    storages.reserveCapacity(arguments.count)
    for argument in arguments {
      guard case .memory(let storage) = argument else {
        throw TensorError("evaluate", "numbers of another device are given to a plan")
      }
      storages.append(storage)
    }
    for place in kept { storages[place] = try storages[place].copy(plan.byteCount(of: place)) }
    let buffers = try executable.run(arguments: storages, scalars: scalars)
    var places = [Storage?](repeating: nil, count: plan.slots.count)
    for (slot, buffer) in zip(resultSlots, buffers) { places[slot] = Storage(buffer: buffer) }
    return plan.results.map { place in
      var storage: Storage
      if case .argument(let index) = plan.slots[place.slot].role {
        storage = storages[index]
      } else {
        storage = places[place.slot]!
      }
      storage.byteOffset += place.byteOffset
      return .memory(storage)
    }
  }
}

extension Plan {
  /// The bytes of an argument.
  fileprivate func byteCount(of argument: Int) -> Int {
    slots.first { $0.role == .argument(argument) }?.byteCount ?? 0
  }
}

extension Storage {
  /// The same bytes in memory of their own.
  fileprivate func copy(_ byteCount: Int) throws(TensorError) -> Storage {
    let copy = try Buffer(byteCount: byteCount)
    copy.pointer.copyMemory(from: pointer, byteCount: byteCount)
    return Storage(buffer: copy)
  }
}
