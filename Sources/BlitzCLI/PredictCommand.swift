import BlitzPlot
import ArgumentParser
import Blitz
import BlitzData

/// `blitz predict`: what a trained network makes of images or rows.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Let a trained network tell the class of images, or of the rows of tables.",
    discussion: """
      Images are brought to the size and the channels that the network takes. Columns of a table \
      are found by their names, if they have any; a label is not looked at.
      """)

  @Argument(help: ArgumentHelp("A folder that blitz train --out has written.", valueName: "DIR"))
  var folder: String

  @Argument(help: ArgumentHelp("Images or tables.", valueName: "FILE"))
  var files: [String]

  @Option(parsing: .unconditional, help: "How many classes to tell, the most probable first.")
  var top = 1

  @Flag(help: "Swap light and dark: for dark ink on white, where the network knows light on dark.")
  var invert = false

  @Option(help: "Whether the first row of a table holds names. (default: as the rows look)")
  var header: HeaderChoice?

  @Option(help: Device.argumentHelp)
  var device: String?

  @Flag(help: "Print one JSON object a line, for programs.")
  var json = false

  func validate() throws {
    guard 1...10_000 ~= top else {
      throw ValidationError("--top is \(top); it takes 1 to 10000")
    }
  }

  func run() throws {
    let device = try Device.requested(device ?? "cpu")
    let saved = try SavedNetwork(folder: folder)
    guard !saved.network.classNames.isEmpty || saved.network.target != nil else {
      throw RunFailure.run("\(folder): its network answers numbers, not classes")
    }
    saved.model.to(device)
    let reader = PredictionInput(
      network: saved.network, isInverted: invert, hasHeader: header.map { $0 == .yes })
    for file in files {
      let input = try reader.read(file)
      if !json { for note in input.notes { print("\(file): \(note)") } }
      if saved.network.target != nil {
        let numbers = try noGrad {
          try saved.network.numbers(saved.model(input.numbers.to(device)))
        }
        for (line, number) in zip(input.lines, numbers) {
          tell(file, line: line, number, saved.network)
        }
        continue
      }
      let answers = try noGrad {
        try saved.network.probabilities(saved.model(input.numbers.to(device))).scalars(
          as: Float.self)
      }
      for (place, line) in input.lines.enumerated() {
        let count = saved.network.outputSize
        let row = Array(answers[place * count..<(place + 1) * count])
        tell(file, line: line, change: input.change, row, saved.network)
      }
    }
  }

  private func tell(_ file: String, line: Int?, _ number: Double, _ network: NetworkDescription) {
    let name = network.table?.label.name ?? ""
    guard json else {
      let title = name.isEmpty ? "" : "\(name) "
      print("\(line.map { "\(file), row \($0)" } ?? file): \(title)\(number.short)")
      return
    }
    var object = JSONLine(["file": .string(file)])
    if let line { object.append("row", .integer(line)) }
    object.append("name", .string(name))
    object.append("value", .number(number))
    print(object)
  }

  private func tell(
    _ file: String, line: Int?, change: String?, _ probabilities: [Float],
    _ network: NetworkDescription
  ) {
    // Equal ones in the order of the classes.
    let order = probabilities.indices.sorted {
      (-probabilities[$0], $0) < (-probabilities[$1], $1)
    }
    let best = order.prefix(top)
    if json {
      var object = JSONLine(["file": .string(file)])
      if let line { object.append("row", .integer(line)) }
      if let change { object.append("change", .string(change)) }
      for index in best.prefix(1) {
        object.append("class", .integer(index))
        object.append("name", .string(network.className(index)))
        object.append("probability", .float(probabilities[index]))
      }
      if top > 1 {
        object.append(
          "top",
          .list(
            best.map { index in
              .object(
                JSONLine([
                  "class": .integer(index), "name": .string(network.className(index)),
                  "probability": .float(probabilities[index]),
                ]))
            }))
      }
      print(object)
      return
    }
    let place = line.map { "\(file), row \($0)" } ?? file
    let words = best.map { index in
      "\(network.className(index)) \((100 * Double(probabilities[index])).decimal(1)) %"
    }
    print("\(place): \(words.joined(separator: ", "))" + (change.map { "  (\($0))" } ?? ""))
  }
}
