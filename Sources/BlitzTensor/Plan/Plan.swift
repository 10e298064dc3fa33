/// What a backend runs: kernels in order, over buffers whose places are decided.
///
/// A plan depends on the structure of a graph alone (ops, shapes, dtypes, which results are
/// asked for, which operands may be overwritten), so it is made once and run many times;
/// the operands' numbers and scalars are arguments of each run.
public struct Plan: Sendable {
  /// The buffers that kernels read and write.
  public var slots: [Slot] = []
  /// What to run, in order.
  public var kernels: [any Kernel] = []
  /// Where each result is.
  public var results: [Place] = []
  /// Bytes of the one block that all temporary slots share.
  public var temporaryByteCount = 0

  init() {}

  /// Plans a graph: what is fused, the kernels of that, and where their arrays are.
  init(_ graph: PlanGraph) {
    let fusion = Planner(graph).fusion()
    let kernels = Emitter(fusion).kernels()
    self = Layout(fusion, kernels).plan()
  }

  /// A buffer of a plan.
  public struct Slot: Sendable {
    /// What the buffer is for.
    public var role: Role
    /// Its size.
    public var byteCount: Int

    /// What a buffer is for.
    public enum Role: Sendable, Hashable {
      /// An argument of the run; the index counts the arguments.
      case argument(Int)
      /// A new buffer that outlives the run.
      case result
      /// Bytes of the temporary block, from an offset (a multiple of 64) on.
      case temporary(offset: Int)
    }
  }

  /// Where a result's elements are: contiguous, from an offset in a slot on.
  public struct Place: Sendable {
    /// The buffer, as a position in the plan's `slots`.
    public var slot: Int
    /// Where the first element is, in bytes.
    public var byteOffset: Int
  }

  /// An array as a kernel walks it: the element at indices `i` is
  /// `offset + sum(i[d] * strides[d])` elements from the start of the slot.
  public struct Operand: Sendable, Hashable {
    /// The buffer, as a position in the plan's `slots`.
    public var slot: Int
    /// The type of the elements.
    public var dtype: DType
    /// Where the first element is, in elements from the start of the slot.
    public var offset: Int
    /// The distance from one element to the next along each dimension, in elements.
    public var strides: [Int]
    /// Whether the kernel's space is walked in the order of memory without gaps.
    public var isContiguous: Bool
  }

  /// One number that a run is given; the index counts the scalars of the run.
  public struct ScalarArgument: Sendable, Hashable {
    /// Which of the run's scalars.
    public var index: Int
    /// The type of the elements.
    public var dtype: DType
  }
}

extension Plan {
  /// An array seen along one of its axes, as `[outer, count, inner]`.
  public struct AxisExtent: Sendable {
    /// The product of the sizes before the axis.
    public var outer: Int
    /// The number of elements along the axis.
    public var count: Int
    /// The product of the sizes behind the axis.
    public var inner: Int

    init(_ shape: Shape, axis: Int) { self.init(shape, block: axis..<axis + 1) }

    /// Along several axes side by side.
    init(_ shape: Shape, block: Range<Int>) {
      outer = shape[..<block.lowerBound].reduce(1, *)
      count = shape[block].reduce(1, *)
      inner = shape[block.upperBound...].reduce(1, *)
    }

    /// The number of elements.
    public var elementCount: Int { outer * count * inner }
  }
}

extension Plan.AxisExtent: CustomStringConvertible {
  /// Such as `4 x 100 x 1`.
  public var description: String { "\(outer) x \(count) x \(inner)" }
}
