import ArgumentParser
import BlitzData
import BlitzSystem
import BlitzPlot

/// `blitz new`: a package to begin with.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a package that trains a network, with a test and a Dockerfile.",
    discussion: """
      The package uses this checkout of Blitz. Its program learns handwritten digits; an error \
      that nobody catches ends it with a message and exit code 1.
      """)

  @Argument(
    help: ArgumentHelp(
      "The folder to make; its last part is the package's name.", valueName: "NAME"))
  var path: String

  func run() throws {
    let package = try NewPackage(path, home: Checkout.home(having: "Sources/Blitz"))
    try package.write()
    let names = package.files.map(\.name).joined(separator: ", ")
    tell("wrote \(names) to \(package.folder)")
    writeOutput(
      """
      cd \(package.folder)
      swift run -c release     trains; the first time builds Blitz, for some minutes
      swift test -c release    tests, with the same build

      """)
  }
}
