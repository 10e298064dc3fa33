/// Places boxes in rows so that arrows go down: the rows by the longest way from a source, the
/// order in a row by the mean place of what a box is connected to (Sugiyama, Tagawa and Toda 1981).
struct LayeredLayout {
  struct Box {
    var width: Double
    var height: Double
    var x = 0.0
    var y = 0.0
  }

  private(set) var boxes: [Box]
  /// For each arrow the points it passes, from the lower edge of a box to the upper one of another.
  private(set) var arrows: [[(x: Double, y: Double)]] = []
  private(set) var width = 0.0
  private(set) var height = 0.0

  private var edges: [(from: Int, to: Int)]
  private var row: [Int]
  private var rows: [[Int]] = []
  // Arrows over several rows pass through thin boxes of their own.
  private var above: [[Int]]
  private var below: [[Int]]

  private static let gap = 14.0
  private static let rowGap = 34.0
  private static let margin = 8.0

  /// - Parameter edges: from boxes to later ones.
  init(_ sizes: [(width: Double, height: Double)], edges: [(from: Int, to: Int)]) {
    boxes = sizes.map { Box(width: $0.width, height: $0.height) }
    self.edges = edges
    row = [Int](repeating: 0, count: boxes.count)
    above = [[Int]](repeating: [], count: boxes.count)
    below = above
    assignRows()
    let ways = edges.map { way(from: $0.from, to: $0.to) }
    rows = [[Int]](repeating: [], count: (row.max() ?? 0) + 1)
    for box in boxes.indices { rows[row[box]].append(box) }
    for _ in 0..<12 {
      for index in rows.indices.dropFirst() { sort(index, by: above) }
      for index in rows.indices.dropLast().reversed() { sort(index, by: below) }
    }
    place()
    arrows = ways.map { way in
      way.enumerated().flatMap { position, box -> [(x: Double, y: Double)] in
        let (top, bottom) = (boxes[box].y, boxes[box].y + boxes[box].height)
        if position == 0 { return [(boxes[box].x, bottom)] }
        if position == way.count - 1 { return [(boxes[box].x, top)] }
        return [(boxes[box].x, top), (boxes[box].x, bottom)]
      }
    }
  }

  private mutating func assignRows() {
    for edge in edges.sorted(by: { $0.to < $1.to }) {
      row[edge.to] = max(row[edge.to], row[edge.from] + 1)
    }
    // What nothing leads to stands right above what needs it first.
    for box in boxes.indices where !edges.contains(where: { $0.to == box }) {
      let users = edges.filter { $0.from == box }.map { row[$0.to] }
      row[box] = (users.min() ?? 1) - 1
    }
  }

  /// The boxes that an arrow passes, thin ones made for the rows between.
  private mutating func way(from: Int, to: Int) -> [Int] {
    var way = [from]
    for between in (row[from] + 1)..<max(row[to], row[from] + 1) {
      boxes.append(Box(width: 6, height: 0))
      row.append(between)
      above.append([])
      below.append([])
      way.append(boxes.count - 1)
    }
    way.append(to)
    for (upper, lower) in zip(way, way.dropFirst()) {
      below[upper].append(lower)
      above[lower].append(upper)
    }
    return way
  }

  private mutating func sort(_ index: Int, by neighbours: [[Int]]) {
    var position = [Int: Int]()
    for row in rows { for (place, box) in row.enumerated() { position[box] = place } }
    let keyed = rows[index].map { box -> (Double, Int) in
      let near = neighbours[box].map { Double(position[$0]!) }
      return (near.isEmpty ? Double(position[box]!) : near.reduce(0, +) / Double(near.count), box)
    }
    rows[index] = keyed.sorted { $0.0 < $1.0 }.map(\.1)
  }

  private mutating func place() {
    var y = LayeredLayout.margin
    for row in rows {
      let height = row.map { boxes[$0].height }.max() ?? 0
      for (position, box) in row.enumerated() {
        boxes[box].x = Double(position) * 100
        if boxes[box].height == 0 { boxes[box].height = height }
        boxes[box].y = y + (height - boxes[box].height) / 2
      }
      y += height + LayeredLayout.rowGap
    }
    height = y - LayeredLayout.rowGap + LayeredLayout.margin
    for pass in 0..<60 {
      let order = pass % 2 == 0 ? Array(rows.indices) : rows.indices.reversed()
      for index in order { settle(rows[index]) }
    }
    let left = boxes.map { $0.x - $0.width / 2 }.min() ?? 0
    for box in boxes.indices { boxes[box].x += LayeredLayout.margin - left }
    width = (boxes.map { $0.x + $0.width / 2 }.max() ?? 0) + LayeredLayout.margin
  }

  /// Moves the boxes of a row to the mean of what they are connected to, without overlap: boxes
  /// that would overlap move as one.
  private mutating func settle(_ row: [Int]) {
    var blocks: [(boxes: [Int], offsets: [Double], place: Double)] = []
    for box in row {
      let near = (above[box] + below[box]).map { boxes[$0].x }
      let wanted = near.isEmpty ? boxes[box].x : near.reduce(0, +) / Double(near.count)
      blocks.append(([box], [0], wanted))
      while blocks.count > 1 {
        let last = blocks[blocks.count - 1]
        let before = blocks[blocks.count - 2]
        let distance =
          before.offsets.last! + boxes[before.boxes.last!].width / 2 + LayeredLayout.gap
          + boxes[last.boxes[0]].width / 2
        if last.place - before.place >= distance { break }
        let (a, b) = (Double(before.boxes.count), Double(last.boxes.count))
        blocks.removeLast(2)
        blocks.append(
          (
            before.boxes + last.boxes, before.offsets + last.offsets.map { $0 + distance },
            (before.place * a + (last.place - distance) * b) / (a + b)
          ))
      }
    }
    for block in blocks {
      for (box, offset) in zip(block.boxes, block.offsets) { boxes[box].x = block.place + offset }
    }
  }
}
