import Blitz

// Operands of the rows.
private let m = Tensor.zeros([2, 3])
private let v = Tensor.zeros([3])
private let k = Tensor.zeros([3], dtype: .int64)
private let s = Tensor.zeros([])

extension ErrorMessageTests {
  static let shapes: [Misuse] = [
    Misuse(
      "reshaped to another count", { m.reshaped(to: [4, 2]) },
      """
      reshaped: [4, 2] has 8 elements, the tensor has 6
        input: float32[2, 3]
        help:  the product of the sizes must be 6; one of them can be -1
      """),
    Misuse(
      "reshaped with two unknown sizes", { m.reshaped(to: [-1, -1]) },
      """
      reshaped: only one size can be -1, [-1, -1] has 2
        input: float32[2, 3]
        help:  write the other sizes out
      """),
    Misuse(
      "reshaped to what does not divide", { m.reshaped(to: [4, -1]) },
      """
      reshaped: no size in place of -1 gives [4, -1] the 6 elements of [2, 3]
        input: float32[2, 3]
        help:  the other sizes must divide 6
      """),
    Misuse(
      "reshaped with a negative size", { m.reshaped(to: [-2, 3]) },
      """
      reshaped: the size of axis 0 is -2, in [-2, 3]
        input: float32[2, 3]
        help:  sizes are 0 or more
      """),
    Misuse(
      "squeezed along another axis", { m.squeezed(axis: 1) },
      """
      squeezed: the size of axis 1 is 3, not 1
        input: float32[2, 3]
        help:  only axes of size 1 can be left out
      """),
    Misuse(
      "squeezed without the axis", { m.squeezed(axis: 2) },
      """
      squeezed: there is no axis 2
        input: float32[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "unsqueezed too far", { m.unsqueezed(axis: 4) },
      """
      unsqueezed: there is no axis 4 in a result of rank 3
        input: float32[2, 3]
        help:  a new axis can be at 0 to 2, or -1 to -3 from the end
      """),
    Misuse(
      "flattened backwards", { m.flattened(from: 1, to: 0) },
      """
      flattened: axis 1 comes after axis 0
        input: float32[2, 3]
        help:  write flattened(from: 0, to: 1)
      """),
    Misuse(
      "permuted with an axis twice", { m.permuted([0, 0]) },
      """
      permuted: [0, 0] does not name each of the 2 axes once
        input: float32[2, 3]
        help:  name every axis once, for example [1, 0]
      """),
    Misuse(
      "permuted without an axis", { m.permuted([1]) },
      """
      permuted: [1] does not name each of the 2 axes once
        input: float32[2, 3]
        help:  name every axis once, for example [1, 0]
      """),
    Misuse(
      "permuted by an axis that is not there", { m.permuted([0, 5]) },
      """
      permuted: there is no axis 5
        input: float32[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "transposed vector", { v.transposed() },
      """
      transposed: takes a matrix, not a tensor of rank 1
        input: float32[3]
        help:  add an axis with unsqueezed(axis:) first
      """),
    Misuse(
      "transposed batch", { Tensor.zeros([2, 3, 4]).transposed() },
      """
      transposed: takes a matrix, not a tensor of rank 3
        input: float32[2, 3, 4]
        help:  name the axes: transposed(-1, -2), or permuted([2, 1, 0])
      """),
    Misuse(
      "transposed along missing axes", { m.transposed(0, -3) },
      """
      transposed: there is no axis -3
        input: float32[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "expanded along a longer axis", { m.expanded(to: [4, 3]) },
      """
      expanded: axis 0 has size 2, which cannot become 4
        input: float32[2, 3]
        help:  only axes of size 1 repeat; tiled(_:) copies longer ones
      """),
    Misuse(
      "expanded to fewer axes", { m.expanded(to: [3]) },
      """
      expanded: [3] has fewer axes than [2, 3]
        input: float32[2, 3]
        help:  new axes come in front; sizes are named from the last axis on
      """),
    Misuse(
      "expanded with an unknown new axis", { m.expanded(to: [-1, 2, 3]) },
      """
      expanded: the size of axis 0 is -1, in [-1, 2, 3]
        input: float32[2, 3]
        help:  sizes are 0 or more
      """),
    Misuse(
      "tiled by a negative count", { m.tiled([2, -1]) },
      """
      tiled: axis 1 cannot be repeated -1 times
        input: float32[2, 3]
        help:  give 0 or more for each axis
      """),
    Misuse(
      "tiled beyond count", { m.tiled([1 << 40, 1 << 40]) },
      """
      tiled: the shape [2199023255552, 3298534883328] is too large to count its elements
        input: float32[2, 3]
        help:  use smaller sizes
      """),
    Misuse(
      "padded without a pair", { m.padded([(1, 1)]) },
      """
      padded: the number of pairs is 1, of axes 2
        input: float32[2, 3]
        help:  give (low, high) for each axis, (0, 0) where nothing is added
      """),
    Misuse(
      "more cut off than there is", { m.padded([(0, -3), (0, 0)]) },
      """
      padded: axis 0 cannot be padded by (0, -3)
        input: float32[2, 3]
        help:  cut off at most what there is
      """),
    Misuse(
      "padded with what does not fit", { k.padded([(1, 1)], value: 0.5) },
      """
      padded: 0.5 is not a value of int64
        tensor: int64[3]
        help:   write .cast(to: .float32) on the tensor, or another number
      """),
    Misuse(
      "flipped along an axis twice", { m.flipped(axes: [0, -2]) },
      """
      flipped: axis -2 is named twice in [0, -2]
        input: float32[2, 3]
        help:  name each axis once
      """),
    Misuse(
      "rolled along a missing axis", { m.rolled(by: 1, axis: 2) },
      """
      rolled: there is no axis 2
        input: float32[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "split into unequal parts", { m.split(count: 2, axis: 1)[1] },
      """
      split: axis 1 of size 3 has no 2 equal parts
        input: float32[2, 3]
        help:  write split(sizes: [...], axis: 1)
      """),
    Misuse(
      "split by sizes that do not add up", { m.split(sizes: [1, 1], axis: 1)[0] },
      """
      split: the sizes [1, 1] do not add up to the 3 of axis 1
        input: float32[2, 3]
        help:  sizes are 0 or more, and their sum is the axis
      """),
    Misuse(
      "concatenated nothing", { concatenate([]) },
      """
      concatenate: the array of tensors is empty
        help: give at least one tensor
      """),
    Misuse(
      "concatenated other sizes", { concatenate([m, Tensor.zeros([2, 4])]) },
      """
      concatenate: axis 1 is 3 in the first tensor, 4 in tensor 1
        first:    float32[2, 3]
        tensor 1: float32[2, 4]
        help:     only axis 0 can differ
      """),
    Misuse(
      "concatenated other ranks", { concatenate([m, v]) },
      """
      concatenate: the ranks differ: the first has 2, tensor 1 has 1
        first:    float32[2, 3]
        tensor 1: float32[3]
        help:     unsqueezed(axis:) adds an axis
      """),
    Misuse(
      "concatenated numbers", { concatenate([s, s]) },
      """
      concatenate: single numbers have no axis to follow each other along
        first: float32[]
        help:  write stack([...])
      """),
    Misuse(
      "stacked other shapes", { stack([m, m.transposed()]) },
      """
      stack: the shapes differ: the first is [2, 3], tensor 1 is [3, 2]
        first:    float32[2, 3]
        tensor 1: float32[3, 2]
        help:     stack takes equal shapes; concatenate([...], axis:) follows an axis they have
      """),
    Misuse(
      "stacked along a missing axis", { stack([m, m], axis: 4) },
      """
      stack: there is no axis 4 in a result of rank 3
        first: float32[2, 3]
        help:  the new axis can be at 0 to 2, or -1 to -3 from the end
      """),
    Misuse(
      "the triangle of a vector", { v.tril() },
      """
      tril: takes a matrix or a batch of them, not a tensor of rank 1
        input: float32[3]
        help:  add an axis with unsqueezed(axis:) first
      """),
  ]
}
