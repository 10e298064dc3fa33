import Blitz
import Testing

@Suite("hooks, checkpoints, averages and pruning")
struct TrainingPartsTests {
  /// Two layers with dropout between.
  private struct Net: Layer, Sendable {
    let first = Linear(3, 4, generator: Generator(seed: 0))
    /// Its own, as other tests draw from the shared one meanwhile.
    let generator = Generator(seed: 0)
    let dropout: Dropout
    let last = Linear(4, 2, generator: Generator(seed: 1))
    init() { dropout = Dropout(0.5, generator: generator) }
    func forward(_ input: Tensor) -> Tensor { last(dropout(first(input).tanh())) }
  }

  private let x = Tensor.randn([5, 3], generator: Generator(seed: 2))

  @Test("hooked layers keep their names, and see inputs, outputs and gradients")
  func hooked() throws {
    let plain = Linear(3, 2, generator: Generator(seed: 0))
    let layer = plain.hooked(
      before: { $0 * 2 }, after: { _, output in output + 1 }, gradient: { $0 * 3 })
    #expect(layer.parameters.map(\.name) == ["weight", "bias"])
    let (found, wanted) = (layer(x), plain(x * 2) + 1)
    #expect(try found.scalars(as: Float.self) == wanted.scalars(as: Float.self))
    let slopes = [found, wanted].map { gradient(of: $0.sum(), wrt: plain.weight) }
    let both = try slopes.map { try $0.scalars(as: Float.self) }
    for (a, b) in zip(both[0], both[1]) { #expect(abs(a - 3 * b) < 1e-4) }
    #expect(plain.hooked().description == plain.description)
  }

  @Test("a checkpointed layer gives the same output and gradients, dropout included")
  func checkpointed() throws {
    let net = Net()
    var all: [[Float]] = []
    for layer in [net as any Layer, net.checkpointed(generator: net.generator)] {
      net.generator.seed(5)
      let input = x.requiringGrad()
      let output = layer(input)
      let leaves = [input] + net.parameters.map(\.parameter.value)
      let slopes = gradients(of: output.square().sum(), wrt: leaves)
      // What is drawn afterwards is the same, too.
      all.append(
        try ([output] + slopes + [Tensor.rand([2], generator: net.generator)]).flatMap {
          try $0.scalars(as: Float.self)
        })
    }
    #expect(all[0] == all[1])
    #expect(net.checkpointed().parameters.map(\.name) == net.parameters.map(\.name))
  }

  @Test("a recording of a checkpointed layer that draws is refused")
  func recordedDraws() {
    let layer = Net().checkpointed()
    let step = compile { (x: Tensor) in layer(x) }
    #expect(throws: TensorError.self) { try step(x).eval() }
  }

  @Test("an average is the mean of the weights, or forgets")
  func averages() throws {
    for (decay, expected) in [(nil, 2), (0.5, 2.25)] as [(Double?, Float)] {
      let model = Linear(1, 1, bias: false)
      let average = WeightAverage(model, decay: decay)
      for weight in [1, 2, 3] as [Float] {
        model.weight = Tensor([[weight]])
        try average.update()
      }
      average.exchange()
      #expect(try model.weight.item() == expected)
      #expect(model.weight.requiresGrad && average.count == 3)
      average.exchange()
      #expect(try model.weight.item() == 3)
    }
    #expect(throws: TensorError.self) { try WeightAverage(Linear(1, 1), decay: 2).update() }
  }

  @Test("pruning holds the least weights at 0")
  func prunes() throws {
    let model = Linear(2, 2)
    model.weight = Tensor([[1, -2], [3, -4]] as [[Float]])
    let pruning = try Pruning(model, share: 0.5)
    #expect(try model.weight.scalars(as: Float.self) == [0, 0, 3, -4])
    model.weight = Tensor.ones([2, 2])
    pruning.apply()
    #expect(try model.weight.scalars(as: Float.self) == [0, 0, 1, 1])
    #expect(pruning.masks.map(\.name) == ["weight"])
    let two = Sequential(Linear(1, 2, bias: false), Linear(2, 1, bias: false))
    for (parameter, values) in zip(two.parameters, [[[1], [2]], [[3, 4]]] as [[[Float]]]) {
      parameter.parameter.value = Tensor(values)
    }
    _ = try Pruning(two, share: 0.5, together: true)
    #expect(
      try two.parameters.flatMap { try $0.parameter.value.scalars(as: Float.self) } == [0, 0, 3, 4])
    #expect(throws: TensorError.self) { try Pruning(model, share: 2) }
  }

  @Test("gradients are clipped by other norms")
  func clips() throws {
    let model = Linear(2, 1, bias: false)
    for (p, norm) in [(1, 7), (.infinity, 4)] as [(Double, Float)] {
      model.zeroGrad()
      model.weight = Tensor([[1, 1]] as [[Float]])
      try (model.weight * Tensor([[3, 4]] as [[Float]])).sum().backward()
      #expect(try model.clipGradients(norm: 1, p: p).item() == norm)
      let size: Float = try model.weight.grad.norm(p).item()
      #expect(abs(size - 1) < 1e-5)
    }
  }

  @Test("a convolution with the same padding keeps the size, also of single images")
  func samePadding() throws {
    let layer = Conv2d(3, 2, size: [4, 3], padding: .same, dilation: [1, 2])
    #expect(layer(Tensor.zeros([2, 3, 7, 8])).shape == [2, 2, 7, 8])
    #expect(layer(Tensor.zeros([3, 7, 8])).shape == [2, 7, 8])
    #expect(Conv1d(1, 1, size: 2, padding: .same)(Tensor.zeros([1, 1, 5])).shape == [1, 1, 5])
    #expect(
      Conv3d(1, 1, size: 2, padding: .same)(Tensor.zeros([1, 3, 4, 5])).shape == [1, 3, 4, 5])
  }
}
