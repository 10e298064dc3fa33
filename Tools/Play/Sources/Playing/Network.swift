import Blitz

/// The network that settings describe, with a compiled step.
final class Network {
  let layers: [any Layer]
  private let model: Sequential
  private let optimizer: Optimizer
  private let step: CompiledTraining

  /// A network whose weights are drawn by `generator`.
  convenience init(_ settings: Settings, inputs: Int, outputs: Int, generator: Generator) {
    self.init(settings, Network.layers(settings, inputs, outputs, generator))
  }

  /// A network with the weights of another of the same shape.
  convenience init(_ settings: Settings, from other: Network) {
    self.init(settings, other.layers)
  }

  private init(_ settings: Settings, _ layers: [any Layer]) {
    self.layers = layers
    let model = Sequential(layers)
    self.model = model
    switch settings.optimizer {
    case .sgd: optimizer = SGD(model, rate: settings.rate)
    case .momentum: optimizer = SGD(model, rate: settings.rate, momentum: 0.9)
    case .adam: optimizer = Adam(model, rate: settings.rate)
    case .rmsprop: optimizer = RMSprop(model, rate: settings.rate)
    }
    let factor = settings.regularisation
    step = compile(model, optimizer) { x, y in
      var loss = crossEntropy(logits: model(x), labels: y)
      if factor > 0 {
        for (_, parameter) in model.parameters where parameter.value.rank > 1 {
          loss = loss + factor * parameter.value.square().sum()
        }
      }
      return loss
    }
  }

  private static func layers(
    _ settings: Settings, _ inputs: Int, _ outputs: Int, _ generator: Generator
  ) -> [any Layer] {
    var layers: [any Layer] = []
    var size = inputs
    for _ in 0..<settings.layers {
      layers.append(Linear(size, settings.hidden, bias: settings.bias, generator: generator))
      switch settings.activation {
      case .relu: layers.append(ReLU())
      case .tanh: layers.append(Tanh())
      case .sigmoid: layers.append(Sigmoid())
      case .gelu: layers.append(GELU())
      case .none: break
      }
      size = settings.hidden
    }
    layers.append(Linear(size, outputs, bias: settings.bias, generator: generator))
    return layers
  }

  /// The length of the next step.
  var rate: Double {
    get { optimizer.rate }
    set { optimizer.rate = newValue }
  }

  /// Makes a step, and returns the loss before it.
  func learn(_ batch: (inputs: Tensor, labels: Tensor)) throws -> Double {
    try step(batch.inputs, batch.labels).item()
  }

  /// The loss and the part of the rows that are answered rightly.
  func figures(_ rows: (inputs: Tensor, labels: Tensor)) throws -> (loss: Double, accuracy: Double)
  {
    try noGrad {
      let logits = model(rows.inputs)
      let right = (logits.argmax(axis: 1) .== rows.labels).cast(to: .float32).mean()
      return (try crossEntropy(logits: logits, labels: rows.labels).item(), try right.item())
    }
  }

  /// What the neurons of each layer return, and last the classes' probabilities: `[rows, neurons]`.
  func outputs(_ inputs: Tensor) throws -> [Tensor] {
    try noGrad {
      var outputs: [Tensor] = []
      var x = inputs
      for (place, layer) in layers.enumerated() {
        x = layer(x)
        if place + 1 == layers.count {
          outputs.append(x.softmax(axis: 1))
        } else if layers[place + 1] is Linear {
          outputs.append(x)
        }
      }
      try eval(outputs)
      return outputs
    }
  }

  /// The weights of each layer, `[outputs, inputs]`; of inputs more than `limit` their norm.
  func weights(limit: Int) throws -> [[Float]] {
    try layers.compactMap { $0 as? Linear }.map { layer in
      let weight = layer.weight.detached()
      let shown =
        layer.inputSize > limit ? weight.square().sum(axis: 1, keepDims: true).sqrt() : weight
      return try shown.scalars(as: Float.self).map { ($0 * 1000).rounded() / 1000 }
    }
  }
}
