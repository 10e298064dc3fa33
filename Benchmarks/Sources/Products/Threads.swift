import Foundation
import Synchronization

/// Threads that spin for the next call, so that what is timed is the work: each does its part.
final class Threads: Sendable {
  let count: Int
  private let generation = Atomic<Int>(0)
  private let done = Atomic<Int>(0)
  private let job = Job()

  /// Unchecked: written before `generation` is, with release, and read after it, with acquire.
  private final class Job: @unchecked Sendable {
    var body: @Sendable (Int) -> Void = { _ in }
  }

  init(_ count: Int) {
    self.count = count
    for index in 1..<max(count, 1) {
      Thread.detachNewThread { [self] in
        var seen = 0
        while true {
          while generation.load(ordering: .acquiring) == seen {}
          seen += 1
          job.body(index)
          done.wrappingAdd(1, ordering: .releasing)
        }
      }
    }
  }

  func run(_ body: @escaping @Sendable (Int) -> Void) {
    job.body = body
    done.store(0, ordering: .relaxed)
    generation.wrappingAdd(1, ordering: .releasing)
    body(0)
    while done.load(ordering: .acquiring) < count - 1 {}
  }

  /// Seconds of one of `repetitions` calls.
  func seconds(repetitions: Int, _ body: @escaping @Sendable (Int) -> Void) -> Double {
    let start = ContinuousClock.now
    for _ in 0..<repetitions { run(body) }
    return (ContinuousClock.now - start) / .seconds(1) / Double(repetitions)
  }
}
