import Blitz
import Foundation

/// Computes what requests ask for, on a thread of its own; rows of requests that wait are computed
/// as one batch.
final class Batcher: Sendable {
  /// The numbers of an output, and its shape.
  struct Output: Sendable {
    let name: String
    let dtype: DType
    let shape: [Int]
    let numbers: [Double]
  }

  /// What a request gives, in the order of the model's inputs.
  private struct Job {
    let inputs: [Numbers]
    /// The rows, if it can be put together with others.
    let rows: Int?
    let done: CheckedContinuation<[Output], any Error>

    /// Whether the tensors of both can be stacked.
    func isLike(_ other: Job) -> Bool {
      zip(inputs, other.inputs).allSatisfy { $0.shape.dropFirst() == $1.shape.dropFirst() }
    }
  }

  private let dtypes: [DType]
  private let model: @Sendable ([Tensor]) throws -> [(name: String, tensor: Tensor)]
  private let isBatched: Bool
  private let settings: Service.Settings
  private let metrics: Metrics
  private let queue = Queue()

  /// The jobs that wait. Its lock is a condition, for the thread sleeps until there is one.
  private final class Queue: @unchecked Sendable {
    let condition = NSCondition()
    var jobs: [Job] = []
    var isStopped = false
  }

  /// - Parameter dtypes: those of the model's inputs.
  init(
    isBatched: Bool, dtypes: [DType], settings: Service.Settings, metrics: Metrics,
    model: @escaping @Sendable ([Tensor]) throws -> [(name: String, tensor: Tensor)]
  ) {
    (self.isBatched, self.dtypes, self.model) = (isBatched, dtypes, model)
    (self.settings, self.metrics) = (settings, metrics)
    let thread = Thread { [self] in while let jobs = next() { compute(jobs) } }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Lets the thread end once nothing waits.
  func stop() {
    queue.condition.withLock { queue.isStopped = true }
    queue.condition.signal()
  }

  /// The outputs for inputs in the model's order.
  ///
  /// - Throws: ``Full`` if too many requests wait; what the model throws.
  func outputs(for inputs: [Numbers]) async throws -> [Output] {
    let sizes = Set(inputs.map { $0.shape.first })
    let rows: Int? = isBatched && sizes.count == 1 ? sizes.first ?? nil : nil
    return try await withCheckedThrowingContinuation { done in
      let isTaken = queue.condition.withLock {
        guard queue.jobs.count < settings.queue, !queue.isStopped else { return false }
        queue.jobs.append(Job(inputs: inputs, rows: rows, done: done))
        return true
      }
      if isTaken { queue.condition.signal() } else { done.resume(throwing: Full()) }
    }
  }

  /// Too many requests wait.
  struct Full: Error {}

  /// How many requests wait.
  var waiting: Int { queue.condition.withLock { queue.jobs.count } }

  /// The jobs of the next batch, at least one; nil when the thread is to end.
  private func next() -> [Job]? {
    queue.condition.lock()
    defer { queue.condition.unlock() }
    while queue.jobs.isEmpty {
      if queue.isStopped { return nil }
      queue.condition.wait()
    }
    if settings.wait > .zero, queue.jobs[0].rows != nil {
      let limit = Date(timeIntervalSinceNow: settings.wait / .seconds(1))
      while queue.jobs.reduce(0, { $0 + ($1.rows ?? 0) }) < settings.batch, !queue.isStopped,
        queue.condition.wait(until: limit)
      {}
    }
    let first = queue.jobs.removeFirst()
    guard var rows = first.rows else { return [first] }
    var taken = [first]
    queue.jobs.removeAll { job in
      guard let more = job.rows, rows + more <= settings.batch, job.isLike(first) else {
        return false
      }
      rows += more
      taken.append(job)
      return true
    }
    return taken
  }

  private func compute(_ jobs: [Job]) {
    do {
      let outputs = try computed(jobs)
      for (job, output) in zip(jobs, outputs) { job.done.resume(returning: output) }
    } catch {
      // One that is wrong must not fail the others.
      if jobs.count > 1 {
        for job in jobs { compute([job]) }
      } else {
        jobs[0].done.resume(throwing: error)
      }
    }
  }

  /// The outputs of each job.
  private func computed(_ jobs: [Job]) throws -> [[Output]] {
    let counts = jobs.compactMap(\.rows)
    let rows = counts.reduce(0, +)
    metrics.count(batchOf: rows)
    guard rows > 0, counts.count == jobs.count else {
      return try jobs.map { job in
        try noGrad {
          let inputs = zip(job.inputs, dtypes).map { Batcher.tensor($0, $1) }
          return try model(inputs).map { name, tensor in
            Output(
              name: name, dtype: tensor.dtype, shape: Array(tensor.shape),
              numbers: try tensor.scalars(as: Double.self))
          }
        }
      }
    }
    // A power of two, so that the model is planned for a few sizes only.
    let room = rows == 1 ? 1 : 1 << (Int.bitWidth - (rows - 1).leadingZeroBitCount)
    return try noGrad {
      let inputs = dtypes.enumerated().map { place, dtype in
        var joined = jobs[0].inputs[place]
        joined.shape[0] = room
        let count = joined.shape.reduce(1, *)
        joined.values.reserveCapacity(count)
        for job in jobs.dropFirst() { joined.values += job.inputs[place].values }
        joined.values += repeatElement(0, count: count - joined.values.count)
        return Batcher.tensor(joined, dtype)
      }
      let whole = try model(inputs).map { name, tensor in
        guard tensor.shape.first == room else {
          throw Refusal(
            "the output \(name) has the shape \(tensor.shape) for \(room) rows; the first axis "
              + "must be the batch")
        }
        return (
          name, tensor.dtype, Array(tensor.shape.dropFirst()),
          try tensor.scalars(as: Double.self)
        )
      }
      var start = 0
      return counts.map { count in
        defer { start += count }
        return whole.map { name, dtype, shape, numbers in
          let size = shape.reduce(1, *)
          return Output(
            name: name, dtype: dtype, shape: [count] + shape,
            numbers: Array(numbers[start * size..<(start + count) * size]))
        }
      }
    }
  }

  private static func tensor(_ numbers: Numbers, _ dtype: DType) -> Tensor {
    Tensor(numbers.values, shape: Shape(numbers.shape), dtype: dtype)
  }
}
