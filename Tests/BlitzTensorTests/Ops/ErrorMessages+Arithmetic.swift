import Blitz

// Operands of the rows.
private let m = Tensor.zeros([2, 3])
private let d = Tensor.zeros([2, 3], dtype: .float64)
private let b = Tensor.zeros([2, 3], dtype: .bool)
private let v = Tensor.zeros([3])
private let k = Tensor.zeros([3], dtype: .int64)
private let s = Tensor.zeros([])

extension ErrorMessageTests {
  static let arithmetic: [Misuse] = [
    Misuse(
      "shapes that do not broadcast", { m + Tensor.zeros([2, 4]) },
      """
      add: the shapes do not broadcast: axis -1 is 3 on the left, 4 on the right
        left:  float32[2, 3]
        right: float32[2, 4]
        help:  sizes must be equal, or one of them 1; reshaped(to:) or unsqueezed(axis:) can \
      add an axis
      """),
    Misuse(
      "a number beyond its dtype", { k.cast(to: .uint8) * 300 },
      """
      multiply: 300 is not a value of uint8
        tensor: uint8[3]
        help:   write .cast(to: .float32) on the tensor, or another number
      """),
    Misuse(
      "a difference of bools", { b - b },
      """
      subtract: takes numbers, not bool
        left:  bool[2, 3]
        right: bool[2, 3]
        help:  write .cast(to: .int64) first
      """),
    Misuse(
      "a comparison that does not broadcast", { m .< Tensor.zeros([4]) },
      """
      less: the shapes do not broadcast: axis -1 is 3 on the left, 4 on the right
        left:  float32[2, 3]
        right: float32[4]
        help:  sizes must be equal, or one of them 1; reshaped(to:) or unsqueezed(axis:) can \
      add an axis
      """),
    Misuse(
      "not of numbers", { .!m },
      """
      not: takes whole numbers or bool, not float32
        input: float32[2, 3]
        help:  write .cast(to: .int64) first
      """),
    Misuse(
      "and of numbers", { m .& m },
      """
      and: takes whole numbers or bool, not float32
        left:  float32[2, 3]
        right: float32[2, 3]
        help:  write .cast(to: .int64) first
      """),
    Misuse(
      "clamp without a bound", { m.clamp() },
      """
      clamp: there is no bound
        input: float32[2, 3]
        help:  write clamp(min: 0), clamp(max: 1) or clamp(min: 0, max: 1)
      """),
    Misuse(
      "where with a mask of numbers", { Tensor.where(m, m, m) },
      """
      where: the mask must be bool, not float32
        mask: float32[2, 3]
        help: make one with a comparison, such as x .> 0, or write .cast(to: .bool)
      """),
    Misuse(
      "where with another shape", { Tensor.where(Tensor([true, false]), m, m) },
      """
      where: the mask's shape does not broadcast with the choices'
        mask:   bool[2]
        chosen: float32[2, 3]
        other:  float32[2, 3]
        help:   sizes must be equal, or one of them 1
      """),
    Misuse(
      "a negative power of whole numbers", { k.pow(-1) },
      """
      pow: whole numbers have no whole power of -1
        base: int64[3]
        help: write pow(-1.0), which is float32
      """),
    Misuse(
      "matmul with unequal inner axes", { m.matmul(m) },
      """
      matmul: the inner axes differ: left has 3, right has 2
        left:  float32[2, 3]
        right: float32[2, 3]
        help:  shapes are [..., m, k] and [..., k, n]; did you mean right.transposed()?
      """),
    Misuse(
      "matmul of a number", { m.matmul(s) },
      """
      matmul: takes vectors and matrices, not a single number
        left:  float32[2, 3]
        right: float32[]
        help:  write left * right to multiply by a number
      """),
    Misuse(
      "matmul with batches that differ",
      { Tensor.zeros([2, 3, 4]).matmul(Tensor.zeros([3, 4, 5])) },
      """
      matmul: the batches do not broadcast: left has [2], right has [3]
        left:  float32[2, 3, 4]
        right: float32[3, 4, 5]
        help:  the axes in front of the last two must be equal, or 1 on one side
      """),
    Misuse(
      "matmul of two dtypes", { m.matmul(d.transposed()) },
      """
      matmul: the dtypes differ: left is float32, right is float64
        left:  float32[2, 3]
        right: float64[3, 2]
        help:  cast one of them, for example right.cast(to: .float32)
      """),
    Misuse(
      "dot of matrices", { m.dot(m) },
      """
      dot: takes two vectors
        left:  float32[2, 3]
        right: float32[2, 3]
        help:  write flattened() on a tensor with other axes, or matmul(_:) for matrices
      """),
    Misuse(
      "dot of unequal lengths", { v.dot(Tensor.zeros([4])) },
      """
      dot: the lengths differ: left has 3, right has 4
        left:  float32[3]
        right: float32[4]
        help:  take as many elements of both, or use outer(_:) for all products
      """),
    Misuse(
      "the trace of a vector", { v.trace() },
      """
      trace: takes a matrix, not 1 axes
        input: float32[3]
        help:  of a batch of matrices, einsum("bii->b", x)
      """),
    Misuse(
      "einsum with unequal sizes", { einsum("ij,jk->ik", m, m) },
      """
      einsum: the axis j has two sizes, 3 and 2
        equation:  "ij,jk->ik"
        operand 0: float32[2, 3]
        operand 1: float32[2, 3]
        help:      a letter for each axis of each operand, as in einsum("ij,jk->ik", a, b)
      """),
    Misuse(
      "einsum with another number of axes", { einsum("i,i->", m, v) },
      """
      einsum: "i" names 1 axis, operand 0 has 2
        equation:  "i,i->"
        operand 0: float32[2, 3]
        operand 1: float32[3]
        help:      a letter for each axis of each operand, as in einsum("ij,jk->ik", a, b)
      """),
  ]

