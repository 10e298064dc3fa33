import Blitz

/// The two-layer network of the lessons, with the loss read in every step. The same loops as in
/// Sources/BlitzLessons, which print; a row must not time the terminal.
extension Worker {
  static let steps = 500
  static let rate = 1e-6

  /// Define by run: `backward()` and `.grad`.
  static func autograd() throws -> Row {
    return {
      let generator = Generator(seed: 0)
      let x = Tensor.randn([64, 1000], generator: generator)
      let y = Tensor.randn([64, 10], generator: generator)
      var w1 = Tensor.randn([1000, 100], generator: generator, requiresGrad: true)
      var w2 = Tensor.randn([100, 10], generator: generator, requiresGrad: true)
      return try median(of: steps) { try autogradStep(x, y, &w1, &w2) }
    }
  }

  static func autogradStep(
    _ x: Tensor, _ y: Tensor, _ w1: inout Tensor, _ w2: inout Tensor
  ) throws {
    let yPred = x.matmul(w1).clamp(min: 0).matmul(w2)
    let loss = (yPred - y).square().sum()
    _ = try loss.item()
    try loss.backward()
    noGrad {
      w1 -= rate * w1.grad
      w2 -= rate * w2.grad
    }
  }

  /// The whole step planned once.
  static func compiled() throws -> Row {
    let step = compile { (weights: inout [Tensor], batch: [Tensor]) in
      let (loss, gradients) = valueAndGradients(at: weights) { w in
        let yPred = batch[0].matmul(w[0]).clamp(min: 0).matmul(w[1])
        return (yPred - batch[1]).square().sum()
      }
      for index in weights.indices { weights[index] -= rate * gradients[index] }
      return loss
    }
    return {
      let generator = Generator(seed: 0)
      let x = Tensor.randn([64, 1000], generator: generator)
      let y = Tensor.randn([64, 10], generator: generator)
      var weights = [
        Tensor.randn([1000, 100], generator: generator),
        Tensor.randn([100, 10], generator: generator),
      ]
      return try median(of: steps) { _ = try step(&weights, x, y).item() }
    }
  }

  /// How much more memory is held after 10,000 steps than after 100: the page's network, and a
  /// small one.
  static func liveBytes() throws -> Row {
    func growth(_ rows: Int, _ sizes: (Int, Int, Int)) throws -> Double {
      let generator = Generator(seed: 0)
      let x = Tensor.randn([rows, sizes.0], generator: generator)
      let y = Tensor.randn([rows, sizes.2], generator: generator)
      var w1 = Tensor.randn([sizes.0, sizes.1], generator: generator, requiresGrad: true)
      var w2 = Tensor.randn([sizes.1, sizes.2], generator: generator, requiresGrad: true)
      for _ in 0..<100 { try autogradStep(x, y, &w1, &w2) }
      let early = Memory.liveBytes
      for _ in 100..<10_000 { try autogradStep(x, y, &w1, &w2) }
      return Double(Memory.liveBytes - early)
    }
    return { [("page", try growth(64, (1000, 100, 10))), ("small", try growth(8, (16, 8, 4)))] }
  }
}
