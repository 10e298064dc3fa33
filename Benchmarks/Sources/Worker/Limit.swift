import CKernels
import CLimit
import Dispatch

/// The most that the processor's multiply-add units do, with as many threads as the kernels have.
extension Worker {
  static func limit() throws -> Row {
    let isa = blz_isa()
    let threads = threadCount
    let clock = ContinuousClock()
    // Some ten milliseconds a thread: long against the start of a thread.
    let count: Int64 = 2_000_000
    return {
      var best = 0.0
      for _ in 0..<7 {
        let time = clock.measure {
          DispatchQueue.concurrentPerform(iterations: threads) { _ in _ = limit_run(isa, count) }
        }
        // What a round counts does not depend on how many there are.
        best = max(best, Double(threads) * Double(count) * limit_run(isa, 1) / (time / .seconds(1)))
      }
      return [("flops", best)]
    }
  }
}
