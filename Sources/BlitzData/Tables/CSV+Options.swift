extension CSV {
  /// The choices in reading a file that it does not answer itself.
  public struct Options: Sendable {
    /// The column of labels: its name, or its place from 1; nil for the last.
    public var label: String?
    /// Whether the label is a number to predict, not a class.
    public var labelIsNumber: Bool
    /// Whether the first row holds the columns' names; nil to decide by all rows.
    public var hasHeader: Bool?
    /// What happens to a row with an empty cell.
    public var missing: Missing

    /// Makes options; by default the last column holds classes, the rows decide about a header, and
    /// empty cells are an error.
    public init(
      label: String? = nil, labelIsNumber: Bool = false, hasHeader: Bool? = nil,
      missing: Missing = .refuse
    ) {
      self.label = label
      self.labelIsNumber = labelIsNumber
      self.hasHeader = hasHeader
      self.missing = missing
    }
  }

  /// What happens to rows with empty cells, with pandas' words for them (`NA`, `NaN`, `null`, ...)
  /// or with "?".
  public enum Missing: String, CaseIterable, Codable, Sendable {
    /// They are an error.
    case refuse
    /// The rows are left out.
    case drop
    /// A cell is replaced by the mean of its column; for categories, by their shares. Rows without
    /// a label are left out.
    case mean
  }
}
