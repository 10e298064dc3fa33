import Blitz

extension ErrorMessageTests {
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
      requiringGrad: only floats have gradients, not int64
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
      randn: draws floats, not int32
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
}
