extension SwiftCode {
  /// Points and their labels.
  var dataCode: String {
    switch settings.data {
    case .spirals:
      return """
        let spirals = try Spirals(pointsPerArm: 200, noise: \(settings.noise))
        let points = Tensor(spirals.points, shape: [spirals.count, 2])
        let labels = Tensor(spirals.labels.map(Int64.init), shape: [spirals.count])
        """
    case .digits:
      return """
        let digits = Digits()
        let labels = Tensor(digits.labels.map(Int64.init), shape: [digits.count])
        let pixels = Tensor(digits.pixels, shape: [digits.count, 64])
        let points = pixels + \(settings.noise) * Tensor.randn([digits.count, 64])
        """
    case .circles:
      return drawn(
        """
          let angle = 2 * Float.pi * draws[2 * i]
          let radius: Float = i % 2 == 0 ? 0.4 : 0.95
          return (radius * cos(angle), radius * sin(angle), Float(i % 2))
        """)
    case .moons:
      return drawn(
        """
          let angle = Float.pi * draws[2 * i]
          let x = i % 2 == 0 ? cos(angle) : 1 - cos(angle)
          let y = i % 2 == 0 ? sin(angle) : 0.5 - sin(angle)
          return ((x - 0.5) / 1.5, (y - 0.25) / 1.2, Float(i % 2))
        """)
    case .xor:
      return drawn(
        """
          let (x, y) = (2 * draws[2 * i] - 1, 2 * draws[2 * i + 1] - 1)
          return (x, y, (x > 0) != (y > 0) ? 1 : 0)
        """)
    case .plane:
      return drawn(
        """
          let (x, y) = (2 * draws[2 * i] - 1, 2 * draws[2 * i + 1] - 1)
          return (x, y, (x + y) / 2)
        """)
    case .hills:
      return drawn(
        """
          let (x, y) = (2 * draws[2 * i] - 1, 2 * draws[2 * i + 1] - 1)
          let hill = { (t: Float) -> Float in exp(-8 * t * t) }
          let wave = { (t: Float) -> Float in hill(t - 0.5) - hill(t + 0.5) }
          return (x, y, wave(x) * wave(y))
        """)
    case .table: return table.map(code) ?? ""
    }
  }

  /// 400 points, whose places and labels come of the lines.
  private func drawn(_ lines: String) -> String {
    let labels =
      outputs == 1
      ? "Tensor(rows.map(\\.label), shape: [400, 1])"
      : "Tensor(rows.map { Int64($0.label) }, shape: [400])"
    return """
      let draws = try Tensor.rand([400, 2]).scalars(as: Float.self)
      let rows = (0..<400).map { i -> (x: Float, y: Float, label: Float) in
      \(lines)
      }
      let points =
        Tensor(rows.flatMap { [$0.x, $0.y] }, shape: [400, 2])
        + \(settings.noise) * Tensor.randn([400, 2])
      let labels = \(labels)
      """
  }

  private func code(of table: PlayTable) -> String {
    let labels =
      table.isNumber
      ? "scaled(Tensor(table.targets, shape: [table.rowCount, 1]))"
      : "Tensor(table.labels.map(Int64.init), shape: [table.rowCount])"
    let picked = [settings.columnX, settings.columnY].map { "columns[0..., \($0 - 1)]" }
    let options = table.isNumber ? ", options: CSV.Options(labelIsNumber: true)" : ""
    return """
      let table = try CSV(path: "\(table.name)"\(options))
      let columns = Tensor(table.features, shape: [table.rowCount, table.columnCount])
      func scaled(_ columns: Tensor) -> Tensor {
        let (low, high) = (columns.min(axis: 0), columns.max(axis: 0))
        return 2 * (columns - low) / (high - low).clamp(min: 1e-6) - 1
      }
      let points = scaled(stack([\(picked.joined(separator: ", "))], axis: 1))
      let labels = \(labels)
      """
  }

  /// What the network sees of the points.
  var inputCode: String {
    let features = settings.features.elements
    guard settings.data != .digits, features != [.x1, .x2] else { return "let inputs = points" }
    let columns = features.map { feature in
      switch feature {
      case .x1: "x1"
      case .x2: "x2"
      case .x1x1: "x1 * x1"
      case .x2x2: "x2 * x2"
      case .x1x2: "x1 * x2"
      case .sin1: "(Float.pi * x1).sin()"
      case .sin2: "(Float.pi * x2).sin()"
      }
    }
    var used = ["x1", "x2"].filter { name in columns.contains { $0.contains(name) } }
    if used.isEmpty { used = ["x1"] }
    let coordinates = used.map { "let \($0) = points[0..., \($0 == "x1" ? 0 : 1)]\n" }.joined()
    return coordinates + "let inputs = stack([\(columns.joined(separator: ", "))], axis: 1)"
  }

  /// What is learned from, and what is for the test.
  var splitCode: String {
    """
    let order = Tensor.randperm(labels.shape[0])
    let learned = labels.shape[0] * \(settings.share) / 100
    let (x, y) = (inputs[order[..<learned]], labels[order[..<learned]])
    let (testX, testY) = (inputs[order[learned...]], labels[order[learned...]])
    """
  }
}
