import Blitz
import Synchronization

/// The settings of a lesson's run, and where it reports its results.
public struct LessonRun: Sendable {
  /// The seed of the random numbers, which are those of PyTorch after `torch.manual_seed(seed)`.
  public var seed: UInt64
  /// The number of steps of gradient descent.
  public var steps: Int
  /// The device to compute on.
  public var device: Device
  private let take: @Sendable ([(name: String, value: LessonValue)]) -> Void
  private let picture: @Sendable (LessonPicture) -> Void
  private let kept = Kept()

  /// What notebooks draw from; a struct cannot hold the lock itself.
  private final class Kept: Sendable {
    let lines = Mutex<[String: [Double]]?>(nil)
  }

  /// Makes a run of a lesson.
  ///
  /// - Parameters:
  ///   - seed: the seed of the random numbers.
  ///   - steps: the number of steps of gradient descent.
  ///   - device: the device to compute on.
  ///   - draw: takes the curves that the lesson draws.
  ///   - report: takes the results, as names and values in order.
  public init(
    seed: UInt64 = 0, steps: Int = 500, device: Device = .default,
    draw: @escaping @Sendable (LessonPicture) -> Void = { _ in },
    report: @escaping @Sendable ([(name: String, value: LessonValue)]) -> Void
  ) {
    self.seed = seed
    self.steps = steps
    self.device = device
    picture = draw
    take = report
  }

  /// Makes a run for a notebook: it prints some of the steps, and keeps all values for plots.
  ///
  ///     let run = LessonRun(steps: 500)
  ///     ...
  ///     Plot.line(run["loss"])
  public init(
    seed: UInt64 = 0, steps: Int = 500, device: Device = .default, printingEvery every: Int = 100
  ) {
    self.init(seed: seed, steps: steps, device: device) { line in
      if case .integer(let step)? = line.first(where: { $0.name == "step" })?.value,
        step % every != every - 1, step != steps - 1
      {
        return
      }
      print(line.map { "\($0.name) \($0.value.text)" }.joined(separator: "  "))
    }
    kept.lines.withLock { $0 = [:] }
  }

  /// All values that were reported under a name, in order; empty unless this is a notebook's run.
  public subscript(name: String) -> [Double] { kept.lines.withLock { $0?[name] ?? [] } }

  /// Reports the loss of a step.
  public func report(step: Int, loss: Double) {
    report([("step", .integer(step)), ("loss", .number(loss))])
  }

  /// Reports the loss of a step, and the number of layers it went through.
  public func report(step: Int, loss: Double, depth: Int) {
    report([("step", .integer(step)), ("loss", .number(loss)), ("depth", .integer(depth))])
  }

  /// Reports the derivative at 0 of one way to write it, and the time it takes.
  public func report(version: String, atZero: Double, milliseconds: Double) {
    report([
      ("version", .text(version)), ("at_zero", .number(atZero)),
      ("milliseconds", .number(milliseconds)),
    ])
  }

  /// Reports the accuracies of a network, as shares of 1.
  public func report(network: String, trainingAccuracy: Double, testAccuracy: Double) {
    report([
      ("network", .text(network)), ("training_accuracy", .number(trainingAccuracy)),
      ("test_accuracy", .number(testAccuracy)),
    ])
  }

  /// Draws curves over the same steps.
  public func draw(_ title: String, x: String, _ curves: [(name: String, values: [Double])]) {
    kept.lines.withLock { lines in
      for curve in curves where lines != nil { lines?[curve.name] = curve.values }
    }
    picture(LessonPicture(title: title, xLabel: x, series: curves))
  }

  private func report(_ line: [(name: String, value: LessonValue)]) {
    kept.lines.withLock { lines in
      for (name, value) in line where lines != nil {
        if let number = value.plotted { lines?[name, default: []].append(number) }
      }
    }
    take(line)
  }
}

extension LessonValue {
  /// As a notebook prints it: of a measured number the digits of a Float.
  fileprivate var text: String {
    switch self {
    case .text(let text): text
    case .integer(let number): "\(number)"
    case .number(let number): "\(Float(number))"
    }
  }

  /// The number, if it is one.
  fileprivate var plotted: Double? {
    switch self {
    case .text: nil
    case .integer(let number): Double(number)
    case .number(let number): number
    }
  }
}
