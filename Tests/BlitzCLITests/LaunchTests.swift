import BlitzData
import BlitzProcesses
import BlitzTensor
import Foundation
import Testing

@testable import BlitzCLI

/// The command as its users have it, with the server that it builds: minutes the first time, which
/// `.ci/run` has.
@Suite(
  "blitz launch", .serialized, .timeLimit(.minutes(10)),
  .enabled(if: TestSize.isFull, "these take minutes: BLITZ_TEST_FULL=1"))
struct LaunchTests {
  /// What the first use has to build is built before the tests' clocks run.
  private static let prepared = Result {
    try Command.run(["launch", "--processes", "1", "--", "true"], within: 900)
  }

  init() throws {
    let result = try Self.prepared.get()
    try #require(result.status == 0, "\(result.error)")
  }

  /// The lines of process 0, without its number.
  private func first(_ result: Command) -> [String] {
    result.output.split(separator: "\n").filter { $0.hasPrefix("[0] ") }
      .map { String($0.dropFirst(4)) }
  }

  @Test("passes on lines with the process's number, and its place in the environment")
  func lines() throws {
    let result = try Command.run([
      "launch", "--processes", "3", "--", "sh", "-c",
      "echo $BLITZ_PROCESS of $BLITZ_PROCESSES; echo warning >&2; printf unfinished",
    ])
    #expect(result.status == 0)
    #expect(
      result.output.split(separator: "\n").sorted()
        == (0..<3).flatMap { ["[\($0)] \($0) of 3", "[\($0)] unfinished"] })
    #expect(
      result.error.split(separator: "\n").filter { $0.hasPrefix("[") }.sorted()
        == (0..<3).map { "[\($0)] warning" })
  }

  @Test("ends with the first failure, and says whose it was")
  func failure() throws {
    let start = ContinuousClock.now
    let result = try Command.run([
      "launch", "--processes", "2", "--", "sh", "-c", "[ $BLITZ_PROCESS = 0 ] && sleep 250; exit 7",
    ])
    #expect(result.status == 7)
    #expect(
      result.error.hasSuffix("process 1 of 2 ended with exit code 7; the others were ended\n"))
    #expect(ContinuousClock.now - start < .seconds(200))
  }

  @Test(
    "two processes train what one does",
    arguments: [
      // 1437 rows in batches of 16: the last has 13, which 2 does not divide, nor 3 anything.
      (2, ["--epochs", "2"]),
      (3, ["--epochs", "1", "--model", "mlp", "--clip", "0.5", "--schedule", "cosine"]),
      (2, ["--epochs", "2", "--accumulate", "3", "--optimizer", "adam"]),
      (2, ["--data", "random", "--epochs", "5"]),
      // A last batch of one row leaves a process without any.
      (2, ["--batch", "718", "--epochs", "3", "--schedule", "plateau"]),
    ])
  func equality(processes: Int, arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let alone = try Command.run(
      ["train", "--json", "--seed", "0"] + arguments + ["--out", "\(folder.path)/alone"])
    let together = try Command.run(
      ["launch", "--processes", "\(processes)", "--", "blitz", "train", "--json", "--seed", "0"]
        + arguments + ["--out", "\(folder.path)/together"])
    #expect(alone.status == 0, "\(alone.error)")
    #expect(together.status == 0, "\(together.error)")
    #expect(together.output.split(separator: "\n").count == first(together).count)
    var lines = together
    lines.output = first(together).joined(separator: "\n")
    try expectEqual(lines, alone)
    try expectEqualWeights("\(folder.path)/together", "\(folder.path)/alone")
  }

  @Test("processes share one seed where none is named")
  func sharedSeed() throws {
    let folder = try TemporaryFolder()
    let together = try Command.run(
      words("launch --processes 2 -- blitz train --json --epochs 1 --out \(folder.path)/together"),
      without: ["BLITZ_SEED"])
    #expect(together.status == 0, "\(together.error)")
    var lines = together
    lines.output = first(together).joined(separator: "\n")
    let seed = try #require(try lines.objects().first?["seed"] as? Int)
    #expect(try lines.objects().last?["seed"] as? Int == seed)
    // As a process alone makes of it: all had the same weights and order.
    let alone = words("train --json --epochs 1 --seed \(seed) --out \(folder.path)/alone")
    #expect(try Command.run(alone).status == 0)
    try expectEqualWeights("\(folder.path)/together", "\(folder.path)/alone")
    // Programs that are not blitz have it from the environment.
    let others = try Command.run(
      ["launch", "--processes", "3", "--", "sh", "-c", "echo $BLITZ_SEED"], without: ["BLITZ_SEED"])
    let seeds = others.output.split(separator: "\n").map { $0.dropFirst(4) }
    #expect(seeds.count == 3 && Set(seeds).count == 1 && UInt64(seeds[0]) != nil)
  }

  @Test(
    "a process that dies or hangs ends the others in time, and its run goes on from the checkpoint",
    arguments: [SIGKILL, SIGSTOP])
  func death(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = Command.executable
    // As long as it takes; every epoch is a fraction of a second.
    process.arguments = [
      "launch", "--processes", "2", "--", "sh", "-c",
      "echo $$ > \(folder.path)/$BLITZ_PROCESS; exec \(Command.executable.path) train --json "
        + "--epochs 100000 --out \(folder.path)/run",
    ]
    // Who stands still is found by its silence alone; who dies, long before.
    let silence = signal == SIGSTOP ? "5" : "200"
    process.environment = ProcessInfo.processInfo.environment
      .merging(["BLITZ_SILENCE": silence]) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    defer { process.terminate() }
    DispatchQueue.global().async { _ = output.fileHandleForReading.readDataToEndOfFile() }
    let checkpoint = "\(folder.path)/run/checkpoint.safetensors"
    let limit = ContinuousClock.now + .seconds(200)
    while !FileManager.default.fileExists(atPath: checkpoint), ContinuousClock.now < limit {
      usleep(20_000)
    }
    let identifier = try #require(
      Int32(
        String(contentsOfFile: "\(folder.path)/1", encoding: .utf8)
          .trimmingCharacters(in: .whitespacesAndNewlines)))
    kill(identifier, signal)
    let start = ContinuousClock.now
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let took = ContinuousClock.now - start
    #expect(took < .seconds(100))
    // Whoever notices first: the one that died, or the one that heard of it.
    #expect(process.terminationStatus == (signal == SIGKILL ? 128 + SIGKILL : 1))
    let how = signal == SIGKILL ? "ended without a goodbye" : "has not been heard of for 5 s"
    #expect(
      text.contains(
        "[0] blitz: process 1 of 2 \(how); this process ends too; blitz train --resume goes on "
          + "from the last checkpoint of an --out folder\n"), "\(text)")

    let resumed = try Command.run(
      ["train", "--json", "--resume", "\(folder.path)/run", "--epochs", "100001"],
      interruptAfter: "\"epoch\"")
    #expect(resumed.status == 130, "\(resumed.error)")
    #expect(resumed.output.contains("\"event\":\"result\""))
  }

  @Test("Ctrl-C stops all after the same step, and the files are written")
  func interrupt() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run(
      [
        "launch", "--processes", "2", "--", "blitz", "train", "--json", "--epochs", "100000",
        "--out",
        "\(folder.path)/run",
      ], interruptAfter: "\"epoch\"")
    #expect(result.status == 130, "\(result.error)")
    #expect(first(result).last?.contains("\"stopped\":true") == true)
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/run/model.safetensors"))
  }

  @Test("starts processes on hosts by ssh, without showing the token")
  func hosts() throws {
    let folder = try TemporaryFolder()
    // Stands in for ssh: what follows the host is for its shell.
    let ssh = try folder.file(
      "ssh", "#!/bin/sh\necho \"$@\" >> \(folder.path)/log\nshift 3\nexec sh -c \"$1\"\n")
    chmod(ssh, 0o755)
    let result = try Command.run(
      [
        "launch", "--hosts", "a,b", "--processes", "4", "--address", "localhost", "--", "sh", "-c",
        "echo \"$BLITZ_PROCESS's token has ${#BLITZ_TOKEN} characters\"",
      ], environment: ["BLITZ_SSH": ssh])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.split(separator: "\n").count == 4)
    #expect(!result.output.contains("has 0 characters"))
    let log = try String(contentsOfFile: "\(folder.path)/log", encoding: .utf8)
    #expect(log.split(separator: "\n").filter { $0.hasPrefix("-o BatchMode=yes a ") }.count == 2)
    #expect(log.split(separator: "\n").filter { $0.hasPrefix("-o BatchMode=yes b ") }.count == 2)
    #expect(!log.contains("BLITZ_TOKEN="))
  }

}

