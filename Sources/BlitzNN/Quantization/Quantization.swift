import BlitzTensor

/// How ``Module/quantized(_:)`` finds the steps of a model's inputs.
public struct Quantization {
  enum Kind {
    case dynamic
    case inputs(((Tensor) throws -> Void) throws -> Void)
    case calls(() throws -> Void)
  }

  let kind: Kind

  /// Each row of inputs has a scale of its own, found when it comes: `quantize_dynamic` of
  /// PyTorch's `torch.ao.quantization`, whose scale is the whole input's.
  public static var dynamic: Quantization { Quantization(kind: .dynamic) }

  /// The inputs of each layer have one scale, from the largest magnitude that it sees while the
  /// model runs over examples; what is larger later is cut off. PyTorch's `prepare` and `convert`.
  ///
  /// - Parameter inputs: batches of inputs of the model, which must be a ``Layer``.
  public static func `static`(
    calibration inputs: some Sequence<Tensor>
  ) -> Quantization {
    Quantization(kind: .inputs { body in for input in inputs { try body(input) } })
  }

  /// The same, over a loader.
  ///
  /// - Parameter loader: batches of the model's inputs and their labels, which are not used.
  public static func `static`(
    calibration loader: some Sequence<(inputs: Tensor, labels: Tensor)>
  ) -> Quantization {
    Quantization(kind: .inputs { body in for (input, _) in loader { try body(input) } })
  }

  /// The same for a model of any arguments.
  ///
  /// - Parameter calls: calls the model with examples; what it answers need not be read.
  public static func `static`(calls: @escaping () throws -> Void) -> Quantization {
    Quantization(kind: .calls(calls))
  }
}

extension Module {
  /// Turns the weights of a trained model to whole numbers of 8 bits, a scale for each output, and
  /// its products to products of such numbers with sums of 32 bits: a quarter of the memory, and
  /// faster products. PyTorch's `torch.ao.quantization`.
  ///
  ///     let small = try model.quantized(.dynamic)
  ///     try small.save("small.safetensors")
  ///
  /// That are the weights of ``Linear``, ``Conv1d``, ``Conv2d``, ``RNN``, ``LSTM``, ``GRU``,
  /// ``Embedding`` and ``MultiHeadAttention``; biases and all else stay float32. As with
  /// ``to(_:)`` the layers themselves change, so that all copies of the model do, and the answer is
  /// the model, of its own type. All of its parameters are frozen afterwards: it is for use, not
  /// for training. ``state`` has int8 weights under their names, and beside them `_scale`
  /// (float32, one for each output) and, if static, `_input_scale`; a model of floats that
  /// loads such a file is quantised by that.
  ///
  /// - Parameter quantization: how the steps of inputs are found.
  /// - Returns: the model itself.
  /// - Throws: `TensorError` if no layer has such weights, if weights are not float32, not finite
  ///   or quantised already, or if a layer was not called with the examples. The model is then as
  ///   it was.
  @discardableResult
  public func quantized(_ quantization: Quantization = .dynamic) throws -> Self {
    let parts = ModuleWalk(self).parts
    let layers = parts.compactMap { _, part -> (any Quantizable)? in
      if case .module(let module) = part { module as? any Quantizable } else { nil }
    }
    let names = Dictionary(
      parameters.map { (ObjectIdentifier($0.parameter), $0.name) }, uniquingKeysWith: { a, _ in a })
    var targets: [(name: String, parameter: Parameter, readsInputs: Bool)] = []
    var seen: Set<ObjectIdentifier> = []
    for layer in layers {
      for parameter in layer.quantizedParameters
      where seen.insert(ObjectIdentifier(parameter)).inserted {
        let name = names[ObjectIdentifier(parameter)] ?? "a weight"
        targets.append((name, parameter, !(layer is Embedding)))
      }
    }
    if targets.isEmpty {
      throw TensorError(
        "quantized", "\(type(of: self)) has no layer whose weights can be quantised",
        help: "Linear, Conv1d, Conv2d, RNN, LSTM, GRU, Embedding and MultiHeadAttention have such")
    }
    for (name, parameter, _) in targets {
      if parameter.quantized != nil {
        throw TensorError(
          "quantized", "\(name) is quantised already",
          help: "load the trained weights into a new model to quantise it another way")
      }
      let weight = parameter.value
      if let error = weight.error { throw error }
      if weight.dtype != .float32 {
        throw TensorError(
          "quantized", "\(name) is not float32", operands: [(name, weight.signature)],
          help: "write model.cast(to: .float32) first")
      }
      if try !noGrad({ weight.abs().max().isFinite() }).item(as: Bool.self) {
        throw TensorError(
          "quantized", "\(name) holds a number that is not finite",
          operands: [(name, weight.signature)],
          help: "quantise a model that has learned; checkFinite finds where training went wrong")
      }
    }
    let reached = try noGrad { try magnitudes(by: quantization) }
    if let reached,
      let missed = targets.first(where: {
        $0.readsInputs && reached[ObjectIdentifier($0.parameter)] == nil
      })
    {
      throw TensorError(
        "quantized", "the layer of \(missed.name) was not called while the model was calibrated",
        help: "give examples that use every layer, or quantized(.dynamic)")
    }
    try noGrad {
      let made = targets.map { _, parameter, _ -> QuantizedWeight in
        let most = reached?[ObjectIdentifier(parameter)]
        return QuantizedWeight(
          parameter.value.detached(),
          inputScale: most.map {
            QuantizedWeight.scale(reaching: Tensor(Float($0))).to(parameter.value.device)
          })
      }
      try BlitzTensor.eval(
        made.flatMap { [$0.values, $0.scales] + [$0.inputScale].compactMap { $0 } })
      for (target, weight) in zip(targets, made) { target.parameter.quantized = weight }
    }
    for (_, parameter) in parameters { parameter.isFrozen = true }
    return self
  }

