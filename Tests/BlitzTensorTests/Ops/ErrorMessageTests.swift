import Blitz
import Testing

/// One way to misuse an op, and the exact text of the error that the answer carries.
struct Misuse: Sendable, CustomTestStringConvertible {
  let name: String
  let message: String
  let call: @Sendable () -> Tensor

  init(_ name: String, _ call: @escaping @Sendable () -> Tensor, _ message: String) {
    self.name = name
    self.message = message
    self.call = call
  }

  var testDescription: String { name }
}

// Operands of the rows.
private let m = Tensor.zeros([2, 3])
private let d = Tensor.zeros([2, 3], dtype: .float64)
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

@Suite("Error messages")
struct ErrorMessageTests {
  @Test("say what is wrong, with the numbers, and what to write instead", arguments: misuses)
  func exactText(_ misuse: Misuse) throws {
    let answer = misuse.call()
    let error = try #require(answer.error, "no error: \(answer.signature)")
    #expect(error.message == misuse.message)
  }

  @Test("are thrown by the calls that ask for numbers", arguments: misuses)
  func thrown(_ misuse: Misuse) {
    let answer = misuse.call()
    let error = #expect(throws: TensorError.self) { try answer.scalars(as: Double.self) }
    #expect(error?.message == misuse.message)
    #expect((answer + 1).error?.message == misuse.message)
  }

  @Test("name the line of the user's call")
  func location() throws {
    let matmul = m.matmul(m).error
    var line = #line - 1
    #expect(try #require(matmul?.location).line == line)
    #expect(matmul?.location?.file == "ErrorMessageTests.swift")

    var grad = m
    grad[5] = 0
    line = #line - 1
    #expect(try #require(grad.error?.location).line == line)
    #expect(grad.error?.location?.file == "ErrorMessageTests.swift")

    // A later op and a throwing call keep the place of the first mistake.
    let bad = v.tril()
    line = #line - 1
    let later = (bad * 2).sum()
    let error = #expect(throws: TensorError.self) { try later.item() }
    #expect(try #require(error?.location).line == line)
    #expect(error?.description.hasSuffix("at:    ErrorMessageTests.swift:\(line)") == true)
  }

  static let misuses = making + shapes + indexing + arithmetic + reductions

