import BlitzData
import BlitzProcesses
import BlitzSystem

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The server of `Tools/Rendezvous`, built the first time it is needed, and running.
struct RendezvousTool {
  let process: ChildProcess
  let endpoint: Endpoint
  let token: String

  /// Starts the server; it ends when this process does.
  ///
  /// - Throws: `RunFailure` if it cannot be found, built or started.
  init(address: String, port: UInt16, processCount: Int) throws {
    var random = SystemRandomNumberGenerator()
    token = (0..<4).map { _ in String(random.next(), radix: 36) }.joined()
    let silence = try JobPlace.silence(environment: ProcessInfo.processInfo.environment)
    process = try ChildProcess(
      [
        RendezvousTool.program(), "--processes", "\(processCount)", "--address", address,
        "--port", "\(port)", "--until-input-ends",
      ] + (silence.map { ["--silence", "\($0)"] } ?? []), environment: [("BLITZ_TOKEN", token)])
    let start = "listening at "
    let line = String(decoding: RendezvousTool.line(process.output), as: UTF8.self)
    guard line.hasPrefix(start), let endpoint = try? Endpoint(String(line.dropFirst(start.count)))
    else {
      var message = ""
      while case let text = RendezvousTool.line(process.error), !text.isEmpty {
        message += String(decoding: text, as: UTF8.self) + " "
      }
      throw RunFailure.run("the rendezvous does not start: \(message)")
    }
    self.endpoint = endpoint
  }

  /// The next line, or nothing at the end.
  private static func line(_ file: Int32) -> [UInt8] {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(file, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
    return line
  }

  /// Where the server's program is: `BLITZ_RENDEZVOUS_TOOL`, beside this one, or in the checkout
  /// that this one was built in, where it is built if it is not yet.
  private static func program() throws -> String {
    if let path = ProcessInfo.processInfo.environment["BLITZ_RENDEZVOUS_TOOL"] { return path }
    let name = "blitz-rendezvous"
    let here = LaunchCommand.executable.split(separator: "/").dropLast().map(String.init)
    let beside = "/" + (here + [name]).joined(separator: "/")
    if FileSystem.exists(beside) { return beside }
    return try ToolPackage.located("Rendezvous").built(name)
  }
}
