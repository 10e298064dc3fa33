import BlitzTensor

/// A change to the inputs of a batch, on the way from the dataset to the tensors.
///
///     DataLoader(
///       data.train, batchSize: 128, shuffledBy: generator,
///       transforms: [
///         .randomCrop(padding: 2), .randomHorizontalFlip(),
///         .normalise(mean: [0.286], std: [0.353]),
///       ])
///
/// Transforms change float32 inputs in place, in the order in which they are given, and keep the
/// shape. The random ones draw from a generator for each example, which is seeded by the epoch and
/// the example's index: the change does not depend on the batch or the thread.
public struct Transform: Sendable {
  /// Changes one example.
  let apply: @Sendable (inout Example) throws -> Void

  /// One input of a batch.
  struct Example {
    /// The numbers, row by row.
    let numbers: UnsafeMutableBufferPointer<Float>
    /// The shape without the batch's axis.
    let shape: Shape
    var generator: ExampleGenerator
  }

  init(example apply: @escaping @Sendable (inout Example) throws -> Void) { self.apply = apply }

  /// Makes a transform of your own.
  ///
  ///     Transform { numbers, shape, generator in
  ///       for i in numbers.indices { numbers[i] += Float.random(in: -0.1...0.1, using: &generator)
  ///       } }
  ///
  /// - Parameter change: takes an example's elements row by row, its shape (without the axis of the
  ///   batch), and the example's generator. It runs on several threads at once; the batch carries
  ///   an error that it throws.
  public init(
    _ change:
      @escaping @Sendable (
        _ numbers: inout MutableSpan<Float>, _ shape: Shape, _ generator: inout ExampleGenerator
      ) throws -> Void
  ) {
    self.init(example: { example in
      var numbers = example.numbers.mutableSpan
      try change(&numbers, example.shape, &example.generator)
    })
  }

  /// Brings each channel to mean 0 and standard deviation 1, torchvision's `Normalize`.
  ///
  ///     y[c, ...] = (x[c, ...] - mean[c]) / std[c]
  ///
  /// - Parameters:
  ///   - mean: the mean over the dataset of each channel (of each column, if an example has one
  ///     axis), or one number for all.
  ///   - std: the standard deviations, as many, none of them 0.
  /// - Error: another number of values than channels, or a deviation of 0.
  public static func normalise(mean: [Float], std: [Float]) -> Transform {
    Transform(example: { example in
      let count = example.shape.first ?? 1
      guard mean.count == std.count, mean.count == 1 || mean.count == count else {
        throw TensorError(
          "normalise", "\(mean.count) means and \(std.count) deviations for \(count) channels",
          operands: [("example", "float32\(example.shape)")],
          help: "give one of each, or one for each channel")
      }
      guard std.allSatisfy({ $0 != 0 && $0.isFinite }) else {
        throw TensorError(
          "normalise", "the deviations are \(std)", help: "give numbers that are not 0")
      }
      guard let start = example.numbers.baseAddress else { return }
      let size = example.numbers.count / mean.count
      for channel in 0..<mean.count {
        let numbers = start + channel * size
        let (mean, std) = (mean[channel], std[channel])
        for i in 0..<size { numbers[i] = (numbers[i] - mean) / std }
      }
    })
  }

  /// Moves an image by up to `padding` pixels along each axis, torchvision's `RandomCrop` with
  /// padding; pixels from outside have the value `fill`.
  ///
  /// - Error: examples that are not `[channels, height, width]` or `[height, width]`; a negative
  ///   padding.
  public static func randomCrop(padding: Int, fill: Float = 0) -> Transform {
    Transform(example: { example in
      let (channels, height, width) = try example.picture("randomCrop")
      guard padding >= 0, padding <= 1 << 20 else {
        throw TensorError("randomCrop", "the padding is \(padding)", help: "give 0 or more")
      }
      // The same draws in any picture, so that sizes do not change what comes after.
      let down = Int(example.generator.next(below: UInt64(2 * padding + 1))) - padding
      let right = Int(example.generator.next(below: UInt64(2 * padding + 1))) - padding
      guard let numbers = example.numbers.baseAddress else { return }
      let size = example.numbers.count
      withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { old in
        _ = old.update(fromContentsOf: example.numbers)
        let first = min(max(0, -right), width)
        let end = max(min(width, width - right), first)
        for row in 0..<channels * height {
          let target = numbers + row * width
          let y = row % height + down
          guard y >= 0, y < height else {
            target.update(repeating: fill, count: width)
            continue
          }
          let source = row + down
          for x in 0..<first { target[x] = fill }
          for x in first..<end { target[x] = old[source * width + x + right] }
          for x in end..<width { target[x] = fill }
        }
      }
    })
  }

  /// Mirrors an image left to right with a probability, torchvision's `RandomHorizontalFlip`.
  ///
  /// - Error: examples that are not `[channels, height, width]` or `[height, width]`; a
  ///   probability outside 0...1.
  public static func randomHorizontalFlip(probability: Double = 0.5) -> Transform {
    Transform(example: { example in
      let (channels, height, width) = try example.picture("randomHorizontalFlip")
      guard probability >= 0, probability <= 1 else {
        throw TensorError(
          "randomHorizontalFlip", "the probability is \(probability)", help: "give 0 to 1")
      }
      guard example.generator.nextUnit() < probability,
        let numbers = example.numbers.baseAddress
      else { return }
      for row in 0..<channels * height {
        let line = numbers + row * width
        for x in 0..<width / 2 {
          (line[x], line[width - 1 - x]) = (line[width - 1 - x], line[x])
        }
      }
    })
  }
}

extension Transform.Example {
  /// Channels, height and width.
  fileprivate func picture(_ op: String) throws(TensorError) -> (Int, Int, Int) {
    let sizes = shape.sizes
    guard sizes.count == 2 || sizes.count == 3 else {
      throw TensorError(
        op, "takes pictures, [channels, height, width] or [height, width]",
        operands: [("example", "float32\(shape)")])
    }
    return sizes.count == 2 ? (1, sizes[0], sizes[1]) : (sizes[0], sizes[1], sizes[2])
  }
}

extension Examples {
  /// Applies transforms to the inputs.
  ///
  /// - Parameters:
  ///   - seed: the epoch's.
  ///   - indices: the examples' numbers in the dataset.
  mutating func apply(_ transforms: [Transform], seed: UInt64, indices: [Int]) throws {
    if transforms.isEmpty { return }
    guard inputs.dtype == .float32 else {
      throw TensorError(
        "transforms", "take float32 inputs",
        operands: [("inputs", "\(inputs.dtype)\(inputs.shape)")],
        help: "write TensorDataset(inputs.cast(to: .float32), labels)")
    }
    let shape = Shape(Array(inputs.shape.dropFirst()))
    let size = shape.elementCount
    try inputs.withUnsafeMutableBytes { bytes in
      let numbers = bytes.assumingMemoryBound(to: Float.self)
      // One example after the other, so that it stays in the first-level cache.
      for (place, index) in indices.enumerated() {
        var example = Transform.Example(
          numbers: UnsafeMutableBufferPointer(rebasing: numbers[place * size..<(place + 1) * size]),
          shape: shape, generator: ExampleGenerator(seed: seed, index: index))
        for transform in transforms { try transform.apply(&example) }
      }
    }
  }
}
