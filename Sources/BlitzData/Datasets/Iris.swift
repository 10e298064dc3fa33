/// Iris flowers: four lengths of each of 150 flowers of three species.
///
/// Published by R. A. Fisher in 1936; UCI Machine Learning Repository, licence CC BY 4.0. This is
/// scikit-learn's copy, in which rows 35 and 38 are as in Fisher's paper. It is part of the binary.
///
/// A batch has inputs float32 `[count, 4]` in centimetres and labels int64 `[count]`. The rows are
/// sorted by class: split them at random.
public struct Iris: Dataset {
  /// Sepal length and width, petal length and width, in centimetres: row-major `[150, 4]`.
  public let features: [Float]
  /// The species of each flower, 0 to 2.
  public let labels: [Int]
  /// The names of the species.
  public let classNames = ["setosa", "versicolor", "virginica"]
  /// The names of the columns.
  public let columnNames = ["sepal length", "sepal width", "petal length", "petal width"]
  /// The number of flowers: 150.
  public var count: Int { labels.count }

  /// Unpacks the table from the binary.
  public init() {
    // Through Double, so that 51 tenths are the float nearest to 5.1.
    features = Iris.table.flatMap { row in row[..<4].map { Float(Double($0) / 10) } }
    labels = Iris.table.map { $0[4] }
  }

  /// The rows at these indices.
  public func examples(at indices: [Int]) throws -> Examples {
    try Examples(rows: indices, of: features, shape: [4], labels: labels)
  }
}
