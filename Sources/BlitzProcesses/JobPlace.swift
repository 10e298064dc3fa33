/// The place of a process in a job of several, as the starter of the job has set it.
public struct JobPlace: Sendable, Hashable {
  /// The program that started the process.
  public enum Starter: String, Sendable {
    /// The command `blitz launch`.
    case blitz = "blitz launch"
    /// The `mpirun` of Open MPI or MPICH.
    case mpirun = "mpirun"
    /// The `srun` of Slurm.
    case slurm = "srun"
  }

  /// The index of this process, from 0; the rank.
  public var process: Int
  /// The number of processes.
  public var processCount: Int
  /// The program that started the process.
  public var starter: Starter
  /// The endpoint of the rendezvous; nil if there is none.
  public var rendezvous: Endpoint?
  /// The secret that shows the rendezvous that this process belongs to the job.
  public var token: String
  /// The interval of the heartbeats to the rendezvous.
  public var heartbeat = Duration.seconds(5)
  /// The silence after which a process counts as lost.
  public var silence = Duration.seconds(20)

  /// Reads the environment: `BLITZ_PROCESS` and `BLITZ_PROCESSES`, else the variables of Open MPI's
  /// or MPICH's `mpirun` or of Slurm's `srun`; and `BLITZ_RENDEZVOUS` (an address and a port),
  /// `BLITZ_TOKEN` and `BLITZ_SILENCE` (seconds).
  ///
  /// Nil for a process that is on its own. Slurm's variables count only in a step of a job or with
  /// a rendezvous, because the shell of a job's script has them too.
  ///
  /// - Throws: `ProcessError` for numbers that make no sense.
  public init?(environment: [String: String]) throws(ProcessError) {
    func text(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let variables: [(starter: Starter, process: String, count: String)] = [
      (.blitz, "BLITZ_PROCESS", "BLITZ_PROCESSES"),
      (.mpirun, "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
      (.mpirun, "PMI_RANK", "PMI_SIZE"),
      (.slurm, "SLURM_PROCID", "SLURM_NTASKS"),
    ]
    let hasRendezvous = text("BLITZ_RENDEZVOUS") != nil
    let found = variables.first { starter, process, count in
      (text(process) != nil || text(count) != nil)
        && (starter != .slurm || hasRendezvous || text("SLURM_STEP_ID") != nil)
    }
    guard let found else {
      guard !hasRendezvous else {
        throw ProcessError(
          .refused,
          "BLITZ_RENDEZVOUS is set, but not which process this is; set BLITZ_PROCESS, from 0, and "
            + "BLITZ_PROCESSES, or start it with blitz launch")
      }
      return nil
    }
    guard let process = text(found.process).flatMap({ Int($0) }),
      let count = text(found.count).flatMap({ Int($0) }), count >= 1, process >= 0, process < count,
      count <= 1 << 20
    else {
      throw ProcessError(
        .refused,
        "\(found.process) is \(text(found.process) ?? "not set") and \(found.count) is "
          + "\(text(found.count) ?? "not set"); they say which process this is, from 0, and how "
          + "many there are")
    }
    self.process = process
    processCount = count
    starter = found.starter
    if let address = text("BLITZ_RENDEZVOUS") { rendezvous = try Endpoint(address) }
    token = text("BLITZ_TOKEN") ?? ""
    if let seconds = try JobPlace.silence(environment: environment) {
      silence = .seconds(seconds)
      heartbeat = silence / 4
    }
  }

  /// The seconds that `BLITZ_SILENCE` sets; nil if it is not set.
  package static func silence(environment: [String: String]) throws(ProcessError) -> Double? {
    guard let text = environment["BLITZ_SILENCE"], !text.isEmpty else { return nil }
    guard let seconds = Double(text), seconds > 0.1, seconds < 3600 else {
      throw ProcessError(
        .refused, "BLITZ_SILENCE is \(text); it takes seconds, above 0.1 and below 3600")
    }
    return seconds
  }
}
