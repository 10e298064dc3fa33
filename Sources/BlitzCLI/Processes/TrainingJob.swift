import Blitz
import BlitzMPI
import BlitzNN
import BlitzPlot
import BlitzProcesses
import BlitzSystem
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The processes that train together, of which this is one.
struct TrainingJob {
  /// Adds gradients up over them.
  let exchange: any GradientExchange
  private let rendezvous: Rendezvous?

  /// Whether this is the process that prints and writes files.
  var isFirst: Bool { exchange.process == 0 }

  /// Joins the job that this process was started for; nil if it is on its own.
  ///
  /// - Throws: `RunFailure` if it cannot take part.
  static func joined() throws -> TrainingJob? {
    do throws(ProcessError) {
      let environment = ProcessInfo.processInfo.environment
      guard let place = try JobPlace(environment: environment), place.processCount > 1 else {
        return nil
      }
      return try TrainingJob(place)
    } catch {
      throw RunFailure.run(error.description)
    }
  }

  private init(_ place: JobPlace) throws(ProcessError) {
    guard place.rendezvous == nil else {
      // Other threads may wait for the lost process in a plugin or in MPI for ever.
      let joined = try Rendezvous(place) { loss in TrainingJob.end(after: loss) }
      exchange = try Ring(joined)
      rendezvous = joined
      return
    }
    rendezvous = nil
    #if MPI
      exchange = try MPIExchange()
    #else
      throw ProcessError(
        .refused,
        "\(place.starter.rawValue) says that this is process \(place.process) of "
          + "\(place.processCount), but this blitz was built without MPI; build it with "
          + "swift build -c release --traits MPI, or use blitz launch, which needs none")
    #endif
  }

  /// The seed of process 0, in all of them: each may have drawn one of its own.
  func shared(seed: UInt64) throws -> UInt64 {
    // Sums are of floats, which hold 16 bits of it at a time.
    let pieces = (0..<4).map { isFirst ? Float(seed >> (16 * $0) & 0xffff) : 0 }
    return try exchange.sum(pieces).reversed().reduce(0) { $0 << 16 | UInt64($1) }
  }

  /// Says that this process has done its part.
  func end() {
    rendezvous?.close()
    #if MPI
      (exchange as? MPIExchange)?.end()
    #endif
  }

  /// Ends this process because another is lost. Several threads may find out; one says so.
  static func end(after loss: String) -> Never {
    if !isEnding.exchange(true, ordering: .relaxed) {
      writeError(
        "blitz: \(loss); this process ends too; blitz train --resume goes on from the last "
          + "checkpoint of an --out folder\n")
      _exit(1)
    }
    while true { pause() }
  }

  private static let isEnding = Atomic(false)
}
