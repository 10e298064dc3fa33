import Blitz
import Foundation
import Testing

@testable import BlitzONNX

@Suite("export to the ONNX format")
struct ExportTests {
  private struct Net: Layer {
    let conv = Conv2d(1, 4, size: 3, padding: 1)
    let norm = BatchNorm2d(4)
    let dropout = Dropout(0.5)
    let training = Mode()
    let fc = Linear(16, 3)

    func forward(_ x: Tensor) -> Tensor {
      fc(dropout(norm(conv(x)).relu().maxPool2d(2).flattened(from: 1)))
    }
  }

  /// A file in a folder of its own, which goes afterwards.
  private func withFile<R>(_ body: (String) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "blitz-onnx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appending(path: "m.onnx").path)
  }

  /// The first line of an error, or of no error.
  private func message(_ body: (String) throws -> Void) throws -> String {
    try withFile { path in
      do {
        try body(path)
        return "no error"
      } catch let error as TensorError {
        return error.summary
      }
    }
  }

  private func expectSame(_ found: Tensor, _ expected: Tensor) throws {
    #expect(found.shape == expected.shape)
    let difference = try (found - expected).abs().max().item()
    #expect(difference < 1e-5)
  }

  @Test("writes layers as ONNX's own ops, with the state's names, in evaluation mode")
  func layers() throws {
    let model = Net()
    let x = Tensor.randn([2, 1, 4, 4])
    try withFile { path in
      try ONNX.save(model, inputs: [x], to: path)
      let read = try ONNXModel(path)
      #expect(read.opset == 17)
      #expect(read.producer == "blitz")
      let ops = Set(read.ops.map(\.name))
      #expect(ops == ["Conv", "BatchNormalization", "Relu", "MaxPool", "Reshape", "Gemm"])
      #expect(read.nodeCount == 6)
      let names = Set(read.state.map(\.name))
      #expect(names.isSuperset(of: model.state.map(\.name).filter { !$0.contains("num_batches") }))
      #expect(read.inputs.map(\.description) == ["input: float32[2, 1, 4, 4]"])
      #expect(read.outputs.map(\.description) == ["output: float32[2, 3]"])
      #expect(model.training.isTraining)
      model.eval()
      try noGrad { try expectSame(read(x)[0], model(x)) }
    }
  }

  @Test("leaves axes open that are named, and computes shapes from them")
  func dynamicAxes() throws {
    let model = TransformerEncoderLayer(8, heads: 2, feedForward: 16, batchFirst: true)
    let (x, other) = (Tensor.randn([1, 3, 8]), Tensor.randn([5, 7, 8]))
    try withFile { path in
      try ONNX.save(
        model, inputs: [x], to: path, inputNames: ["words"], outputNames: ["states"],
        dynamicAxes: ["words": [0: "batch", -2: "length"]])
      let read = try ONNXModel(path)
      #expect(read.inputs.map(\.description) == ["words: float32[batch, length, 8]"])
      #expect(read.outputs.map(\.description) == ["states: float32[batch, length, 8]"])
      model.eval()
      try noGrad { try expectSame(read(other)[0], model(other)) }
    }
  }

  @Test("writes recurrent networks as one node a layer", arguments: [false, true])
  func recurrent(bidirectional: Bool) throws {
    let model = LSTM(3, 4, layers: 2, batchFirst: true, bidirectional: bidirectional)
    let (x, other) = (Tensor.randn([2, 5, 3]), Tensor.randn([3, 2, 3]))
    try withFile { path in
      try ONNX.save(
        model, inputs: [x], to: path, dynamicAxes: ["input": [0: "batch", 1: "length"]]
      ) { inputs in
        let (output, state) = model(inputs[0])
        return [output, state.hidden, state.cell]
      }
      let read = try ONNXModel(path)
      #expect(read.ops.first { $0.name == "LSTM" }?.count == 2)
      #expect(read.outputs.map(\.name) == ["output_0", "output_1", "output_2"])
      let found = try noGrad { try read(other) }
      let (output, state) = noGrad { model(other) }
      try expectSame(found[0], output)
      try expectSame(found[1], state.hidden)
      try expectSame(found[2], state.cell)
    }
  }

