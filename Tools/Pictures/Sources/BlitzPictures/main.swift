import Blitz
import BlitzPlot
import Foundation

// BlitzPictures FOLDER writes the pictures and listings of the article "How Blitz works" there:
// what Blitz itself says of one training step. BlitzPictures --train makes the step many times.

func write(_ text: String, _ name: String, to folder: String) throws {
  try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
}

func draw(to folder: String) throws {
  let log = try Log.ofTraining()
  let drawings = [
    ("graph", Drawing.graph(log)),
    ("plan", try Drawing.plan(log)),
  ]
  for (name, drawing) in drawings {
    try write(drawing.svg(dark: false), "step-\(name).svg", to: folder)
    try write(drawing.svg(dark: true), "step-\(name)~dark.svg", to: folder)
  }
  try write(log.graph + "\n", "step-graph.txt", to: folder)
  try write(log.plan + "\n", "step-plan.txt", to: folder)

  // The profile has kernels by their time, and those of equal text as one; the plan their order.
  let times = log.kernels.map { kernel in
    log.times.first { $0.kernel == kernel.summary }?.microseconds ?? .nan
  }
  let plot = Plot.bar(times.indices.map { "\($0)" }, times)
    .labeled("Where the time of a training step goes", x: "kernel", y: "microseconds")
  try write(plot.svg(theme: .light), "step-times.svg", to: folder)
  try write(plot.svg(theme: .dark), "step-times~dark.svg", to: folder)
}

do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  guard arguments.count == 1 else {
    throw PictureError("say where the pictures go: BlitzPictures FOLDER")
  }
  if arguments[0] == "--train" {
    var training = TrainingStep()
    _ = try training.run(3000)
  } else {
    try draw(to: arguments[0])
  }
} catch {
  FileHandle.standardError.write(Data("BlitzPictures: \(error)\n".utf8))
  exit(1)
}
