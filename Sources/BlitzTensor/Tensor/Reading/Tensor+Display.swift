extension Tensor: Displayable {
  /// The elements as a small table, computed now: a row for one axis, a grid for two, the first
  /// grids for more. Long axes show their first and last places. A scalar, and a tensor that
  /// carries an error, show as text.
  public var display: Display {
    let text = description
    guard rank > 0, elementCount > 0, error == nil,
      let storage = try? Evaluation.storage(of: node)
    else { return Display(text: text) }
    let table = TensorTable(UnsafeRawPointer(storage.pointer), shape, dtype)
    let html = table.html(caption: signature)
    withExtendedLifetime(storage) {}
    return Display(html: html, text: text)
  }
}

/// Lays numbers out as tables of HTML.
private struct TensorTable {
  let numbers: UnsafeRawPointer
  let shape: Shape
  let dtype: DType
  let strides: [Int]

  /// Places shown at either end of a long axis, and tables of a tensor with more axes than two.
  private static let edge = 5
  private static let mostGrids = 3

  init(_ numbers: UnsafeRawPointer, _ shape: Shape, _ dtype: DType) {
    self.numbers = numbers
    self.shape = shape
    self.dtype = dtype
    strides = shape.strides
  }

  func html(caption: String) -> String {
    let outer = Array(shape.dropLast(2))
    let gridCount = outer.reduce(1, *)
    var html = "<div>"
    for index in 0..<min(gridCount, TensorTable.mostGrids) {
      if !outer.isEmpty { html += "<div><code>[\(places(index, outer))]</code></div>" }
      html += grid(offset: index * shape.suffix(2).reduce(1, *))
    }
    if gridCount > TensorTable.mostGrids {
      html += "<div>and \(gridCount - TensorTable.mostGrids) more</div>"
    }
    return html + "<small><code>\(caption)</code></small></div>"
  }

  /// `2, 0, :, :`, where a grid is.
  private func places(_ index: Int, _ outer: [Int]) -> String {
    var rest = index
    var words: [String] = []
    for size in outer.reversed() {
      words.insert("\(rest % size)", at: 0)
      rest /= size
    }
    return (words + [":", ":"]).joined(separator: ", ")
  }

  private func grid(offset: Int) -> String {
    let columns = shape[shape.rank - 1]
    let rows = shape.rank == 1 ? 1 : shape[shape.rank - 2]
    let shownColumns = TensorTable.shown(columns)
    var html = "<table><thead><tr><th></th>"
    html += shownColumns.map { "<th>\($0.map(String.init) ?? "⋯")</th>" }.joined()
    html += "</tr></thead><tbody>"
    for row in TensorTable.shown(rows) {
      let name = shape.rank == 1 ? "" : row.map(String.init) ?? "⋮"
      html += "<tr><th>\(name)</th>"
      for column in shownColumns {
        if let row, let column {
          html += "<td>\(word(offset + row * columns + column))</td>"
        } else {
          html += "<td>\(row == nil ? "⋮" : "⋯")</td>"
        }
      }
      html += "</tr>"
    }
    return html + "</tbody></table>"
  }

  /// The places of an axis that are shown; nil stands for those left out.
  private static func shown(_ size: Int) -> [Int?] {
    guard size > 2 * edge + 1 else { return Array(0..<size) }
    return Array(0..<edge) + [nil] + Array((size - edge)..<size)
  }

  private func word(_ place: Int) -> String {
    TensorText(numbers + place * dtype.byteCount, [], dtype).text
  }
}