  @Test("puts large weights in a file beside, from a size that can be set")
  func externalData() throws {
    let model = Sequential(Linear(32, 32), Linear(32, 2))
    let x = Tensor.randn([2, 32])
    try withFile { path in
      try ONNX.save(model, inputs: [x], to: path, externalDataFrom: 4096)
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      #expect(size < 2048)
      let data = try Data(contentsOf: URL(filePath: path + ".data"))
      #expect(data.count == 4096)
      try noGrad { try expectSame(ONNXModel(path)(x)[0], model(x)) }
      try ONNX.save(model, inputs: [x], to: path, metadata: ["classes": "a,b"])
      #expect(try ONNXModel(path).metadata == ["classes": "a,b"])
    }
  }

  @Test("names outputs that are inputs, weights, or the same")
  func plainOutputs() throws {
    let model = Linear(2, 2)
    let x = Tensor([[1.0, 2]])
    try withFile { path in
      try ONNX.save(model, inputs: [x], to: path) { inputs in
        let y = model(inputs[0])
        return [y, y, inputs[0], model.weight]
      }
      let results = try noGrad { try ONNXModel(path)(x) }
      try expectSame(results[0], results[1])
      try expectSame(results[2], x)
      try expectSame(results[3], model.weight.detached())
    }
  }

  @Test("says what cannot be exported, and why")
  func refusals() throws {
    let model = Linear(2, 2)
    let x = Tensor([[1.0, 2]])
    func refused(
      opset: Int = 17, inputNames: [String] = [], outputNames: [String] = [],
      axes: [String: [Int: String]] = [:], _ forward: @escaping ([Tensor]) throws -> [Tensor]
    ) throws -> String {
      try message { path in
        try ONNX.save(
          model, inputs: [x], to: path, opset: opset, inputNames: inputNames,
          outputNames: outputNames, dynamicAxes: axes, forward: forward)
      }
    }
    let plain: ([Tensor]) -> [Tensor] = { [model($0[0])] }
    #expect(
      try refused(opset: 12, plain) == "ONNX.save: opset 12 is not one of 13 to 28")
    #expect(
      try refused(opset: 29, plain) == "ONNX.save: opset 29 is not one of 13 to 28")
    #expect(
      try message { try ONNX.save(model, inputs: [x, x], to: $0) }
        == "ONNX.save: 2 inputs are given, a layer takes 1")
    #expect(
      try refused(inputNames: ["a", "b"], plain)
        == "ONNX.save: the input names are \"a\", \"b\", and there is 1 input")
    #expect(
      try refused(inputNames: ["a"], outputNames: ["a"], plain)
        == "ONNX.save: an input and an output are both called \"a\"")
    #expect(
      try refused(axes: ["x": [0: "batch"]], plain)
        == "ONNX.save: dynamicAxes names \"x\", which is no input")
    #expect(
      try refused(axes: ["input": [2: "batch"]], plain)
        == "ONNX.save: dynamicAxes names axis 2 of \"input\"")
    #expect(
      try refused(axes: ["input": [0: "n", 1: "n"]], plain)
        == "ONNX.save: axes of the name \"n\" have the sizes 1 and 2")
    #expect(
      try refused { [$0[0] + Tensor.randn([1, 2])] }
        == "ONNX.save: the forward pass draws random numbers, float32[1, 2]")
    #expect(
      try refused { [$0[0] * (try $0[0].sum().item())] }
        == "ONNX.save: the forward pass asks for numbers of what it is given")
    #expect(
      try refused(axes: ["input": [0: "batch"]]) { inputs in
        var y = inputs[0]
        for _ in 0..<inputs[0].shape[0] { y = y + 1 }
        return [y]
      }.hasPrefix("ONNX.save: the forward pass is another for other sizes of batch"))
    #expect(
      try refused { [$0[0].cast(to: .int64) .& 1] }
        == "ONNX.save: and cannot be exported: ONNX has BitwiseAnd from opset 18 on, and opset 17 "
        + "is asked for")
    #expect(
      try message {
        try ONNX.save(model, inputs: [Tensor([1.0, 2, 3])], to: $0)
      }.hasPrefix("Linear"))
  }
}
