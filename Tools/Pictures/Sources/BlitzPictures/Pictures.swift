import Blitz

extension Drawing {
  /// The graph of the training step, from what Blitz logged.
  static func graph(_ log: Log) -> Drawing {
    var boxes: [Box] = []
    var edges: [(from: Int, to: Int)] = []
    // Scalars are not drawn, they are part of the ops that take them; neither are views that leave
    // the shape as it is.
    var place: [Int: Int] = [:]
    var isScalar: [Bool] = []
    for (number, value) in log.values.enumerated() {
      isScalar.append(
        value.word == "scalar"
          || !value.operands.isEmpty && value.operands.allSatisfy { isScalar[$0] })
      if isScalar[number] { continue }
      if value.word == "reshape", log.values[value.operands[0]].shape == value.shape {
        place[number] = place[value.operands[0]]
      } else {
        place[number] = boxes.count
        let operands = value.operands.filter { !isScalar[$0] }
        let shape = value.shape.map(String.init).joined(separator: "×")
        let known = value.word == "argument" ? TrainingStep.name(shape: value.shape) : nil
        boxes.append(
          Box(
            kind: kind(of: value.word),
            lines: [
              (known ?? value.word) + (operands.count < value.operands.count ? ", scalar" : ""),
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
  static func plan(_ log: Log) throws -> Drawing {
    var boxes: [Box] = []
    var edges: [(from: Int, to: Int)] = []
    // Which box wrote a buffer last.
    var writer: [Int: Int] = [:]
    for (number, buffer) in log.buffers.enumerated() where buffer.isArgument {
      writer[number] = boxes.count
      let name = TrainingStep.name(byteCount: buffer.byteCount) ?? "argument"
      boxes.append(Box(kind: .argument, lines: [name, bytes(buffer.byteCount)]))
    }
    for (index, kernel) in log.kernels.enumerated() {
      let (kind, name, details) = try describe(kernel.summary)
      var lines = ["\(index): \(name)"] + details
      if let time = log.times.first(where: { $0.kernel == kernel.summary }) {
        lines.append("\(time.microseconds) µs")
      }
      boxes.append(Box(kind: kind, lines: lines))
      for buffer in Set(kernel.reads).sorted() {
        if let from = writer[buffer] { edges.append((from, boxes.count - 1)) }
      }
      for buffer in kernel.writes { writer[buffer] = boxes.count - 1 }
    }
    for (number, buffer) in log.buffers.enumerated() where buffer.holdsResult {
      let isLoss = buffer.byteCount == 4
      let name = isLoss ? "loss" : TrainingStep.name(byteCount: buffer.byteCount) ?? "result"
      var lines = [isLoss ? name : "new \(name)"]
      if buffer.isArgument { lines.append("in the old one’s place") }
      boxes.append(Box(kind: .result, lines: lines))
      if let from = writer[number] { edges.append((from, boxes.count - 1)) }
    }
    return Drawing(
      title: "The plan of one training step: \(log.kernels.count) kernels", boxes: boxes,
      edges: edges,
      legend: [
        (.argument, "given"), (.matmul, "matrix product"), (.elementwise, "fused loop"),
        (.reduction, "fused loop with a sum"), (.result, "asked for"),
      ])
  }

  /// What a kernel's box says, of "fused 64x10 [subtract square sum] 2 in, 1 out", of
  /// "matmul 64x1000x100 c = a b", or of some that run together, "rows 64 { ...; ... }".
  private static func describe(
    _ summary: String
  ) throws -> (kind: Kind, name: String, details: [String]) {
    if let loop = try #/fused ([\dx]+) \[(.*)\] .*/#.wholeMatch(in: summary) {
      // The words in brackets are lines of their own.
      let ops = loop.2.split(separator: " ").map(String.init)
      let details = stride(from: 0, to: ops.count, by: 3).map {
        ops[$0..<min($0 + 3, ops.count)].joined(separator: ", ")
      }
      let space = loop.1.replacing("x", with: "×")
      return (ops.last == "sum" ? .reduction : .elementwise, "loop over \(space)", details)
    }
    if let product = try #/matmul (\d+)x(\d+)x(\d+) (.*)/#.wholeMatch(in: summary) {
      let (m, k, n) = (product.1, product.2, product.3)
      return (.matmul, "\(m)×\(k) times \(k)×\(n)", [String(product.4)])
    }
    if let rows = try #/rows (\d+) \{ (.*) \}/#.wholeMatch(in: summary) {
      let parts = try rows.2.split(separator: "; ").map { try describe(String($0)) }
      let details = parts.map { "\($0.name): \($0.details.joined(separator: ", "))" }
      return (.matmul, "\(rows.1) rows, some at a time", details)
    }
    throw PictureError("the step has a kernel that is not drawn: \(summary)")
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
