import Foundation
import Synchronization
import Testing

@Suite("blitz train as one process of several", .timeLimit(.minutes(5)))
struct JobTests {
  /// Runs the processes of a job, which meet in this one, and returns what each came to.
  private func job(
    _ count: Int, without: [String] = [], _ arguments: (_ process: Int) -> [String]
  ) throws -> [Command] {
    let meeting = try Meeting(count)
    defer { meeting.close() }
    let commands = (0..<count).map(arguments)
    let results = Mutex<[Int: Command]>([:])
    try forEachProcess(count) { process in
      let result = try Command.run(
        commands[process],
        environment: [
          "BLITZ_RENDEZVOUS": "\(meeting.endpoint)", "BLITZ_TOKEN": Meeting.token,
          "BLITZ_PROCESS": "\(process)", "BLITZ_PROCESSES": "\(count)",
        ], without: without)
      results.withLock { $0[process] = result }
    }
    return try (0..<count).map { process in
      try #require(results.withLock { $0[process] })
    }
  }

  @Test(
    "trains what a process alone does",
    arguments: [
      (2, ["--epochs", "2"]), (3, ["--model", "mlp", "--hidden", "8", "--epochs", "1"]),
      (2, ["--accumulate", "3", "--optimizer", "adam", "--epochs", "1"]),
    ])
  func equality(count: Int, arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let run = ["train", "--json", "--data", "iris", "--seed", "0"] + arguments + ["--out"]
    let alone = try Command.run(run + ["\(folder.path)/alone"])
    let together = try job(count) { _ in run + ["\(folder.path)/together"] }
    #expect(together.map(\.error) == [String](repeating: "", count: count))
    // One of them tells.
    #expect(together.dropFirst().allSatisfy { $0.output.isEmpty })
    try expectEqual(together[0], alone)
    try expectEqualWeights("\(folder.path)/together", "\(folder.path)/alone")
  }

  @Test("takes the seed of process 0, whatever its own is")
  func seed() throws {
    let folder = try TemporaryFolder()
    let run = words("train --json --data iris --epochs 1 --out")
    let together = try job(2, without: ["BLITZ_SEED"]) { _ in run + ["\(folder.path)/together"] }
    let seed = try #require(try together[0].objects().first?["seed"] as? Int)
    _ = try Command.run(run + ["\(folder.path)/alone", "--seed", "\(seed)"])
    try expectEqualWeights("\(folder.path)/together", "\(folder.path)/alone")
    let named = try job(2) { process in
      run + ["\(folder.path)/named", "--seed", process == 0 ? "18446744073709551615" : "1"]
    }
    let last = try #require(named[0].output.split(separator: "\n").last)
    #expect(last.contains("\"seed\":18446744073709551615"))
  }
}
