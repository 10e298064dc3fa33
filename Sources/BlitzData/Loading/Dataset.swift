import BlitzTensor

/// Examples to learn from, each an input with its label, by index; `torch.utils.data.Dataset`.
///
/// `DataLoader` fetches them in batches on threads of its own, so it is `Sendable`. A dataset of
/// your own needs a count and a way to fetch examples:
///
///     struct Squares: Dataset {
///       let count = 1000
///       func examples(at indices: [Int]) throws -> Examples {
///         let x = indices.map { Float($0) / 1000 }
///         return Examples(
///           inputs: try HostArray(x, shape: [x.count, 1]),
///           labels: try HostArray(x.map { $0 * $0 }, shape: [x.count, 1]))
///       }
///     }
public protocol Dataset: Sendable, CustomStringConvertible {
  /// The number of examples.
  var count: Int { get }
  /// The name of each class, by label; empty if the labels are not classes or have no names.
  var classNames: [String] { get }
  /// The examples at these indices, in this order, in arrays with a first axis for the examples.
  ///
  /// Several threads call it at once. The tensors of the batch carry an error that it throws.
  func examples(at indices: [Int]) throws -> Examples
}

/// A batch of examples in plain memory.
public struct Examples: Sendable {
  /// The inputs of the network, `[examples, ...]`.
  public var inputs: HostArray
  /// The labels, `[examples]` or `[examples, ...]`, and whatever follows them.
  public var others: [HostArray]

  /// Makes a batch of inputs and of whatever else an example has, labels first.
  public init(inputs: HostArray, others: [HostArray]) {
    self.inputs = inputs
    self.others = others
  }

  /// Makes a batch of inputs and labels, `[examples]` for classes, or `[examples, ...]`.
  public init(inputs: HostArray, labels: HostArray) {
    self.init(inputs: inputs, others: [labels])
  }
}

extension Examples {
  /// Rows of a row-major table, each under a shape, with their labels as int64.
  ///
  /// - Throws: `TensorError` if there is no such row, or memory runs out.
  init(
    rows indices: [Int], of table: [Float], shape: Shape, labels: [Int]
  ) throws(TensorError) {
    try checkIndices(indices, count: labels.count)
    let size = shape.elementCount
    var rows: [Float] = []
    rows.reserveCapacity(indices.count * size)
    for index in indices { rows += table[index * size..<(index + 1) * size] }
    self.init(
      inputs: try HostArray(rows, shape: Shape([indices.count] + shape)),
      labels: try HostArray(indices.map { labels[$0] }, shape: [indices.count]))
  }
}

/// A batch of examples as tensors.
///
/// If fetching failed, all tensors carry the error: the loss computed from them carries it too, and
/// whatever reads a value throws it.
public struct Batch: Sendable, CustomStringConvertible {
  /// The tensors of the batch in the order of the dataset: inputs, labels, and whatever follows.
  public private(set) var tensors: [Tensor]
  /// The inputs of the network, `[examples, ...]`.
  public var inputs: Tensor { self[0] }
  /// The labels, `[examples]` of int64 for classes.
  public var labels: Tensor { self[1] }
  /// The index of each example in the dataset.
  public private(set) var indices: [Int]
  /// The number of examples.
  public var count: Int { indices.count }
  /// The error that fetching the examples led to; nil if there was none.
  public var error: TensorError? { tensors.lazy.compactMap(\.error).first }

  /// The tensor at a place: 0 for inputs, 1 for labels. If there is none, a tensor that carries an
  /// error.
  public subscript(place: Int) -> Tensor {
    if tensors.indices.contains(place) { return tensors[place] }
    if let error { return Tensor(error: error) }
    return Tensor(
      error: TensorError(
        "Batch", "there is no tensor \(place): an example has \(tensors.count)",
        help: "0 are the inputs, 1 the labels; the dataset says what follows"))
  }

  /// `Batch(float32[32, 1, 8, 8], int64[32])`
  public var description: String {
    "Batch(\(tensors.map(\.signature).joined(separator: ", ")))"
  }

  /// The same batch on another device. The copy may still be under way when the call returns.
  public func to(_ device: Device) -> Batch { map { $0.to(device) } }

  /// The same batch with each tensor replaced.
  public func map(_ transform: (Tensor) throws -> Tensor) rethrows -> Batch {
    var mapped = self
    mapped.tensors = try tensors.map(transform)
    return mapped
  }

  /// Some rows of the batch, such as those that one of several processes trains on.
  ///
  /// - Error: rows that do not exist; an error that the batch carries.
  public func rows(_ range: Range<Int>) -> Batch {
    var part = self
    part.tensors = tensors.map { $0[range] }
    part.indices = Array(indices[range.clamped(to: indices.indices)])
    return part
  }

  /// The tensors of what `fetch` returns or throws.
  init(indices: [Int], _ fetch: () throws -> Examples) {
    self.indices = indices
    do {
      let examples = try fetch()
      let arrays = [examples.inputs] + examples.others
      for array in arrays where array.shape.first != indices.count {
        throw TensorError(
          "examples",
          "\(indices.count) were asked for, the dataset gave "
            + "\(array.dtype)\(array.shape)",
          help: "the first axis of each array counts the examples")
      }
      tensors = arrays.map(\.tensor)
    } catch {
      let error = error as? TensorError ?? TensorError("examples", "\(error)")
      tensors = [Tensor(error: error)]
    }
  }
}

/// All whole numbers, for the bounds that a range lacks; after the last comes the last.
private struct Endless: Collection {
  var startIndex: Int { .min }
  var endIndex: Int { .max }
  subscript(index: Int) -> Int { index }
  func index(after index: Int) -> Int { index == .max ? .max : index + 1 }
}

extension Dataset {
  /// An empty array: the classes have no names.
  public var classNames: [String] { [] }

  /// The name of the type, and the number of examples and classes:
  /// `Digits(1797 examples, 10 classes)`
  public var description: String {
    "\(type(of: self))(\(count) examples"
      + (classNames.isEmpty ? ")" : ", \(classNames.count) classes)")
  }

  /// The examples at these indices, in this order, as tensors.
  ///
  /// - Error: an index out of range; an error of fetching them.
  public func batch(at indices: [Int]) -> Batch {
    Batch(indices: indices) {
      try checkIndices(indices, count: count)
      return try examples(at: indices)
    }
  }

  /// One example as tensors, without the axis of a batch: `let (x, y) = data[0]`.
  ///
  /// - Error: as `batch(at:)`.
  public subscript(index: Int) -> (input: Tensor, label: Tensor) {
    let batch = batch(at: [index])
    return (batch.inputs[0], batch.labels[0])
  }

  /// A range of examples as tensors: `data[0..<16].inputs`, `data[0...].labels`.
  ///
  /// - Error: as `batch(at:)`.
  public subscript(range: some RangeExpression<Int>) -> Batch {
    // Bounds that a range lacks come from an endless one, so that wrong ones are not a trap.
    let bounds = range.relative(to: Endless())
    let low = bounds.lowerBound == Int.min ? 0 : bounds.lowerBound
    let high = bounds.upperBound == Int.max ? max(count, low) : bounds.upperBound
    guard low >= 0, high <= count else { return batch(at: [low < 0 ? low : high - 1]) }
    return batch(at: Array(low..<high))
  }
}
