/// The part of a graph that an evaluation computes: nodes in the order they were made, what
/// they read, and which of them are kept.
struct Pending {
  /// Where it is computed.
  let device: Device
  /// Ascending by id, so operands come before their users.
  private(set) var nodes: [Node] = []
  /// The nodes with numbers in memory that are read.
  private(set) var known: [Node] = []
  /// The single numbers that are read.
  private(set) var numbers: [Node] = []
  /// For each of `nodes`, whether its numbers outlive the evaluation.
  private(set) var isResult: [Bool] = []
  /// For each of `known`, whether its memory may be overwritten.
  private(set) var mayOverwrite: [Bool] = []
  /// The moves from other devices that must come first.
  private(set) var transfers: [Node] = []
  private var isRoot: [Bool] = []

  /// Elementwise chains up to this length are computed again rather than kept for the
  /// reverse walk: reading and writing them costs more.
  private static let longestRecomputed = 8

  init(_ roots: [Node], on device: Device, state: inout Evaluation.State) {
    self.device = device
    state.visit += 1
    let visit = state.visit
    var stack = roots.filter { !$0.isKnown }
    if stack.isEmpty { return }
    stack.reserveCapacity(32)
    nodes.reserveCapacity(64)
    known.reserveCapacity(16)
    numbers.reserveCapacity(16)
    while let node = stack.popLast() {
      if node.mark.visit == visit { continue }
      node.mark.visit = visit
      if case .transfer = node.op {
        transfers.append(node)
        continue
      }
      nodes.append(node)
      for input in node.inputs where input.mark.visit != visit {
        if input.isArgument {
          input.mark = (visit, known.count)
          known.append(input)
        } else if case .scalar = input.op {
          input.mark = (visit, numbers.count)
          numbers.append(input)
        } else {
          stack.append(input)
        }
      }
    }
    if !transfers.isEmpty { return }
    sortNodes()
    for (index, node) in nodes.enumerated() { node.mark.index = index }
    isRoot = [Bool](repeating: false, count: nodes.count)
    for root in roots where !root.isKnown { isRoot[root.mark.index] = true }
  }

  /// Puts the nodes in the order of their ids. The nodes of a graph were mostly made one after the
  /// other, so each can be put in its place, without comparing.
  private mutating func sortNodes() {
    var (low, high) = (Int.max, Int.min)
    for node in nodes {
      low = min(low, node.id)
      high = max(high, node.id)
    }
    guard nodes.count > 8, high - low < 8 * nodes.count else {
      return nodes.sort { $0.id < $1.id }
    }
    // Each place holds where the node is now.
    var places = [Int32](repeating: -1, count: high - low + 1)
    for (index, node) in nodes.enumerated() { places[node.id - low] = Int32(index) }
    let unsorted = nodes
    nodes.removeAll(keepingCapacity: true)
    for place in places where place >= 0 { nodes.append(unsorted[Int(place)]) }
  }

  /// Decides that nothing is kept but the roots, for a compiled function: what it is given
  /// may be overwritten where its caller says so.
  mutating func keepRoots(mayOverwrite: [Bool]) {
    isResult = isRoot
    self.mayOverwrite = mayOverwrite
  }

  /// What a run of the plan is given.
  func arguments() throws(TensorError) -> [Numbers] {
    var arguments: [Numbers] = []
    arguments.reserveCapacity(known.count)
    for node in known { arguments.append(try node.numbers(on: device)) }
    return arguments
  }
  /// The numbers that a run of the plan is given.
  var scalars: [Scalar] {
    numbers.map { node in
      if case .scalar(let value) = node.op { value } else { .integer(0) }
    }
  }
  /// The nodes whose numbers the run answers, in order.
  var results: [Node] { zip(nodes, isResult).compactMap { $1 ? $0 : nil } }

