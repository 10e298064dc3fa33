import Blitz
import BlitzData
import BlitzNN
import BlitzTensor
import Foundation
import Testing

/// Models with weights of 8 bits: how near they come to floats, what is saved, and what is refused.
@Suite("Quantization")
struct QuantizationTests {
  private struct Net: Layer {
    let conv = Conv2d(
      2, 6, size: 3, stride: 2, padding: 1, groups: 2, generator: Generator(seed: 1))
    let norm = BatchNorm2d(6)
    let fc = Linear(6 * 16, 5, generator: Generator(seed: 2))
    func forward(_ input: Tensor) -> Tensor { fc(norm(conv(input)).relu().flattened(from: 1)) }
  }

  private struct Sentences: Module {
    let table = Embedding(50, 8, generator: Generator(seed: 3))
    let lstm = LSTM(8, 6, layers: 2, bidirectional: true, generator: Generator(seed: 4))
    let gru = GRU(12, 6, generator: Generator(seed: 5))
    let rnn = RNN(6, 4, generator: Generator(seed: 6))
    let attention = MultiHeadAttention(4, heads: 2, generator: Generator(seed: 7))
    let conv = Conv1d(4, 3, size: 3, padding: 1, generator: Generator(seed: 8))
    func callAsFunction(_ words: Tensor) -> Tensor {
      let steps = rnn(gru(lstm(table(words)).output).output).output
      return conv(attention(steps).permuted([1, 2, 0]))
    }
  }

  private static let images = Tensor.randn([7, 2, 8, 8], generator: Generator(seed: 9))
  private static let words = Tensor.randint(50, [9, 3], generator: Generator(seed: 10))

  /// How far two outputs are apart, as a share of the first's size.
  private func distance(_ a: Tensor, _ b: Tensor) throws -> Double {
    try ((a - b).norm() / a.norm()).item()
  }

  @Test("answers come within a few hundredths of floats, dynamic and static")
  func near() throws {
    let calibrated: [Quantization] = [.dynamic, .static(calibration: [Self.images])]
    for quantization in calibrated {
      let net = Net()
      net.eval()
      let before = noGrad { net(Self.images) }
      try eval(before)
      try net.quantized(quantization)
      let found = try distance(before, net(Self.images))
      #expect(found > 0 && found < 0.03, "\(found)")
    }
    let model = Sentences()
    let before = noGrad { model(Self.words) }
    try eval(before)
    try model.quantized()
    let found = try distance(before, model(Self.words))
    #expect(found > 0 && found < 0.05, "\(found)")
    let other = Sentences()
    try other.quantized(.static { _ = other(Self.words) })
    let fixed = try distance(before, other(Self.words))
    #expect(fixed > 0 && fixed < 0.05, "\(fixed)")
  }

  @Test("a linear layer is the rounded numbers' product, to the last bit")
  func linear() throws {
    let layer = Linear(40, 7, generator: Generator(seed: 1))
    let x = Tensor.randn([3, 40], generator: Generator(seed: 2))
    let weight = layer.weight.detached()
    let bias = layer.bias!.detached()
    try layer.quantized()
    func rounded(_ tensor: Tensor) -> (Tensor, Tensor) {
      let scale = tensor.abs().max(axis: 1, keepDims: true) / 127
      return ((tensor / scale).round(), scale)
    }
    let ((a, left), (b, right)) = (rounded(x), rounded(weight))
    let sums = a.cast(to: .float64).matmul(b.cast(to: .float64).transposed())
    let expected = sums.cast(to: .float32) * left * right.flattened() + bias
    #expect(try layer(x).array() == expected.array())
  }

  @Test("saved as int8 with scales, and loaded into a model of floats")
  func saved() throws {
    let net = Net()
    net.eval()
    try net.quantized(.static(calibration: [(inputs: Self.images, labels: Tensor(0))]))
    let state = Dictionary(uniqueKeysWithValues: net.state.map { ($0.name, $0.tensor) })
    #expect(state["fc.weight"]?.dtype == .int8)
    #expect(state["fc.weight_scale"]?.signature == "float32[5]")
    #expect(state["conv.weight_input_scale"]?.signature == "float32[]")
    let path = FileManager.default.temporaryDirectory.path + "/\(UUID()).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try net.save(path)
    let other = Net()
    other.eval()
    try other.load(path)
    #expect(try other(Self.images).array() == net(Self.images).array())
    // And back: a file of floats makes floats.
    let floats = Net()
    try other.load(Dictionary(uniqueKeysWithValues: floats.state.map { ($0.name, $0.tensor) }))
    #expect(try other.fc.weight.array() == floats.fc.weight.array())
  }

  @Test("wrong use is refused with what to do")
  func refused() throws {
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch {
        // The place in the code would take long to find.
        return (error as? TensorError).map { "\($0.summary) \($0.help ?? "")" } ?? "\(error)"
      }
      return "no error"
    }
    let net = Net()
    try net.quantized()
    let wide = Net()
    wide.cast(to: .float64)
    let blown = Net()
    blown.fc.weight = blown.fc.weight * Double.infinity
    let rows: [(String, String)] = [
      ("is quantised already", message { try net.quantized() }),
      ("train the model, then call quantized()", message { try SGD(net, rate: 1).step() }),
      (
        "input.detached()",
        message { _ = try net(Self.images.detached().requiringGrad()).array() }
      ),
      ("model.cast(to: .float32)", message { try wide.quantized() }),
      ("not finite", message { try blown.quantized() }),
      ("no layer whose weights", message { try BatchNorm2d(3).quantized() }),
      ("was not called while", message { try Net().quantized(.static {}) }),
      ("is not a Layer", message { try Sentences().quantized(.static(calibration: [Self.words])) }),
      (
        "load the float32 weights",
        message {
          let model = Net()
          try model.quantized()
          model.cast(to: .float64)
          _ = try model.fc.weight.array()
        }
      ),
      (
        "not trained",
        message {
          let model = Net()
          try model.quantized()
          model.fc.$weight.isFrozen = false
          _ = try model.fc.weight.array()
        }
      ),
    ]
    let missed = rows.filter { !$1.contains($0) }.map { "\($0): \($1)" }
    #expect(missed.isEmpty, "\(missed.joined(separator: "\n"))")
  }
}
