import Blitz
import BlitzDistributions
import Testing

@Suite struct MoreLayerTests {
  /// Layers of one tensor, with the shapes that they take and return.
  private static var layers: [(layer: any Layer, input: Shape, output: Shape)] {
    [
      (AdaptiveAvgPool1d(2), [1, 3, 8], [1, 3, 2]),
      (AdaptiveAvgPool3d(2), [1, 3, 4, 4, 4], [1, 3, 2, 2, 2]),
      (AdaptiveMaxPool1d(2), [1, 3, 8], [1, 3, 2]),
      (AdaptiveMaxPool2d(2), [1, 3, 8, 8], [1, 3, 2, 2]),
      (AdaptiveMaxPool3d(2), [1, 3, 4, 4, 4], [1, 3, 2, 2, 2]),
      (AlphaDropout(0.5), [4, 3], [4, 3]),
      (AvgPool1d(2), [1, 3, 8], [1, 3, 4]),
      (AvgPool3d(2), [1, 3, 4, 4, 4], [1, 3, 2, 2, 2]),
      (BatchNorm3d(3), [2, 3, 2, 4, 4], [2, 3, 2, 4, 4]),
      (CELU(), [3], [3]),
      (ChannelShuffle(2), [1, 4, 2, 2], [1, 4, 2, 2]),
      (Conv3d(3, 5, size: 3, padding: 1), [1, 3, 4, 4, 4], [1, 5, 4, 4, 4]),
      (ConvTranspose1d(3, 5, size: 2, stride: 2), [2, 3, 4], [2, 5, 8]),
      (ConvTranspose3d(3, 5, size: 2, stride: 2), [1, 3, 2, 2, 2], [1, 5, 4, 4, 4]),
      (Dropout1d(0.5), [2, 3, 4], [2, 3, 4]),
      (Dropout2d(0.5), [2, 3, 4, 4], [2, 3, 4, 4]),
      (Dropout3d(0.5), [2, 3, 2, 4, 4], [2, 3, 2, 4, 4]),
      (FeatureAlphaDropout(0.5), [2, 3, 4], [2, 3, 4]),
      (FractionalMaxPool2d(2, output: 3), [1, 3, 8, 8], [1, 3, 3, 3]),
      (FractionalMaxPool3d(2, output: 2), [1, 3, 6, 6, 6], [1, 3, 2, 2, 2]),
      (GLU(), [2, 6], [2, 3]),
      (Hardshrink(), [3], [3]),
      (Hardsigmoid(), [3], [3]),
      (Hardswish(), [3], [3]),
      (InstanceNorm1d(3), [2, 3, 8], [2, 3, 8]),
      (InstanceNorm2d(3), [2, 3, 4, 4], [2, 3, 4, 4]),
      (InstanceNorm3d(3), [2, 3, 2, 4, 4], [2, 3, 2, 4, 4]),
      (LPPool1d(2, 2), [1, 3, 8], [1, 3, 4]),
      (LPPool2d(2, 2), [1, 3, 8, 8], [1, 3, 4, 4]),
      (LPPool3d(2, 2), [1, 3, 4, 4, 4], [1, 3, 2, 2, 2]),
      (LocalResponseNorm(2), [1, 3, 4, 4], [1, 3, 4, 4]),
      (LogSigmoid(), [3], [3]),
      (MaxPool1d(2), [1, 3, 8], [1, 3, 4]),
      (MaxPool3d(2), [1, 3, 4, 4, 4], [1, 3, 2, 2, 2]),
      (Mish(), [3], [3]),
      (PReLU(), [3], [3]),
      (Pad(1, axes: 2, mode: .reflect), [1, 3, 4, 4], [1, 3, 6, 6]),
      (PixelShuffle(2), [1, 4, 3, 3], [1, 1, 6, 6]),
      (PixelUnshuffle(2), [1, 1, 6, 6], [1, 4, 3, 3]),
      (ReLU6(), [3], [3]),
      (SELU(), [3], [3]),
      (Softmax2d(), [1, 3, 4, 4], [1, 3, 4, 4]),
      (Softmin(axis: -1), [2, 3], [2, 3]),
      (Softshrink(), [3], [3]),
      (Softsign(), [3], [3]),
      (Tanhshrink(), [3], [3]),
      (Threshold(0.1, 20), [3], [3]),
      (Unflatten(axis: 1, to: [2, 3]), [4, 6], [4, 2, 3]),
      (Upsample(by: 2), [1, 3, 4, 4], [1, 3, 8, 8]),
    ]
  }

