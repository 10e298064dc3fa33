import Blitz
import Foundation

/// Points of the plane, and a class or a number for each.
struct Points {
  /// `[count, 2]`.
  var places: Tensor
  /// Classes, int64 `[count]`, or numbers, float32 `[count, 1]`.
  var labels: Tensor
  /// The number of classes; nil for numbers.
  var classCount: Int?

  /// 600 points on spiral arms, or 400 of another set.
  ///
  /// - Parameter table: where `settings.data` is the user's table.
  init(_ settings: Settings, table: PlayTable?, generator: Generator) throws {
    switch settings.data {
    case .spirals:
      let spirals = try Spirals(
        pointsPerArm: 200, noise: settings.noise, generator: generator)
      places = Tensor(spirals.points, shape: [spirals.count, 2])
      labels = Tensor(spirals.labels.map(Int64.init), shape: [spirals.count])
      classCount = 3
    case .table:
      guard let table else { throw Refusal("there is no table; choose a CSV file first") }
      self = try table.points(settings.columnX, settings.columnY)
    default:
      let draws = try Tensor.rand([400, 2], generator: generator).scalars(as: Float.self)
      let rows = (0..<400).map { Points.row(settings.data, $0, draws[2 * $0], draws[2 * $0 + 1]) }
      places =
        Tensor(rows.flatMap { [$0.x, $0.y] }, shape: [400, 2])
        + settings.noise * Tensor.randn([400, 2], generator: generator)
      let isNumber = settings.data == .plane || settings.data == .hills
      labels =
        isNumber
        ? Tensor(rows.map(\.label), shape: [400, 1])
        : Tensor(rows.map { Int64($0.label) }, shape: [400])
      classCount = isNumber ? nil : 2
    }
  }

  init(places: Tensor, labels: Tensor, classCount: Int?) {
    (self.places, self.labels, self.classCount) = (places, labels, classCount)
  }

  /// Where point i belongs, from two uniform numbers, and its class or number.
  private static func row(
    _ name: Settings.DataName, _ i: Int, _ u: Float, _ v: Float
  ) -> (x: Float, y: Float, label: Float) {
    switch name {
    case .circles:
      let angle = 2 * Float.pi * u
      let radius: Float = i % 2 == 0 ? 0.4 : 0.95
      return (radius * cos(angle), radius * sin(angle), Float(i % 2))
    case .moons:
      let angle = Float.pi * u
      let x = i % 2 == 0 ? cos(angle) : 1 - cos(angle)
      let y = i % 2 == 0 ? sin(angle) : 0.5 - sin(angle)
      return ((x - 0.5) / 1.5, (y - 0.25) / 1.2, Float(i % 2))
    case .plane:
      let (x, y) = (2 * u - 1, 2 * v - 1)
      return (x, y, (x + y) / 2)
    case .hills:
      let (x, y) = (2 * u - 1, 2 * v - 1)
      let hill = { (t: Float) -> Float in exp(-8 * t * t) }
      let wave = { (t: Float) -> Float in hill(t - 0.5) - hill(t + 0.5) }
      return (x, y, wave(x) * wave(y))
    case .xor, .spirals, .digits, .table:
      let (x, y) = (2 * u - 1, 2 * v - 1)
      return (x, y, (x > 0) != (y > 0) ? 1 : 0)
    }
  }

  /// What the network sees of points, `[count, 2]`: a column for each feature.
  static func features(_ list: [Settings.Feature], of points: Tensor) -> Tensor {
    if list == [.x1, .x2] { return points }
    let (x1, x2) = (points[0..., 0], points[0..., 1])
    let columns = list.map { feature in
      switch feature {
      case .x1: x1
      case .x2: x2
      case .x1x1: x1 * x1
      case .x2x2: x2 * x2
      case .x1x2: x1 * x2
      case .sin1: (Float.pi * x1).sin()
      case .sin2: (Float.pi * x2).sin()
      }
    }
    return stack(columns, axis: 1)
  }
}

/// A table of the user's: two of its columns are the coordinates, its last one is what is learned.
struct PlayTable {
  /// The file's name.
  let name: String
  /// The columns to choose from.
  var columns: [String] { table.layout.inputNames }
  /// Whether numbers are learned.
  let isNumber: Bool
  private let table: CSV

  /// Reads text; a last column of numbers with more than ten different ones is to be told as one.
  init(_ text: [UInt8], name: String) throws {
    let classes = Result { try CSV(bytes: text, path: name) }
    let isFew = (try? classes.get().classNames.count <= 10) ?? false
    let numbers =
      isFew
      ? nil : try? CSV(bytes: text, path: name, options: CSV.Options(labelIsNumber: true))
    table = try numbers ?? classes.get()
    (self.name, isNumber) = (name, numbers != nil)
    guard isNumber || 2...10 ~= table.classNames.count else {
      throw Refusal(
        "\(name): the last column has \(table.classNames.count) classes; 2 to 10 have colours, or "
          + "give numbers")
    }
    guard table.columnCount >= 2, table.rowCount >= 10 else {
      throw Refusal(
        "\(name): \(table.rowCount) rows of \(table.columnCount) columns; 10 rows of 2 "
          + "and one to be told are the least")
    }
  }

  /// The rows, with two columns as coordinates from -1 to 1.
  func points(_ columnX: Int, _ columnY: Int) throws -> Points {
    for (name, column) in [("columnX", columnX), ("columnY", columnY)]
    where column > columns.count {
      throw Refusal(
        "\(name) is \(column); \(self.name) has \(columns.count) columns to choose from")
    }
    let all = Tensor(table.features, shape: [table.rowCount, table.columnCount])
    let places = PlayTable.scaled(stack([all[0..., columnX - 1], all[0..., columnY - 1]], axis: 1))
    let labels =
      isNumber
      ? PlayTable.scaled(Tensor(table.targets, shape: [table.rowCount, 1]))
      : Tensor(table.labels.map(Int64.init), shape: [table.rowCount])
    try eval([places, labels])
    return Points(
      places: places, labels: labels, classCount: isNumber ? nil : table.classNames.count)
  }

  /// Each column from its least to its largest number becomes -1 to 1.
  private static func scaled(_ columns: Tensor) -> Tensor {
    let (low, high) = (columns.min(axis: 0), columns.max(axis: 0))
    return 2 * (columns - low) / (high - low).clamp(min: 1e-6) - 1
  }
}
