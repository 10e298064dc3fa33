import BlitzPlot
import ArgumentParser
import Blitz
import BlitzData
import BlitzLessons

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

  @Option(help: Device.argumentHelp)
  var device: String?

  func validate() throws {
    guard 1...10_000_000 ~= steps else {
      throw ValidationError("--steps is \(steps); it takes 1 to 10000000")
    }
    guard every >= 1 else { throw ValidationError("--every is \(every); it takes 1 or more") }
  }

  func run() throws {
    guard let name else {
      list()
      return
    }
    guard let lesson = Lesson.all.first(where: { $0.name == name }) else {
      throw RunFailure.argument(
        "there is no lesson \(JSONText.quoted(name)); the lessons are "
          + Lesson.all.map(\.name).joined(separator: ", "))
    }
    let (steps, every, json) = (steps, every, json)
    let run = LessonRun(
      seed: seed, steps: steps, device: try Device.requested(device ?? "cpu"),
      draw: { if !json { draw($0) } }
    ) { members in
      // Steps between those that were asked for pass in silence; the last always shows.
      if case .integer(let step) = members.first(where: { $0.name == "step" })?.value,
        step % every != 0 && step != steps - 1
      {
        return
      }
      writeOutput(json ? jsonLine(lesson: name, members) : plainLine(members))
    }
    try lesson.run(run)
  }

  private func list() {
    if json {
      for lesson in Lesson.all {
        print(JSONLine(["lesson": .string(lesson.name), "summary": .string(lesson.summary)]))
      }
      return
    }
    tell("blitz lesson NAME runs one of these:")
    let width = Lesson.all.map(\.name.count).max() ?? 0
    for lesson in Lesson.all {
      let padding = String(repeating: " ", count: width - lesson.name.count)
      tell("  \(lesson.name)\(padding)  \(lesson.summary)", hanging: width + 4)
    }
  }
}

/// Curves under the report's lines.
private func draw(_ picture: LessonPicture) {
  let plot = Plot.lines(picture.series.map { ($0.name, $0.values) })
    .labeled(x: picture.xLabel, y: picture.title)
  writeOutput("\n\(Terminal.standardOutput.text(of: plot))\n")
}

/// `{"lesson":"autograd","step":0,"loss":29312344.0}` and the end of the line.
private func jsonLine(lesson: String, _ members: [(name: String, value: LessonValue)]) -> String {
  var line = JSONLine(["lesson": .string(lesson)])
  for (name, value) in members {
    switch value {
    case .text(let text): line.append(name, .string(text))
    case .integer(let number): line.append(name, .integer(number))
    case .number(let number): line.append(name, .number(number))
    }
  }
  return "\(line)\n"
}

/// A step and its loss as Python's print shows them; other reports with their names.
private func plainLine(_ members: [(name: String, value: LessonValue)]) -> String {
  let isStep = members.map(\.name) == ["step", "loss"]
  let words = members.map { name, value in
    let text =
      switch value {
      case .text(let text): text
      case .integer(let number): "\(number)"
      case .number(let number): isStep ? "\(number)" : number.short
      }
    if isStep { return text }
    // What is told apart comes first, in a column as wide as the longest of them.
    if name == members[0].name {
      return text + String(repeating: " ", count: max(0, 18 - text.count))
    }
    return "\(name.replacing("_", with: " ")) \(text)"
  }
  return words.joined(separator: isStep ? " " : "  ") + "\n"
}
