import Blitz
import Testing

/// Weights that are computed from what is trained; PyTorch's are in the table of layers.
@Suite struct ParametrizationTests {
  private struct Symmetric: Parametrization {
    func value(of originals: [Tensor]) -> Tensor {
      originals[0].triu() + originals[0].triu(diagonal: 1).transposed()
    }
    func originals(of value: Tensor) -> [Tensor] { [value.triu()] }
  }

  @Test("trains what stands in a weight's place")
  func training() throws {
    let layer = Linear(3, 3, generator: Generator(seed: 1)).parametrized(by: Symmetric())
    #expect(layer.parameters.map(\.name) == ["bias", "parametrizations.weight.original"])
    let optimizer = SGD(layer, rate: 0.1)
    let x = Tensor.randn([8, 3], generator: Generator(seed: 2))
    var losses: [Float] = []
    for _ in 0..<20 {
      let loss = (layer(x) - x).square().mean()
      optimizer.zeroGrad()
      try loss.backward()
      try optimizer.step()
      losses.append(try loss.item(as: Float.self))
    }
    #expect(losses[19] < 0.7 * losses[0])
    let weight = layer.weight.detached()
    #expect(try (weight - weight.transposed()).abs().max().item(as: Float.self) == 0)

    layer.withoutParametrizations()
    #expect(layer.parameters.map(\.name) == ["weight", "bias"])
    #expect(try layer.weight.scalars(as: Float.self) == weight.scalars(as: Float.self))
    #expect(layer.weight.isLeaf && layer.weight.requiresGrad)
  }

  @Test("is set, frozen, cast and put into evaluation mode as a weight is")
  func changes() throws {
    let net = Sequential(Linear(4, 5, generator: Generator(seed: 1)), ReLU(), Linear(5, 2))
    net.weightNormed("0.weight").spectralNormed("2.weight")
    let first = try #require(net.layers[0] as? Linear)
    let wanted = Tensor.randn([5, 4], generator: Generator(seed: 3))
    first.weight = wanted
    let difference = try (first.weight - wanted).abs().max().item(as: Float.self)
    #expect(difference < 1e-6)
    first.$weight.isFrozen = true
    #expect(first.$weight.isFrozen && !first.weight.requiresGrad)
    net.cast(to: .float64)
    #expect(net.state.allSatisfy { $0.tensor.dtype == .float64 })
    let x = Tensor.randn([3, 4], generator: Generator(seed: 4), dtype: .float64)
    net.eval()
    #expect(try net(x).scalars(as: Double.self) == net(x).scalars(as: Double.self))
    net.train()
    #expect(try net(x).scalars(as: Double.self) != net(x).scalars(as: Double.self))
  }

  @Test("says what is not there, and what does not fit")
  func errors() {
    let layer = Linear(4, 3).weightNormed("weigth")
    #expect("\(layer(.zeros([2, 4])))".contains("there is no parameter weigth"))
    #expect("\(layer(.zeros([2, 4])))".contains("give one of weight, bias"))
    let cut = Linear(4, 3).parametrized { $0[0] }
    #expect("\(cut(.zeros([2, 4])))".contains("the value has the shape [4], the parameter [3, 4]"))
    #expect("\(Linear(4, 3).weightNormed(axis: 2)(.zeros([2, 4])))".contains("axis 2"))
    #expect("\(Linear(4, 3).spectralNormed(axis: 2)(.zeros([2, 4])))".contains("axis 2"))
    let other = Linear(4, 3).spectralNormed()
    other.weight = .ones([2, 4])
    #expect("\(other.weight)".contains("the weight is a matrix [2, 4], its vectors are [3, 4]"))
    other.weight = Tensor(Float(1))
    #expect("\(other.weight)".contains("spectralNormed: there is no axis 0"))
  }
}
