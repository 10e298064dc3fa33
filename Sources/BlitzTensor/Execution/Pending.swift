/// The part of a graph that an evaluation computes: nodes in the order they were made, what
/// they read, and which of them are kept.
///
/// Every step of a loop comes by here, so the graph is walked once, and what the walk finds is
/// numbers: whether a plan is known for it, and what outlives it, is found without the nodes. These
/// are not counted as held either: the roots hold them.
struct Pending {
  /// Where it is computed.
  let device: Device
  /// What was asked for.
  private let roots: [Node]
  /// Ascending by id, so operands come before their users.
  private var entries: [Entry] = []
  /// The operands of all entries, one entry's after the other's.
  private var operands: [Operand] = []
  /// What the plan depends on, as numbers: complete once it is decided what is kept.
  private(set) var structure: [Int] = []
  /// The nodes with numbers in memory that are read.
  private(set) var known: [Node] = []
  /// The single numbers that are read.
  private(set) var numbers: [Node] = []
  /// For each of `known`, whether its memory may be overwritten.
  private(set) var mayOverwrite: [Bool] = []
  /// For each of `known`, how often it is read.
  private var knownUses: [Int] = []
  /// The moves from other devices that must come first.
  private(set) var transfers: [Node] = []

  /// Elementwise chains up to this length are computed again rather than kept for the
  /// reverse walk: reading and writing them costs more.
  private static let longestRecomputed = 8

  /// A node and what is decided about it.
  fileprivate struct Entry {
    let node: Unmanaged<Node>
    /// Where its operands begin.
    var firstOperand = 0
    /// How many of the entries' operands it is.
    var uses = 0
    /// How many elementwise ops in a row it ends.
    var chain = 0
    var marks: Marks = []
    /// Whether its numbers outlive the evaluation.
    var isResult = false
  }

  /// What is known of an entry.
  fileprivate struct Marks: OptionSet {
    let rawValue: UInt16
    static let isView = Marks(rawValue: 1)
    static let isKernel = Marks(rawValue: 2)
    /// It was asked for.
    static let isRoot = Marks(rawValue: 4)
    /// The reverse walk, or something that is not kept, reads it again.
    static let isNeeded = Marks(rawValue: 8)
    /// A kernel reads it, so it is in memory anyway.
    static let isForced = Marks(rawValue: 16)
    /// Something that stays in the graph has it as an operand.
    static let isRetained = Marks(rawValue: 32)
    /// A chain of elementwise ops ends here, as it is long.
    static let isCut = Marks(rawValue: 64)
    /// It stays on the tape.
    static let isTaped = Marks(rawValue: 128)
    /// It is at home on every device.
    static let isUnplaced = Marks(rawValue: 256)
  }

  /// An operand: a place among `known`, `numbers` or the entries.
  struct Operand {
    enum Kind: Int { case entry, known, number }

    let code: Int
    init(_ kind: Kind, _ place: Int) { code = place << 2 | kind.rawValue }
    var place: Int { code >> 2 }
    var kind: Kind { Kind(rawValue: code & 3)! }
  }

  /// Arrays that an evaluation hands on to the next, so that a step allocates none of them.
  struct Scratch {
    fileprivate var entries: [Entry] = []
    fileprivate var operands: [Operand] = []
    fileprivate var structure: [Int] = []
  }

  init(_ roots: [Node], on device: Device, state: inout Evaluation.State) {
    self.device = device
    self.roots = roots
    exchange(&state.scratch)
    entries.removeAll(keepingCapacity: true)
    operands.removeAll(keepingCapacity: true)
    structure.removeAll(keepingCapacity: true)
    collect(&state)
    if transfers.isEmpty && !entries.isEmpty { describe() }
  }

  private mutating func exchange(_ scratch: inout Scratch) {
    swap(&entries, &scratch.entries)
    swap(&operands, &scratch.operands)
    swap(&structure, &scratch.structure)
  }

  /// Finds the nodes.
  private mutating func collect(_ state: inout Evaluation.State) {
    state.visit += 1
    let visit = state.visit
    var stack: [Unmanaged<Node>] = []
    for root in roots where !root.isKnown { stack.append(.passUnretained(root)) }
    if stack.isEmpty { return }
    stack.reserveCapacity(32)
    known.reserveCapacity(16)
    numbers.reserveCapacity(16)
    var found: [Unmanaged<Node>] = []
    found.reserveCapacity(64)
    while let next = stack.popLast() {
      next._withUnsafeGuaranteedRef { node in
        if node.mark.visit == visit { return }
        node.mark.visit = visit
        if case .transfer = node.op {
          transfers.append(node)
          return
        }
        found.append(next)
        node.inputs.forEach { input in
          if input.mark.visit == visit { return }
          if input.isArgument {
            input.mark = (visit, known.count)
            known.append(input)
          } else if case .scalar = input.op {
            input.mark = (visit, numbers.count)
            numbers.append(input)
          } else {
            stack.append(.passUnretained(input))
          }
        }
      }
    }
    if !found.isEmpty { enter(found) }
  }

