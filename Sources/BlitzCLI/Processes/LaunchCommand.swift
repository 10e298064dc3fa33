import ArgumentParser
import Blitz
import BlitzProcesses
import BlitzSystem

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `blitz launch`: starts the processes of a job.
struct LaunchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "launch",
    abstract: "Start a command as several processes that train together.",
    discussion: """
      blitz launch --processes 2 -- blitz train --out run

      Each process takes its rows of every batch, and gradients are added up over all of them: the \
      network is the one that a single process would train. Process 0 prints and writes the files. \
      Lines come with the process's number before them. When a process dies, the others end within \
      seconds, and the last checkpoint is good: blitz train --resume.

      With --hosts the processes are shared out to hosts over ssh, which must let you in without a \
      password and have blitz and the data under the same paths; "localhost" needs no ssh. Give \
      --address, one of this machine's that the hosts reach.

      Under mpirun or srun nothing needs to be launched; see Docs/scale.md.
      """)

  @Option(help: "How many processes to start. (default: one for each host)")
  var processes: Int?

  @Option(
    help: ArgumentHelp(
      "Hosts to start them on, the first processes on the first. (default: this machine)",
      valueName: "a,b,..."))
  var hosts: String?

  @Option(help: "The address of this machine at which the processes meet.")
  var address = "127.0.0.1"

  @Option(help: "The port there; 0 takes one that is free.")
  var port: UInt16 = 0

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
  var command: [String] = []

  func run() throws {
    let hosts = (hosts ?? "localhost").split(separator: ",").map(String.init)
    let count = processes ?? hosts.count
    guard !command.isEmpty else {
      throw RunFailure.argument(
        "there is nothing to launch; write the command after --, as in: blitz launch "
          + "--processes 2 -- blitz train")
    }
    guard !hosts.isEmpty, count >= hosts.count, count <= 4096 else {
      throw RunFailure.argument(
        "--processes is \(count), for \(hosts.count) hosts; it takes one for each host, 4096 at "
          + "most")
    }
    let isLocal = hosts.allSatisfy(LaunchCommand.isHere)
    guard isLocal || address != "127.0.0.1" else {
      throw RunFailure.argument(
        "other hosts do not reach this one at 127.0.0.1; give one of its addresses with --address")
    }
    let server = try RendezvousTool(address: address, port: port, processCount: count)
    defer { server.process.send(SIGTERM) }
    Interrupt.install(counting: true)
    var children: [ChildProcess] = []
    do {
      for process in 0..<count {
        children.append(
          try start(process, of: count, on: hosts[process * hosts.count / count], server))
      }
    } catch {
      for child in children { child.send(SIGKILL) }
      throw error
    }
    var launcher = Launcher(children)
    let status = launcher.run(interruptions: { Interrupt.count })
    if status != 0 { throw ExitCode(status) }
  }

  private static func isHere(_ host: String) -> Bool { host == "localhost" || host == "127.0.0.1" }

  private func start(
    _ process: Int, of count: Int, on host: String, _ server: RendezvousTool
  ) throws -> ChildProcess {
    var words = command
    if words[0] == "blitz" { words[0] = LaunchCommand.executable }
    let variables = [
      ("BLITZ_RENDEZVOUS", "\(server.endpoint)"), ("BLITZ_PROCESS", "\(process)"),
      ("BLITZ_PROCESSES", "\(count)"),
      // What draws without a seed of its own draws the same in all of them.
      ("BLITZ_SEED", "\(Generator.shared.initialSeed)"),
    ]
    if LaunchCommand.isHere(host) {
      let child = try ChildProcess(words, environment: variables + [("BLITZ_TOKEN", server.token)])
      close(child.input)
      return child
    }
    // The token goes over standard input: arguments are there for everybody on the host to read.
    let names = ["BLITZ_SILENCE", "BLITZ_PJRT_PLUGIN", "BLITZ_LOG"]
    let passed = names.compactMap { name in
      ProcessInfo.processInfo.environment[name].map { (name, $0) }
    }
    let settings = (variables + passed).map { "\($0.0)=\(LaunchCommand.quoted($0.1))" }
    let folder = LaunchCommand.quoted(FileManager.default.currentDirectoryPath)
    let script =
      "read -r BLITZ_TOKEN && export BLITZ_TOKEN \(settings.joined(separator: " ")) && "
      + "cd \(folder) && exec \(words.map(LaunchCommand.quoted).joined(separator: " "))"
    let ssh = ProcessInfo.processInfo.environment["BLITZ_SSH"] ?? "ssh"
    let child = try ChildProcess([ssh, "-o", "BatchMode=yes", host, script])
    let line = Array("\(server.token)\n".utf8)
    _ = line.withUnsafeBytes { write(child.input, $0.baseAddress, $0.count) }
    close(child.input)
    return child
  }

  /// A word as a shell takes it back.
  private static func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// The path of this program.
  static var executable: String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    guard count > 0 else { return CommandLine.arguments[0] }
    return String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
