/// A kernel that walks one contiguous source along one of its axes.
package protocol AxisKernel: Kernel {
  /// The type of the source's elements.
  var dtype: DType { get }
  /// The source along the axis.
  var extent: Plan.AxisExtent { get }
  /// What is read.
  var source: Plan.Operand { get set }
  /// What is written.
  var result: Plan.Operand { get set }
}

extension AxisKernel {
  /// The source.
  package var reads: [Plan.Operand] { [source] }

  /// The result.
  package var writes: [Int] { [result.slot] }

  /// Gives source and result other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    source.slot = slot(source.slot)
    result.slot = slot(result.slot)
  }
}