  /// Makes nodes the entries, in the order of their ids. The nodes of a graph were mostly made one
  /// after the other, so each can be put in its place, without comparing.
  private mutating func enter(_ found: [Unmanaged<Node>]) {
    func id(_ node: Unmanaged<Node>) -> Int { node._withUnsafeGuaranteedRef { $0.id } }
    var (low, high) = (Int.max, Int.min)
    for node in found {
      low = min(low, id(node))
      high = max(high, id(node))
    }
    guard found.count > 8, high - low < 8 * found.count else {
      entries += found.sorted { id($0) < id($1) }.map { Entry(node: $0) }
      return
    }
    var places = [Unmanaged<Node>?](repeating: nil, count: high - low + 1)
    for node in found { places[id(node) - low] = node }
    for case let node? in places { entries.append(Entry(node: node)) }
  }

  /// Writes down the structure, and what it says about keeping.
  private mutating func describe() {
    knownUses = [Int](repeating: 0, count: known.count)
    describeDevice()
    for node in known { node.describe(to: &structure) }
    structure.append(-1)
    for node in numbers { structure.append(Int(node.dtype.rawValue)) }
    structure.append(-2)
    for index in entries.indices {
      entries[index].node._withUnsafeGuaranteedRef { node in
        node.mark.index = index
        node.op.encode(into: &structure)
        node.describe(to: &structure)
        let rule = node.op.rule
        let stage = rule.stage
        let isTaped = node.isInterior && !node.tapeIsFreed
        let saves = isTaped ? rule.saves : []
        var chain = stage == .elementwise ? 1 : 0
        entries[index].firstOperand = operands.count
        node.inputs.forEach { input in
          let place = input.mark.index
          let operand: Operand
          if input.isArgument {
            operand = Operand(.known, place)
            knownUses[place] += 1
          } else if input.isKnown {
            operand = Operand(.number, place)
          } else {
            operand = Operand(.entry, place)
            entries[place].uses += 1
            chain += entries[place].chain
            if stage == .kernel { entries[place].marks.insert(.isForced) }
            if saves.contains(.inputs) { entries[place].marks.insert(.isNeeded) }
          }
          operands.append(operand)
          structure.append(operand.code)
        }
        structure.append(-3)
        var marks: Marks = stage == .kernel ? .isKernel : stage == .view ? .isView : []
        if node.isUnplaced { marks.insert(.isUnplaced) }
        if isTaped { marks.insert(.isTaped) }
        if saves.contains(.output) { marks.insert(.isNeeded) }
        if stage == .kernel { chain = 0 }
        if chain > Pending.longestRecomputed {
          marks.insert(.isCut)
          chain = 0
        }
        entries[index].chain = chain
        entries[index].marks.formUnion(marks)
      }
    }
    for root in roots where !root.isKnown { entries[root.mark.index].marks.insert(.isRoot) }
  }

  /// Where it is computed, and what programs for accelerators say besides.
  private mutating func describeDevice() {
    structure.append(device.number)
    if device == .cpu { return }
    structure.append(Environment.allowsTF32 ? 1 : 0)
    guard let mesh = device.mesh else { return }
    for node in known {
      let axes = node.sharding.axes
      structure.append(axes.count)
      for name in axes { structure.append(mesh.axes.firstIndex { $0.name == name } ?? -1) }
    }
  }

  /// Whether there is nothing to compute.
  var isEmpty: Bool { entries.isEmpty }
  /// The nodes, for whoever plans.
  var nodes: [Node] { entries.map { $0.node.takeUnretainedValue() } }
  /// For each of `nodes`, whether its numbers outlive the evaluation.
  var isResult: [Bool] { entries.map(\.isResult) }
  /// The nodes whose numbers the run answers, in order.
  var results: [Node] { zip(nodes, isResult).compactMap { $1 ? $0 : nil } }
  /// What the numbers of the plan's run are.
  var scalars: [Scalar] {
    numbers.map { node in
      if case .scalar(let value) = node.op { value } else { .integer(0) }
    }
  }

