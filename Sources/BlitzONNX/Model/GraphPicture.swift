import BlitzData
import BlitzTensor

/// A model's graph as a picture: its nodes from above to below in the order in which one waits for
/// the other, each with its weights; what goes past nodes goes beside them.
struct GraphPicture {
  private struct Box {
    var title: String
    var lines: [String] = []
    var rank: Int
    /// The place from the left to its middle.
    var x = 0.0
    /// Whether it is only where a line passes.
    var isPassage = false
    var fill = "#eef3fa"

    var width: Double {
      if isPassage { return 12 }
      let longest = ([title] + lines).map(\.count).max() ?? 0
      return Double(max(longest, 6)) * 6.6 + 20
    }
    var height: Double { isPassage ? 0 : 24 + 13 * Double(lines.count) }
  }

  private var boxes: [Box] = []
  /// From box to box, each one rank further.
  private var lines: [(from: Int, to: Int)] = []
  /// By rank, from the left.
  private var rows: [[Int]] = []

  /// How many nodes a picture shows at most.
  static let mostNodes = 2000

  init(_ model: ONNXModel) {
    let graph = model.message.graph
    var sizes: [String: String] = [:]
    for (name, weight) in model.weights { sizes[name] = "\(weight.value.shape)" }
    for (name, constant, _) in model.constants { sizes[name] = "\(constant.wrappedValue.shape)" }
    // Constants are said where they are used.
    for node in graph.nodes where node.op == "Constant" {
      for output in node.outputs { sizes[output] = "" }
    }
    var makers: [String: Int] = [:]
    for port in model.inputs {
      makers[port.name] = boxes.count
      boxes.append(Box(title: port.description, rank: 0, fill: "#e3f4e4"))
    }
    var edges: [(Int, Int)] = []
    func link(_ names: [String], to box: Int) {
      for maker in Set(names.compactMap { makers[$0] }).sorted() { edges.append((maker, box)) }
    }
    for node in graph.nodes where node.op != "Constant" {
      let reads = node.reads.filter { !$0.isEmpty }
      let rank = reads.compactMap { makers[$0].map { boxes[$0].rank + 1 } }.max() ?? 0
      var box = Box(title: node.opName, rank: rank)
      for name in reads {
        if let size = sizes[name], !size.isEmpty { box.lines.append("\(name) \(size)".shortened) }
      }
      box.lines += node.summary.map(\.shortened)
      boxes.append(box)
      link(reads, to: boxes.count - 1)
      for name in node.outputs where !name.isEmpty { makers[name] = boxes.count - 1 }
    }
    let last = (boxes.map(\.rank).max() ?? 0) + 1
    for port in model.outputs {
      boxes.append(Box(title: port.description, rank: last, fill: "#fbeede"))
      link([port.name], to: boxes.count - 1)
    }
    for (from, to) in edges { join(from, to) }
    place()
  }

  /// Draws a line by way of passages in the ranks between.
  private mutating func join(_ from: Int, _ to: Int) {
    var before = from
    for rank in (boxes[from].rank + 1)..<max(boxes[to].rank, boxes[from].rank + 1) {
      boxes.append(Box(title: "", rank: rank, isPassage: true))
      lines.append((before, boxes.count - 1))
      before = boxes.count - 1
    }
    lines.append((before, to))
  }

  /// Puts what belongs together below each other, from above and from below in turn.
  private mutating func place() {
    rows = Array(repeating: [], count: (boxes.map(\.rank).max() ?? 0) + 1)
    for (index, box) in boxes.enumerated() { rows[box.rank].append(index) }
    var above: [[Int]] = Array(repeating: [], count: boxes.count)
    var below = above
    for (from, to) in lines {
      above[to].append(from)
      below[from].append(to)
    }
    for row in rows.indices { spread(row, wanted: { _ in nil }) }
    for sweep in 0..<6 {
      let isDown = sweep % 2 == 0
      for row in isDown ? Array(rows.indices) : rows.indices.reversed() {
        let neighbours = isDown ? above : below
        let boxes = boxes
        spread(row) { index in
          let near = neighbours[index]
          return near.isEmpty
            ? nil : near.reduce(0) { $0 + boxes[$1].x } / Double(near.count)
        }
      }
    }
    let left = boxes.map { $0.x - $0.width / 2 }.min() ?? 0
    for index in boxes.indices { boxes[index].x += 20 - left }
  }

