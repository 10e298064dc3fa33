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