@Suite("blitz launch: what it refuses")
struct LaunchArgumentTests {
  @Test(
    "refuses what it cannot launch",
    arguments: [
      (
        ["launch", "--processes", "2"],
        "there is nothing to launch; write the command after --, as "
          + "in: blitz launch --processes 2 -- blitz train"
      ),
      (
        ["launch", "--processes", "0", "--", "x"],
        "--processes is 0, for 1 hosts; it takes one for each host, 4096 at most"
      ),
      (
        ["launch", "--hosts", "a,b", "--", "x"],
        "other hosts do not reach this one at 127.0.0.1; give one of its addresses with --address"
      ),
    ])
  func refusals(arguments: [String], message: String) throws {
    let result = try Command.run(arguments)
    #expect(result.error == "blitz: \(message)\n")
    #expect(result.status == 2)
  }

  @Test("a process that falls silent has ended the others, and itself, within 30 seconds")
  func patience() throws {
    let place = try #require(
      try JobPlace(environment: ["BLITZ_PROCESS": "0", "BLITZ_PROCESSES": "2"]))
    #expect(place.silence + Launcher.patience * 2 < .seconds(30))
  }

  @Test(
    "says how a job of several processes goes together",
    arguments: [
      (
        ["SLURM_PROCID": "3", "SLURM_NTASKS": "3", "SLURM_STEP_ID": "0"],
        "SLURM_PROCID is 3 and SLURM_NTASKS is 3; they say which process this is, from 0, and how "
          + "many there are"
      ),
      (
        ["BLITZ_RENDEZVOUS": "10.0.0.1:70"],
        "BLITZ_RENDEZVOUS is set, but not which process this is; set BLITZ_PROCESS, from 0, and "
          + "BLITZ_PROCESSES, or start it with blitz launch"
      ),
      (
        ["BLITZ_RENDEZVOUS": "here", "BLITZ_PROCESS": "0", "BLITZ_PROCESSES": "2"],
        "\"here\" is not an address with a port; write one as 10.0.0.1:7070"
      ),
    ])
  func places(environment: [String: String], message: String) throws {
    let result = try Command.run(["train", "--epochs", "1"], environment: environment)
    #expect(result.error == "blitz: \(message)\n")
    #expect(result.status == 1)
  }

  @Test("the shell of a Slurm job is not one of its processes")
  func slurmShell() throws {
    let result = try Command.run(
      ["train", "--epochs", "1"], environment: ["SLURM_PROCID": "0", "SLURM_NTASKS": "8"])
    #expect(result.status == 0)
  }
}

/// Compares the figures that two runs print, event by event: 1e-5 apart at most.
func expectEqual(_ found: Command, _ expected: Command) throws {
  let (found, expected) = (try found.objects(), try expected.objects())
  #expect(found.count == expected.count)
  for (found, expected) in zip(found, expected) {
    #expect(found["event"] as? String == expected["event"] as? String)
    let loss = try #require(found["loss"] as? Double)
    let other = try #require(expected["loss"] as? Double)
    #expect(abs(loss - other) <= 1e-5 * abs(other))
  }
}

/// Compares the weights in two runs' folders, each tensor by its largest number.
func expectEqualWeights(_ found: String, _ expected: String) throws {
  let found = try Safetensors.load("\(found)/model.safetensors")
  let expected = try Safetensors.load("\(expected)/model.safetensors")
  #expect(Set(found.keys) == Set(expected.keys))
  for (name, tensor) in expected {
    let difference = try (try #require(found[name]) - tensor).abs().max().item()
    #expect(difference <= 1e-5 * (try tensor.abs().max().item()), "\(name)")
  }
}