  static let making: [Misuse] = [
    Misuse(
      "a negative size", { Tensor.zeros([2, -1]) },
      """
      zeros: the size of axis 1 is -1, in [2, -1]
        help: sizes are 0 or more
      """),
    Misuse(
      "a shape too large to count", { Tensor.ones([1 << 40, 1 << 40]) },
      """
      ones: the shape [1099511627776, 1099511627776] is too large to count its elements
        help: use smaller sizes
      """),
    Misuse(
      "too many axes", { Tensor.zeros(Shape([Int](repeating: 1, count: 17))) },
      """
      zeros: 17 axes are more than the 16 a tensor can have
        help: merge axes with reshaped(to:) or flattened(from:to:)
      """),
    Misuse(
      "a number that uint8 cannot hold", { Tensor.full([2], 300, dtype: .uint8) },
      """
      full: 300.0 is not a value of uint8
        help: write another number or dtype:
      """),
    Misuse(
      "ragged rows", { Tensor([[1, 2], [3]]) },
      """
      Tensor: row [1] has 1 element, the first one beside it has 2 elements
        help: rows are equally long
      """),
    Misuse(
      "ragged arrays", { Tensor([[1, 2], [3]] as [[Float]]) },
      """
      Tensor: row [1] has 1 element, the first one beside it has 2 elements
        help: rows are equally long
      """),
    Misuse(
      "a row beside a number", { Tensor([[1, 2], 3]) },
      """
      Tensor: row [1] is a single number, the first one beside it has 2 elements
        help: rows are equally long
      """),
    Misuse(
      "numbers beside bools", { Tensor([1, true]) },
      """
      Tensor: numbers and bools are mixed at [1]
        help: write 1 and 0, or true and false, throughout
      """),
    Misuse(
      "a literal that does not fit", { Tensor([1.5, 2], dtype: .int64) },
      """
      Tensor: 1.5 is not a value of int64
        help: write another number, or dtype: .float32
      """),
    Misuse(
      "an array of another count", { Tensor([1, 2, 3] as [Float], shape: [2, 2]) },
      """
      Tensor: the shape [2, 2] has 4 elements, the array has 3
        help: the product of the sizes is the number of elements
      """),
    Misuse(
      "a step away from the end", { Tensor.arange(0, 5, step: -1) },
      """
      arange: steps of -1 do not lead from 0 to 5
        help: give finite numbers and a step towards the end, not 0
      """),
    Misuse(
      "a step of zero", { Tensor.arange(0.0, 1.0, step: 0) },
      """
      arange: steps of 0.0 do not lead from 0.0 to 1.0
        help: give finite numbers and a step towards the end, not 0
      """),
    Misuse(
      "a negative count", { Tensor.linspace(0, 1, count: -2) },
      """
      linspace: the size of axis 0 is -2, in [-2]
        help: sizes are 0 or more
      """),
    Misuse(
      "an identity of negative size", { Tensor.eye(-3) },
      """
      eye: the size of axis 0 is -3, in [-3, -3]
        help: sizes are 0 or more
      """),
    Misuse(
      "a gradient of whole numbers", { Tensor.zeros([2], dtype: .int64, requiresGrad: true) },
      """
      requiringGrad: only float32 and float64 have gradients, not int64
        tensor: int64[2]
        help:   write .cast(to: .float32) first
      """),
    Misuse(
      "random integers from an empty range", { Tensor.randint(5, 5, [2]) },
      """
      randint: no integer is at least 5 and below 5
        help: give a high above low
      """),
    Misuse(
      "random integers that do not fit", { Tensor.randint(0, 1000, [2], dtype: .uint8) },
      """
      randint: 999 is not a value of uint8
        help: write another range or dtype:
      """),
    Misuse(
      "a negative standard deviation", { Tensor.normal([2], mean: 0, std: -1) },
      """
      normal: the standard deviation is -1.0
        help: give 0 or more
      """),
    Misuse(
      "reversed bounds", { Tensor.uniform([2], from: 1, to: 0) },
      """
      uniform: the bounds are reversed: from is 1.0, to is 0.0
        help: write from: 0.0, to: 1.0
      """),
    Misuse(
      "normal numbers as integers", { Tensor.randn([2], dtype: .int32) },
      """
      randn: draws float32 or float64, not int32
        help: draw float32 and write .cast(to: .int32)
      """),
    Misuse(
      "a permutation of a negative count", { Tensor.randperm(-1) },
      """
      randperm: the size of axis 0 is -1, in [-1]
        help: sizes are 0 or more
      """),
    Misuse(
      "a probability above one", { Tensor.bernoulli([2], probability: 1.5) },
      """
      bernoulli: the probability is 1.5
        help: give a number from 0 to 1
      """),
  ]

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
      "padded by a negative width", { m.padded([(0, -1), (0, 0)]) },
      """
      padded: axis 0 cannot be padded by (0, -1)
        input: float32[2, 3]
        help:  widths are 0 or more; a subscript such as x[1...] cuts off
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
      "concatenated other dtypes", { concatenate([m, d]) },
      """
      concatenate: the dtypes differ: the first is float32, tensor 1 is float64
        first:    float32[2, 3]
        tensor 1: float64[2, 3]
        help:     cast one of them, for example with .cast(to: .float32)
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
      "an assigned value of another dtype",
      { assigned(m) { $0[0] = Tensor.zeros([3], dtype: .int64) } },
      """
      []=: the dtypes differ: the tensor is float32, the value is int64
        tensor: float32[2, 3]
        value:  int64[3]
        help:   write .cast(to: .float32) on the value
      """),
    Misuse(
      "an assigned number that does not fit", { assigned(k) { $0[0] = 0.5 } },
      """
      []=: 0.5 is not a value of int64
        tensor: int64[3]
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
      gather: axis 0 of the index has size 3, not 2 or 1
        input: float32[2, 3]
        index: int64[3, 1]
        help:  only axis 1 can differ
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
      "scatter with too many updates", { v.scatter(axis: 0, index: k, updates: Tensor.zeros([4])) },
      """
      scatter: the updates have shape [4], the index names places of shape [3]
        input:   float32[3]
        index:   int64[3]
        updates: float32[4]
        help:    give one update for each position
      """),
    Misuse(
      "scatterAdd of bools", { b.scatterAdd(axis: 0, index: k, updates: b) },
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
      "sort of bools", { b.sort().values },
      """
      sort: takes numbers, not bool
        input: bool[2, 3]
        help:  write .cast(to: .float32) first
      """),
    Misuse(
      "argSort of a number", { s.argSort() },
      """
      argSort: there is no axis -1
        input: float32[]
        help:  a single number has no axes
      """),
  ]

  static let arithmetic: [Misuse] = [
    Misuse(
      "shapes that do not broadcast", { m + Tensor.zeros([2, 4]) },
      """
      add: the shapes do not broadcast: axis -1 is 3 on the left, 4 on the right
        left:  float32[2, 3]
        right: float32[2, 4]
        help:  sizes must be equal, or one of them 1; reshaped(to:) or unsqueezed(axis:) can add an axis
      """),
    Misuse(
      "dtypes that differ", { m * d },
      """
      multiply: the dtypes differ: left is float32, right is float64
        left:  float32[2, 3]
        right: float64[2, 3]
        help:  cast one of them, for example right.cast(to: .float32)
      """),
    Misuse(
      "a fraction of whole numbers", { k * 0.5 },
      """
      multiply: 0.5 is not a value of int64
        tensor: int64[3]
        help:   write .cast(to: .float32) on the tensor, or another number
      """),
    Misuse(
      "arithmetic on bools", { b + b },
      """
      add: takes numbers, not bool
        input: bool[2, 3]
        help:  write .cast(to: .float32) first
      """),
    Misuse(
      "exp of whole numbers", { k.exp() },
      """
      exp: takes float32 or float64, not int64
        input: int64[3]
        help:  write .cast(to: .float32) first
      """),
    Misuse(
      "float16, which is for storage", { m.cast(to: .float16) * 2 },
      """
      multiply: float16 is for storage, not for computing
        input: float16[2, 3]
        help:  write .cast(to: .float32) first, and cast the result back
      """),
    Misuse(
      "a comparison that does not broadcast", { m .< Tensor.zeros([4]) },
      """
      less: the shapes do not broadcast: axis -1 is 3 on the left, 4 on the right
        left:  float32[2, 3]
        right: float32[4]
        help:  sizes must be equal, or one of them 1; reshaped(to:) or unsqueezed(axis:) can add an axis
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
        input: float32[2, 3]
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
      "a fractional power of whole numbers", { k.pow(0.5) },
      """
      pow: 0.5 is not a value of int64
        tensor: int64[3]
        help:   write .cast(to: .float32) on the tensor, or another number
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
      mean: takes float32 or float64, not int64
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
      logSoftmax: takes float32 or float64, not int64
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
      variance: takes float32 or float64, not int64
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
      norm: takes float32 or float64, not int64
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
