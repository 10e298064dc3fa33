import BlitzTensor

/// The loss as a function of all weights in a row.
struct LBFGSProblem {
  private let parameters: [Parameter]
  private let sign: Double
  private let loss: () throws -> Tensor

  init(_ parameters: [Parameter], maximizes: Bool, _ loss: @escaping () throws -> Tensor) {
    self.parameters = parameters.filter { !$0.isFrozen }
    sign = maximizes ? -1 : 1
    self.loss = loss
  }

  /// The loss where the weights are, and its gradient in a row.
  func evaluate() throws -> (loss: (tensor: Tensor, number: Double), gradient: Tensor) {
    for parameter in parameters { parameter.zeroGrad() }
    let loss = try self.loss()
    try loss.backward()
    if !parameters.contains(where: \.value.hasGrad) {
      throw TensorError(
        "LBFGS", "no parameter has a gradient", help: "compute the loss from the model's weights")
    }
    let gradient = noGrad {
      concatenate(
        parameters.map { parameter in
          let weight = parameter.value
          return (weight.hasGrad ? weight.grad : Tensor.zeros(like: weight.detached())).flattened()
        }) * sign
    }
    try eval([loss, gradient])
    for parameter in parameters { parameter.zeroGrad() }
    return ((loss.detached(), try loss.detached().number() * sign), gradient)
  }

  /// Moves all weights.
  func move(along direction: Tensor, by length: Double) {
    var start = 0
    for parameter in parameters {
      let weight = parameter.value.detached()
      let part = direction[start..<start + weight.elementCount].reshaped(to: weight.shape)
      parameter.value = weight + part * length
      start += weight.elementCount
    }
  }

  /// What all weights are.
  var weights: [Tensor] {
    get { parameters.map { $0.value.detached() } }
    nonmutating set {
      for (parameter, weight) in zip(parameters, newValue) { parameter.value = weight }
    }
  }
}

/// A place of the weights: the loss there, and its gradient.
struct LBFGSPoint {
  var loss: Double
  var gradient: Tensor

  /// The largest part of the gradient.
  func largest() throws -> Double { try gradient.abs().max().number() }
}

extension Tensor {
  /// A single number, whatever its dtype.
  func number() throws -> Double { Double(try cast(to: .float64).item()) }
}
