import BlitzTensor

/// Sequences of different lengths, one behind the other without padding:
/// `torch.nn.utils.rnn.PackedSequence`.
///
///     let packed = PackedSequence(padded, lengths: [3, 5, 2])   // pack_padded_sequence
///     let (output, state) = lstm(packed)
///     let padded = output.padded()                              // pad_packed_sequence
///
/// A recurrent network reads each sequence up to its own end, backward from there. The elements lie
/// step by step, the longest sequence first, as in PyTorch with `enforce_sorted=False`; what goes
/// in and comes out of networks is in the order in which the sequences were given.
public struct PackedSequence: Sendable {
  /// The elements of all steps, `[sum of lengths, ...]`.
  public let data: Tensor
  /// How many sequences have a first step, a second, and so on.
  public let batchSizes: [Int]
  /// How many steps each sequence has, in the order in which they were given.
  public let lengths: [Int]

  /// Packs sequences that are padded to one length: `pack_padded_sequence`.
  ///
  /// - Parameters:
  ///   - padded: `[L, N, ...]`, or `[N, L, ...]` with `batchFirst`.
  ///   - lengths: how many steps of each sequence count, 1 to L.
  ///   - batchFirst: whether the first axis is the batch and the second the steps.
  /// - Gradient: that of the elements which count; of the others 0.
  /// - Error: fewer than two axes; other numbers of lengths; lengths outside 1 to L. `data` carries
  ///   it.
  public init(_ padded: Tensor, lengths: [Int], batchFirst: Bool = false) {
    let (steps, batch) = batchFirst ? (1, 0) : (0, 1)
    if let error = PackedSequence.refusal(padded, lengths, steps: steps, batch: batch) {
      self.init(data: error, lengths: [])
      return
    }
    let byStep = batchFirst ? padded.transposed(0, 1) : padded
    let order = PackedOrder(lengths)
    let rows = byStep.reshaped(
      to: Shape([byStep.shape[0] * byStep.shape[1]] + byStep.shape.sizes.dropFirst(2)))
    let data = rows.rows(order.places.map { $0.step * lengths.count + $0.sequence })
    self.init(data: data.named("PackedSequence"), lengths: lengths)
  }

  /// Packs sequences: `pack_sequence`.
  ///
  /// - Parameter sequences: one or more `[length, ...]`, which agree in all but the length.
  /// - Error: sequences without steps, or that do not go together. `data` carries it.
  public init(_ sequences: [Tensor]) {
    self.init(padSequence(sequences), lengths: sequences.map { $0.shape.first ?? 0 })
  }

  init(data: Tensor, lengths: [Int]) {
    self.data = data
    self.lengths = lengths
    batchSizes = (0..<(lengths.max() ?? 0)).map { step in lengths.count { $0 > step } }
  }

  /// The sequences padded to one length, `[L, N, ...]`, or `[N, L, ...]` with `batchFirst`:
  /// `pad_packed_sequence`, whose lengths are ``lengths``.
  ///
  /// - Parameters:
  ///   - batchFirst: whether the first axis of the result is the batch.
  ///   - fill: what stands behind the end of a sequence; `padding_value` in PyTorch.
  ///   - count: the number of steps, that of the longest sequence if nil; `total_length` in
  ///     PyTorch.
  /// - Gradient: that of the elements which are there.
  /// - Error: a count below the longest sequence's.
  public func padded(batchFirst: Bool = false, fill: Double = 0, to count: Int? = nil) -> Tensor {
    if data.error != nil { return data }
    let steps = count ?? batchSizes.count
    guard steps >= batchSizes.count else {
      return Tensor(
        error: TensorError(
          "padded", "a sequence has \(batchSizes.count) steps, more than \(steps)",
          operands: [("data", data.signature)], help: "give a length that all fit in, or none"))
    }
    let (count, isTooMany) = steps.multipliedReportingOverflow(by: lengths.count)
    guard !isTooMany, count < 1 << 30 else {
      return Tensor(
        error: TensorError(
          "padded", "\(lengths.count) sequences of \(steps) steps are too many",
          operands: [("data", data.signature)], help: "2^30 steps are the most"))
    }
    let order = PackedOrder(lengths)
    var rows = [Int](repeating: data.shape[0], count: count)
    for (row, place) in order.places.enumerated() {
      rows[place.step * lengths.count + place.sequence] = row
    }
    let none = Tensor.full(
      Shape([1] + data.shape.sizes.dropFirst()), fill, dtype: data.dtype, device: data.device)
    let byStep = concatenate([data, none], axis: 0).rows(rows)
      .reshaped(to: Shape([steps, lengths.count] + data.shape.sizes.dropFirst()))
    return (batchFirst ? byStep.transposed(0, 1) : byStep).named("padded")
  }

  /// The sequences one by one, `[length, ...]` each: `unpack_sequence`.
  public var sequences: [Tensor] {
    if data.error != nil { return [data] }
    let all = padded(batchFirst: true)
    return lengths.enumerated().map { all[$0.offset, ..<$0.element] }
  }

