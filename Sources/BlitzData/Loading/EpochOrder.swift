import BlitzTensor

/// The order of the examples in one epoch, and the seed of its random transforms.
struct EpochOrder: Sendable {
  /// What random transforms start from, with each example's number.
  let seed: UInt64
  /// The examples' numbers; nil if they come in the dataset's order.
  let shuffled: [Int]?

  /// Draws an order as PyTorch's `DataLoader` does.
  ///
  /// First a number of 63 bits, PyTorch's seed for its workers. Then, if examples are shuffled,
  /// `randperm(count)` by the same generator; or, for a loader that was given none of its own, by
  /// a new one whose seed is a second number of 63 bits.
  ///
  /// - Parameters:
  ///   - generator: where the numbers come from.
  ///   - isShared: whether it stands for PyTorch's default generator.
  init(count: Int, shuffles: Bool, by generator: Generator, isShared: Bool) throws(TensorError) {
    seed = try EpochOrder.seed(by: generator)
    guard shuffles else {
      shuffled = nil
      return
    }
    let source = isShared ? Generator(seed: try EpochOrder.seed(by: generator)) : generator
    shuffled = try Tensor.randperm(count, generator: source).scalars(as: Int.self)
  }

  /// The numbers of the examples at some places of the order.
  func indices(_ places: Range<Int>) -> [Int] {
    shuffled.map { Array($0[places]) } ?? Array(places)
  }

  /// PyTorch's `torch.empty((), dtype=torch.int64).random_()`: 64 bits modulo 2^63.
  private static func seed(by generator: Generator) throws(TensorError) -> UInt64 {
    // The range below 0 has 2^63 numbers; the one from 0 on, one fewer than that.
    let number = try Tensor.randint(Int.min, 0, [1], generator: generator).item(as: Int.self)
    return UInt64(bitPattern: Int64(number &- Int.min))
  }
}
