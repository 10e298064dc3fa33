import BlitzProcesses
import Foundation

/// Times the ring that joins the processes of this job, and compares it with the formula.
struct Measurement {
  /// Numbers in a sum.
  private static let sizes = [4, 16_384, 262_144, 1_048_576, 4_194_304]

  /// Under `blitz launch`; process 0 prints.
  static func run() throws {
    guard let place = try JobPlace(environment: ProcessInfo.processInfo.environment),
      place.processCount > 1
    else { throw Failure("--measure runs under blitz launch --processes 2 -- Scale --measure") }
    let rendezvous = try Rendezvous(place) { loss in
      print(loss)
      exit(1)
    }
    let ring = try Ring(rendezvous)
    var times: [Double] = []
    for size in sizes {
      var numbers = [Float](repeating: 1, count: size)
      var best = Double.infinity
      for _ in 0..<15 {
        try rendezvous.barrier("start", timeout: .seconds(60))
        let start = ContinuousClock.now
        try numbers.withUnsafeMutableBufferPointer { try ring.sum($0) }
        best = min(best, (ContinuousClock.now - start) / .seconds(1))
      }
      times.append(best)
    }
    let bytes = ring.total.bytes ?? 0
    let expected = sizes.reduce(0.0) {
      $0 + 15 * Collective.allReduceBytes(4 * Double($1), place.processCount)
    }
    if place.process == 0 { report(times, place.processCount) }
    // Pieces differ by one number at most.
    let rounding = 15.0 * Double(sizes.count) * 8
    guard abs(Double(bytes) - expected) <= rounding else {
      throw Failure("\(bytes) bytes were sent, by the formula \(expected)")
    }
    if place.process == 0 { print("sent \(bytes) bytes, by the formula \(Int(expected))") }
    try rendezvous.barrier("end", timeout: .seconds(60))
    rendezvous.close()
  }

  /// The smallest sum gives the latency, that of 4 MiB the bandwidth; the others are the test.
  private static func report(_ times: [Double], _ count: Int) {
    let rounds = 2 * Double(count - 1)
    let latency = times[0] / rounds
    let sent = Collective.allReduceBytes(4 * Double(sizes[3]), count)
    let bandwidth = sent / (times[3] - times[0])
    let link = Machine.Link(latency: latency, bandwidth: bandwidth)
    print(
      String(
        format: "%d processes: latency %.1f us, bandwidth %.2f GB/s", count, latency * 1e6,
        bandwidth / 1e9))
    for (size, time) in zip(sizes, times) {
      let formula = Collective.ring(4 * Double(size), count, link)
      print(
        String(
          format: "%8d numbers: %8.3f ms, by the formula %8.3f ms", size, time * 1e3,
          formula * 1e3))
    }
  }
}