  /// The largest magnitude that the inputs of each weight have; nil if that is found at run time.
  private func magnitudes(by quantization: Quantization) throws -> [ObjectIdentifier: Double]? {
    let calibration = Calibration()
    try evaluating {
      try calibration.during {
        switch quantization.kind {
        case .dynamic: break
        case .calls(let calls): try calls()
        case .inputs(let each):
          guard let layer = self as? any Layer else {
            throw TensorError(
              "quantized", "\(type(of: self)) is not a Layer: it does not take one tensor",
              help: "write .static { _ = model(...) }, which calls it as it is called")
          }
          try each { input in
            // What the last layer answers is not needed, but for its errors.
            if let error = layer(input).error { throw error }
          }
        }
      }
    }
    if case .dynamic = quantization.kind { return nil }
    return try calibration.reached()
  }
}

/// A layer with weights that can be quantised.
protocol Quantizable: Module {
  var quantizedParameters: [Parameter] { get }
}

extension Linear: Quantizable { var quantizedParameters: [Parameter] { [$weight] } }
extension Conv1d: Quantizable { var quantizedParameters: [Parameter] { [$weight] } }
extension Conv2d: Quantizable { var quantizedParameters: [Parameter] { [$weight] } }
extension Embedding: Quantizable { var quantizedParameters: [Parameter] { [$weight] } }
extension RNN: Quantizable { var quantizedParameters: [Parameter] { network.products } }
extension LSTM: Quantizable { var quantizedParameters: [Parameter] { network.products } }
extension GRU: Quantizable { var quantizedParameters: [Parameter] { network.products } }
extension MultiHeadAttention: Quantizable {
  // That of the output is a Linear.
  var quantizedParameters: [Parameter] { [$inProjWeight] }
}
extension RecurrentStack {
  fileprivate var products: [Parameter] {
    cells.flatMap { [$0.weightIH, $0.weightHH, $0.weightHR].compactMap { $0 } }
  }
}
