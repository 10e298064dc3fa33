import BlitzTensor

/// What L-BFGS knows of the curvature: the last changes of weights and gradients.
struct LBFGSMemory {
  /// The direction of the last iteration, and how far it was followed.
  var direction: Tensor?
  var length = 0.0
  /// How many iterations there were, and computations of the loss.
  var count = 0
  var evaluationCount = 0
  /// The changes of the gradient and of the weights, the latest last, and one over their product.
  var gradients: [Tensor] = []
  var steps: [Tensor] = []
  var factors: [Double] = []
  /// The gradient before.
  var gradient: Tensor?
  /// What the inverse of the curvature is taken for where nothing is known of it.
  var scale = 1.0

  /// Finds the direction to follow where the gradient is this.
  mutating func turn(to gradient: Tensor, keeping most: Int) throws {
    count += 1
    defer { self.gradient = gradient }
    guard let direction, let before = self.gradient, count > 1 else {
      (gradients, steps, factors, scale) = ([], [], [], 1)
      self.direction = -gradient
      return try eval([-gradient])
    }
    let (change, step) = (gradient - before, direction * length)
    let product = try change.dot(step).number()
    if product > 1e-10 {
      if gradients.count >= most {
        gradients.removeFirst()
        steps.removeFirst()
        factors.removeFirst()
      }
      try eval([change, step])
      gradients.append(change)
      steps.append(step)
      factors.append(1 / product)
      scale = product / (try change.dot(change).number())
    }
    let bent = bent(-gradient)
    try eval([bent])
    self.direction = bent
  }

  /// The inverse of the curvature times a direction: two loops over what is kept.
  private func bent(_ direction: Tensor) -> Tensor {
    var result = direction
    var shares = [Tensor](repeating: 0, count: steps.count)
    for index in steps.indices.reversed() {
      shares[index] = steps[index].dot(result) * factors[index]
      result = result - gradients[index] * shares[index]
    }
    result = result * scale
    for index in steps.indices {
      let other = gradients[index].dot(result) * factors[index]
      result = result + steps[index] * (shares[index] - other)
    }
    return result
  }
}

extension LBFGS {
  /// The state now, under PyTorch's names. To set it, call ``load(_:)``, which can fail.
  public var state: Optimizer.State {
    var tensors: [(name: String, tensor: Tensor)] = []
    if let direction = memory.direction, let gradient = memory.gradient {
      tensors = [("d", direction), ("prev_flat_grad", gradient)]
      if !memory.steps.isEmpty {
        tensors += [("old_dirs", stack(memory.gradients)), ("old_stps", stack(memory.steps))]
      }
      let numbers = [memory.length, memory.scale] + memory.factors
      tensors.append(("numbers", Tensor(numbers, shape: [numbers.count], dtype: .float64)))
    }
    return Optimizer.State(
      tensors: tensors,
      numbers: Optimizer.Numbers(
        optimizer: "LBFGS", stepCount: memory.count,
        updateCounts: ["func_evals": memory.evaluationCount], rates: [rate], initialRates: [rate]))
  }

  /// Continues from a saved state, of a model with as many weights.
  ///
  /// - Throws: `TensorError` that says what is missing or does not fit; the optimizer is then
  ///   unchanged.
  public func load(_ state: Optimizer.State) throws(TensorError) {
    let numbers = state.numbers
    guard numbers.optimizer == "LBFGS", let rate = numbers.rates.first,
      0...(1 << 53) ~= numbers.stepCount
    else {
      throw TensorError(
        "LBFGS", "the state is of \(numbers.optimizer)", help: "make the optimizer that saved it")
    }
    var new = LBFGSMemory()
    new.count = numbers.stepCount
    new.evaluationCount = min(max(numbers.updateCounts["func_evals"] ?? 0, 0), 1 << 53)
    let tensors = Dictionary(state.tensors) { first, _ in first }
    if new.count > 0 {
      let size = parameters.filter { !$0.parameter.isFrozen }
        .reduce(0) { $0 + $1.parameter.value.elementCount }
      func part(_ name: String) throws(TensorError) -> Tensor {
        guard let tensor = tensors[name], tensor.shape.last == size else {
          throw TensorError(
            "LBFGS", "the state has no \(name) of \(size) weights",
            operands: tensors[name].map { [(name, $0.signature)] } ?? [],
            help: "load the state of the same model")
        }
        if let error = tensor.error { throw error }
        return tensor.detached()
      }
      let flat = try tensors["numbers"]?.detached().cast(to: .float64).scalars(as: Double.self)
      guard let flat, flat.count >= 2 else {
        throw TensorError("LBFGS", "the state has no numbers", help: "give a state as it was saved")
      }
      (new.direction, new.gradient) = (try part("d"), try part("prev_flat_grad"))
      (new.length, new.scale, new.factors) = (flat[0], flat[1], Array(flat[2...]))
      if !new.factors.isEmpty {
        let (changes, steps) = (try part("old_dirs"), try part("old_stps"))
        for tensor in [changes, steps] where tensor.shape != [new.factors.count, size] {
          throw TensorError(
            "LBFGS", "the state has \(new.factors.count) differences",
            operands: [("kept", tensor.signature)], help: "give a state as it was saved")
        }
        new.gradients = new.factors.indices.map { changes[$0] }
        new.steps = new.factors.indices.map { steps[$0] }
      }
    }
    memory = new
    self.rate = rate
  }
}
