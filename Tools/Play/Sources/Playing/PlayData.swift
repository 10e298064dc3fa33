import Blitz
import Foundation

/// Examples with classes, half to learn from and half to test on, and the plane they are seen in.
struct PlayData {
  /// `[rows, inputs]` and `[rows]`.
  var training, test: (inputs: Tensor, labels: Tensor)
  var classCount: Int
  /// Where each example is seen: x and y from about -1 to 1, and its class.
  var trainingPoints, testPoints: [[Float]]
  /// The inputs that a grid of so many rows and columns stands for: `[side * side, inputs]`, from
  /// the top left, row by row.
  var grid: (_ side: Int) -> Tensor
  /// The numbers in an input.
  var inputSize: Int
  /// The examples of a step; all if nil.
  var batchSize: Int?

  /// How far the seen part of the plane reaches from its middle.
  static let reach: Float = 1.25

  /// Draws the data that settings ask for.
  init(_ settings: Settings, generator: Generator) throws {
    if settings.data == .digits {
      self = try PlayData(digits: Digits(), noise: settings.noise, generator: generator)
      return
    }
    let training = try Points.drawn(settings.data, noise: settings.noise, generator: generator)
    let test = try Points.drawn(settings.data, noise: settings.noise, generator: generator)
    self.init(
      training: training.tensors, test: test.tensors,
      classCount: settings.data == .spirals ? 3 : 2,
      trainingPoints: training.rows, testPoints: test.rows,
      grid: { PlayData.plane($0) }, inputSize: 2)
  }

  private init(
    training: (inputs: Tensor, labels: Tensor), test: (inputs: Tensor, labels: Tensor),
    classCount: Int, trainingPoints: [[Float]], testPoints: [[Float]],
    grid: @escaping (Int) -> Tensor, inputSize: Int, batchSize: Int? = nil
  ) {
    (self.training, self.test, self.classCount) = (training, test, classCount)
    (self.trainingPoints, self.testPoints, self.grid) = (trainingPoints, testPoints, grid)
    (self.inputSize, self.batchSize) = (inputSize, batchSize)
  }

  /// The middles of a grid's cells, `[side * side, 2]`.
  static func plane(_ side: Int) -> Tensor {
    let places = (0..<side).map { (2 * (Float($0) + 0.5) / Float(side) - 1) * reach }
    return Tensor(
      places.reversed().flatMap { y in places.flatMap { x in [x, y] } }, shape: [side * side, 2])
  }

  /// The digits, seen in the plane through their mean in which they vary most.
  private init(digits: Digits, noise: Double, generator: Generator) throws {
    let labels = Tensor(digits.labels.map(Int64.init), shape: [digits.count])
    let pixels = Tensor(digits.pixels, shape: [digits.count, 64])
    let noisy = pixels + noise * Tensor.randn([digits.count, 64], generator: generator)
    // Every fifth is held out, so that each writer is on both sides.
    let rows = (0..<digits.count).map(Int64.init)
    func part(_ rows: [Int64]) -> (inputs: Tensor, labels: Tensor) {
      let rows = Tensor(rows, shape: [rows.count])
      return (noisy[rows], labels[rows])
    }
    let (training, test) = (part(rows.filter { $0 % 5 != 4 }), part(rows.filter { $0 % 5 == 4 }))
    let mean = training.inputs.mean(axis: 0)
    let axes = try PlayData.principalAxes(of: training.inputs - mean)
    func seen(_ part: (inputs: Tensor, labels: Tensor), _ limit: Int) throws -> [[Float]] {
      let places = try (part.inputs - mean).matmul(axes.towards).scalars(as: Float.self)
      let labels = try part.labels.scalars(as: Int64.self)
      return labels.indices.prefix(limit).map {
        [places[2 * $0], places[2 * $0 + 1], Float(labels[$0])]
      }
    }
    self.init(
      training: training, test: test, classCount: 10,
      trainingPoints: try seen(training, 359), testPoints: try seen(test, 359),
      grid: { side in PlayData.plane(side).matmul(axes.back) + mean }, inputSize: 64,
      batchSize: 128)
  }

  /// The two directions in which rows around zero vary most, by power iteration.
  ///
  /// - Returns: `[inputs, 2]` from inputs to the plane, scaled to about -1...1, and `[2, inputs]`
  ///   back.
  private static func principalAxes(of rows: Tensor) throws -> (towards: Tensor, back: Tensor) {
    var spread = rows.transposed().matmul(rows) / Double(rows.shape[0])
    var towards: [Tensor] = []
    var back: [Tensor] = []
    for seed in [1, 2] as [UInt64] {
      var axis = Tensor.randn([spread.shape[0], 1], generator: Generator(seed: seed))
      for _ in 0..<60 {
        axis = spread.matmul(axis)
        axis = axis / axis.square().sum().sqrt()
        try eval([axis])
      }
      let variance = try axis.transposed().matmul(spread).matmul(axis).item()
      // Two deviations and a bit are the whole picture.
      let scale = 2.2 * variance.squareRoot()
      towards.append(axis / scale)
      back.append(axis.transposed() * scale)
      spread = spread - variance * axis.matmul(axis.transposed())
    }
    return (concatenate(towards, axis: 1), concatenate(back, axis: 0))
  }
}

/// Points of the plane and their classes.
struct Points {
  var places: [Float] = []
  var labels: [Int64] = []

  var tensors: (inputs: Tensor, labels: Tensor) {
    (Tensor(places, shape: [labels.count, 2]), Tensor(labels, shape: [labels.count]))
  }

  var rows: [[Float]] {
    labels.indices.map { [places[2 * $0], places[2 * $0 + 1], Float(labels[$0])] }
  }

  /// 300 points on spiral arms, or 200 of two classes.
  static func drawn(
    _ name: Settings.DataName, noise: Double, generator: Generator
  ) throws -> Points {
    if name == .spirals {
      let spirals = try Spirals(noise: noise, generator: generator)
      return Points(places: spirals.points, labels: spirals.labels.map(Int64.init))
    }
    let draws = try Tensor.rand([200, 2], generator: generator).scalars(as: Float.self)
    var points = Points()
    for i in 0..<200 {
      let (place, label) = place(name, i, draws[2 * i], draws[2 * i + 1])
      points.places += [place.x, place.y]
      points.labels.append(label)
    }
    let moved =
      Tensor(points.places, shape: [200, 2])
      + noise * Tensor.randn([200, 2], generator: generator)
    points.places = try moved.scalars(as: Float.self)
    return points
  }

  /// Where point i belongs, from two uniform numbers, and its class.
  private static func place(
    _ name: Settings.DataName, _ i: Int, _ u: Float, _ v: Float
  ) -> (place: (x: Float, y: Float), label: Int64) {
    let label = i % 2
    switch name {
    case .circles:
      let angle = 2 * Float.pi * u
      let radius: Float = label == 0 ? 0.4 : 0.95
      return ((radius * cos(angle), radius * sin(angle)), Int64(label))
    case .moons:
      let angle = Float.pi * u
      let x = label == 0 ? cos(angle) : 1 - cos(angle)
      let y = label == 0 ? sin(angle) : 0.5 - sin(angle)
      return (((x - 0.5) / 1.5, (y - 0.25) / 1.2), Int64(label))
    case .xor, .spirals, .digits:
      let (x, y) = (2 * u - 1, 2 * v - 1)
      return ((x, y), (x > 0) != (y > 0) ? 1 : 0)
    }
  }
}
