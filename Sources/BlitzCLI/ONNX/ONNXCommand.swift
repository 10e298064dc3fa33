import ArgumentParser
import Blitz
import BlitzData
import BlitzONNX

/// `blitz onnx`: models in the ONNX format.
struct ONNXCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "onnx",
    abstract:
      "Look at models in the ONNX format, run them, write them, and run the format's tests.",
    subcommands: [Inspect.self, Run.self, Export.self, Test.self])

  /// `blitz onnx inspect`.
  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what a model takes and gives, its ops and its weights.")

    @Argument(help: ArgumentHelp("The model.", valueName: "MODEL.onnx"))
    var model: String

    @Option(help: ArgumentHelp("Draw the graph, as a picture in a file.", valueName: "GRAPH.svg"))
    var svg: String?

    func run() throws {
      let model = try ONNXModel(self.model)
      if let svg {
        try File.replace(svg, with: model.picture())
        print("wrote \(svg): \(model.nodeCount) nodes")
        return
      }
      let producer = model.producer.isEmpty ? "" : ", made by \(model.producer)"
      print("opset \(model.opset), \(model.nodeCount) nodes\(producer)")
      for (title, ports) in [("takes", model.inputs), ("gives", model.outputs)] {
        print("\n\(title)")
        for port in ports { print("  \(port)") }
      }
      print("\nweights\n  \(model.parameters.count) parameters, \(model.parameterCount) numbers")
      print("\nops")
      for (name, count) in model.ops { print("  \(name)  \(count)") }
      if model.unsupportedOps.isEmpty { return }
      print("\nops that Blitz does not have, with which the model does not run")
      for (name, count) in model.unsupportedOps { print("  \(name)  \(count)") }
    }
  }

  /// `blitz onnx run`.
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run a model on the arrays of a file.")

    @Argument(help: ArgumentHelp("The model.", valueName: "MODEL.onnx"))
    var model: String

    @Option(help: ArgumentHelp("Arrays under the names of the inputs.", valueName: "IN.npz"))
    var inputs: String

    @Option(
      help: ArgumentHelp(
        "Where the outputs go, under their names; without it their shapes are printed.",
        valueName: "OUT.npz"))
    var out: String?

    @Option(
      help: ArgumentHelp("Run it so many times, and print the least and the median time."))
    var times: Int?

    @Option(help: Device.argumentHelp)
    var device: String?

    func run() throws {
      let device = try Device.requested(device ?? "cpu")
      let model = try ONNXModel(self.model).to(device)
      let inputs = try Npz.load(self.inputs).mapValues { $0.to(device) }
      let outputs = try noGrad { try model(inputs) }
      if let times { try measure(model, inputs, times: times) }
      if let out {
        try Npz.save(outputs, to: out)
        return
      }
      for port in model.outputs {
        if let tensor = outputs[port.name] { print("\(port.name): \(tensor.signature)") }
      }
    }

    private func measure(
      _ model: ONNXModel, _ inputs: [String: Tensor], times: Int
    ) throws {
      guard times > 0 else { throw RunFailure.argument("--times: \(times) is not 1 or more") }
      let clock = ContinuousClock()
      let taken = try noGrad {
        try (0..<times).map { _ in
          try clock.measure { try eval(Array(model(inputs).values)) }
        }.sorted()
      }
      print("\(taken[0] / .milliseconds(1)) ms, median \(taken[times / 2] / .milliseconds(1))")
    }
  }

  /// `blitz onnx test`.
  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run tests in the layout of the onnx package.",
      discussion: """
        Each is a folder with model.onnx and test_data_set_0/input_0.pb, output_0.pb and so on, or \
        NAME.onnx beside NAME_output_0.pb. Prints why each that does not pass does not, then the \
        counts; exits with 1 if one failed. Results may be off by 1e-5 + 1e-3 times the number, or \
        by more where tolerances.json says so.
        """)

    @Argument(help: ArgumentHelp("The folder that the tests are in.", valueName: "FOLDER"))
    var folder: String

    @Option(help: ArgumentHelp("Only tests whose names have this in them.", valueName: "TEXT"))
    var filter: String?

    func run() throws {
      let tests = try ONNXTest.all(in: folder).filter { test in
        filter.map { test.name.contains($0) } ?? true
      }
      var (passed, failed, unsupported) = (0, 0, 0)
      for test in tests {
        switch test.run() {
        case .passed: passed += 1
        case .failed(let reason):
          failed += 1
          print("\(test.name): failed: \(reason)")
        case .unsupported(let reason):
          unsupported += 1
          print("\(test.name): unsupported: \(reason)")
        }
      }
      print(
        "\(passed) passed, \(failed) failed, \(unsupported) unsupported of \(tests.count)")
      if failed > 0 { throw ExitCode(1) }
    }
  }
}