  @Test(arguments: layers.indices) func returnsItsShape(_ index: Int) throws {
    let (layer, input, output) = Self.layers[index]
    let result = layer(Tensor.randn(input, generator: Generator(seed: 0)))
    #expect(result.error == nil, "\(layer)")
    #expect(result.shape == output, "\(layer)")
    #expect(try result.isFinite().all().item(as: Bool.self), "\(layer)")
  }

  @Test func wrapsALayer() throws {
    let layer = Linear(4, 3)
    let x = Tensor.ones([2, 4]).requiringGrad()
    let kept: Checkpointed<Linear> = layer.checkpointed()
    let doubled: Hooked<Linear> = layer.hooked(after: { _, result in result * 2 })
    #expect(try kept(x).isClose(to: layer(x)).all().item())
    #expect(try doubled(x).isClose(to: layer(x) * 2).all().item())
  }

  @Test func takesWhatIsNoLayer() throws {
    let x = Tensor.ones([2, 4])
    #expect(LSTMCell(4, 3)(x).cell.shape == [2, 3])
    #expect(GRUCell(4, 3)(x).shape == [2, 3])
    #expect(RNNCell(4, 3)(x).shape == [2, 3])
    #expect(Bilinear(4, 4, 5)(x, x).shape == [2, 5])
    #expect(EmbeddingBag(10, 8)(Tensor([[1, 2, 3], [4, 5, 6]])).shape == [2, 8])
    let model = Transformer(
      8, heads: 2, encoderLayers: 1, decoderLayers: 1, feedForward: 16, batchFirst: true)
    #expect(model(Tensor.ones([2, 5, 8]), Tensor.ones([2, 3, 8])).shape == [2, 3, 8])
  }
}

/// A distribution of a user's own: always the same number.
private struct Constant: SmoothDistribution {
  let value: Tensor

  var batchShape: Shape { value.shape }
  var eventShape: Shape { [] }
  var mean: Tensor { value }
  var variance: Tensor { .zeros(value.shape) }

  func rsample(_ shape: Shape, generator: Generator) -> Tensor {
    value.expanded(to: Shape(shape.sizes + value.shape.sizes))
  }

  func logProbability(_ value: Tensor) -> Tensor {
    .where(value .== self.value, .zeros([]), .full([], -Double.infinity))
  }
  func entropy() -> Tensor { .zeros(value.shape) }
}

@Suite struct OwnDistributionTests {
  @Test func samplesAsTheLibrarys() throws {
    let weight = Tensor([2.0, 3.0]).requiringGrad()
    let distributions: [any Distribution] = [Constant(value: weight)]
    #expect(distributions[0].sample([4]).shape == [4, 2])
    #expect(try distributions[0].std.array(as: [Float].self) == [0, 0])
    try Constant(value: weight).rsample().sum().backward()
    #expect(try weight.grad.array(as: [Float].self) == [1, 1])
  }
}

@Suite struct OperandTests {
  private func doubled(_ operand: some TensorOperand) -> Tensor { operand.tensor * 2 }

  private func scalar(_ number: some ScalarConvertible) -> Scalar { number.scalar }

  @Test func functionsTakeTensorsAndNumbers() throws {
    #expect(try doubled(Tensor([1.0, 2.0])).array(as: [Float].self) == [2, 4])
    #expect(scalar(1.5) == .real(1.5))
  }

  @Test func whatResumesIsAnOptimizer() throws {
    let layer = Linear(2, 1)
    let optimizers: [any ResumableOptimizer] = [Adam(layer, rate: 0.1), LBFGS(layer)]
    for optimizer in optimizers { try optimizer.load(optimizer.state) }
  }
}
