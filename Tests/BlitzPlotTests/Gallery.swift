import Blitz
import BlitzPlot

/// One plot of each kind, made of formulas, so that the pictures are the same everywhere.
enum Gallery {
  static let names = [
    "curves", "wave", "classes", "bars", "groups", "histogram", "confusion", "map", "digits",
    "weights", "boundary", "row", "error",
  ]

  static func plot(_ name: String) throws -> Plot {
    switch name {
    case "curves":
      let training: [Double] = (0..<20).map { (index: Int) -> Double in
        2.3 * (0.8).power(index)
      }
      let test: [Double] = (0..<20).map { (index: Int) -> Double in
        index == 7 ? Double.nan : 0.1 + 2.2 * (0.82).power(index)
      }
      return Plot.line(["training": training, "test": test], startingAt: 1)
        .labeled("Two layers on the digits", x: "epoch", y: "loss")
    case "wave":
      let x: [Double] = (0...60).map { Double($0) / 10 - 3 }
      let wave: [Double] = x.map { (x: Double) -> Double in x * x * x - 4 * x }
      let slope: [Double] = x.map { (x: Double) -> Double in 3 * x * x - 4 }
      return Plot.line(x, wave, name: "x³ - 4x")
        .overlaid(with: .line(x, slope, name: "its derivative"))
        .labeled(x: "x", y: "y")
    case "classes":
      let x: [Double] = (0..<80).map { (index: Int) -> Double in
        let tenths: Int = 10 * (index % 9) + index % 7
        return Double(tenths) / 10
      }
      let y: [Double] = (0..<80).map { (index: Int) -> Double in
        let hundredths: Int = 100 * (index * 37 % 11) - 7 * index
        return Double(hundredths) / 100
      }
      return Plot.scatter(x, y, classes: (0..<80).map { $0 % 8 })
        .labeled("Eight classes", x: "length", y: "width")
    case "bars":
      return Plot.bar(["loop", "mask", "a name that is long", "fused"], [0.82, 0.021, .nan, 0.4])
        .labeled("Time of a step", y: "milliseconds")
    case "groups":
      return Plot.bar(
        ["64", "256", "1024"],
        ["Blitz": [1.0, 2, 4], "PyTorch": [1.5, 2.5, -1], "JAX": [2, 1, 3]]
      ).labeled(x: "batch", y: "gain")
    case "histogram":
      let sums: [Double] = (0..<500).map { (index: Int) -> Double in
        let sum: Int = index * 7919 % 1000 + index * 104_729 % 1000
        return Double(sum) / 100
      }
      return Plot.histogram(sums).labeled("Sums", x: "value")
    case "confusion":
      return Plot.heatMap(
        [[40, 2, 0], [1, 38, 3], [0, 5, 41]], rows: ["circle", "square", "star"],
        columns: ["circle", "square", "star"]
      ).labeled("Confusion", x: "taken for", y: "is")
    case "map":
      let values: [[Double]] = (0..<60).map { (row: Int) -> [Double] in
        (0..<40).map { (column: Int) -> Double in Double((row - 30) * (column - 15)) / 450 }
      }
      return Plot.heatMap(values).labeled("A saddle", x: "column", y: "row")
    case "digits":
      let digits = Digits()
      let pixels = Tensor(Array(digits.pixels[..<640]), shape: [10, 1, 8, 8])
      let captions = digits.labels[..<10].map { "a \($0)" }
      return Plot.images(pixels, captions: captions).labeled("Ten digits")
    case "weights":
      let values: [Float] = (0..<1536).map { (index: Int) -> Float in
        Float(index * 31 % 97 - 48) / 48
      }
      return Plot.images(Tensor(values, shape: [24, 8, 8]))
    case "boundary":
      let points = try Spirals(pointsPerArm: 40, noise: 0, generator: Generator(seed: 0))
      return Plot.decisionBoundary(
        over: Tensor(points.points, shape: [120, 2]), labels: points.labels,
        names: points.classNames, resolution: 100
      ) { x in
        // The arm whose angle at this distance is nearest.
        let radius = x.square().sum(axis: 1).sqrt()
        let scores: [Tensor] = (0..<3).map { (arm: Int) -> Tensor in
          let angle: Tensor = 4 * radius + 4 * Double(arm)
          let (across, up): (Tensor, Tensor) = (x[..., 0], x[..., 1])
          return across * angle.sin() + up * angle.cos()
        }
        return stack(scores, axis: 1)
      }.labeled("Spirals", x: "x", y: "y")
    case "row":
      return Plot.row([try plot("curves"), try plot("bars")], title: "Side by side & <escaped>")
    default:
      return Plot.line([1.0, 2], [3.0])
    }
  }
}

extension Double {
  /// The same on every system, as the C library's `pow` need not be.
  func power(_ count: Int) -> Double { (0..<count).reduce(1.0) { product, _ in product * self } }
}
