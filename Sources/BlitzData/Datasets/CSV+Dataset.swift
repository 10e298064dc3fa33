extension CSV: Dataset {
  /// How many rows there are.
  public var count: Int { rowCount }
  /// The labels as they are written: "0" to the largest.
  public var classNames: [String] { (0...(labels.max() ?? 0)).map(String.init) }

  /// Copies rows out.
  public func examples(at indices: [Int]) throws -> Examples {
    try Examples(rows: indices, of: features, shape: [columnCount], labels: labels)
  }
}
