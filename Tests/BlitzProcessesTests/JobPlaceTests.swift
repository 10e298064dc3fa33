import Testing

@testable import BlitzProcesses

@Suite("a process's place in its job")
struct JobPlaceTests {
  @Test(
    "is read from what each starter sets",
    arguments: [
      (["BLITZ_PROCESS": "1", "BLITZ_PROCESSES": "4"], 1, 4, .blitz),
      (["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "1"], 0, 1, .mpirun),
      (["PMI_RANK": "2", "PMI_SIZE": "3"], 2, 3, .mpirun),
      (["SLURM_PROCID": "7", "SLURM_NTASKS": "8", "SLURM_STEP_ID": "0"], 7, 8, .slurm),
      // What blitz launch says goes before what it was started by.
      (
        ["BLITZ_PROCESS": "0", "BLITZ_PROCESSES": "2", "PMI_RANK": "5", "PMI_SIZE": "6"], 0, 2,
        .blitz
      ),
    ] as [([String: String], Int, Int, JobPlace.Starter)])
  func places(
    environment: [String: String], process: Int, count: Int, starter: JobPlace.Starter
  ) throws {
    let place = try #require(try JobPlace(environment: environment))
    #expect(
      (place.process, place.processCount, place.starter) == (process, count, starter))
    #expect(place.rendezvous == nil)
  }

  @Test("is none where nobody has started several, or in the shell of a Slurm job")
  func none() throws {
    #expect(try JobPlace(environment: [:]) == nil)
    #expect(try JobPlace(environment: ["BLITZ_PROCESS": "", "BLITZ_PROCESSES": ""]) == nil)
    #expect(try JobPlace(environment: ["SLURM_PROCID": "0", "SLURM_NTASKS": "8"]) == nil)
  }

  @Test("takes how long a silence may be", arguments: [("8", 8.0, 2.0), ("", 20, 5)])
  func silences(text: String, silence: Double, heartbeat: Double) throws {
    let place = try #require(
      try JobPlace(environment: [
        "BLITZ_PROCESS": "0", "BLITZ_PROCESSES": "2", "BLITZ_SILENCE": text,
      ]))
    #expect(place.silence == .seconds(silence))
    #expect(place.heartbeat == .seconds(heartbeat))
  }

  @Test("names a silence that makes no sense", arguments: ["0", "-3", "soon", "nan", "3600"])
  func wrongSilences(text: String) {
    let environment = ["BLITZ_PROCESS": "0", "BLITZ_PROCESSES": "2", "BLITZ_SILENCE": text]
    #expect(
      failure { _ = try JobPlace(environment: environment) }
        == ProcessError(
          .refused, "BLITZ_SILENCE is \(text); it takes seconds, above 0.1 and below 3600"))
  }

  @Test(
    "names numbers that make no sense",
    arguments: [
      ("3", "3"), ("-1", "2"), ("0", "0"), ("0", "1048577"), ("one", "2"), ("", "2"), ("0", ""),
    ])
  func refusals(process: String, count: String) {
    func word(_ text: String) -> String { text.isEmpty ? "not set" : text }
    let environment = ["BLITZ_PROCESS": process, "BLITZ_PROCESSES": count]
    #expect(
      failure { _ = try JobPlace(environment: environment) }
        == ProcessError(
          .refused,
          "BLITZ_PROCESS is \(word(process)) and BLITZ_PROCESSES is \(word(count)); they say which "
            + "process this is, from 0, and how many there are"))
  }
}
