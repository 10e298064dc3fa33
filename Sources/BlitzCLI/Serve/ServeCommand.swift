import ArgumentParser
import BlitzData
import BlitzSystem

/// `blitz serve`: a trained network or an ONNX model, over HTTP.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer requests over HTTP with a trained network or an ONNX model.",
    discussion: """
      POST /predict takes JSON, {"inputs": [[...]]}, rows of a table by their columns' names, \
      {"rows": [{...}]}, an image, or arrays as npz or safetensors. The page at / shows what the \
      model takes and an example; /openapi.json says it to programs, /metrics to Prometheus. What \
      waits together is computed together. Control-C ends it, when what was asked is answered. The \
      first time, the server is built.
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder that blitz train --out has written, or a model.", valueName: "MODEL"))
  var model: String

  @Option(help: "The address to listen on; 0.0.0.0 for all of this machine's.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 for one that is free.")
  var port: UInt16 = 8080

  @Option(parsing: .unconditional, help: "The most rows that are computed at once.")
  var batch = 64

  @Option(
    parsing: .unconditional,
    help: "Milliseconds that a request waits for others to be computed with it.")
  var wait = 0

  @Option(parsing: .unconditional, help: "The most requests that wait; others get the status 429.")
  var queue = 256

  @Option(parsing: .unconditional, help: "The most megabytes of a request's body.")
  var body = 16

  @Flag(help: "Build the server anew, after the sources have changed.")
  var rebuild = false

  func validate() throws {
    for (name, value, range) in [
      ("batch", batch, 1...4096), ("wait", wait, 0...1000), ("queue", queue, 1...100_000),
      ("body", body, 1...1024),
    ] where !range.contains(value) {
      throw ValidationError(
        "--\(name) is \(value); it takes \(range.lowerBound) to \(range.upperBound)")
    }
  }

  func run() throws {
    // What is wrong with the model is said before anything is built.
    let served = try servedModel()
    let server = try ToolPackage.located("Serve").built("BlitzServe", anew: rebuild)
    try Subprocess.become(
      [server, served, "--name", model, "--host", host, "--port", "\(port)", "--batch", "\(batch)"]
        + ["--wait", "\(wait)", "--queue", "\(queue)", "--body", "\(body)"])
  }

  /// The model's file. That of a trained network has no name in any folder: the server inherits it
  /// open, and it is gone with the server.
  private func servedModel() throws -> String {
    guard DataName.isFolder(model) else {
      guard FileSystem.exists(model) else {
        throw RunFailure.run(
          "\(model): is not there; name a folder that blitz train --out has written, or a model in "
            + "the ONNX format")
      }
      return model
    }
    let saved = try SavedNetwork(folder: model)
    return try withTemporaryFolder { folder in
      let path = "\(folder)/model.onnx"
      try saved.export(to: path)
      let file = open(path, O_RDONLY)
      guard file >= 0 else { throw RunFailure.run("\(path): cannot be opened again") }
      return "/dev/fd/\(file)"
    }
  }
}
