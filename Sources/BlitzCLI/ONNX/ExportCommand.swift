import ArgumentParser
import Blitz
import BlitzONNX

extension ONNXCommand {
  /// `blitz onnx export`.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a network that blitz train has learned as a model in the ONNX format.",
      discussion: """
        The model takes what predict takes, unscaled, as "input": images from 0 to 1, \
        [batch, channels, height, width], or rows of a table's columns as numbers, \
        [batch, columns]. It gives "probabilities" [batch, classes], or the "number" [batch] that \
        a regression tells; with --logits the network's own answers for scaled inputs. Class names \
        and columns are in the model's metadata.
        """)

    @Argument(help: ArgumentHelp("A folder that blitz train --out has written.", valueName: "DIR"))
    var folder: String

    @Option(help: ArgumentHelp("Where the model goes.", valueName: "MODEL.onnx"))
    var out: String

    @Option(
      parsing: .unconditional,
      help: "The version of ONNX's ops, 13 to 28; every runtime of today reads 17.")
    var opset = 17

    @Flag(help: "The network alone: for inputs scaled as in training, answers as they are.")
    var logits = false

    func validate() throws {
      guard 13...28 ~= opset else {
        throw ValidationError("--opset is \(opset); it takes 13 to 28")
      }
    }

    func run() throws {
      let saved = try SavedNetwork(folder: folder)
      try saved.export(to: out, opset: opset, isBare: logits)
      let model = try ONNXModel(out)
      print("wrote \(out): opset \(model.opset), \(model.nodeCount) nodes")
      for (title, ports) in [("takes", model.inputs), ("gives", model.outputs)] {
        for port in ports { print("\(title) \(port)") }
      }
      if !saved.network.classNames.isEmpty {
        print("classes: \(saved.network.classNames.joined(separator: ", "))")
      }
    }
  }
}
