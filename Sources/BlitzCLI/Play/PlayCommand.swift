import ArgumentParser
import BlitzSystem

/// `blitz play`: a page with a network that learns while its controls are moved.
struct PlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play",
    abstract: "Open a page on this machine, and watch a network learn.",
    discussion: """
      The page is served to this machine only, at an address that is printed, until Control-C. \
      The first time, the server is built.
      """)

  @Option(help: "The port to listen on; 0 for one that is free.")
  var port: UInt16 = 0

  @Flag(help: "Print the address and open no browser.")
  var noBrowser = false

  @Flag(help: "Build the server anew, after the sources have changed.")
  var rebuild = false

  func run() throws {
    let server = try ToolPackage.located("Play").built("BlitzPlay", anew: rebuild)
    let options = ["--port", "\(port)"] + (noBrowser ? ["--no-browser"] : [])
    try Subprocess.become([server] + options)
  }
}
