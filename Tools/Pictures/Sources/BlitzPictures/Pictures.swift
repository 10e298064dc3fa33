import Blitz

extension Drawing {
  /// The graph of the training step, from what Blitz logged.
  static func graph(_ log: Log) -> Drawing {
    var boxes: [Box] = []
    var edges: [(from: Int, to: Int)] = []
    // Numbers are not drawn, they are part of the ops that take them; neither are views that leave
    // the shape as it is.
    var place: [Int: Int] = [:]
    var isNumber: [Bool] = []
    for (number, value) in log.values.enumerated() {
      isNumber.append(
        value.word == "number"
          || !value.operands.isEmpty && value.operands.allSatisfy { isNumber[$0] })
      if isNumber[number] { continue }
      if value.word == "reshape", log.values[value.operands[0]].shape == value.shape {
        place[number] = place[value.operands[0]]
      } else {
        place[number] = boxes.count
        let operands = value.operands.filter { !isNumber[$0] }
        let shape = value.shape.map(String.init).joined(separator: "×")
        let known = value.word == "argument" ? TrainingStep.name(shape: value.shape) : nil
        boxes.append(
          Box(
            kind: kind(of: value.word),
            lines: [
              (known ?? value.word) + (operands.count < value.operands.count ? ", number" : ""),
              shape.isEmpty ? "one number" : shape,
            ]))
        for from in Set(operands.compactMap { place[$0] }).sorted() {
          edges.append((from, boxes.count - 1))
        }
      }
      if value.isResult {
        let name = TrainingStep.name(shape: value.shape) ?? "result"
        boxes.append(Box(kind: .result, lines: [name == "loss" ? name : "new \(name)"]))
        edges.append((place[number]!, boxes.count - 1))
      }
    }
    return Drawing(
      title: "The graph of one training step", boxes: boxes, edges: edges,
      legend: [
        (.argument, "given"), (.matmul, "matrix product"), (.elementwise, "each element"),
        (.reduction, "sum"), (.view, "a view: costs nothing"), (.result, "asked for"),
      ])
  }

  private static func kind(of word: String) -> Kind {
    switch word {
    case "argument": .argument
    case "matmul": .matmul
    case "sum": .reduction
    case "permute", "expand", "reshape": .view
    default: .elementwise
    }
  }

  /// The kernels of the training step's plan, with what they read and write and how long they take.
  static func plan(_ plan: Plan, times: [Log.Time]) throws -> Drawing {
    var boxes: [Box] = []
    var edges: [(from: Int, to: Int)] = []
    // Which box wrote a buffer last.
    var writer: [Int: Int] = [:]
    for (number, slot) in plan.slots.enumerated() {
      guard case .argument = slot.role else { continue }
      writer[number] = boxes.count
      let name = TrainingStep.name(byteCount: slot.byteCount) ?? "argument"
      boxes.append(Box(kind: .argument, lines: [name, bytes(slot.byteCount)]))
    }
    for (index, kernel) in plan.kernels.enumerated() {
      let (kind, name, details, reads, writes) = try describe(kernel)
      var lines = ["\(index): \(name)"] + details
      if let time = times.first(where: { $0.kernel == kernel.summary }) {
        lines.append("\(time.microseconds) µs")
      }
      boxes.append(Box(kind: kind, lines: lines))
      for slot in Set(reads).sorted() {
        if let from = writer[slot] { edges.append((from, boxes.count - 1)) }
      }
      for slot in writes { writer[slot] = boxes.count - 1 }
    }
    for place in plan.results {
      let slot = plan.slots[place.slot]
      let isLoss = slot.byteCount == 4
      let name = isLoss ? "loss" : TrainingStep.name(byteCount: slot.byteCount) ?? "result"
      var lines = [isLoss ? name : "new \(name)"]
      if case .argument = slot.role { lines.append("in the old one’s place") }
      boxes.append(Box(kind: .result, lines: lines))
      if let from = writer[place.slot] { edges.append((from, boxes.count - 1)) }
    }
    return Drawing(
      title: "The plan of one training step: \(plan.kernels.count) kernels", boxes: boxes,
      edges: edges,
      legend: [
        (.argument, "given"), (.matmul, "matrix product"), (.elementwise, "fused loop"),
        (.reduction, "fused loop with a sum"), (.result, "asked for"),
      ])
  }

  private typealias Description = (
    kind: Kind, name: String, details: [String], reads: [Int], writes: [Int]
  )

  private static func describe(_ kernel: any Kernel) throws -> Description {
    // Of "fused 64x10 [subtract square] 2 in, 1 out" the words in brackets are lines of their own.
    let summary = kernel.summary
    switch kernel {
    case let loop as FusedKernel:
      let ops = loop.instructions.map { "\($0.op)" } + (loop.reduction == nil ? [] : ["sum"])
      let details = stride(from: 0, to: ops.count, by: 3).map {
        ops[$0..<min($0 + 3, ops.count)].joined(separator: ", ")
      }
      let space = loop.sizes.map { "\($0)" }.joined(separator: "×")
      return (
        loop.reduction == nil ? .elementwise : .reduction, "loop over \(space)", details,
        loop.operands.map(\.slot),
        loop.stores.map(\.to.slot) + (loop.reduction.map { [$0.slot] } ?? [])
      )
    case let product as MatMulKernel:
      var reads = [product.a.slot, product.b.slot]
      if product.accumulates { reads.append(product.c.slot) }
      if let initial = product.initial { reads.append(initial.slot) }
      let formula = summary.split(separator: " ").dropFirst(2).joined(separator: " ")
      return (
        .matmul, "\(product.m)×\(product.k) times \(product.k)×\(product.n)", [formula], reads,
        [product.c.slot]
      )
    default:
      throw PictureError("the step has a kernel that is not drawn: \(summary)")
    }
  }

  private static func bytes(_ count: Int) -> String {
    count < 1000 ? "\(count) bytes" : "\((count + 500) / 1000) kB"
  }
}

extension TrainingStep {
  /// What an array of float32 is called, by its size.
  static func name(byteCount: Int) -> String? {
    let shapes = [[64, 1000], [64, 10], [1000, 100], [100, 10]]
    return shapes.first { $0.reduce(4, *) == byteCount }.flatMap(name)
  }
}
