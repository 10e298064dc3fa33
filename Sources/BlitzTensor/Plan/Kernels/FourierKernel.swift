/// Discrete Fourier transforms of rows.
package struct FourierKernel: Kernel {
  /// Which transform, of how many numbers.
  package var fourier: Fourier
  /// How many rows there are.
  package var rows: Int
  /// The type of the parts, float32 or float64.
  package var dtype: DType
  /// What is read, contiguous.
  package var source: Plan.Operand
  /// What is written, contiguous.
  package var result: Plan.Operand

  /// The source.
  package var reads: [Plan.Operand] { [source] }
  /// The result.
  package var writes: [Int] { [result.slot] }
  /// There may be no memory for the work.
  package var mayFail: Bool { true }
  /// Whether there are no rows.
  package var isEmpty: Bool { rows == 0 }

  /// Gives source and result other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    source.slot = slot(source.slot)
    result.slot = slot(result.slot)
  }

  /// Which, how many and how long.
  package var summary: String { "fourier \(fourier.kind) \(rows) x \(fourier.count)" }
  /// Source and result, about.
  package var byteCount: Int { 4 * rows * fourier.count * dtype.byteCount }
  /// As many as of a length that is a power of 2.
  package var flops: Int { rows * fourier.work }
}
