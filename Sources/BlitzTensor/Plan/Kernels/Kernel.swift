/// One piece of work of a plan.
///
/// Each kind is a value in a file of this folder, which says all that the layout, the printed plan
/// and the profile ask of it. How the processor runs it is its conformance to `CPUKernel`, in
/// BlitzCPU.
package protocol Kernel: Sendable {
  /// The arrays that it reads.
  var reads: [Plan.Operand] { get }
  /// The slots that it writes.
  var writes: [Int] { get }
  /// Whether it can find its operands wrong as it runs, such as positions out of range.
  var mayFail: Bool { get }
  /// Whether there is nothing to do.
  var isEmpty: Bool { get }
  /// The slots whose memory the result in slot `value` may take, if nobody reads them later.
  func overwritable(for value: Int) -> [Int]
  /// Gives every array that it reads or writes another slot.
  mutating func mapSlots(_ slot: (Int) -> Int)

  /// What it does, on one line.
  var summary: String { get }
  /// Bytes read and written, each element of each operand once.
  var byteCount: Int { get }
  /// Floating-point or integer operations; a transcendental counts as one.
  var flops: Int { get }
}

extension Kernel {
  /// Most kernels take whatever numbers they are given.
  package var mayFail: Bool { false }
  /// Most kernels write something.
  package var isEmpty: Bool { false }
  /// Most kernels read an element after they have written another.
  package func overwritable(for value: Int) -> [Int] { [] }
}
