/// Writes a right matrix in the order in which products read it, for those that come again: of a
/// recurrent network the same weights are multiplied at every step.
package struct PackKernel: Kernel {
  /// Rows of the matrix, which the products sum over.
  package var k: Int
  /// Its columns.
  package var n: Int
  /// The type of the elements, float32 or float64.
  package var dtype: DType
  /// The matrix.
  package var source: Plan.Operand
  /// Whether it is stored transposed.
  package var isTransposed: Bool
  /// Elements from one stored row to the next.
  package var leading: Int
  /// What is written.
  package var result: Plan.Operand

  /// From so many products on, a matrix is packed for all of them: one costs about half as much to
  /// pack as to read.
  static let leastUses = 4
  /// Products of more rows use a matrix often enough to arrange it for themselves; those of fewer
  /// sum along the rows of a transposed one as it lies.
  static let rows = 8...64

  /// Bytes that the packed matrix may take, on any processor: columns come in whole vectors.
  static func byteCount(_ k: Int, _ n: Int, _ dtype: DType) -> Int {
    k * ((n + 15) / 16 * 16) * dtype.byteCount
  }
}

extension PackKernel {
  /// The matrix.
  package var reads: [Plan.Operand] { [source] }
  /// The packed one.
  package var writes: [Int] { [result.slot] }

  /// Gives both other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    source.slot = slot(source.slot)
    result.slot = slot(result.slot)
  }

  /// The sizes.
  package var summary: String { "pack \(k)x\(n)\(isTransposed ? " transposed" : "")" }
  /// Each element read and written.
  package var byteCount: Int { 2 * k * n * dtype.byteCount }
  /// None.
  package var flops: Int { 0 }
}
