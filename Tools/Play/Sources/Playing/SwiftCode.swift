/// The Swift that does what the controls do.
extension Settings {
  /// For each control, by its name, lines to copy.
  var code: [String: String] {
    [
      "data": dataCode, "noise": dataCode, "seed": "manualSeed(\(seed))",
      "layers": modelCode, "hidden": modelCode, "bias": modelCode, "activation": modelCode,
      "optimizer": "let optimizer = \(optimizerCode)",
      "rate": "optimizer.rate = \(rate)", "regularisation": stepCode,
      "speed": "for _ in 0..<\(speed) {\n\(oneStep("  ", "_"))\n}",
      "train": "while !isPaused {\n\(oneStep("  ", "_"))\n}", "step": oneStep(""),
      "pause": "isPaused = true", "reset": beginning,
    ]
  }

  /// Data, network and training before the first step.
  private var beginning: String {
    """
    manualSeed(\(seed))
    \(dataCode)

    \(modelCode)
    let optimizer = \(optimizerCode)
    \(stepCode)
    """
  }

  /// One step: on all points, or on 128 digits.
  private func oneStep(_ indent: String, _ result: String = "let loss") -> String {
    guard data == .digits else { return "\(indent)\(result) = try step(x, y)" }
    return """
      \(indent)let batch = Tensor.randperm(x.shape[0])[0..<128]
      \(indent)\(result) = try step(x[batch], y[batch])
      """
  }

  /// The program, and the lines of each control in a scope of their own, for the tests that compile
  /// them. The scopes are not run.
  public var everyControl: String {
    let scopes = code.sorted { $0.key < $1.key }.map { "  do {\n\($0.value)\n  }" }
    return """
      \(program)

      @MainActor func controls() throws {
        var isPaused = false
      \(scopes.joined(separator: "\n"))
      }
      """
  }

  /// The whole as a program: `main.swift` of a package that depends on Blitz.
  public var program: String {
    """
    import Blitz
    import Foundation

    \(beginning)

    for t in 1...1000 {
    \(oneStep("  "))
      if t % 100 == 0 {
        let right = noGrad { model(testX).argmax(axis: 1) .== testY }
        let accuracy = try right.cast(to: .float32).mean().item()
        print("step \\(t): loss \\(try loss.item()), test accuracy \\(accuracy)")
      }
    }
    """
  }

  private var optimizerCode: String {
    switch optimizer {
    case .sgd: "SGD(model, rate: \(rate))"
    case .momentum: "SGD(model, rate: \(rate), momentum: 0.9)"
    case .adam: "Adam(model, rate: \(rate))"
    case .rmsprop: "RMSprop(model, rate: \(rate))"
    }
  }

  private var modelCode: String {
    let bias = bias ? "" : ", bias: false"
    let activation =
      switch activation {
      case .relu: " ReLU(),"
      case .tanh: " Tanh(),"
      case .sigmoid: " Sigmoid(),"
      case .gelu: " GELU(),"
      case .none: ""
      }
    var lines: [String] = []
    var size = data == .digits ? 64 : 2
    for _ in 0..<layers {
      lines.append("  Linear(\(size), \(hidden)\(bias)),\(activation)")
      size = hidden
    }
    let classes = data == .digits ? 10 : data == .spirals ? 3 : 2
    lines.append("  Linear(\(size), \(classes)\(bias)))")
    return "let model = Sequential(\n" + lines.joined(separator: "\n")
  }

  private var stepCode: String {
    guard regularisation > 0 else {
      return """
        let step = compile(model, optimizer) { x, y in
          crossEntropy(logits: model(x), labels: y)
        }
        """
    }
    return """
      let step = compile(model, optimizer) { x, y in
        var loss = crossEntropy(logits: model(x), labels: y)
        for (_, parameter) in model.parameters where parameter.value.rank > 1 {
          loss = loss + \(regularisation) * parameter.value.square().sum()
        }
        return loss
      }
      """
  }

  private var dataCode: String {
    switch data {
    case .spirals:
      return """
        func spirals() throws -> (Tensor, Tensor) {
          let data = try Spirals(noise: \(noise))
          let labels = Tensor(data.labels.map(Int64.init), shape: [data.count])
          return (Tensor(data.points, shape: [data.count, 2]), labels)
        }
        let (x, y) = try spirals()
        let (testX, testY) = try spirals()
        """
    case .digits:
      return """
        let digits = Digits()
        let labels = Tensor(digits.labels.map(Int64.init), shape: [digits.count])
        let pixels = Tensor(digits.pixels, shape: [digits.count, 64])
        let noisy = pixels + \(noise) * Tensor.randn([digits.count, 64])
        // Every fifth is held out.
        let all = (0..<digits.count).map(Int64.init)
        let learned = all.filter { $0 % 5 != 4 }
        let held = all.filter { $0 % 5 == 4 }
        let rows = Tensor(learned, shape: [learned.count])
        let testRows = Tensor(held, shape: [held.count])
        let (x, y) = (noisy[rows], labels[rows])
        let (testX, testY) = (noisy[testRows], labels[testRows])
        """
    case .circles:
      return plane(
        """
            let angle = 2 * Float.pi * draws[2 * i]
            let radius: Float = i % 2 == 0 ? 0.4 : 0.95
            return (radius * cos(angle), radius * sin(angle), Int64(i % 2))
        """)
    case .moons:
      return plane(
        """
            let angle = Float.pi * draws[2 * i]
            let x = i % 2 == 0 ? cos(angle) : 1 - cos(angle)
            let y = i % 2 == 0 ? sin(angle) : 0.5 - sin(angle)
            return ((x - 0.5) / 1.5, (y - 0.25) / 1.2, Int64(i % 2))
        """)
    case .xor:
      return plane(
        """
            let (x, y) = (2 * draws[2 * i] - 1, 2 * draws[2 * i + 1] - 1)
            return (x, y, (x > 0) != (y > 0) ? 1 : 0)
        """)
    }
  }

  /// 200 points, whose places come of the lines.
  private func plane(_ lines: String) -> String {
    """
    func points() throws -> (Tensor, Tensor) {
      let draws = try Tensor.rand([200, 2]).scalars(as: Float.self)
      let rows = (0..<200).map { i -> (x: Float, y: Float, label: Int64) in
    \(lines)
      }
      let x = Tensor(rows.flatMap { [$0.x, $0.y] }, shape: [200, 2])
      return (x + \(noise) * Tensor.randn([200, 2]), Tensor(rows.map(\\.label), shape: [200]))
    }
    let (x, y) = try points()
    let (testX, testY) = try points()
    """
  }
}
