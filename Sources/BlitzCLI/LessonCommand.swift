import ArgumentParser

/// `blitz lesson`: lists the lessons, or runs one.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson",
    abstract: "List the lessons, or run one.",
    discussion: """
      Each lesson trains the same network of 1000 inputs, 100 hidden units and 10 outputs on 64 \
      random rows, a step further from plain arrays. With a seed, the losses are those that \
      PyTorch prints after torch.manual_seed.
      """)

  @Argument(help: "The lesson to run; without it, the lessons are listed.")
  var name: String?

  @Option(parsing: .unconditional, help: "Seed of the data and the weights.")
  var seed: UInt64 = 0

  @Option(parsing: .unconditional, help: "Steps of gradient descent.")
  var steps = 500

  @Option(parsing: .unconditional, help: "Print the loss of every so many steps.")
  var every = 1

  @Flag(help: "Print one JSON object a line, for programs.")
  var json = false

  @Option(help: "Where to compute.")
  var device = "cpu"

  func validate() throws {
    guard 1...10_000_000 ~= steps else {
      throw ValidationError("--steps is \(steps); it takes 1 to 10000000")
    }
    guard every >= 1 else { throw ValidationError("--every is \(every); it takes 1 or more") }
  }
}
