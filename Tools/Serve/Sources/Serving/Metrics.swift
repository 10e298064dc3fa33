import Blitz
import Synchronization

/// What a server has done, as Prometheus reads it.
final class Metrics: Sendable {
  private struct Counts {
    /// Answers, by path and status.
    var answers: [Key: Int] = [:]
    /// How many requests took at most each of the bounds, and in all.
    var buckets = [Int](repeating: 0, count: Metrics.bounds.count)
    var seconds = 0.0
    var timed = 0
    var batches = 0
    var rows = 0
  }
  private struct Key: Hashable {
    let path: String
    let status: Int
  }
  private static let bounds = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
  ]
  private let counts = Mutex(Counts())

  /// An answer to a request for one of the server's paths; a prediction's time is kept.
  func count(path: String, status: Int, seconds: Double?) {
    counts.withLock { counts in
      counts.answers[Key(path: path, status: status), default: 0] += 1
      guard let seconds else { return }
      counts.seconds += seconds
      counts.timed += 1
      for (place, bound) in Metrics.bounds.enumerated() where seconds <= bound {
        counts.buckets[place] += 1
      }
    }
  }

  /// A batch that is computed.
  func count(batchOf rows: Int) {
    counts.withLock { counts in
      counts.batches += 1
      counts.rows += rows
    }
  }

  /// All of it in Prometheus' text format, version 0.0.4.
  func text(waiting: Int) -> String {
    let counts = counts.withLock { $0 }
    var lines = metric("blitz_requests_total", "counter", "Answers by path and status.")
    let answers = counts.answers.sorted {
      ($0.key.path, $0.key.status) < ($1.key.path, $1.key.status)
    }
    for (key, count) in answers {
      lines.append("blitz_requests_total{path=\"\(key.path)\",status=\"\(key.status)\"} \(count)")
    }
    let seconds = "blitz_prediction_seconds"
    lines += metric(seconds, "histogram", "From a request's last byte to its answer, in seconds.")
    for (bound, count) in zip(Metrics.bounds, counts.buckets) {
      lines.append("\(seconds)_bucket{le=\"\(bound)\"} \(count)")
    }
    lines += [
      "\(seconds)_bucket{le=\"+Inf\"} \(counts.timed)", "\(seconds)_sum \(counts.seconds)",
      "\(seconds)_count \(counts.timed)",
    ]
    for (name, kind, help, value) in [
      ("blitz_batches_total", "counter", "Batches that were computed.", counts.batches),
      ("blitz_rows_total", "counter", "Rows in all batches.", counts.rows),
      ("blitz_waiting_requests", "gauge", "Requests that wait for a batch.", waiting),
      ("blitz_live_bytes", "gauge", "Memory of tensors.", Memory.liveBytes),
      ("blitz_cached_bytes", "gauge", "Memory kept for tensors to come.", Memory.cachedBytes),
    ] {
      lines += metric(name, kind, help) + ["\(name) \(value)"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func metric(_ name: String, _ kind: String, _ help: String) -> [String] {
    ["# HELP \(name) \(help)", "# TYPE \(name) \(kind)"]
  }
}
