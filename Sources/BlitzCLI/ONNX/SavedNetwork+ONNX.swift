import Blitz
import BlitzONNX

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension SavedNetwork {
  /// Writes the network as a model in the ONNX format, with its classes and columns as metadata:
  /// JSON arrays of their names, under "classes" and "columns".
  ///
  /// - Parameter opset: the version of ONNX's ops, 13 to 28.
  /// - Parameter isBare: the network alone, for inputs scaled as in training, answers as they are;
  ///   else the model takes what predict takes, and gives probabilities or numbers.
  func export(to path: String, opset: Int = 17, isBare: Bool = false) throws {
    let output = isBare ? "logits" : network.target == nil ? "probabilities" : "number"
    var metadata: [String: String] = [:]
    func add(_ names: [String], as key: String) throws {
      guard !names.isEmpty else { return }
      metadata[key] = String(decoding: try JSONEncoder().encode(names), as: UTF8.self)
    }
    try add(network.classNames, as: "classes")
    try add(network.table?.columns.map(\.name) ?? [], as: "columns")
    let input = Tensor.zeros(Shape([2] + network.inputShape))
    try ONNX.save(
      model, inputs: [input], to: path, opset: opset, inputNames: ["input"],
      outputNames: [output], dynamicAxes: ["input": [0: "batch"]], metadata: metadata
    ) { inputs in
      if isBare { return [model(inputs[0])] }
      let answers = model(network.scaled(inputs[0]))
      if network.target != nil { return [network.numbers(ofAnswers: answers)] }
      return [network.classNames.isEmpty ? answers : network.probabilities(answers)]
    }
  }
}
