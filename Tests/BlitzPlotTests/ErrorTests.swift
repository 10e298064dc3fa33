import Blitz
import BlitzPlot
import Testing

@Suite("plots that cannot be made")
struct ErrorTests {
  static let nothing = "there is no finite number to draw\n  help: give one or more"

  // Made one by one: the type checker takes long for one array of them.
  static let cases: [(plot: Plot, message: String)] = {
    let none: [Double] = []
    let points = Tensor.zeros([3, 2])
    var all: [(Plot, String)] = []
    all.append((.line(none), "Plot.line: \(nothing)"))
    all.append((.line([Double.nan, .infinity]), "Plot.line: \(nothing)"))
    all.append((.line([1.0, 2], [3.0]), "Plot.line: 2 x, but 1 y\n  help: give one y for each x"))
    all.append((.scatter(none, none), "Plot.scatter: \(nothing)"))
    all.append(
      (
        .line(Tensor.zeros([2, 3])),
        """
        Plot: takes tensors of one axis, this one has 2
          tensor: float32[2, 3]
          help:   pick a row or a column by index, or write .reshaped(to: [-1])
        """
      ))
    all.append(
      (
        .scatter([1.0, 2], [1.0, 2], classes: [0]),
        "Plot.scatter: 2 points, but 1 classes\n  help: give the class of each point"
      ))
    all.append(
      (
        .scatter([1.0], [1.0], classes: [0.5]),
        "Plot.scatter: 0.5 is no class\n  help: number the classes 0, 1, 2 ..., at most 999"
      ))
    all.append(
      (
        .bar(["a", "b"], [1.0]),
        "Plot.bar: 2 names, but 1 values\n  help: give a value for each name"
      ))
    all.append((.bar([], none), "Plot.bar: \(nothing)"))
    all.append(
      (
        .histogram([1.0], bins: 0),
        "Plot.histogram: 0 bins\n  help: give 1 to 10000, or leave it out"
      ))
    all.append((.histogram([Double.nan]), "Plot.histogram: \(nothing)"))
    all.append(
      (
        .heatMap([[1.0, 2], [3]]),
        "Plot.heatMap: row 0 has 2 numbers, row 1 has 1\n  help: give rows of one length"
      ))
    all.append(
      (
        .heatMap([[1.0, 2]], rows: ["a", "b"]),
        "Plot.heatMap: 1 rows, but 2 names for them\n  help: name all or none"
      ))
    all.append(
      (
        .heatMap(Tensor.zeros([2])),
        "Plot.heatMap: takes [rows, columns]\n  values: float32[2]\n  help:   reshape it first"
      ))
    all.append(
      (
        .images(Tensor.zeros([1, 2, 3, 4])),
        """
        Plot.images: takes [height, width], [count, height, width] or [count, 1 or 3, height, width]
          tensor: float32[1, 2, 3, 4]
          help:   reshape it first
        """
      ))
    all.append(
      (
        .images(Tensor.zeros([1025, 1, 1])),
        "Plot.images: 1025 pictures\n  help: give 1 to 1024, such as the first of them"
      ))
    all.append(
      (
        .images(Tensor.zeros([2, 1, 1]), captions: ["a"]),
        "Plot.images: 2 pictures, but 1 captions\n  help: give one for each, or none"
      ))
    all.append(
      (
        .images(Tensor.zeros([2, 1, 1]), columns: 0),
        "Plot.images: 0 columns\n  help: give 1 or more"
      ))
    all.append(
      (
        .decisionBoundary(over: Tensor.zeros([3]), labels: [0]) { $0 },
        """
        Plot.decisionBoundary: takes points of [count, 2]
          points: float32[3]
          help:   pick the two columns to draw by index
        """
      ))
    all.append(
      (
        .decisionBoundary(over: points, labels: [0, 0, 0], resolution: 10) { $0.sum() },
        """
        Plot.decisionBoundary: the model returned another shape for 70 points
          points: float32[70, 2]
          output: float32[]
          help:   return [count, classes], [count, 1] or [count]
        """
      ))
    all.append(
      (
        .decisionBoundary(over: points, labels: [0, 0, 0], resolution: 1) { $0 },
        "Plot.decisionBoundary: a resolution of 1\n  help: give 2 to 1000"
      ))
    all.append(
      (
        .line([0.0, -1]).scaled(y: .logarithmic),
        """
        Plot.scaled: the logarithmic y axis has no number above 0 to show
          help: leave that axis linear
        """
      ))
    all.append((.row([]), "Plot.row: there are no plots\n  help: give one or more"))
    all.append(
      (
        Plot.line([1.0]).overlaid(with: .heatMap([[1.0]])),
        """
        Plot.overlaid: only lines, dots, histograms and regions share axes
          help: put the plots side by side with Plot.row
        """
      ))
    return all
  }()

  @Test("say what was wrong, in the picture's place and when written", arguments: cases.indices)
  func messages(index: Int) {
    let (plot, message) = ErrorTests.cases[index]
    #expect(plot.error?.message == message)
    #expect(plot.terminal() == message)
    #expect(plot.svg.contains("class=\"error\""))
    // Not #expect(throws:), which describes the error: in a debug build, looking up its line takes
    // a second.
    var thrown: (any Error)?
    do { try plot.write(to: "/nowhere/a.svg") } catch { thrown = error }
    #expect((thrown as? TensorError)?.message == message)
    // What follows passes the error on.
    let next = plot.labeled("a").scaled(x: .linear).overlaid(with: .line([1.0]))
    #expect(next.error?.message == message)
    #expect(Plot.row([.line([1.0]), plot]).error?.message == message)
  }

  @Test("carry a tensor's own error")
  func carried() {
    let wrong = Tensor.zeros([2, 3]).matmul(Tensor.zeros([4, 5]))
    for plot in [Plot.line(wrong), .heatMap(wrong), .images(wrong), .line(["a": wrong])] {
      #expect(plot.error?.op == "matmul")
    }
  }

  @Test("draw what is one number, the same numbers, or huge")
  func extremes() {
    for values in [
      [1.0, 1], [0.0, 0], [5.0, 5, 5, 5], [1e300, -1e300],
      [.leastNonzeroMagnitude, .leastNormalMagnitude], [.nan, 3],
      [.greatestFiniteMagnitude, -.greatestFiniteMagnitude],
    ] {
      let plots = [
        Plot.line(values), .scatter(values, values), .histogram(values), .heatMap([values]),
        .bar(values.map { "\($0)" }, values), .images(Tensor(values, shape: [1, 1, values.count])),
        .decisionBoundary(
          over: Tensor(values + [1, 2], shape: [values.count / 2 + 1, 2]),
          labels: [Int](repeating: 0, count: values.count / 2 + 1), resolution: 4
        ) { $0 },
      ]
      for plot in plots {
        #expect(plot.error == nil)
        #expect(!plot.svg.contains("nan ") && !plot.svg.contains("\"nan"))
        #expect(!plot.terminal(color: true).isEmpty)
      }
    }
  }
}
