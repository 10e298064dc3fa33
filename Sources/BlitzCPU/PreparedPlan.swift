import BlitzTensor

/// A plan whose kernels are ready to be called.
final class PreparedPlan: Executable {
  private let slots: [Plan.Slot]
  private let temporaryByteCount: Int
  private let kernels: [any PreparedKernel]
  /// Arguments that kernels write to.
  private let overwritten: [Int]
  /// The slots of which kernels ask for versions, and the arguments that they are.
  private let versioned: [(slot: Int, argument: Int)]
  /// What the kernels were made of, for a profile.
  private let sources: [any Kernel]

  init(_ plan: Plan) {
    sources = Profile.current == nil ? [] : plan.kernels
    slots = plan.slots
    temporaryByteCount = plan.temporaryByteCount
    kernels = plan.kernels.map(prepare)
    let written = Set(plan.kernels.flatMap(\.writes))
    let arguments = plan.slots.map { slot -> Int? in
      if case .argument(let index) = slot.role { index } else { nil }
    }
    overwritten = arguments.indices.compactMap { written.contains($0) ? arguments[$0] : nil }
    versioned = Set(plan.kernels.flatMap(\.weights)).compactMap { slot in
      if written.contains(slot) { return nil }
      return arguments[slot].map { (slot, $0) }
    }
  }

  func run(arguments: [Storage], scalars: [Scalar]) throws(TensorError) -> [MemoryBlock] {
    let temporary = try MemoryBlock(byteCount: temporaryByteCount)
    var results: [MemoryBlock] = []
    var pointers: [UnsafeMutableRawPointer] = []
    pointers.reserveCapacity(slots.count)
    for slot in slots {
      switch slot.role {
      case .argument(let index): pointers.append(arguments[index].pointer)
      case .temporary(let offset): pointers.append(temporary.pointer + offset)
      case .result:
        let block = try MemoryBlock(byteCount: slot.byteCount)
        results.append(block)
        pointers.append(block.pointer)
      }
    }
    var versions: [Run.Version?] = []
    if !versioned.isEmpty {
      versions = Array(repeating: nil, count: slots.count)
      for (slot, argument) in versioned {
        let storage = arguments[argument]
        versions[slot] = Run.Version(block: storage.block.version, byteOffset: storage.byteOffset)
      }
    }
    let run = Run(pointers: pointers, scalars: scalars, versions: versions)
    defer { for index in overwritten { arguments[index].block.noteChange() } }
    if let profile = Profile.current {
      for (kernel, source) in zip(kernels, sources) {
        try profile.time(source) { () throws(TensorError) in try kernel.call(run) }
      }
    } else {
      for kernel in kernels { try kernel.call(run) }
    }
    // The pointers do not keep what they point to.
    withExtendedLifetime((temporary, results, arguments)) {}
    return results
  }
}

/// What kernels are called with.
///
/// Unchecked: the pointers are to memory that the run's caller holds; kernels that run on
/// several threads write disjoint parts.
struct Run: @unchecked Sendable {
  let pointers: [UnsafeMutableRawPointer]
  let scalars: [Scalar]
  /// Of slots of weights; empty if there are none. Not the arguments themselves: the last job that
  /// was done may hold a run, and would hold their memory.
  fileprivate let versions: [Version?]

  /// Which numbers an operand has, if it is an argument that stays as it is: the same number stands
  /// for the same numbers, in later runs too.
  func version(_ operand: Plan.Operand) -> Version? {
    versions.isEmpty ? nil : versions[operand.slot]
  }

  /// Numbers in memory.
  struct Version: Equatable {
    var block: Int
    var byteOffset: Int
  }

  /// The first element of an operand.
  func pointer(_ operand: Plan.Operand) -> UnsafeMutableRawPointer {
    pointers[operand.slot] + operand.offset * operand.dtype.byteCount
  }
}

/// A kernel that is ready to be called any number of times.
protocol PreparedKernel: Sendable {
  func call(_ run: Run) throws(TensorError)
}

/// A kernel of a plan that the processor runs: said beside its code in this module.
protocol CPUKernel: Kernel {
  /// Makes it ready.
  func prepared() -> any PreparedKernel
}

func prepare(_ kernel: any Kernel) -> any PreparedKernel {
  guard let kernel = kernel as? any CPUKernel else {
    fatalError("BlitzCPU has no code for \(type(of: kernel))")
  }
  return kernel.prepared()
}

extension Kernel {
  /// The slots of weights that may be kept packed.
  fileprivate var weights: [Int] {
    switch self {
    case let kernel as ConvolutionKernel where kernel.role != .weight: [kernel.operands[1].slot]
    case let kernel as RowsKernel: kernel.parts.flatMap(\.weights)
    default: []
    }
  }
}
