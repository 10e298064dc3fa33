import BlitzData
import BlitzNN

/// Keeps the weights of the best epoch, in memory or in a file.
///
///     var best = BestCheckpoint(path: "best.safetensors")
///     for epoch in 1...100 {
///       ...
///       try best.keep(model, optimizer, figure: testLoss)
///     }
///     try best.restore(model)
///
/// The file is a ``Checkpoint``, written whole or not at all. To go on after a crash, add this to
/// the last checkpoint (`checkpoint.set(best, as: "best")`): it remembers the figure and the file.
public struct BestCheckpoint: Codable, Sendable {
  /// The file; nil for memory.
  public let path: String?
  /// Whether larger figures are better, as for an accuracy.
  public let greaterIsBetter: Bool
  /// The figure of the weights that are kept; nil before the first.
  public private(set) var figure: Double?
  private var kept: Checkpoint?

  private enum CodingKeys: CodingKey { case path, greaterIsBetter, figure }

  /// Makes one that keeps nothing yet.
  ///
  /// - Parameters:
  ///   - path: the file to write, which is replaced by what is better; nil for memory.
  ///   - greaterIsBetter: whether larger figures are better, as for an accuracy.
  public init(path: String? = nil, greaterIsBetter: Bool = false) {
    self.path = path
    self.greaterIsBetter = greaterIsBetter
  }

  /// Keeps the weights if the figure is the best so far. NaN and infinity are not.
  ///
  /// - Parameters:
  ///   - model: the module whose parameters and buffers are kept.
  ///   - optimizer: the optimizer whose state is kept, too, so that training can go on from there.
  ///   - figure: the figure of this epoch, of held-out data.
  /// - Returns: whether it was the best.
  /// - Throws: as ``Checkpoint/write(to:)``; what was kept before stays.
  @discardableResult
  public mutating func keep(
    _ model: any Module, _ optimizer: Optimizer? = nil, figure: Double
  ) throws -> Bool {
    guard figure.isFinite,
      isImprovement(figure, over: self.figure, greaterIsBetter: greaterIsBetter)
    else { return false }
    var checkpoint = try Checkpoint(model, optimizer)
    try checkpoint.set(figure, as: "figure")
    if let path { try checkpoint.write(to: path) } else { kept = checkpoint }
    self.figure = figure
    return true
  }

  /// Gives a model, and an optimizer if it was kept, what they had in the best epoch.
  ///
  /// - Throws: as ``Checkpoint/restore(_:_:)``; `DataError` if nothing has been kept.
  public func restore(_ model: any Module, _ optimizer: Optimizer? = nil) throws {
    if figure != nil {
      if let kept { return try kept.restore(model, optimizer) }
      if let path { return try Checkpoint(contentsOf: path).restore(model, optimizer) }
    }
    throw DataError(
      path: path ?? "memory",
      reason: "no weights have been kept; call keep(model, figure:) once an epoch")
  }
}
