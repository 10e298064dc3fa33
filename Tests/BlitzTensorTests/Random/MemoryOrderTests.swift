import Blitz
import Testing

/// The strides that PyTorch 2.15's tensors have, of which its random masks take their order.
///
/// Values: `torch.rand(sizes).permute(axes)` and the op, with `.stride()` of the result.
@Suite struct MemoryOrderTests {
  static let t2 = Tensor.rand([2, 3], generator: Generator(seed: 0)).transposed()
  static let x3 = Tensor.rand([4, 5, 6], generator: Generator(seed: 0)).transposed(0, 1)
  static let swapped = Tensor.rand([4, 5, 6], generator: Generator(seed: 0)).transposed(1, 2)
  static let images =
    Tensor.rand([2, 4, 5, 3], generator: Generator(seed: 0)).permuted([0, 3, 1, 2])

  static let narrow = Tensor.ones([3, 5, 2]).permuted([2, 0, 1])

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let tensor: Tensor
    let strides: [Int]
    init(_ name: String, _ tensor: Tensor, _ strides: [Int]) {
      (testDescription, self.tensor, self.strides) = (name, tensor, strides)
    }
  }

  static let rows: [Row] = [
    Row("t2", t2, [1, 3]), Row("t2 relu", t2.relu(), [1, 3]), Row("t2 gelu", t2.gelu(), [1, 3]),
    Row("t2 softmax", t2.softmax(axis: -1), [2, 1]), Row("t2 + row", t2 + t2[0], [1, 3]),
    Row("row + t2", t2[0] + t2, [1, 3]), Row("rows + t2", .ones([3, 2]) + t2, [2, 1]),
    Row("t2 flipped", t2.flipped(axes: [0]), [1, 3]), Row("t2 twice", t2.tiled([2, 2]), [4, 1]),
    Row("t2 tril", t2.tril(), [2, 1]), Row("t2 sorted", t2.sort(axis: 0).values, [1, 3]),
    Row("t2 cumulative", t2.cumsum(axis: 0), [2, 1]),
    Row("t2 indexed", t2[Tensor([0, 1])], [2, 1]), Row("t2 flat", t2.flattened(), [1]),
    Row("t2 unsqueezed", t2.unsqueezed(axis: 1), [1, 6, 3]),
    Row("t2 part", t2[1..., ..<2], [1, 3]), Row("t2 part relu", t2[1..., ..<2].relu(), [1, 2]),
    Row("t2 broadcast", t2[..<1].expanded(to: [3, 2]).relu(), [2, 1]),
    Row("t2 outer", t2.unsqueezed(axis: -1) + Tensor.ones([3]), [3, 9, 1]),
    Row("t2 contiguous", t2.contiguous(), [2, 1]),
    Row("t2 joined", concatenate([t2, t2]), [2, 1]),
    Row("x3", x3, [6, 30, 1]), Row("x3 squared", x3.square(), [6, 30, 1]),
    Row("x3 sum", x3.sum(axis: 0), [6, 1]), Row("x3 flat", x3.flattened(from: 1), [24, 1]),
    Row("x3 product", x3.matmul(.ones([6, 7])), [28, 7, 1]),
    Row("x3 half", x3.cast(to: .float16), [6, 30, 1]),
    Row("swapped indexed", swapped[Tensor([0, 1])], [30, 1, 6]),
    Row("swapped indexed inside", swapped[0..., Tensor([0, 1])], [10, 5, 1]),
    Row("swapped convolution", swapped.conv1d(.ones([8, 6, 1])), [40, 5, 1]),
    Row("t2 stacked", stack([t2, t2], axis: 2), [4, 2, 1]),
    Row("x3 stacked", stack([x3, x3], axis: 2), [48, 12, 6, 1]),
    Row("like images stacked", stack([narrow, narrow], axis: 2), [30, 10, 5, 1]),
    Row("x3 padded", x3.padded([(0, 0), (0, 0), (1, 1)]), [32, 8, 1]),
    Row("images padded", images.padded([(0, 0), (0, 0), (0, 0), (1, 1)]), [84, 1, 21, 3]),
    Row("images", images, [60, 1, 15, 3]), Row("images relu", images.relu(), [60, 1, 15, 3]),
    Row("images convolution", images.conv2d(.ones([8, 3, 3, 3])), [48, 1, 24, 8]),
    Row("images largest", images.maxPool2d(2), [12, 1, 6, 3]),
    Row("images mean", images.avgPool2d(2), [12, 1, 6, 3]),
    Row("images joined", concatenate([images, images]), [60, 1, 15, 3]),
    Row("images rolled", images.rolled(by: 1, axis: 0), [60, 1, 15, 3]),
    Row("images part relu", images[1..., ..<2].relu(), [40, 1, 10, 2]),
  ]

  @Test("has PyTorch's strides", arguments: rows)
  func strides(_ row: Row) {
    #expect(row.tensor.error == nil)
    #expect(row.tensor.strides == row.strides)
  }

  @Test("a mask of dropout has PyTorch's order")
  func mask() throws {
    // torch.manual_seed(1); nn.Dropout(0.5)(torch.ones(2, 3).t())
    let dropout = Dropout(0.5, generator: Generator(seed: 1))
    #expect(
      try dropout(Tensor.ones([2, 3]).transposed()).scalars(as: Float.self) == [2, 2, 2, 0, 2, 2])
    #expect(try Tensor.ones([2, 3]).transposed().contiguous().sum().item() == 6)
  }

  @Test("halves are drawn as PyTorch draws them", arguments: [DType.float16, .bfloat16])
  func halves(dtype: DType) throws {
    // 17 numbers take 32 draws: whole blocks, then 16 fresh ones for the last 16.
    let (g, plain) = (Generator(seed: 3), Generator(seed: 3))
    let found = try Tensor.randn([17], generator: g, dtype: dtype).scalars(as: Float.self)
    let block = Tensor.randn([16], generator: plain)
    let last = Tensor.randn([16], generator: plain)
    let expected = concatenate([block[..<1], last]).cast(to: dtype)
    #expect(try found == expected.scalars(as: Float.self))
    #expect(g.state == plain.state)
    // torch.rand(40000, dtype=...) of seed 3: 11 and 82 numbers round to 1 and become 0.
    let numbers = try Tensor.rand([40_000], generator: Generator(seed: 3), dtype: dtype)
      .scalars(as: Float.self)
    let rounded = try Tensor.rand([40_000], generator: Generator(seed: 3)).cast(to: dtype)
      .scalars(as: Float.self)
    #expect(numbers.max()! < 1)
    #expect(zip(numbers, rounded).count { $0 != $1 } == (dtype == .float16 ? 11 : 82))
    #expect(zip(numbers, rounded).allSatisfy { $0 == $1 || $0 == 0 && $1 == 1 })
  }
}
