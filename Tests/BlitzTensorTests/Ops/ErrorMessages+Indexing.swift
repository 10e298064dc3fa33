import Blitz

// Operands of the rows.
private let m = Tensor.zeros([2, 3])
private let b = Tensor.zeros([2, 3], dtype: .bool)
private let v = Tensor.zeros([3])
private let k = Tensor.zeros([3], dtype: .int64)
private let s = Tensor.zeros([])

/// What a variable holds after an assignment.
private func assigned(_ tensor: Tensor, _ change: (inout Tensor) -> Void) -> Tensor {
  var changed = tensor
  change(&changed)
  return changed
}

extension ErrorMessageTests {
  static let indexing: [Misuse] = [
    Misuse(
      "a place outside", { m[2] },
      """
      []: index 2 is outside axis 0 of size 2
        tensor: float32[2, 3]
        help:   places are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "a place too far from the end", { m[0, -4] },
      """
      []: index -4 is outside axis 1 of size 3
        tensor: float32[2, 3]
        help:   places are 0 to 2, or -1 to -3 from the end
      """),
    Misuse(
      "a place of an empty axis", { Tensor.zeros([0])[0] },
      """
      []: index 0 is outside axis 0 of size 0
        tensor: float32[0]
        help:   the axis is empty
      """),
    Misuse(
      "too many indexes", { m[0, 1, 2] },
      """
      []: 3 axes are indexed in a tensor of rank 2
        tensor: float32[2, 3]
        help:   leave out 1 of the indexes
      """),
    Misuse(
      "two ellipses", { m[.ellipsis, 0, .ellipsis] },
      """
      []: 2 ellipses leave it open which axes are meant
        tensor: float32[2, 3]
        help:   write one
      """),
    Misuse(
      "a step of zero", { m[.slice(by: 0)] },
      """
      []: the step of a slice is 0
        tensor: float32[2, 3]
        help:   give a positive step, or a negative one
      """),
    Misuse(
      "an index of another dtype", { m[v] },
      """
      []: an index is int64, int32 or bool, not float32
        tensor: float32[2, 3]
        index:  float32[3]
        help:   write .cast(to: .int64) on the index
      """),
    Misuse(
      "a mask of another shape", { m[Tensor([true, false, true])] },
      """
      []: the mask has shape [3], the axes it stands for have [2]
        tensor: float32[2, 3]
        mask:   bool[3]
        help:   a mask has the shape of the tensor, or of its first axes
      """),
    Misuse(
      "a place of an array outside", { m[[0, 2]] },
      """
      []: index 2 is outside axis 0 of size 2
        tensor: float32[2, 3]
        help:   places are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "indexes that do not broadcast", { m[Tensor([0, 1]), Tensor([0, 1, 2])] },
      """
      []: the shapes of the indexes do not broadcast: [2], [3]
        tensor: float32[2, 3]
        help:   indexes by tensors are used together, element by element
      """),
    Misuse(
      "an assigned value of another shape", { assigned(m) { $0[0] = Tensor.zeros([2]) } },
      """
      []=: a value of shape [2] does not broadcast to the [3] that is named
        tensor: float32[2, 3]
        value:  float32[2]
        help:   give one number, or a value of shape [3]
      """),
    Misuse(
      "an assigned number that does not fit", { assigned(k.cast(to: .uint8)) { $0[0] = 300 } },
      """
      []=: 300 is not a value of uint8
        tensor: uint8[3]
        help:   write .cast(to: .float32) on the tensor, or another number
      """),
    Misuse(
      "assigning to a leaf", { assigned(m.requiringGrad()) { $0[0] = 1 } },
      """
      []=: changes a tensor that requires its gradient while ops are recorded
        tensor: float32[2, 3]
        help:   write noGrad { w[...] = ... }, or w = w.detached() first
      """),
    Misuse(
      "gather with another rank", { m.gather(axis: 1, index: k) },
      """
      gather: the index has rank 1, the tensor 2
        input: float32[2, 3]
        index: int64[3]
        help:  unsqueezed(axis:) adds an axis to the index
      """),
    Misuse(
      "gather with another size",
      { m.gather(axis: 1, index: Tensor.zeros([3, 1], dtype: .int64)) },
      """
      gather: axis 0 of the index has size 3, more than 2
        input: float32[2, 3]
        index: int64[3, 1]
        help:  only axis 1 can be larger
      """),
    Misuse(
      "gather with floating positions", { m.gather(axis: 1, index: m) },
      """
      gather: an index is int64 or int32, not float32
        input: float32[2, 3]
        index: float32[2, 3]
        help:  write .cast(to: .int64) on the index
      """),
    Misuse(
      "indexSelect with a matrix", { m.indexSelect(axis: 0, indices: k.unsqueezed(axis: 0)) },
      """
      indexSelect: the indices have 2 axes, not 1
        input:   float32[2, 3]
        indices: int64[1, 3]
        help:    write indices.flattened(), or a subscript x[indices]
      """),
    Misuse(
      "indexSelect along a missing axis", { m.indexSelect(axis: 3, indices: k) },
      """
      indexSelect: there is no axis 3
        input: float32[2, 3]
        help:  axes are 0 to 1, or -1 to -2 from the end
      """),
    Misuse(
      "scatter with updates of another dtype", { v.scatter(axis: 0, index: k, updates: k) },
      """
      scatter: the dtypes differ: the tensor is float32, the updates are int64
        input:   float32[3]
        index:   int64[3]
        updates: int64[3]
        help:    write updates.cast(to: .float32)
      """),
    Misuse(
      "scatter with too few updates", { v.scatter(axis: 0, index: k, updates: Tensor.zeros([2])) },
      """
      scatter: the updates have shape [2], the index names places of shape [3]
        input:   float32[3]
        index:   int64[3]
        updates: float32[2]
        help:    give one update for each position
      """),
    Misuse(
      "scatterAdd to bools", { b.scatterAdd(axis: 0, index: k, updates: v) },
      """
      scatterAdd: takes numbers, not bool
        input: bool[2, 3]
        help:  write .cast(to: .float32) first
      """),
    Misuse(
      "oneHot of floating labels", { v.oneHot(classCount: 3) },
      """
      oneHot: labels are int64 or int32, not float32
        input: float32[3]
        help:  write .cast(to: .int64) first
      """),
    Misuse(
      "oneHot with negative classes", { k.oneHot(classCount: -1) },
      """
      oneHot: the size of axis 1 is -1, in [3, -1]
        input: int64[3]
        help:  sizes are 0 or more
      """),
    Misuse(
      "topK of too many", { m.topK(4).values },
      """
      topK: k is 4, axis -1 has size 3
        input: float32[2, 3]
        help:  k is 0 to 3
      """),
    Misuse(
      "topK of bools", { b.topK(1).values },
      """
      topK: takes numbers, not bool
        input: bool[2, 3]
        help:  write .cast(to: .float32) first
      """),
    Misuse(
      "argSort of a number", { s.argSort(axis: 1) },
      """
      argSort: there is no axis 1
        input: float32[]
        help:  a single number has no axes
      """),
  ]
}
