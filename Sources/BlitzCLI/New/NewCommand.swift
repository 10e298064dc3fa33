import ArgumentParser
import BlitzData
import BlitzSystem
import BlitzPlot

/// `blitz new`: a package to begin with.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a package that trains a network, or serves one, with a Dockerfile.",
    discussion: """
      The package uses this checkout of Blitz. Its program learns handwritten digits, and has a \
      test; an error that nobody catches ends it with a message and exit code 1. With --server it \
      answers requests over HTTP with a model in the ONNX format.
      """)

  @Argument(
    help: ArgumentHelp(
      "The folder to make; its last part is the package's name.", valueName: "NAME"))
  var path: String

  @Flag(help: "Make a server that answers with a model, and a unit for systemd.")
  var server = false

  func run() throws {
    let part = server ? "Examples/Server" : "Sources/Blitz"
    let package = try NewPackage(path, home: Checkout.home(having: part))
    let files = server ? try package.serverFiles() : package.files
    try package.write(files)
    tell("wrote \(files.map(\.name).joined(separator: ", ")) to \(package.folder)")
    let steps =
      server
      ? """
      swift run -c release \(package.module) model.onnx    serves; the first time it builds Blitz, \
      for some minutes
      curl -d '[[5.1, 3.5, 1.4, 0.2]]' 127.0.0.1:8080/predict
      """
      : """
      swift run -c release     trains; the first time builds Blitz, for some minutes
      swift test -c release    tests, with the same build
      """
    writeOutput("cd \(package.folder)\n\(steps)\n")
  }
}
