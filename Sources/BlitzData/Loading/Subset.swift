import BlitzTensor

/// Some of the examples of a dataset, in any order, `torch.utils.data.Subset`.
public struct Subset: Dataset {
  /// The dataset of the examples.
  public let base: any Dataset
  /// The index in `base` of each example.
  public let indices: [Int]

  /// Takes the examples of `base` at these indices.
  ///
  /// - Throws: `TensorError` if there is no such example.
  public init(_ base: some Dataset, indices: [Int]) throws(TensorError) {
    try checkIndices(indices, count: base.count)
    self.base = base
    self.indices = indices
  }

  /// The number of examples.
  public var count: Int { indices.count }
  /// The names of the classes of `base`.
  public var classNames: [String] { base.classNames }

  /// The examples at these indices, fetched from `base`.
  public func examples(at indices: [Int]) throws -> Examples {
    try checkIndices(indices, count: count)
    return try base.examples(at: indices.map { self.indices[$0] })
  }
}

extension Dataset {
  /// The examples before an index, and those from it on.
  ///
  ///     let (train, validation) = try data.train.split(at: 50_000)
  ///
  /// - Throws: `TensorError` if the index is not in `0...count`.
  public func split(at place: Int) throws(TensorError) -> (Subset, Subset) {
    guard place >= 0, place <= count else {
      throw TensorError(
        "split", "there is no place \(place) in \(count) examples", help: "give 0 to \(count)")
    }
    return (
      try Subset(self, indices: Array(0..<place)), try Subset(self, indices: Array(place..<count))
    )
  }

  /// Random parts of the dataset by fraction, `torch.utils.data.random_split`.
  ///
  ///     let parts = try data.randomSplit([0.8, 0.2], by: Generator(seed: 0))
  ///
  /// Each part has `floor(fraction * count)` examples; the rest goes one by one to the parts from
  /// the first on. The examples are those of PyTorch's `random_split` with that generator.
  ///
  /// - Throws: `TensorError` if a fraction is not in 0...1 or they do not add up to 1.
  public func randomSplit(
    _ fractions: [Double], by generator: Generator = .shared
  ) throws(TensorError) -> [Subset] {
    let sum = fractions.reduce(0, +)
    guard fractions.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(sum - 1) <= 1e-9 else {
      throw TensorError(
        "randomSplit", "the fractions \(fractions) add up to \(sum)",
        help: "give fractions from 0 to 1 that add up to 1")
    }
    var sizes = fractions.map { Int((Double(count) * $0).rounded(.down)) }
    for i in 0..<max(count - sizes.reduce(0, +), 0) { sizes[i % sizes.count] += 1 }
    return try randomParts(sizes, by: generator)
  }

  /// Random parts of the dataset by length, `torch.utils.data.random_split`.
  ///
  ///     let parts = try data.randomSplit([1500, 297], by: Generator(seed: 0))
  ///
  /// The examples are those of PyTorch's `random_split` with that generator.
  ///
  /// - Throws: `TensorError` if a length is negative or they do not add up to the count.
  public func randomSplit(
    _ lengths: [Int], by generator: Generator = .shared
  ) throws(TensorError) -> [Subset] {
    let isWhole =
      lengths.reduce(0 as Int?) { sum, length in
        guard let sum, length >= 0 else { return nil }
        let (next, overflow) = sum.addingReportingOverflow(length)
        return overflow ? nil : next
      } == count
    guard isWhole else {
      throw TensorError(
        "randomSplit", "the lengths \(lengths) do not add up to the \(count) examples",
        help: "give lengths of 0 or more whose sum is \(count), or fractions such as [0.8, 0.2]")
    }
    return try randomParts(lengths, by: generator)
  }

  /// Two random parts of the dataset by fraction, `torch.utils.data.random_split`.
  ///
  ///     let (train, test) = try data.randomSplit(0.8, 0.2, by: Generator(seed: 0))
  ///
  /// - Throws: as for an array of fractions.
  public func randomSplit(
    _ first: Double, _ second: Double, by generator: Generator = .shared
  ) throws(TensorError) -> (Subset, Subset) {
    let parts = try randomSplit([first, second], by: generator)
    return (parts[0], parts[1])
  }

  /// Two random parts of the dataset by length, `torch.utils.data.random_split`.
  ///
  ///     let (train, test) = try data.randomSplit(1500, 297, by: Generator(seed: 0))
  ///
  /// - Throws: as for an array of lengths.
  public func randomSplit(
    _ first: Int, _ second: Int, by generator: Generator = .shared
  ) throws(TensorError) -> (Subset, Subset) {
    let parts = try randomSplit([first, second], by: generator)
    return (parts[0], parts[1])
  }

  private func randomParts(
    _ sizes: [Int], by generator: Generator
  ) throws(TensorError) -> [Subset] {
    let order = try Tensor.randperm(count, generator: generator).scalars(as: Int.self)
    var parts: [Subset] = []
    var start = 0
    for size in sizes {
      parts.append(try Subset(self, indices: Array(order[start..<start + size])))
      start += size
    }
    return parts
  }
}
