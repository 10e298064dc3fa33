import Foundation
import Testing

@Suite("blitz train under mpirun", .serialized, .timeLimit(.minutes(5)))
struct MPITests {
  #if MPI
    private static let mpirun = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n"]

    @Test(
      "two processes train what one does",
      arguments: [
        ["--epochs", "2"],
        ["--epochs", "1", "--model", "mlp", "--clip", "0.5", "--batch", "33"],
      ])
    func equality(arguments: [String]) throws {
      let folder = try TemporaryFolder()
      let arguments = ["train", "--json", "--seed", "0"] + arguments + ["--out"]
      let alone = try Command.run(arguments + ["\(folder.path)/alone"])
      let together = try Command.run(
        arguments + ["\(folder.path)/together"], under: Self.mpirun + ["2"])
      #expect(alone.status == 0, "\(alone.error)")
      #expect(together.status == 0, "\(together.error)")
      try expectEqual(together, alone)
      try expectEqualWeights("\(folder.path)/together", "\(folder.path)/alone")
    }

    @Test("processes share one seed where none is named")
    func sharedSeed() throws {
      let folder = try TemporaryFolder()
      let together = try Command.run(
        words("train --json --epochs 1 --out \(folder.path)/together"), without: ["BLITZ_SEED"],
        under: Self.mpirun + ["2"])
      #expect(together.status == 0, "\(together.error)")
      let seed = try #require(try together.objects().first?["seed"] as? Int)
      let alone = words("train --json --epochs 1 --seed \(seed) --out \(folder.path)/alone")
      #expect(try Command.run(alone).status == 0)
      try expectEqualWeights("\(folder.path)/together", "\(folder.path)/alone")
    }

    @Test("a process that is killed ends the others")
    func death() throws {
      let folder = try TemporaryFolder()
      let script = try folder.file(
        "start",
        """
        [ $OMPI_COMM_WORLD_RANK = 1 ] && (sleep 2; kill -9 $$) &
        exec "$@"
        """)
      let start = ContinuousClock.now
      let result = try Command.run(
        ["train", "--json", "--epochs", "100000"], under: Self.mpirun + ["2", "sh", script])
      #expect(result.status != 0)
      #expect(result.error.contains("signal 9"))
      #expect(ContinuousClock.now - start < .seconds(100))
    }
  #else
    @Test("says how to build it where it was built without MPI")
    func without() throws {
      let result = try Command.run(
        ["train", "--epochs", "1"],
        environment: ["OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"])
      #expect(
        result.error
          == "blitz: mpirun says that this is process 1 of 2, but this blitz was built without "
          + "MPI; build it with swift build -c release --traits MPI, or use blitz launch, which "
          + "needs none\n")
      #expect(result.status == 1)
    }
  #endif
}
