extension CSV: Dataset {
  /// The number of rows.
  public var count: Int { rowCount }

  /// The rows at these indices.
  public func examples(at indices: [Int]) throws -> Examples {
    if layout.label.classNames.isEmpty, !targets.isEmpty {
      let inputs = try Examples(
        rows: indices, of: features, shape: [columnCount],
        labels: [Int](repeating: 0, count: rowCount)
      ).inputs
      return Examples(
        inputs: inputs,
        labels: try HostArray(indices.map { targets[$0] }, shape: [indices.count, 1]))
    }
    return try Examples(rows: indices, of: features, shape: [columnCount], labels: labels)
  }
}