  /// Puts the boxes of a row where they want to be, beside each other.
  private mutating func spread(_ row: Int, wanted: (Int) -> Double?) {
    let targets = rows[row].map { ($0, wanted($0) ?? boxes[$0].x) }
    let sorted = targets.enumerated().sorted {
      ($0.element.1, $0.offset) < ($1.element.1, $1.offset)
    }.map(\.element)
    rows[row] = sorted.map(\.0)
    var end = -Double.infinity
    var moved = 0.0
    for (index, target) in sorted {
      let x = max(target, end + boxes[index].width / 2 + 14)
      moved += x - target
      boxes[index].x = x
      end = x + boxes[index].width / 2
    }
    // What had to make room went to the right: half of it goes back.
    let back = sorted.isEmpty ? 0 : moved / Double(sorted.count)
    for (index, _) in sorted { boxes[index].x -= back }
  }

  /// The picture in SVG.
  var svg: String {
    var tops: [Double] = []
    var y = 20.0
    for row in rows {
      tops.append(y)
      y += (row.map { boxes[$0].height }.max() ?? 0) + 26
    }
    let width = (boxes.map { $0.x + $0.width / 2 }.max() ?? 0) + 20
    func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(y))" \
      viewBox="0 0 \(number(width)) \(number(y))" font-family="sans-serif" font-size="11">
      <rect width="100%" height="100%" fill="white"/>
      <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" \
      orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#567"/></marker></defs>

      """
    for (from, to) in lines {
      let (a, b) = (boxes[from], boxes[to])
      // A passage is as high as its row.
      let start =
        tops[a.rank]
        + (a.isPassage ? (rows[a.rank].map { boxes[$0].height }.max() ?? 0) : a.height)
      let end = tops[b.rank]
      let middle = (start + end) / 2
      let tip = b.isPassage ? "" : " marker-end=\"url(#tip)\""
      text +=
        "<path d=\"M\(number(a.x)),\(number(start)) C\(number(a.x)),\(number(middle)) "
        + "\(number(b.x)),\(number(middle)) \(number(b.x)),\(number(end))\" fill=\"none\" "
        + "stroke=\"#789\"\(tip)/>\n"
      if b.isPassage {
        let height = rows[b.rank].map { boxes[$0].height }.max() ?? 0
        text +=
          "<path d=\"M\(number(b.x)),\(number(end)) v\(number(height))\" stroke=\"#789\"/>\n"
      }
    }
    for box in boxes where !box.isPassage {
      let (left, top) = (box.x - box.width / 2, tops[box.rank])
      text +=
        "<rect x=\"\(number(left))\" y=\"\(number(top))\" width=\"\(number(box.width))\" "
        + "height=\"\(number(box.height))\" rx=\"5\" fill=\"\(box.fill)\" stroke=\"#9ab\"/>\n"
      func line(_ line: String, _ offset: Double, _ style: String) -> String {
        "<text x=\"\(number(box.x))\" y=\"\(number(top + offset))\" text-anchor=\"middle\""
          + "\(style)>\(Markup.escaped(line))</text>\n"
      }
      text += line(box.title, 16, " font-weight=\"bold\"")
      for (index, part) in box.lines.enumerated() {
        text += line(part, 30 + 13 * Double(index), " fill=\"#456\"")
      }
    }
    return text + "</svg>\n"
  }
}

extension Node {
  /// What its attributes say of its shape, in lines of whole words.
  fileprivate var summary: [String] {
    let words = ["kernel_shape", "strides", "pads", "group", "axis", "perm", "hidden_size", "to"]
    let parts = words.compactMap { word -> String? in
      switch attributes[word] {
      case .int(let number): "\(word) \(number)"
      case .ints(let numbers):
        "\(word) " + numbers.map { "\($0)" }.joined(separator: "x")
      default: nil
      }
    }
    return parts.reduce(into: []) { lines, part in
      if let last = lines.last, last.count + part.count + 2 <= 44 {
        lines[lines.count - 1] = "\(last), \(part)"
      } else {
        lines.append(part)
      }
    }
  }
}

extension String {
  /// At most 44 characters, without the middle.
  fileprivate var shortened: String {
    count <= 44 ? self : prefix(21) + "…" + suffix(22)
  }
}

extension ONNXModel {
  /// The graph as a picture in SVG.
  ///
  /// - Throws: `TensorError` if it has too many nodes for a picture that one can read.
  package func picture() throws(TensorError) -> String {
    let count = message.graph.nodes.count
    guard count <= GraphPicture.mostNodes else {
      throw TensorError(
        "ONNXModel", "the graph has \(count) nodes, a picture shows up to \(GraphPicture.mostNodes)"
      )
    }
    return GraphPicture(self).svg
  }
}
