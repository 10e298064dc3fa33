/// The mean over rows of what is known batch by batch: the loss of an epoch.
///
///     var loss = Mean()
///     for batch in loader {
///       loss.add(try step(batch.inputs, batch.labels).item(), rows: batch.count)
///     }
///     print("epoch \(epoch): loss \(loss.value)")
///
/// Each batch counts for its rows: `value = sum of (mean * rows) / sum of rows`. The last batch of an
/// epoch mostly has fewer rows than the others, and the mean of the batches' means would count each
/// of its rows for more. Sums are kept in Double.
public struct Mean: Codable, Equatable, Sendable {
  /// How many rows were counted.
  public private(set) var rows = 0
  private var sum = 0.0

  /// The mean of nothing yet.
  public init() {}

  /// Counts a batch.
  ///
  /// - Parameters:
  ///   - mean: the mean over the batch's rows, such as a loss with the reduction `.mean`.
  ///   - rows: how many rows the batch has; a batch without rows changes nothing.
  public mutating func add(_ mean: Double, rows: Int) {
    guard rows > 0 else { return }
    sum += mean * Double(rows)
    let (total, overflows) = self.rows.addingReportingOverflow(rows)
    self.rows = overflows ? .max : total
  }

  /// The mean over all rows; NaN if there were none.
  public var value: Double { rows == 0 ? .nan : sum / Double(rows) }
}
