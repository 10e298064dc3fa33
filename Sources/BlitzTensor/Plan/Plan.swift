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
    public var slot: Int
    public var byteOffset: Int
  }

  /// An array as a kernel walks it: the element at indices `i` is
  /// `offset + sum(i[d] * strides[d])` elements from the start of the slot.
  public struct Operand: Sendable, Hashable {
    public var slot: Int
    public var dtype: DType
    public var offset: Int
    public var strides: [Int]
    /// Whether the kernel's space is walked in the order of memory without gaps.
    public var isContiguous: Bool
  }

  /// One number that a run is given; the index counts the scalars of the run.
  public struct ScalarArgument: Sendable, Hashable {
    public var index: Int
    public var dtype: DType
  }
}

/// One piece of work of a plan.
public enum Kernel: Sendable {
  case fused(FusedKernel)
  case matmul(MatMulKernel)
  case gather(GatherKernel)
  case scatter(ScatterKernel)
  case scan(ScanKernel)
  case argReduce(ArgReduceKernel)
  case argSort(ArgSortKernel)
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
    public var op: Elementwise
    public var dtype: DType
    public var resultDType: DType
    public var operands: [Int]
  }

  /// A value written to an array.
  public struct Store: Sendable {
    public var value: Int
    public var to: Plan.Operand
  }

  /// The space seen as `[outer, count, inner]`, a value reduced over `count` and written to
  /// a contiguous `[outer, inner]`.
  public struct Reduce: Sendable {
    public var kind: Reduction
    public var value: Int
    public var dtype: DType
    public var outer: Int
    public var count: Int
    public var inner: Int
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
  public var m: Int
  public var n: Int
  public var k: Int
  public var dtype: DType
  /// The number of products.
  public var batchSizes: [Int]
  /// Slot, offset of the first matrix and strides from batch to batch (one for each of
  /// `batchSizes`, 0 where a matrix is used again).
  public var a: Plan.Operand
  public var b: Plan.Operand
  public var transposesA: Bool
  public var transposesB: Bool
  public var leadingA: Int
  public var leadingB: Int
  /// Where `C` is; what is there is added to if `accumulates`.
  public var c: Plan.Operand
  /// An array to copy into `C` first (contiguous, like `C`), when it accumulates but the
  /// old value must be kept.
  public var initial: Plan.Operand?
  public var accumulates: Bool
  /// The product of these scalars and `alphaSign` is alpha.
  public var alpha: [Plan.ScalarArgument]
  public var alphaSign: Double
}

/// `result[o, j, i] = source[o, index[o, j, i], i]`.
public struct GatherKernel: Sendable {
  public var dtype: DType
  /// The result is `[outer, indexCount, inner]`, contiguous; the source is
  /// `[outer, axisCount, inner]`, contiguous.
  public var outer: Int
  public var axisCount: Int
  public var indexCount: Int
  public var inner: Int
  public var source: Plan.Operand
  /// int64, walked by three strides (of outer, j, inner).
  public var index: Plan.Operand
  public var result: Plan.Operand
}

/// `result = base; result[o, index[o, j, i], i] = (or +=) updates[o, j, i]`.
public struct ScatterKernel: Sendable {
  public var dtype: DType
  public var adds: Bool
  /// The result is `[outer, axisCount, inner]`, the updates are `[outer, indexCount, inner]`.
  public var outer: Int
  public var axisCount: Int
  public var indexCount: Int
  public var inner: Int
  /// Contiguous; nothing is copied if it is the result's slot.
  public var base: Plan.Operand
  /// int64, walked by three strides.
  public var index: Plan.Operand
  /// Contiguous.
  public var updates: Plan.Operand
  public var result: Plan.Operand
}

/// Running sums along `count` of a contiguous `[outer, count, inner]`.
public struct ScanKernel: Sendable {
  public var dtype: DType
  public var outer: Int
  public var count: Int
  public var inner: Int
  public var source: Plan.Operand
  public var result: Plan.Operand
}

/// The int64 position of the extreme along `count` of a contiguous `[outer, count, inner]`.
public struct ArgReduceKernel: Sendable {
  public var dtype: DType
  public var greatest: Bool
  public var outer: Int
  public var count: Int
  public var inner: Int
  public var source: Plan.Operand
  public var result: Plan.Operand
}

/// The int64 positions that sort along `count` of a contiguous `[outer, count, inner]`.
public struct ArgSortKernel: Sendable {
  public var dtype: DType
  public var descending: Bool
  public var outer: Int
  public var count: Int
  public var inner: Int
  public var source: Plan.Operand
  public var result: Plan.Operand
}
