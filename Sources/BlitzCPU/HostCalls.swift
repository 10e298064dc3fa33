import BlitzTensor

extension HostKernel: CPUKernel {
  func prepared() -> any PreparedKernel { HostCalls(kernel: self) }
}

/// Calls of a function, which threads share out.
struct HostCalls: PreparedKernel {
  let kernel: HostKernel

  func call(_ run: Run) throws(TensorError) {
    let failures = FirstFailure()
    Rows.split(kernel.count, workPerRow: max(1, kernel.function.work)) { items in
      for index in items {
        let inputs = zip(kernel.sources, kernel.sizes).map {
          UnsafeRawPointer(run.pointer($0) + index * $1)
        }
        do throws(TensorError) {
          try kernel.function.compute(
            HostFunction.Item(
              index: index, inputs: inputs,
              output: run.pointer(kernel.result) + index * kernel.size))
        } catch {
          failures.note(error, at: index)
        }
      }
    }
    try failures.check()
  }
}

/// The error of the first item that failed, over all threads.
private final class FirstFailure: Sendable {
  private let found = Lock<(index: Int, error: TensorError)?>(nil)

  func note(_ error: TensorError, at index: Int) {
    found.withLock { if index < $0?.index ?? Int.max { $0 = (index, error) } }
  }

  func check() throws(TensorError) {
    if let first = found.withLock({ $0 }) { throw first.error }
  }
}
