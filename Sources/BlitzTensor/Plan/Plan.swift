/// What a backend runs: kernels in order, over buffers whose places are decided.
///
/// A plan depends on the structure of a graph alone (ops, shapes, dtypes, which results are
/// asked for, which operands may be overwritten), so it is made once and run many times;
/// the operands' numbers and scalars are arguments of each run.
public struct Plan: Sendable {
  /// The buffers that kernels read and write.
  public var slots: [Slot] = []
  /// What to run, in order.
  public var kernels: [Kernel] = []
  /// Where each result is.
  public var results: [Place] = []
  /// Bytes of the one block that all temporary slots share.
  public var temporaryByteCount = 0

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

/// One piece of work of a plan.
public enum Kernel: Sendable {
  /// A loop.
  case fused(FusedKernel)
  /// Matrix products.
  case matmul(MatMulKernel)
  /// Elements at positions.
  case gather(GatherKernel)
  /// Elements put at positions.
  case scatter(ScatterKernel)
  /// Running sums.
  case scan(ScanKernel)
  /// Positions of extremes.
  case argReduce(ArgReduceKernel)
  /// Positions that sort.
  case argSort(ArgSortKernel)
  /// Filters that slide over images.
  case convolution(ConvolutionKernel)
  /// The largest under windows.
  case windowMaximum(WindowMaximumKernel)
}

/// A chain of elementwise ops over one index space, with what it stores on the way and a
/// reduction at the end.
///
/// Values are numbered: operands first, then scalars, then one for each instruction.
public struct FusedKernel: Sendable {
  /// The index space, outermost first, with axes merged where every operand allows it.
  public var sizes: [Int]
  /// What is read.
  public var operands: [Plan.Operand]
  /// The numbers that are arguments.
  public var scalars: [Plan.ScalarArgument]
  /// What is computed for each element, each value once.
  public var instructions: [Instruction]
  /// What is written for each element.
  public var stores: [Store]
  /// What is reduced, if anything.
  public var reduction: Reduce?

  /// One elementwise op on values; `dtype` is that of the operands (of the two to choose
  /// from for `select`), `resultDType` that of the value.
  public struct Instruction: Sendable, Hashable {
    /// The op.
    public var op: Elementwise
    /// The type of the elements.
    public var dtype: DType
    /// The dtype of the value.
    public var resultDType: DType
    /// The values that the op takes, by number.
    public var operands: [Int]
  }

  /// A value written to an array.
  public struct Store: Sendable {
    /// The value, by number.
    public var value: Int
    /// Where it is written.
    public var to: Plan.Operand
  }

  /// The space seen as `[outer, count, inner]`, a value reduced over `count` and written to
  /// a contiguous `[outer, inner]`.
  public struct Reduce: Sendable {
    /// How two numbers are combined.
    public var kind: Reduction
    /// The value, by number.
    public var value: Int
    /// The type of the elements.
    public var dtype: DType
    /// The product of the sizes before the axis.
    public var outer: Int
    /// The number of elements along the axis.
    public var count: Int
    /// The product of the sizes behind the axis.
    public var inner: Int
    /// The buffer, as a position in the plan's `slots`.
    public var slot: Int
    /// In elements.
    public var offset: Int
  }

