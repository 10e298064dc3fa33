import Blitz

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Training steps of larger networks on batches of random numbers, the loss read in every step.
extension Worker {
  /// A step define-by-run: what people write.
  private static func training(
    _ model: Sequential, steps: Int, compiled: Bool
  ) throws -> Row {
    let x = Tensor.rand([128, 1, 28, 28])
    let y = Tensor.randint(0, 10, [128])
    let optimizer = Adam(model, rate: 1e-3)
    let step = compile(model, optimizer) { x, y in crossEntropy(logits: model(x), labels: y) }
    return {
      try median(of: steps) {
        if compiled {
          _ = try step(x, y).item()
        } else {
          let loss = crossEntropy(logits: model(x), labels: y)
          try loss.backward()
          try optimizer.step()
          _ = try loss.item()
        }
      }
    }
  }

  private static func perceptron() -> Sequential {
    Sequential(Flatten(), Linear(784, 256), ReLU(), Linear(256, 10))
  }

  static func convolutional() -> Sequential {
    Sequential(
      Conv2d(1, 32, size: 3, padding: 1), ReLU(), MaxPool2d(2),
      Conv2d(32, 64, size: 3, padding: 1), ReLU(), MaxPool2d(2),
      Flatten(), Linear(3136, 128), ReLU(), Linear(128, 10))
  }

  static func mlp() throws -> Row { try training(perceptron(), steps: 200, compiled: false) }
  static func mlpCompiled() throws -> Row { try training(perceptron(), steps: 200, compiled: true) }
  static func conv() throws -> Row { try training(convolutional(), steps: 10, compiled: false) }
  static func convCompiled() throws -> Row {
    try training(convolutional(), steps: 10, compiled: true)
  }

  /// An encoder layer, forward and backward.
  static func transformer() throws -> Row {
    let layer = TransformerEncoderLayer(
      256, heads: 4, feedForward: 1024, dropout: 0, batchFirst: true)
    let x = try Tensor.randn([16, 128, 256]).eval()
    return walks(layer, steps: 5) { layer(x) }
  }

  /// An LSTM over a sequence, forward and backward.
  static func lstm() throws -> Row {
    let layer = LSTM(64, 128, batchFirst: true)
    let x = try Tensor.randn([32, 64, 64]).eval()
    return walks(layer, steps: 20) { layer(x).output }
  }

  /// The same compiled, which takes an optimizer: a step of plain descent is more than the peer
  /// does.
  static func lstmCompiled() throws -> Row {
    let layer = LSTM(64, 128, batchFirst: true)
    let x = try Tensor.randn([32, 64, 64]).eval()
    let step = compile(layer, SGD(layer, rate: 1e-6)) { inputs in layer(inputs[0]).output.sum() }
    return { try median(of: 20) { _ = try step(x) } }
  }

  /// The forward pass, and the gradients of all parameters, computed.
  private static func walks(
    _ module: any Module, steps: Int, _ forward: @escaping () -> Tensor
  ) -> Row {
    let parameters = module.parameters.map(\.parameter)
    return {
      try median(of: steps) {
        for parameter in parameters { parameter.zeroGrad() }
        try forward().sum().backward()
        try eval(parameters.map { $0.value.grad })
      }
    }
  }

  /// A variable of the environment that a row needs.
  struct Missing: Error { var variable: String }

  /// Opens the safetensors file that BLITZ_BENCH_SAFETENSORS names and reads its first tensor.
  static func safetensors() throws -> Row {
    guard let path = environment("BLITZ_BENCH_SAFETENSORS") else {
      throw Missing(variable: "BLITZ_BENCH_SAFETENSORS")
    }
    return {
      try median(of: 5) {
        let file = try SafetensorsFile(path)
        _ = try file.tensor(named: file.names[0]).eval()
      }
    }
  }

  /// By how much attention over 4,096 places, forward and backward, raises the most bytes that the
  /// process ever had; once, as that never falls.
  static func attentionMemory() throws -> Row {
    func grown(_ length: Int) throws -> Double {
      let inputs = (0..<3).map { _ in Tensor.randn([1, 8, length, 64]).requiringGrad() }
      let seed = Tensor.randn([1, 8, length, 64])
      try eval(inputs + [seed])
      let before = peakResidentBytes
      let y = scaledDotProductAttention(query: inputs[0], key: inputs[1], value: inputs[2])
      try y.backward(gradient: seed)
      try eval([y] + inputs.map { $0.grad })
      return Double(peakResidentBytes - before)
    }
    // What starts with the first call is not counted.
    _ = try grown(64)
    let bytes = try grown(4096)
    return { [("bytes", bytes)] }
  }

  private static var peakResidentBytes: Int {
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF, whose type differs from system to system
    return usage.ru_maxrss * 1024
  }

  /// Trains the convolutional network on Fashion-MNIST for some steps: a process whose memory is
  /// measured.
  static func trainConvolutional(steps: Int) throws {
    let model = convolutional()
    let optimizer = Adam(model, rate: 1e-3)
    let loader = DataLoader(
      try FashionMNIST().train, batchSize: 128, shuffledBy: Generator(seed: 0))
    for (x, y) in loader.prefix(steps) {
      let loss = crossEntropy(logits: model(x), labels: y)
      try loss.backward()
      try optimizer.step()
      _ = try loss.item()
    }
  }
}
