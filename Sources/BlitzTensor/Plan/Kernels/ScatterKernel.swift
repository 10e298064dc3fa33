/// `result = base; result[o, index[o, j, i], i] = (or +=) updates[o, j, i]`.
package struct ScatterKernel: Kernel {
  /// Who reads the positions, for the error about one that is outside the axis.
  package var reader: PositionReader
  /// The type of the elements.
  package var dtype: DType
  /// Whether updates are added; otherwise they replace.
  package var adds: Bool
  /// The result, contiguous, along the axis that positions are on.
  package var extent: Plan.AxisExtent
  /// The number of positions along the axis: the updates are `[outer, indexCount, inner]`.
  package var indexCount: Int
  /// Contiguous; nothing is copied if it is the result's slot.
  package var base: Plan.Operand
  /// int64, walked by three strides.
  package var index: Plan.Operand
  /// Contiguous.
  package var updates: Plan.Operand
  /// What is written.
  package var result: Plan.Operand

  /// Base, positions and updates.
  package var reads: [Plan.Operand] { [base, index, updates] }
  /// The result.
  package var writes: [Int] { [result.slot] }
  /// Positions may be out of range.
  package var mayFail: Bool { true }

  /// The base, unless something else is read from it.
  package func overwritable(for value: Int) -> [Int] {
    base.offset == 0 && base.slot != index.slot && base.slot != updates.slot ? [base.slot] : []
  }

  /// Gives the four arrays other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    base.slot = slot(base.slot)
    index.slot = slot(index.slot)
    updates.slot = slot(updates.slot)
    result.slot = slot(result.slot)
  }

  /// How many elements into how many.
  package var summary: String {
    "\(adds ? "scatterAdd" : "scatter") "
      + "\(extent.outer) x \(indexCount) x \(extent.inner) into \(extent.count)"
  }
  /// The result, and the updates, read and written.
  package var byteCount: Int {
    extent.outer * extent.inner * (extent.count + 2 * indexCount) * dtype.byteCount
  }
  /// One for each update that is added.
  package var flops: Int { adds ? extent.outer * indexCount * extent.inner : 0 }
}