  static let reductions: [Misuse] = [
    Misuse(
      "a sum along a missing axis", { m.sum(axis: 2) },
      """
      sum: there is no axis 2
        input: float32[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "a sum along an axis twice", { m.sum(axes: [0, 0]) },
      """
      sum: axis 0 is named twice
        input: float32[2, 3]
        help:  axes are [0, 0]; name each of them once
      """),
    Misuse(
      "the mean of whole numbers", { k.mean() },
      """
      mean: takes floats, not int64
        input: int64[3]
        help:  write .cast(to: .float32) first
      """),
    Misuse(
      "the greatest of nothing", { Tensor.zeros([0, 3]).max(axis: 0) },
      """
      max: there is no element along axis 0
        input: float32[0, 3]
        help:  the max of nothing is not a number; check shape[0] > 0 first
      """),
    Misuse(
      "argmax of nothing", { Tensor.zeros([0]).argmax() },
      """
      argmax: there is no element along axis 0
        input: float32[0]
        help:  the argmax of nothing is not a number; check shape[0] > 0 first
      """),
    Misuse(
      "argmax along a missing axis", { m.argmax(axis: -3) },
      """
      argmax: there is no axis -3
        input: float32[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "softmax along a missing axis", { m.softmax(axis: 2) },
      """
      softmax: there is no axis 2
        input: float32[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "logSoftmax of whole numbers", { k.logSoftmax(axis: 0) },
      """
      logSoftmax: takes floats, not int64
        input: int64[3]
        help:  write .cast(to: .float32) first
      """),
    Misuse(
      "cumsum along a missing axis", { m.cumsum(axis: 2) },
      """
      cumsum: there is no axis 2
        input: float32[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "the variance of whole numbers", { k.variance() },
      """
      variance: takes floats, not int64
        input: int64[3]
        help:  write .cast(to: .float32) first
      """),
    Misuse(
      "any along a missing axis", { b.any(axis: 2) },
      """
      any: there is no axis 2
        input: bool[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "the norm of whole numbers", { k.norm() },
      """
      norm: takes floats, not int64
        input: int64[3]
        help:  write .cast(to: .float32) first
      """),
    Misuse(
      "logSumExp along a missing axis", { m.logSumExp(axis: 2) },
      """
      logSumExp: there is no axis 2
        input: float32[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
  ]
}
