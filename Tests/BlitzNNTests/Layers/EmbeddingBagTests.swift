import Blitz
import Testing

/// The numbers are those of torch 2.15.0.
@Suite struct EmbeddingBagTests {
  private static let bags: [(mode: EmbeddingBag.Mode, values: [Float], gradients: [Float])] = [
    (.sum, [12, 15, 0, 0, 10, 12], [1, 2, 0, 0, 1, 1]),
    (.mean, [4, 5, 0, 0, 5, 6], [0.5, 0.6666667, 0, 0, 0.33333334, 0.5]),
    (.max, [8, 9, 0, 0, 10, 11], [0, 0, 0, 0, 1, 1]),
  ]

  /// Bags one behind the other, the second of them empty; `F.embedding_bag`.
  @Test(arguments: bags)
  func reduces(mode: EmbeddingBag.Mode, values: [Float], gradients: [Float]) throws {
    let table = Tensor.arange(12).cast(to: .float32).reshaped(to: [6, 2]).requiringGrad()
    let y = embeddingBag(
      Tensor([4, 1, 1, 5, 0]), table: table, offsets: Tensor([0, 3, 3]), mode: mode)
    #expect(try y.flattened().array(as: [Float].self) == values)
    let found = gradient(of: y.sum(), wrt: table)
    #expect(try found[0..., 0].array(as: [Float].self) == gradients)
    #expect(try found[0..., 1].array(as: [Float].self) == gradients)
  }

  @Test func leavesOutPadding() throws {
    let table = Tensor.arange(12).cast(to: .float32).reshaped(to: [6, 2])
    let y = embeddingBag(Tensor([[4, 1], [1, 0]]), table: table, paddingIndex: 1)
    #expect(try y.array(as: [[Float]].self) == [[8, 9], [0, 1]])
  }

  /// `nn.LSTM(3, 4, num_layers=2, proj_size=2, bidirectional=True)` after `manual_seed(0)`.
  @Test func lstmWithProjection() throws {
    let network = LSTM(
      3, 4, layers: 2, bidirectional: true, projectionSize: 2, generator: Generator(seed: 0))
    let last = network.state.first { $0.name == "weight_hr_l1_reverse" }
    #expect(last?.tensor.shape == [2, 4])
    let (y, state) = network(Tensor.arange(12).reshaped(to: [2, 2, 3]).cast(to: .float32) / 10)
    #expect(y.shape == [2, 2, 4] && state.hidden.shape == [4, 2, 2])
    let first = try y.flattened()[0..<4].array(as: [Float].self)
    let expected: [Float] = [0.13083419, 0.038184717, 0.029856252, 0.060738292]
    #expect(zip(first, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(first)")
    #expect(abs(try state.cell.sum().item() + 4.575801) < 1e-5)
    try y.sum().backward()
    let projection = network.parameters.first { $0.name == "weight_hr_l0" }
    let slope = try #require(projection?.parameter.value.grad).sum().item()
    #expect(abs(slope + 0.163416639) < 1e-6)
  }

  @Test func windowsOverWholeNumbers() throws {
    let x = Tensor([[[1, 5, 2, 7, 3, 4]]])
    let places = x.maxPoolWithIndices([3], stride: [2]).indices
    let found = [
      x.avgPool1d(2), x.maxPool1d(3, stride: 2), places, x.conv1d(Tensor([[[1, -1, 2]]])),
      x.padded([(0, 0), (0, 0), (-1, -2)]),
    ]
    let expected = [[3, 4, 3], [5, 7], [1, 3], [0, 17, 1, 12], [5, 2, 7]]
    #expect(try found.map { try $0.flattened().array(as: [Int].self) } == expected)
  }

  @Test func differencesOfNothing() {
    #expect(Tensor.zeros([0, 1 << 40]).diff(.max).shape == [0, 0])
  }

  @Test func uniqueConsecutiveSlices() throws {
    let x = Tensor([[1, 1, 2, 2, 1], [3, 3, 4, 5, 3]])
    let (values, inverse, counts) = x.uniqueConsecutive(axis: 1)
    #expect(try values.array(as: [[Int]].self) == [[1, 2, 2, 1], [3, 4, 5, 3]])
    #expect(try inverse.array(as: [Int].self) == [0, 0, 1, 2, 3])
    #expect(try counts.array(as: [Int].self) == [2, 1, 1, 1])
  }
}
