import Blitz
import Testing

@testable import BlitzTensor

/// What a convolution does to its results at last, and that the bits are those of one op at a time.
@Suite struct ConvolutionFinishingTests {
  /// The kernels that compute some tensors.
  private func kernels(_ tensors: [Tensor]) throws -> [String] {
    try Evaluation.withState { state throws(TensorError) in
      var pending = Pending(tensors.map(\.node), on: .cpu, state: &state)
      pending.chooseResults()
      return Plan(PlanGraph(pending)).kernels.map(\.summary)
    }
  }

  private struct Layer {
    let images, weights, bias, shortcut, otherBias: Tensor

    /// - Parameter channels: enough of them have Winograd's form.
    init(batch: Int, channels: Int, size: Int, filters: Int) throws {
      let generator = Generator(seed: 11)
      images = try Tensor.randn([batch, channels, size, size], generator: generator).eval()
      weights = try Tensor.randn([filters, channels, 3, 3], generator: generator).eval()
      bias = try Tensor.randn([filters, 1, 1], generator: generator).eval()
      shortcut = try Tensor.randn([filters, channels, 1, 1], generator: generator).eval()
      otherBias = try Tensor.randn([filters, 1, 1], generator: generator).eval()
    }
  }

  /// Whether a graph has the bits that its ops give when they are evaluated one by one; and in how
  /// many kernels.
  private func check(
    _ name: String, kernels count: Int, contains words: [String] = [],
    _ make: ((Tensor) throws -> Tensor) throws -> Tensor
  ) throws {
    let together = try make { $0 }
    let made = try kernels([together])
    #expect(made.count == count, "\(name): \(made)")
    for word in words { #expect(made.contains { $0.contains(word) }, "\(name): \(made)") }
    let (bits, single) = (
      try together.scalars(as: Float.self), try make { try $0.eval() }.scalars(as: Float.self)
    )
    #expect(bits == single, "\(name)")
  }

  @Test(
    "bias, ReLU, residual and pooling are done by the convolution",
    arguments: [
      [1, 3, 12, 8], [3, 5, 9, 20], [1, 32, 14, 48], [5, 16, 15, 33], [1, 40, 7, 64],
    ])
  func steps(sizes: [Int]) throws {
    let layer = try Layer(
      batch: sizes[0], channels: sizes[1], size: sizes[2], filters: sizes[3])
    func convolved(_ step: (Tensor) throws -> Tensor) throws -> Tensor {
      try step(layer.images.conv2d(layer.weights, padding: 1))
    }
    try check("bias", kernels: 1, contains: ["+ bias"]) { try convolved($0) + layer.bias }
    try check("ReLU", kernels: 1, contains: ["small ones replaced"]) { try convolved($0).relu() }
    try check("both", kernels: 1, contains: ["+ bias, small ones replaced"]) {
      try $0($0(convolved($0) + layer.bias).relu())
    }
    try check("pooled", kernels: 1, contains: ["+ bias, small ones replaced, maxima of 2x2"]) {
      try $0($0($0(convolved($0) + layer.bias).relu()).maxPool2d(2))
    }
    try check("maxima alone", kernels: 1, contains: ["maxima of 2x2"]) {
      try $0(convolved($0).maxPool2d(2))
    }
    try check("residual", kernels: 3, contains: ["+ bias, + array, small ones replaced", "+ bias"])
    {
      let shortcut = try $0($0(layer.images.conv2d(layer.shortcut)) + layer.otherBias)
      return try $0($0(shortcut + $0(convolved($0) + layer.bias)).relu()).maxPool2d(3)
    }
  }

  @Test("what others read, or comes in another order, is not")
  func refused() throws {
    let layer = try Layer(batch: 2, channels: 4, size: 8, filters: 6)
    let convolved = layer.images.conv2d(layer.weights, padding: 1)
    let array = try Tensor.ones([2, 6, 8, 8]).eval()
    // The convolution is asked for, too.
    let both = try kernels([convolved, (convolved + layer.bias).relu()])
    #expect(!both.contains { $0.contains("+ bias") })
    // The bias after the array; a bias of pixels; a slope; a sum.
    for made in [
      (convolved + array) + layer.bias, convolved + Tensor.ones([8]), convolved.leakyRelu(),
      (convolved + layer.bias).sum(), (convolved + layer.bias).relu() + array,
      convolved + convolved, (convolved + layer.bias).sigmoid(), convolved.exp() + array,
      (convolved * convolved.sigmoid()),
    ] {
      let bits = try made.scalars(as: Float.self)
      #expect(bits.count == made.elementCount)
      #expect(!(try kernels([made]).contains { $0.contains("small ones replaced, ") }))
    }
    let found = try (convolved.eval() + array + layer.bias).scalars(as: Float.self)
    #expect(
      try (layer.images.conv2d(layer.weights, padding: 1) + array + layer.bias)
        .scalars(as: Float.self) == found)
  }
}
