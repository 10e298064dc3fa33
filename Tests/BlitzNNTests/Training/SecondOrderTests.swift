import Blitz
import Foundation
import Testing

/// Gradients of gradients against PyTorch's; Tests/Reference/second_order.py writes them.
@Suite struct SecondOrderTests {
  struct Reference: Decodable, Sendable {
    struct Product: Decodable, Sendable, CustomTestStringConvertible {
      let row: String
      let input: StoredTensor
      let gradients: [StoredTensor]
      let products: [StoredTensor]
      var testDescription: String { row }
    }
    struct Run: Decodable, Sendable {
      let losses: [String]
      let parameters: [StoredTensor]
    }
    let versions: [String: String]
    let products: [Product]
    let penalty: Run
    let meta: Run
  }

  static let stored = Result {
    let url = Bundle.module.url(
      forResource: "second_order", withExtension: "json", subdirectory: "Reference")
    return try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: try #require(url)))
  }
  static var products: [Reference.Product] { (try? stored.get().products) ?? [] }

  private static func numbers(
    _ shape: Shape, _ a: Int, _ b: Int, _ modulus: Int, _ divisor: Double
  ) -> Tensor {
    let all = (0..<shape.elementCount).map {
      Double(($0 * a + b) % modulus - modulus / 2) / divisor
    }
    return Tensor(all, shape: shape, dtype: .float64)
  }
  static func weight(_ shape: Shape) -> Tensor { numbers(shape, 37, 11, 19, 8) }
  static func fill(_ k: Int, _ shape: Shape) -> Tensor { numbers(shape, 37, 11 * (k + 1), 19, 16) }
  static func direction(_ k: Int, _ shape: Shape) -> Tensor {
    numbers(shape, 29, 7 * (k + 1), 17, 8)
  }

  /// The numbers that the script draws.
  static func draw(_ seed: Int, _ shape: Shape) -> Tensor {
    let all = (0..<shape.elementCount).map { i -> Double in
      let part = Double(i) * 0.6180339887 + 0.137 * Double(seed + 1)
      return ((part - part.rounded(.down)) * 4 - 2) * 1000
    }
    return Tensor(all.map { $0.rounded(.toNearestOrEven) / 1000 }, shape: shape, dtype: .float64)
  }

  static func filled<M: Module>(_ module: M) -> M {
    module.cast(to: .float64)
    for (k, (_, parameter)) in module.parameters.enumerated() {
      parameter.value = fill(k, parameter.value.shape)
    }
    return module
  }

  static let layers: [String: @Sendable () -> (any Module, (Tensor) -> Tensor)] = [
    "LayerNorm(6)": { layer(LayerNorm(6)) },
    "GroupNorm(2, 4)": { layer(GroupNorm(groups: 2, channels: 4)) },
    "BatchNorm1d(4)": { layer(BatchNorm1d(4)) },
    "BatchNorm2d(2)": { layer(BatchNorm2d(2)) },
    "RNN(3, 2)": {
      let rnn = filled(RNN(3, 2))
      return (rnn, { rnn($0).output })
    },
    "GRU(3, 2)": {
      let gru = filled(GRU(3, 2))
      return (gru, { gru($0).output })
    },
    "LSTM(3, 2)": {
      let lstm = filled(LSTM(3, 2))
      return (lstm, { lstm($0).output })
    },
    "MultiHeadAttention(4, 2)": {
      let attention = filled(MultiHeadAttention(4, heads: 2))
      return (attention, { attention($0) })
    },
  ]
  private static func layer<L: Layer>(_ layer: L) -> (any Module, (Tensor) -> Tensor) {
    let layer = filled(layer)
    return (layer, { layer($0) })
  }

  @Test("a Hessian's product with a vector is PyTorch's", arguments: products)
  func hessianProduct(_ row: Reference.Product) throws {
    let make = try #require(Self.layers[row.row])
    let (module, function) = make()
    let x = row.input.tensor.requiringGrad()
    let wrt = [x] + module.parameters.map(\.parameter.value)
    func loss() -> Tensor {
      let output = function(x)
      return (output * Self.weight(output.shape)).sin().sum()
    }
    let plain = gradients(of: loss(), wrt: wrt)
    let first = gradients(of: loss(), wrt: wrt, createGraph: true)
    let slope = zip(first, first.indices).reduce(Tensor(0.0, dtype: .float64)) { sum, part in
      sum + (part.0 * Self.direction(part.1, part.0.shape)).sum()
    }
    let second = gradients(of: slope, wrt: wrt)
    for k in wrt.indices {
      try expectClose(plain[k], row.gradients[k], relative: 1e-9, "gradient \(k)")
      try expectClose(first[k], row.gradients[k], relative: 1e-9, "gradient \(k) with its graph")
      try expectClose(second[k], row.products[k], relative: 1e-9, "product \(k)")
    }
  }

