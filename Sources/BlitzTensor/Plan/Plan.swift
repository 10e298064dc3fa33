/// What a backend runs: kernels in order, over buffers whose places are decided.
///
/// A plan depends on the structure of a graph alone (ops, shapes, dtypes, which results are
/// asked for, which operands may be overwritten), so it is made once and run many times;
/// the operands' numbers and scalars are arguments of each run.
package struct Plan: Sendable {
  /// The buffers that kernels read and write.
  package var slots: [Slot] = []
  /// What to run, in order.
  package var kernels: [any Kernel] = []
  /// Where each result is.
  package var results: [Place] = []
  /// Bytes of the one block that all temporary slots share.
  package var temporaryByteCount = 0

  init() {}

  /// Plans a graph: what is fused, the kernels of that, what convolutions do besides, which run row
  /// by row, and where their arrays are.
  init(_ graph: PlanGraph) {
    let fusion = Planner(graph).fusion()
    let emitted = ConvolutionFinishing(fusion).finished(Emitter(fusion).kernels())
    let kernels = RowGrouping(graph: graph).grouped(emitted)
    self = Layout(fusion, kernels).plan()
  }

  /// A buffer of a plan.
  package struct Slot: Sendable {
    /// What the buffer is for.
    package var role: Role
    /// Its size.
    package var byteCount: Int

    /// What a buffer is for.
    package enum Role: Sendable, Hashable {
      /// An argument of the run; the index counts the arguments.
      case argument(Int)
      /// A new buffer that outlives the run.
      case result
      /// Bytes of the temporary block, from an offset (a multiple of 64) on.
      case temporary(offset: Int)
    }
  }

  /// Where a result's elements are: contiguous, from an offset in a slot on.
  package struct Place: Sendable {
    /// The buffer, as a position in the plan's `slots`.
    package var slot: Int
    /// Where the first element is, in bytes.
    package var byteOffset: Int
  }

  /// An array as a kernel walks it: the element at indices `i` is
  /// `offset + sum(i[d] * strides[d])` elements from the start of the slot.
  package struct Operand: Sendable, Hashable {
    /// The buffer, as a position in the plan's `slots`.
    package var slot: Int
    /// The type of the elements.
    package var dtype: DType
    /// Where the first element is, in elements from the start of the slot.
    package var offset: Int
    /// The distance from one element to the next along each dimension, in elements.
    package var strides: [Int]
    /// Whether the kernel's space is walked in the order of memory without gaps.
    package var isContiguous: Bool
  }

  /// One scalar that a run is given; the index counts the scalars of the run.
  package struct ScalarArgument: Sendable, Hashable {
    /// Which of the run's scalars.
    package var index: Int
    /// The type of the elements.
    package var dtype: DType
  }
}

extension Plan {
  /// An array seen along one of its axes, as `[outer, count, inner]`.
  package struct AxisExtent: Sendable {
    /// The product of the sizes before the axis.
    package var outer: Int
    /// The number of elements along the axis.
    package var count: Int
    /// The product of the sizes behind the axis.
    package var inner: Int

    init(_ shape: Shape, axis: Int) { self.init(shape, block: axis..<axis + 1) }

    /// Along several axes side by side.
    init(_ shape: Shape, block: Range<Int>) {
      outer = shape[..<block.lowerBound].reduce(1, *)
      count = shape[block].reduce(1, *)
      inner = shape[block.upperBound...].reduce(1, *)
    }

    /// The number of elements.
    package var elementCount: Int { outer * count * inner }
  }
}

extension Plan.AxisExtent: CustomStringConvertible {
  /// Such as `4 x 100 x 1`.
  package var description: String { "\(outer) x \(count) x \(inner)" }
}
