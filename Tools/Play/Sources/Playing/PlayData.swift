import Blitz
import Foundation

/// Examples, some to learn from and the others to test on, and the plane they are seen in.
struct PlayData {
  /// `[rows, inputs]`, and `[rows]` classes or `[rows, 1]` numbers.
  var training, test: (inputs: Tensor, labels: Tensor)
  /// The number of classes; nil if numbers are learned.
  var classCount: Int?
  /// Where each example is seen: x and y from about -1 to 1, and its class or number.
  var trainingPoints, testPoints: [[Float]]
  /// The inputs that a grid of so many rows and columns stands for: `[side * side, inputs]`, from
  /// the top left, row by row.
  var grid: (_ side: Int) -> Tensor
  /// The numbers in an input.
  var inputSize: Int

  /// How far the seen part of the plane reaches from its middle.
  static let reach: Float = 1.25

  /// The numbers that the network returns.
  var outputSize: Int { classCount ?? 1 }

  /// Draws the data that settings ask for.
  init(_ settings: Settings, table: PlayTable?, generator: Generator) throws {
    if settings.data == .digits {
      self = try PlayData(digits: Digits(), settings, generator: generator)
      return
    }
    let points = try Points(settings, table: table, generator: generator)
    let features = settings.features.elements
    let inputs = Points.features(features, of: points.places)
    let (learned, held) = PlayData.split(points.labels.shape[0], settings, generator)
    func seen(_ rows: Tensor) throws -> [[Float]] {
      let places = try points.places[rows].scalars(as: Float.self)
      let labels = try points.labels[rows].cast(to: .float32).scalars(as: Float.self)
      return labels.indices.map { [places[2 * $0], places[2 * $0 + 1], labels[$0]] }
    }
    training = (inputs[learned], points.labels[learned])
    test = (inputs[held], points.labels[held])
    classCount = points.classCount
    trainingPoints = try seen(learned)
    testPoints = try seen(held)
    grid = { Points.features(features, of: PlayData.plane($0)) }
    inputSize = features.count
  }

  /// The rows to learn from and those held out, in a random order.
  private static func split(
    _ count: Int, _ settings: Settings, _ generator: Generator
  ) -> (learned: Tensor, held: Tensor) {
    let order = Tensor.randperm(count, generator: generator)
    let learned = count * settings.share / 100
    return (order[..<learned], order[learned...])
  }

  /// The middles of a grid's cells, `[side * side, 2]`.
  static func plane(_ side: Int) -> Tensor {
    let places = (0..<side).map { (2 * (Float($0) + 0.5) / Float(side) - 1) * reach }
    return Tensor(
      places.reversed().flatMap { y in places.flatMap { x in [x, y] } }, shape: [side * side, 2])
  }

  /// The digits, seen in the plane through their mean in which they vary most.
  private init(digits: Digits, _ settings: Settings, generator: Generator) throws {
    let labels = Tensor(digits.labels.map(Int64.init), shape: [digits.count])
    let pixels = Tensor(digits.pixels, shape: [digits.count, 64])
    let noisy = pixels + settings.noise * Tensor.randn([digits.count, 64], generator: generator)
    let (learned, held) = PlayData.split(digits.count, settings, generator)
    training = (noisy[learned], labels[learned])
    test = (noisy[held], labels[held])
    let mean = training.inputs.mean(axis: 0)
    let axes = try PlayData.principalAxes(of: training.inputs - mean)
    func seen(_ part: (inputs: Tensor, labels: Tensor)) throws -> [[Float]] {
      let places = try (part.inputs - mean).matmul(axes.towards).scalars(as: Float.self)
      let labels = try part.labels.scalars(as: Int64.self)
      // More would hide each other.
      return labels.indices.prefix(359).map {
        [places[2 * $0], places[2 * $0 + 1], Float(labels[$0])]
      }
    }
    trainingPoints = try seen(training)
    testPoints = try seen(test)
    grid = { side in PlayData.plane(side).matmul(axes.back) + mean }
    (classCount, inputSize) = (10, 64)
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