  private static func refusal(
    _ padded: Tensor, _ lengths: [Int], steps: Int, batch: Int
  ) -> Tensor? {
    if padded.error != nil { return padded }
    @inline(never)
    func refused(_ reason: String, help: String) -> Tensor {
      padded.refused(by: "PackedSequence", reason, help: help)
    }
    guard padded.rank >= 2 else {
      return refused(
        "the sequences have \(padded.rank) axes",
        help: "give [steps, sequences, ...], or [sequences, steps, ...] with batchFirst: true")
    }
    guard lengths.count == padded.shape[batch], !lengths.isEmpty else {
      return refused(
        "there are \(lengths.count) lengths for \(padded.shape[batch]) sequences",
        help: "give one length for each; batchFirst says which axis the sequences are")
    }
    if let length = lengths.first(where: { $0 < 1 || $0 > padded.shape[steps] }) {
      return refused(
        "a length is \(length), the sequences have \(padded.shape[steps]) steps",
        help: "give lengths from 1 to \(padded.shape[steps]), and leave out empty sequences")
    }
    return nil
  }
}

/// Sequences padded to the length of the longest: `torch.nn.utils.rnn.pad_sequence`.
///
///     padSequence([Tensor([1, 2, 3]), Tensor([4])], batchFirst: true)   // [[1, 2, 3], [4, 0, 0]]
///
/// - Parameters:
///   - sequences: one or more `[length, ...]`, which agree in all but the length.
///   - batchFirst: whether the first axis of the result is the batch and the second the steps.
///   - fill: what stands behind the end of a sequence; `padding_value` in PyTorch.
/// - Returns: `[longest, sequences, ...]`, or `[sequences, longest, ...]` with `batchFirst`.
/// - Gradient: that of the elements which are there.
/// - Error: no sequences; numbers without an axis; other shapes or dtypes.
public func padSequence(
  _ sequences: [Tensor], batchFirst: Bool = false, fill: Double = 0
) -> Tensor {
  if let failed = sequences.first(where: { $0.error != nil }) { return failed }
  if let single = sequences.first(where: { $0.rank == 0 }) {
    return single.refused(
      by: "padSequence", "a sequence has no axes", help: "give tensors of [length, ...]")
  }
  let longest = sequences.map { $0.shape[0] }.max() ?? 0
  return stack(
    sequences.map { sequence in
      var widths = [(low: Int, high: Int)](repeating: (0, 0), count: sequence.rank)
      widths[0].high = longest - sequence.shape[0]
      return sequence.padded(widths, value: fill)
    }, axis: batchFirst ? 0 : 1
  ).named("padSequence")
}

/// Where the elements of packed sequences come from.
struct PackedOrder {
  /// The steps and sequences, in the order in which they are packed.
  let places: [(step: Int, sequence: Int)]

  init(_ lengths: [Int]) {
    // The longest first, and equal ones as they were given.
    let order = lengths.indices.sorted {
      lengths[$0] != lengths[$1] ? lengths[$0] > lengths[$1] : $0 < $1
    }
    places = (0..<(lengths.max() ?? 0)).flatMap { step in
      order.lazy.filter { lengths[$0] > step }.map { (step, $0) }
    }
  }
}

/// Which steps of padded sequences are there, for networks that read each to its own end.
struct SequenceEnds {
  let lengths: [Int]
  /// The number of steps of the longest.
  let count: Int
  /// What the gates are set to behind the end, one number for each: so that a cell's state stays.
  let held: [Double]

  init(_ lengths: [Int], held: [Double]) {
    (self.lengths, self.held) = (lengths, held)
    count = lengths.max() ?? 0
  }

  /// `[L, N, rows]`, with the gates held behind the end of a sequence.
  func holding(_ projected: Tensor) -> Tensor {
    let isThere = (0..<count).flatMap { step in lengths.map { step < $0 } }
    let device = projected.device
    let mask = Tensor(isThere, shape: [count, lengths.count, 1], device: device)
    let size = projected.shape[2] / held.count
    let row = held.flatMap { [Double](repeating: $0, count: size) }
    return .where(
      mask, projected, Tensor(row, shape: [row.count], dtype: projected.dtype, device: device))
  }

  /// `[L, N, ...]` with each sequence from its end to its beginning; what is behind it stays.
  @inline(never)
  func reversed(_ sequence: Tensor) -> Tensor {
    let rows = (0..<count).flatMap { step in
      lengths.enumerated().map { number, length in
        (step < length ? length - 1 - step : step) * lengths.count + number
      }
    }
    return selected(rows, of: sequence).reshaped(to: sequence.shape)
  }

  /// The last step of each sequence of `[L, N, size]`: `[N, size]`.
  func last(_ sequence: Tensor) -> Tensor {
    selected(lengths.enumerated().map { ($1 - 1) * lengths.count + $0 }, of: sequence)
  }

  private func selected(_ rows: [Int], of sequence: Tensor) -> Tensor {
    sequence.reshaped(to: [count * lengths.count, sequence.shape[2]]).rows(rows)
  }
}

extension Tensor {
  /// The slices of the first axis at some places.
  fileprivate func rows(_ places: [Int]) -> Tensor {
    indexSelect(axis: 0, indices: Tensor(places, shape: [places.count], device: device))
  }
}
