import Blitz

/// The network that settings describe, with a compiled step.
final class Network {
  let layers: [any Layer]
  private let isNumber: Bool
  private let model: Sequential
  private let optimizer: Optimizer
  private let step: CompiledTraining

  /// A network whose weights are drawn by `generator`.
  convenience init(_ settings: Settings, _ data: PlayData, generator: Generator) {
    self.init(
      settings, Network.layers(settings, data.inputSize, data.outputSize, generator),
      isNumber: data.classCount == nil)
  }

  /// A network with the weights of another of the same shape.
  convenience init(_ settings: Settings, from other: Network) {
    self.init(settings, other.layers, isNumber: other.isNumber)
  }

  private init(_ settings: Settings, _ layers: [any Layer], isNumber: Bool) {
    (self.layers, self.isNumber) = (layers, isNumber)
    let model = Sequential(layers)
    self.model = model
    switch settings.optimizer {
    case .sgd: optimizer = SGD(model, rate: settings.rate)
    case .momentum: optimizer = SGD(model, rate: settings.rate, momentum: 0.9)
    case .adam: optimizer = Adam(model, rate: settings.rate)
    case .rmsprop: optimizer = RMSprop(model, rate: settings.rate)
    }
    let (lasso, factor) = (settings.lasso, settings.regularisation)
    step = compile(model, optimizer) { x, y in
      var loss = Network.loss(of: model(x), y, isNumber: isNumber)
      for (_, parameter) in model.parameters where parameter.value.rank > 1 {
        if lasso > 0 { loss = loss + lasso * parameter.value.abs().sum() }
        if factor > 0 { loss = loss + factor * parameter.value.square().sum() }
      }
      return loss
    }
  }

  private static func layers(
    _ settings: Settings, _ inputs: Int, _ outputs: Int, _ generator: Generator
  ) -> [any Layer] {
    var layers: [any Layer] = []
    var size = inputs
    for hidden in settings.hidden.elements {
      layers.append(Linear(size, hidden, bias: settings.bias, generator: generator))
      switch settings.activation {
      case .relu: layers.append(ReLU())
      case .tanh: layers.append(Tanh())
      case .sigmoid: layers.append(Sigmoid())
      case .gelu: layers.append(GELU())
      case .none: break
      }
      size = hidden
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

  /// The loss, without what keeps weights small.
  func loss(of answers: Tensor, _ labels: Tensor) -> Tensor {
    Network.loss(of: answers, labels, isNumber: isNumber)
  }

  private static func loss(of answers: Tensor, _ labels: Tensor, isNumber: Bool) -> Tensor {
    isNumber
      ? squaredError(predictions: answers, targets: labels)
      : crossEntropy(logits: answers, labels: labels)
  }

  /// The loss, and the part of the rows that are answered rightly; of numbers R².
  func figures(_ rows: (inputs: Tensor, labels: Tensor)) throws -> (loss: Double, accuracy: Double)
  {
    try noGrad {
      let answers = model(rows.inputs)
      let loss = try loss(of: answers, rows.labels).item()
      if isNumber {
        let spread = try (rows.labels - rows.labels.mean()).square().mean().item()
        return (loss, loss.isFinite ? 1 - loss / max(spread, 1e-12) : 0)
      }
      let right = (answers.argmax(axis: 1) .== rows.labels).cast(to: .float32).mean()
      return (loss, try right.item())
    }
  }

  /// What the neurons of each layer return, and last the classes' probabilities or the number:
  /// `[rows, neurons]`.
  func outputs(_ inputs: Tensor) throws -> [Tensor] {
    try noGrad {
      var outputs: [Tensor] = []
      var x = inputs
      for (place, layer) in layers.enumerated() {
        x = layer(x)
        if place + 1 == layers.count {
          outputs.append(isNumber ? x : x.softmax(axis: 1))
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

  /// The biases of each layer; none if they have none.
  func biases() throws -> [[Float]] {
    try layers.compactMap { $0 as? Linear }.map { layer in
      try layer.bias.map { try $0.detached().scalars(as: Float.self) } ?? []
    }
  }

  /// Puts a number in the place of a weight, or of a bias if `input` is nil.
  ///
  /// - Throws: ``Refusal`` if there is no such weight.
  func set(layer: Int, neuron: Int, input: Int?, to value: Double) throws {
    let linear = layers.compactMap { $0 as? Linear }
    guard layer < linear.count, neuron < linear[layer].outputSize,
      input.map({ $0 < linear[layer].inputSize }) ?? (linear[layer].bias != nil)
    else { throw Refusal("there is no such weight in this network") }
    let parameters = linear[layer].parameters
    let place = input.map { neuron * linear[layer].inputSize + $0 } ?? neuron
    let parameter = parameters[input == nil ? 1 : 0].parameter
    var numbers = try parameter.value.detached().scalars(as: Float.self)
    numbers[place] = Float(value)
    parameter.value = Tensor(numbers, shape: parameter.value.shape)
  }
}