  /// The number of elements of the space.
  public var elementCount: Int { sizes.reduce(1, *) }
}

/// `C = beta * C + alpha * op(A) op(B)` for each of a list of batches.
///
/// `C` is `[batches, m, n]`, contiguous. `op(A)` is m x k: row-major with `leadingA` elements
/// from row to row, or its transpose if `transposesA`. Likewise `op(B)`, k x n.
public struct MatMulKernel: Sendable {
  /// Rows of the result.
  public var m: Int
  /// Columns of the result.
  public var n: Int
  /// The size that is summed over.
  public var k: Int
  /// The type of the elements.
  public var dtype: DType
  /// The number of products.
  public var batchSizes: [Int]
  /// Slot, offset of the first matrix and strides from batch to batch (one for each of
  /// `batchSizes`, 0 where a matrix is used again).
  public var a: Plan.Operand
  /// The right operand, likewise.
  public var b: Plan.Operand
  /// Whether the left matrices are stored transposed.
  public var transposesA: Bool
  /// Whether the right matrices are stored transposed.
  public var transposesB: Bool
  /// Elements from one stored row of a left matrix to the next.
  public var leadingA: Int
  /// Elements from one stored row of a right matrix to the next.
  public var leadingB: Int
  /// Where `C` is; what is there is added to if `accumulates`.
  public var c: Plan.Operand
  /// An array to copy into `C` first (contiguous, like `C`), when it accumulates but the
  /// old value must be kept.
  public var initial: Plan.Operand?
  /// Whether the product is added to what is there.
  public var accumulates: Bool
  /// The product of these scalars and `alphaSign` is alpha.
  public var alpha: [Plan.ScalarArgument]
  /// 1 or -1, a factor of alpha.
  public var alphaSign: Double
}

/// `result[o, j, i] = source[o, index[o, j, i], i]`.
public struct GatherKernel: Sendable {
  /// Who reads the positions, for the error about one that is outside the axis.
  public var reader: PositionReader
  /// The type of the elements.
  public var dtype: DType
  /// The result is `[outer, indexCount, inner]`, contiguous; the source is
  /// `[outer, axisCount, inner]`, contiguous.
  public var outer: Int
  /// The size of the axis that positions are on.
  public var axisCount: Int
  /// The number of positions along it.
  public var indexCount: Int
  /// The product of the sizes behind the axis.
  public var inner: Int
  /// What is read.
  public var source: Plan.Operand
  /// int64, walked by three strides (of outer, j, inner).
  public var index: Plan.Operand
  /// What is written.
  public var result: Plan.Operand
}

/// `result = base; result[o, index[o, j, i], i] = (or +=) updates[o, j, i]`.
public struct ScatterKernel: Sendable {
  /// Who reads the positions, for the error about one that is outside the axis.
  public var reader: PositionReader
  /// The type of the elements.
  public var dtype: DType
  /// Whether updates are added; otherwise they replace.
  public var adds: Bool
  /// The result is `[outer, axisCount, inner]`, the updates are `[outer, indexCount, inner]`.
  public var outer: Int
  /// The size of the axis that positions are on.
  public var axisCount: Int
  /// The number of positions along it.
  public var indexCount: Int
  /// The product of the sizes behind the axis.
  public var inner: Int
  /// Contiguous; nothing is copied if it is the result's slot.
  public var base: Plan.Operand
  /// int64, walked by three strides.
  public var index: Plan.Operand
  /// Contiguous.
  public var updates: Plan.Operand
  /// What is written.
  public var result: Plan.Operand
}

/// Running sums along `count` of a contiguous `[outer, count, inner]`.
public struct ScanKernel: Sendable {
  /// The type of the elements.
  public var dtype: DType
  /// The product of the sizes before the axis.
  public var outer: Int
  /// The number of elements along the axis.
  public var count: Int
  /// The product of the sizes behind the axis.
  public var inner: Int
  /// What is read.
  public var source: Plan.Operand
  /// What is written.
  public var result: Plan.Operand
}

/// The int64 position of the extreme along `count` of a contiguous `[outer, count, inner]`.
public struct ArgReduceKernel: Sendable {
  /// The type of the elements.
  public var dtype: DType
  /// Whether the greatest is looked for; otherwise the least.
  public var greatest: Bool
  /// The product of the sizes before the axis.
  public var outer: Int
  /// The number of elements along the axis.
  public var count: Int
  /// The product of the sizes behind the axis.
  public var inner: Int
  /// What is read.
  public var source: Plan.Operand
  /// What is written.
  public var result: Plan.Operand
}

/// The int64 positions that sort along `count` of a contiguous `[outer, count, inner]`.
public struct ArgSortKernel: Sendable {
  /// The type of the elements.
  public var dtype: DType
  /// Whether the greatest comes first.
  public var descending: Bool
  /// The product of the sizes before the axis.
  public var outer: Int
  /// The number of elements along the axis.
  public var count: Int
  /// The product of the sizes behind the axis.
  public var inner: Int
  /// What is read.
  public var source: Plan.Operand
  /// What is written.
  public var result: Plan.Operand
}
