/// The Swift that does what the controls do.
struct SwiftCode {
  let settings: Settings
  /// The numbers that the network returns.
  let outputs: Int
  /// The table that is learned, if one is.
  let table: PlayTable?

  init(_ settings: Settings, outputs: Int, table: PlayTable?) {
    (self.settings, self.outputs, self.table) = (settings, outputs, table)
  }

  /// Whether numbers are learned.
  private var isNumber: Bool { outputs == 1 }

  /// For each control, by its name, lines to copy.
  var controls: [String: String] {
    [
      "data": dataCode, "noise": dataCode, "share": splitCode,
      "columnX": dataCode, "columnY": dataCode, "features": inputCode,
      "seed": "manualSeed(\(settings.seed))",
      "hidden": modelCode, "bias": modelCode, "activation": modelCode,
      "optimizer": "let optimizer = \(optimizerCode)",
      "rate": "optimizer.rate = \(settings.rate)", "regularisation": stepCode, "lasso": stepCode,
      "batch": oneStep(""), "speed": "for _ in 0..<\(settings.speed) {\n\(oneStep("  ", "_"))\n}",
    ]
  }

  /// Data, network and training before the first step.
  private var beginning: String {
    """
    manualSeed(\(settings.seed))
    \(dataCode)
    \(inputCode)
    \(splitCode)

    \(modelCode)
    let optimizer = \(optimizerCode)
    \(stepCode)
    """
  }

  /// One step: on all that is learned from, or on some of it.
  private func oneStep(_ indent: String, _ result: String = "let loss") -> String {
    guard settings.batch > 0 else { return "\(indent)\(result) = try step(x, y)" }
    return """
      \(indent)let batch = Tensor.randperm(x.shape[0])[..<min(\(settings.batch), x.shape[0])]
      \(indent)\(result) = try step(x[batch], y[batch])
      """
  }

  /// The program, and the lines of each control in a scope of their own, for the tests that compile
  /// them. The scopes are not run.
  var everyControl: String {
    let scopes = controls.sorted { $0.key < $1.key }.map { "  do {\n\($0.value)\n  }" }
    return """
      \(program)

      @MainActor func controls() throws {
      \(scopes.joined(separator: "\n"))
      }
      """
  }

  /// The whole as a program: `main.swift` of a package that depends on Blitz.
  var program: String {
    let told =
      isNumber
      ? """
          let miss = noGrad { squaredError(predictions: model(testX), targets: testY) }
          let spread = (testY - testY.mean()).square().mean()
          print("step \\(t): loss \\(try loss.item()), test R² \\(try (1 - miss / spread).item())")
      """
      : """
          let right = noGrad { model(testX).argmax(axis: 1) .== testY }
          let accuracy = try right.cast(to: .float32).mean().item()
          print("step \\(t): loss \\(try loss.item()), test accuracy \\(accuracy)")
      """
    return """
      import Blitz
      import Foundation

      \(beginning)

      for t in 1...1000 {
      \(oneStep("  "))
        if t % 100 == 0 {
      \(told)
        }
      }
      """
  }

  private var optimizerCode: String {
    let rate = settings.rate
    return switch settings.optimizer {
    case .sgd: "SGD(model, rate: \(rate))"
    case .momentum: "SGD(model, rate: \(rate), momentum: 0.9)"
    case .adam: "Adam(model, rate: \(rate))"
    case .rmsprop: "RMSprop(model, rate: \(rate))"
    }
  }

  private var modelCode: String {
    let bias = settings.bias ? "" : ", bias: false"
    let activation =
      switch settings.activation {
      case .relu: " ReLU(),"
      case .tanh: " Tanh(),"
      case .sigmoid: " Sigmoid(),"
      case .gelu: " GELU(),"
      case .none: ""
      }
    var lines: [String] = []
    var size = settings.data == .digits ? 64 : settings.features.elements.count
    for hidden in settings.hidden.elements {
      lines.append("  Linear(\(size), \(hidden)\(bias)),\(activation)")
      size = hidden
    }
    lines.append("  Linear(\(size), \(outputs)\(bias)))")
    return "let model = Sequential(\n" + lines.joined(separator: "\n")
  }

  private var stepCode: String {
    let loss =
      isNumber
      ? "squaredError(predictions: model(x), targets: y)"
      : "crossEntropy(logits: model(x), labels: y)"
    var lines: [String] = []
    if settings.lasso > 0 {
      lines.append("    loss = loss + \(settings.lasso) * parameter.value.abs().sum()")
    }
    if settings.regularisation > 0 {
      lines.append("    loss = loss + \(settings.regularisation) * parameter.value.square().sum()")
    }
    guard !lines.isEmpty else {
      return """
        let step = compile(model, optimizer) { x, y in
          \(loss)
        }
        """
    }
    return """
      let step = compile(model, optimizer) { x, y in
        var loss = \(loss)
        for (_, parameter) in model.parameters where parameter.value.rank > 1 {
      \(lines.joined(separator: "\n"))
        }
        return loss
      }
      """
  }
}
