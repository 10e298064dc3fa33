import Blitz

/// A short program to read from top to bottom, and to run.
public struct Lesson: Sendable {
  /// The name of the lesson on the command line.
  public let name: String
  /// What the lesson shows, in one line.
  public let summary: String
  /// Runs the lesson.
  public let run: @Sendable (LessonRun) throws -> Void

  /// All lessons, in the order in which to read them.
  public static let all = [
    Lesson(
      name: "vectorized",
      summary: "the derivative of ReLU as a loop and as a mask: speed, and what happens at 0",
      run: vectorized),
    Lesson(
      name: "arrays", summary: "a two-layer network with the gradients worked out by hand",
      run: arrays),
    Lesson(
      name: "tensors", summary: "the same on a device of your choice, with the words for it",
      run: tensors),
    Lesson(
      name: "autograd", summary: "the library works out the gradients", run: autograd),
    Lesson(
      name: "custom-function", summary: "a function of your own, with its own gradient",
      run: customFunction),
    Lesson(
      name: "compiled", summary: "the whole training step planned once, then only run",
      run: compiled),
    Lesson(
      name: "nn", summary: "layers and losses instead of weights and formulas", run: network),
    Lesson(name: "optim", summary: "an optimizer takes the step downhill", run: optimizer),
    Lesson(name: "module", summary: "a network that is a type of your own", run: customModule),
    Lesson(
      name: "dynamic", summary: "control flow that changes from step to step, and shared weights",
      run: dynamic),
    Lesson(
      name: "what-it-lacks",
      summary: "what bias, weight decay and dropout change, on real handwritten digits",
      run: whatItLacks),
  ]
}

/// A value in a lesson's report.
public enum LessonValue: Sendable, Equatable {
  /// A name or a sentence.
  case text(String)
  /// A count.
  case integer(Int)
  /// A measured value.
  case number(Double)
}

/// Curves of a lesson over the same steps.
public struct LessonPicture: Sendable {
  /// The title of the picture.
  public var title: String
  /// The name of the steps.
  public var xLabel: String
  /// The curves.
  public var series: [(name: String, values: [Double])]
}