  /// Decides what is kept: what was asked for, what a user can still ask for, and what the
  /// reverse walk or other pending ops will need and cannot cheaply compute again.
  mutating func chooseResults() {
    let count = nodes.count
    var uses = [Int](repeating: 0, count: count)
    var knownUses = [Int](repeating: 0, count: known.count)
    var isNeeded = [Bool](repeating: false, count: count)
    var isForced = [Bool](repeating: false, count: count)
    var isRetained = [Bool](repeating: false, count: count)
    var isCut = [Bool](repeating: false, count: count)
    var chain = [Int](repeating: 0, count: count)

    for (index, node) in nodes.enumerated() {
      let stage = node.op.stage
      var length = stage == .elementwise ? 1 : 0
      for input in node.inputs {
        guard !input.isKnown else {
          if input.isArgument { knownUses[input.mark.index] += 1 }
          continue
        }
        let place = input.mark.index
        uses[place] += 1
        length += chain[place]
        if stage == .kernel { isForced[place] = true }
      }
      if stage == .kernel { length = 0 }
      if length > Pending.longestRecomputed {
        isCut[index] = true
        length = 0
      }
      chain[index] = length
      if node.isInterior && !node.tapeIsFreed {
        let saves = node.op.rule.saves
        if saves.contains(.output) { isNeeded[index] = true }
        if saves.contains(.inputs) {
          for input in node.inputs where !input.isKnown { isNeeded[input.mark.index] = true }
        }
      }
    }

    isResult = [Bool](repeating: false, count: count)
    mayOverwrite = known.map { $0.holders.load(ordering: .relaxed) == 0 }
    for place in known.indices where mayOverwrite[place] {
      mayOverwrite[place] =
        known[place].consumers.load(ordering: .relaxed) == knownUses[place]
        && known[place].ownsItsBuffer
    }
    for index in nodes.indices.reversed() {
      let node = nodes[index]
      let isHeld = node.holders.load(ordering: .relaxed) > 0
      let survives =
        isNeeded[index] || isHeld || isRoot[index]
        || node.consumers.load(ordering: .relaxed) > uses[index]
      if survives {
        switch node.op.stage {
        case .kernel: isResult[index] = true
        case .view:
          isResult[index] = isRoot[index] || (isHeld && node.isLeaf)
          // Who holds a view holds what it is a view of, and what a kernel reads through a view is
          // kept as what it reads directly.
          if isHeld || isForced[index] {
            for input in node.inputs where !input.isKnown { isForced[input.mark.index] = true }
          }
        case .elementwise:
          isResult[index] = isRoot[index] || isHeld || isForced[index] || isCut[index]
        }
      } else if !isRetained[index] {
        continue
      }
      // What is at home on every device is computed again on each.
      if node.isUnplaced && !isRoot[index] { isResult[index] = false }
      // What stays in the graph unfinished reads its operands again; what stays on the tape
      // holds them, so nothing under them may change.
      let isFinished = isResult[index] && !(node.isInterior && !node.tapeIsFreed)
      if isFinished { continue }
      for input in node.inputs {
        if input.isKnown {
          if input.isArgument { mayOverwrite[input.mark.index] = false }
        } else {
          isRetained[input.mark.index] = true
          if survives && !isResult[index] { isNeeded[input.mark.index] = true }
        }
      }
    }
  }

  /// Gives the nodes their numbers and lets go of operands that nobody will read again.
  mutating func finish(_ values: [Numbers]) {
    var next = 0
    for (index, node) in nodes.enumerated() {
      if isResult[index] {
        node.hold(values[next])
        next += 1
        node.depth.store(0, ordering: .relaxed)
      } else {
        node.depth.store(1, ordering: .relaxed)
      }
    }
    for (index, node) in nodes.enumerated() where isResult[index] {
      if !node.isInterior || node.tapeIsFreed { node.dropInputs() }
    }
  }
}

extension Op {
  /// How a plan computes an op.
  enum Stage {
    /// No work: another way to walk the operand.
    case view
    /// In a fused loop.
    case elementwise
    /// By a kernel that writes memory.
    case kernel
  }

  var stage: Stage {
    switch self {
    case .reshape, .permute, .expand, .slice, .custom: .view
    case .elementwise: .elementwise
    case .data, .scalar, .transfer, .embed, .concatenate, .reduce, .argReduce, .cumulativeSum,
      .argSort, .matmul, .gather, .scatter, .convolution, .windowMaximum:
      .kernel
    }
  }
}
