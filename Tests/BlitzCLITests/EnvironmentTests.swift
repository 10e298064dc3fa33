import Testing

@Suite("environment variables")
struct EnvironmentTests {
  @Test(
    "what makes no sense is not used, and says what would",
    arguments: [
      ("BLITZ_LOG", "foo", "graph, plan, compile, program or profile, with commas between"),
      ("BLITZ_LOG", "plan,profil", "graph, plan, compile, program or profile, with commas between"),
      ("BLITZ_NUM_THREADS", "-1", "a whole number of 1 or more"),
      ("BLITZ_NUM_THREADS", "two", "a whole number of 1 or more"),
      ("BLITZ_SEED", "x", "a whole number of 0 or more"),
      ("BLITZ_EAGER", "yes", "0 or 1"),
      ("BLITZ_ISA", "sse", "avx512, avx2 or portable"),
    ])
  func refused(name: String, value: String, takes: String) throws {
    let run = try Command.run(
      words("train --data iris --epochs 1"), environment: [name: value])
    #expect(run.error == "\(name) is \(value), which is not used: it takes \(takes)\n")
    #expect(run.status == 0)
  }

  @Test(
    "what they take is taken in silence",
    arguments: [
      ("BLITZ_LOG", ""), ("BLITZ_NUM_THREADS", "2"), ("BLITZ_EAGER", "0"), ("BLITZ_ISA", "avx2"),
    ])
  func taken(name: String, value: String) throws {
    let run = try Command.run(
      words("train --data iris --epochs 1"), environment: [name: value])
    #expect(run.error == "")
    #expect(run.status == 0)
  }

  @Test("a silence or device that makes no sense ends the command")
  func ended() throws {
    let job = ["BLITZ_PROCESS": "0", "BLITZ_PROCESSES": "2", "BLITZ_SILENCE": "soon"]
    let message = "BLITZ_SILENCE is soon; it takes seconds, above 0.1 and below 3600"
    for line in ["train --data iris", "launch --processes 2 -- true"] {
      let run = try Command.run(words(line), environment: job)
      #expect(run.error.hasPrefix("blitz: \(message)"), "\(run.error)")
      #expect(run.status == 1)
    }
    let device = try Command.run(words("train --data iris"), environment: ["BLITZ_DEVICE": "gpu"])
    #expect(device.error.contains("there is no kind of device \"gpu\""), "\(device.error)")
    #expect(device.status != 0)
  }
}