  /// The operands of one of `nodes`.
  func operands(of index: Int) -> ArraySlice<Operand> {
    let end = index + 1 < entries.count ? entries[index + 1].firstOperand : operands.count
    return operands[entries[index].firstOperand..<end]
  }

  /// What a run of the plan is given.
  func arguments() throws(TensorError) -> [Numbers] {
    var arguments: [Numbers] = []
    arguments.reserveCapacity(known.count)
    for node in known { arguments.append(try node.numbers(on: device)) }
    return arguments
  }

  /// Decides that nothing is kept but the roots, for a compiled function: what it is given
  /// may be overwritten where its caller says so.
  mutating func keepRoots(mayOverwrite: [Bool]) {
    for index in entries.indices {
      entries[index].isResult = entries[index].marks.contains(.isRoot)
    }
    self.mayOverwrite = mayOverwrite
    completeStructure()
  }

  private mutating func completeStructure() {
    for entry in entries { structure.append(entry.isResult ? 1 : 0) }
    for flag in mayOverwrite { structure.append(flag ? 1 : 0) }
  }

  /// Decides what is kept: what was asked for, what a user can still ask for, and what the
  /// reverse walk or other pending ops will need and cannot cheaply compute again.
  mutating func chooseResults() {
    mayOverwrite = known.indices.map { place in
      let node = known[place]
      return node.holders.load(ordering: .relaxed) == 0
        && node.consumers.load(ordering: .relaxed) == knownUses[place] && node.ownsItsBuffer
    }
    for index in entries.indices.reversed() {
      let entry = entries[index]
      let (isHeld, isHeldLeaf, isUsedElsewhere) = entry.node._withUnsafeGuaranteedRef { node in
        let isHeld = node.holders.load(ordering: .relaxed) > 0
        return (
          isHeld, isHeld && node.isLeaf, node.consumers.load(ordering: .relaxed) > entry.uses
        )
      }
      let isRoot = entry.marks.contains(.isRoot)
      let survives = isRoot || isHeld || isUsedElsewhere || entry.marks.contains(.isNeeded)
      var isResult = false
      if survives {
        if entry.marks.contains(.isKernel) {
          isResult = true
        } else if entry.marks.contains(.isView) {
          isResult = isRoot || isHeldLeaf
          // Who holds a view holds what it is a view of, and what a kernel reads through a view is
          // kept as what it reads directly.
          if isHeld || entry.marks.contains(.isForced) { mark(operandsOf: index, .isForced) }
        } else {
          isResult = isRoot || isHeld || !entry.marks.isDisjoint(with: [.isForced, .isCut])
        }
      } else if !entry.marks.contains(.isRetained) {
        continue
      }
      // What is at home on every device is computed again on each.
      if entry.marks.contains(.isUnplaced) && !isRoot { isResult = false }
      entries[index].isResult = isResult
      // What stays in the graph unfinished reads its operands again; what stays on the tape
      // holds them, so nothing under them may change.
      if isResult && !entry.marks.contains(.isTaped) { continue }
      for operand in operands(of: index) where operand.kind == .known {
        mayOverwrite[operand.place] = false
      }
      mark(operandsOf: index, survives && !isResult ? [.isRetained, .isNeeded] : .isRetained)
    }
    completeStructure()
  }

  private mutating func mark(operandsOf index: Int, _ marks: Marks) {
    for operand in operands(of: index) where operand.kind == .entry {
      entries[operand.place].marks.formUnion(marks)
    }
  }

  /// Gives the nodes their numbers and lets go of operands that nobody will read again.
  ///
  /// Nothing can be asked of this afterwards: the nodes may be gone.
  mutating func finish(_ values: [Numbers], _ state: inout Evaluation.State) {
    var next = 0
    for entry in entries {
      entry.node._withUnsafeGuaranteedRef { node in
        if entry.isResult {
          node.hold(values[next])
          next += 1
        }
        node.depth.store(entry.isResult ? 0 : 1, ordering: .relaxed)
      }
    }
    // Operands have smaller ids: who lets go of them has been here.
    for entry in entries where entry.isResult && !entry.marks.contains(.isTaped) {
      entry.node._withUnsafeGuaranteedRef { $0.dropInputs() }
    }
    exchange(&state.scratch)
  }
}

extension Node {
  /// Dtype and shape, as numbers.
  fileprivate func describe(to words: inout [Int]) {
    words.append(Int(dtype.rawValue))
    words.append(shape.rank)
    for axis in 0..<shape.rank { words.append(shape[axis]) }
  }
}
