/// The mean over all rows of values that are known batch by batch, such as the loss of an epoch.
///
///     var loss = Mean()
///     for batch in loader {
///       loss.add(try step(batch.inputs, batch.labels).item(), rows: batch.count)
///     }
///     print("epoch \(epoch): loss \(loss.value)")
///
/// Each batch counts by its rows: `value = sum of (mean * rows) / sum of rows`. The last batch of
/// an epoch usually has fewer rows, which the mean of the batches' means would count for too much.
/// Sums are kept in Double.
public struct Mean: Codable, Equatable, Sendable {
  /// The number of rows so far.
  public private(set) var rows = 0
  private var sum = 0.0

  /// Makes a mean over no rows yet.
  public init() {}

  /// Adds a batch.
  ///
  /// - Parameters:
  ///   - mean: the mean over the batch's rows, such as a loss with the reduction `.mean`.
  ///   - rows: the number of rows of the batch; with 0 nothing changes.
  public mutating func add(_ mean: Double, rows: Int) {
    guard rows > 0 else { return }
    sum += mean * Double(rows)
    let (total, overflows) = self.rows.addingReportingOverflow(rows)
    self.rows = overflows ? .max : total
  }

  /// The mean over all rows; NaN if there were none.
  public var value: Double { rows == 0 ? .nan : sum / Double(rows) }
}
