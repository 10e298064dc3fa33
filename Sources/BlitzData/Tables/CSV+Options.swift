extension CSV {
  /// How a file is read where it does not say so itself.
  public struct Options: Sendable {
    /// The label's column: its name, or its number from 1; nil for the last.
    public var label: String?
    /// Whether the label is a number to come near to, not a class.
    public var labelIsNumber: Bool
    /// Whether the first row holds the columns' names; nil if all rows' cells are to decide.
    public var hasHeader: Bool?
    /// What becomes of a row with an empty cell.
    public var missing: Missing

    /// The last column holds classes; the rows decide about a header; empty cells are refused.
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

  /// What becomes of rows with empty cells, or with one of pandas' words for them (`NA`, `NaN`,
  /// `null`, ...) or "?".
  public enum Missing: String, CaseIterable, Codable, Sendable {
    /// They are an error.
    case refuse
    /// They are left out.
    case drop
    /// The cell counts as the mean of its column; of categories, as their shares. Rows without a
    /// label are left out.
    case mean
  }
}