  @Test("layer norm behind a loss that is not linear has the gradient of the issue")
  func behindNonlinear() throws {
    // y = torch.nn.LayerNorm(3)(x); torch.autograd.grad of (y * torch.tensor([1., 2, 3]))
    // .square().sum(), and of F.cross_entropy(y, torch.tensor([0])); torch 2.15.0.
    let expected: [([Double], @Sendable (Tensor) -> Tensor)] = [
      ([2.9999, -4.5000, 1.5001], { ($0 * Tensor([1.0, 2, 3])).square().sum() }),
      ([-0.17793, 0.26690, -0.08897], { crossEntropy(logits: $0, labels: Tensor([0])) }),
    ]
    for (values, loss) in expected {
      for createGraph in [false, true] {
        let x = Tensor([[1.0, 2, 4]], requiresGrad: true)
        let found = try gradient(of: loss(LayerNorm(3)(x)), wrt: x, createGraph: createGraph)
          .scalars(as: Double.self)
        for (a, b) in zip(found, values) { #expect(abs(a - b) < 2e-4, "\(found)") }
      }
    }
  }

  @Test("a critic with gradient penalty learns as PyTorch's does")
  func gradientPenalty() throws {
    let stored = try Self.stored.get().penalty
    let critic = Self.filled(
      Sequential(Linear(4, 6), LayerNorm(6), LeakyReLU(slope: 0.2), Linear(6, 1)))
    let optimizer = Adam(critic, rate: 0.05, beta1: 0.5, beta2: 0.9)
    let (real, fake) = (Self.draw(1, [5, 4]), Self.draw(2, [5, 4]))
    let share = (Self.draw(3, [5, 1]) + 2) / 4
    for expected in stored.losses {
      let mixed = (share * real + (1 - share) * fake).requiringGrad()
      let slope = gradient(of: critic(mixed).sum(), wrt: mixed, createGraph: true)
      let penalty = 10 * (slope.norm(axis: 1) - 1).square().mean()
      let loss = critic(fake).mean() - critic(real).mean() + penalty
      try loss.backward()
      try optimizer.step()
      #expect(abs(try loss.item() - Double(expected)!) < 1e-8)
    }
    for ((name, parameter), expected) in zip(critic.parameters, stored.parameters) {
      try expectClose(parameter.value, expected, relative: 1e-7, name)
    }
  }

  @Test("steps of MAML through layer norm and cross-entropy are PyTorch's")
  func metaLearning() throws {
    let stored = try Self.stored.get().meta
    let shapes: [Shape] = [[8, 3], [8], [4, 8], [4]]
    var w = shapes.enumerated().map { Self.fill($0, $1).requiringGrad() }
    let norm = LayerNorm(8, affine: false)
    func loss(_ w: [Tensor], _ x: Tensor) -> Tensor {
      let h = norm(x.matmul(w[0].transposed()) + w[1]).tanh()
      return crossEntropy(
        logits: h.matmul(w[2].transposed()) + w[3], labels: Tensor([0, 1, 2, 3, 1, 0]))
    }
    for expected in stored.losses {
      var total = Tensor(0.0, dtype: .float64)
      for task in 0..<2 {
        var fast = w
        for _ in 0..<2 {
          let slopes = gradients(
            of: loss(fast, Self.draw(task, [6, 3])), wrt: fast, createGraph: true)
          fast = zip(fast, slopes).map { $0 - 0.4 * $1 }
        }
        total = total + loss(fast, Self.draw(task + 5, [6, 3]))
      }
      let slopes = gradients(of: total, wrt: w)
      #expect(abs(try total.item() - Double(expected)!) < 1e-9)
      w = zip(w, slopes).map { ($0 - 0.1 * $1).detached().requiringGrad() }
    }
    for (found, expected) in zip(w, stored.parameters) {
      try expectClose(found, expected, relative: 1e-8)
    }
  }

  @Test("the reference has every layer whose gradient is written by hand")
  func hasRows() throws {
    #expect(Set(Self.products.map(\.row)) == Set(Self.layers.keys))
    #expect(try Self.stored.get().versions["torch"]?.hasPrefix("2.15") == true)
  }
}
