import Foundation
import Testing

/// The built command, run as a user runs it.
struct Command {
  var status: Int32
  var output: String
  var error: String

  /// The folder of the test bundle is where SwiftPM puts the command, too.
  static let executable = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("blitz")

  /// Runs `blitz` with these arguments and waits for its end.
  ///
  /// - Parameters:
  ///   - interruptAfter: a text; when the output contains it, SIGINT is sent.
  ///   - environment: variables that are set, beside those of the tests. `BLITZ_SEED` is 0: what
  ///     names no seed draws the same numbers in every run of the tests.
  ///   - without: variables of the tests that are not.
  ///   - starter: a program that starts the command, with its arguments.
  ///   - limit: seconds after which it is ended.
  static func run(
    _ arguments: [String], interruptAfter: String? = nil, environment: [String: String] = [:],
    without: [String] = [], under starter: [String] = [], within limit: Double = 300
  ) throws -> Command {
    let process = Process()
    var variables = ProcessInfo.processInfo.environment
    variables["BLITZ_SEED"] = "0"
    for name in without { variables[name] = nil }
    process.environment = variables.merging(environment) { $1 }
    process.executableURL = executable
    process.arguments = arguments
    if !starter.isEmpty {
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = starter + [executable.path] + arguments
    }
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    try process.run()
    // A command that does not end must not hold up the tests.
    let deadline = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: deadline)
    defer { deadline.cancel() }
    var text = ""
    var hasInterrupted = false
    while true {
      let piece = output.fileHandleForReading.availableData
      if piece.isEmpty { break }
      text += String(decoding: piece, as: UTF8.self)
      if let interruptAfter, !hasInterrupted, text.contains(interruptAfter) {
        process.interrupt()
        hasInterrupted = true
      }
    }
    let errorText = String(
      decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Command(status: process.terminationStatus, output: text, error: errorText)
  }

  /// The lines of the output, each as a JSON object.
  func objects() throws -> [[String: Any]] {
    try output.split(separator: "\n").map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }
}

/// How much the tests do.
enum TestSize {
  /// `BLITZ_TEST_FULL=1`, which `.ci/run` sets: also what takes minutes.
  static let isFull = ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1"
}

/// A folder of its own, gone after the test.
final class TemporaryFolder {
  let path = "\(NSTemporaryDirectory())/blitz-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and gives its path.
  func file(_ name: String, _ text: String) throws -> String {
    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
    return "\(path)/\(name)"
  }
}
