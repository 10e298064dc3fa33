/// Decides where every value that has memory is: in an argument, in a new buffer, in the
/// temporary block, or in place of a value that is not read again.
struct Layout {
  private let fusion: Fusion
  private var graph: PlanGraph { fusion.graph }
  private var kernels: [any Kernel]

  private var slots: [Plan.Slot] = []
  private var slotOf: [Int: Int] = [:]
  private var lastRead: [Int: Int] = [:]
  private var escapes: Set<Int> = []
  /// The last kernel that can find its operands wrong. Until it has run, arguments stay as they
  /// are, so that a failed evaluation has changed nothing.
  private let lastFallible: Int
  /// The sizes of packed matrices, which are no values of the graph.
  private let packedByteCounts: [Int: Int]
  /// The kernels during which a slot is in use.
  private var lifetimes: [ClosedRange<Int>] = []

  init(_ fusion: Fusion, _ kernels: [any Kernel]) {
    self.fusion = fusion
    self.kernels = kernels
    lastFallible = kernels.lastIndex { $0.mayFail } ?? -1
    packedByteCounts = Dictionary(
      uniqueKeysWithValues: kernels.compactMap { $0 as? PackKernel }.map {
        ($0.result.slot, PackKernel.byteCount($0.k, $0.n, $0.dtype))
      })
  }

  /// The plan, with slots in place of values.
  func plan() -> Plan {
    var layout = self
    return layout.layOut()
  }

  private mutating func layOut() -> Plan {
    for (ordinal, kernel) in kernels.enumerated() {
      for read in kernel.reads { lastRead[read.slot] = ordinal }
    }
    for result in graph.results { escapes.insert(fusion.place(result).base) }
    for argument in 0..<graph.argumentCount {
      slotOf[argument] = addSlot(.argument(argument), byteCount(argument), at: 0)
    }
    for ordinal in kernels.indices {
      for value in kernels[ordinal].writes where slotOf[value] == nil {
        assign(value, at: ordinal)
      }
      let slots = slotOf
      kernels[ordinal].mapSlots { slots[$0]! }
    }
    var plan = Plan()
    plan.temporaryByteCount = placeTemporaries()
    plan.slots = slots
    plan.kernels = kernels.filter { !$0.isEmpty }
    plan.results = graph.results.map { result in
      let (base, offset) = fusion.place(result)
      return Plan.Place(
        slot: slotOf[base]!, byteOffset: offset * graph.values[result].dtype.component.byteCount)
    }
    return plan
  }

  private func byteCount(_ value: Int) -> Int {
    if let byteCount = packedByteCounts[value] { return byteCount }
    return graph.values[value].shape.elementCount * graph.values[value].dtype.byteCount
  }

  private mutating func addSlot(
    _ role: Plan.Slot.Role, _ byteCount: Int, at ordinal: Int
  ) -> Int {
    slots.append(Plan.Slot(role: role, byteCount: byteCount))
    lifetimes.append(ordinal...ordinal)
    return slots.count - 1
  }

  /// Gives a value that kernel `ordinal` writes a slot.
  private mutating func assign(_ value: Int, at ordinal: Int) {
    let end = max(ordinal, lastRead[value] ?? ordinal)
    // A concatenation takes nobody's memory: what writes a part would overwrite other elements.
    var isConcatenation = false
    if value < graph.values.count, case .concatenate = graph.values[value].op {
      isConcatenation = true
    }
    if !isConcatenation, let source = overwritten(by: value, at: ordinal),
      let slot = slotOf[source]
    {
      slotOf[value] = slot
      if escapes.contains(value), case .temporary = slots[slot].role { slots[slot].role = .result }
      lifetimes[slot] = lifetimes[slot].lowerBound...max(lifetimes[slot].upperBound, end)
      // Its memory belongs to the new value from here on.
      lastRead[source] = nil
      return
    }
    let role: Plan.Slot.Role = escapes.contains(value) ? .result : .temporary(offset: 0)
    let slot = addSlot(role, byteCount(value), at: ordinal)
    slotOf[value] = slot
    lifetimes[slot] = ordinal...end
  }

  /// A value that this kernel reads last and whose memory the new value can take.
  private func overwritten(by value: Int, at ordinal: Int) -> Int? {
    kernels[ordinal].overwritable(for: value).first { source in
      guard lastRead[source] == ordinal, byteCount(source) == byteCount(value) else {
        return false
      }
      if escapes.contains(source) { return false }
      return source >= graph.firstOp
        || (source < graph.argumentCount && graph.mayOverwrite[source] && ordinal > lastFallible)
    }
  }

  /// Gives the temporary slots offsets, using bytes again when their slot is done.
  ///
  /// - Returns: the size of the block.
  private mutating func placeTemporaries() -> Int {
    var starting: [Int: [Int]] = [:]
    var ending: [Int: [Int]] = [:]
    for (index, slot) in slots.enumerated() {
      guard case .temporary = slot.role else { continue }
      starting[lifetimes[index].lowerBound, default: []].append(index)
      ending[lifetimes[index].upperBound, default: []].append(index)
    }
    var free: [Int: [Int]] = [:]
    var end = 0
    for ordinal in kernels.indices {
      for index in starting[ordinal] ?? [] {
        let size = (slots[index].byteCount + 63) / 64 * 64
        if let offset = free[size]?.popLast() {
          slots[index].role = .temporary(offset: offset)
        } else {
          slots[index].role = .temporary(offset: end)
          end += size
        }
      }
      for index in ending[ordinal] ?? [] {
        guard case .temporary(let offset) = slots[index].role else { continue }
        free[(slots[index].byteCount + 63) / 64 * 64, default: []].append(offset)
      }
    }
    return end
  }
}
