import Blitz
import BlitzONNX

extension Row {
  static let onnx: [Row] = [
    Row(
      "ONNXModel.init(bytes:name:)", "ONNXModel.init(_:)", "ONNXModel.callAsFunction(_:)",
      "ONNXModel.save(to:)"
    ) { values in
      _ = try? ONNXModel(values.string())
      // y = x w for x [n, 2] and w [2, 1], by onnx 1.23.2; more often than not with one byte wrong.
      var bytes: [UInt8] = [
        8, 8, 18, 0, 58, 73, 10, 15, 10, 1, 120, 10, 1, 119, 18, 1, 121, 34, 4, 71, 101, 109,
        109, 18, 0, 42, 19, 8, 2, 8, 1, 16, 1, 34, 8, 0, 0, 128, 63, 0, 0, 0, 64, 66, 1, 119,
        90, 20, 10, 1, 120, 18, 15, 10, 13, 8, 1, 18, 9, 10, 3, 18, 1, 110, 10, 2, 8, 2, 98, 9,
        10, 1, 121, 18, 4, 10, 2, 8, 1, 66, 4, 10, 0, 16, 17,
      ]
      if values.bool() {
        bytes[values.pick(Array(bytes.indices))] = values.pick([0, 127, 128, 255])
      }
      let model = try ONNXModel(bytes: bytes, name: values.string())
      try? model.save(to: values.pick(["", "/nowhere/m.onnx", "\u{0}"]))
      let (one, more, named) = (
        try? model(values.tensor()), try? model(values.tensors()),
        try? model([values.pick(["x", "w", "z"]): values.tensor()])
      )
      return (one ?? []) + (more ?? []) + (named.map { Array($0.values) } ?? [])
    },
    Row(
      "ONNX.save(_:inputs:to:opset:inputNames:outputNames:dynamicAxes:externalDataFrom:metadata:)",
      "ONNX.save(_:inputs:to:opset:inputNames:outputNames:dynamicAxes:externalDataFrom:metadata:"
        + "forward:)"
    ) { values in
      let model = Sequential(Linear(2, 3), ReLU(), LayerNorm(3))
      let path = values.pick(["", "/nowhere/m.onnx", "\u{0}"])
      let axes = [values.pick(["input", "input_0", "x", ""]): [values.int(): values.string()]]
      try? ONNX.save(
        model, inputs: [values.tensor()], to: path, opset: values.pick([12, 13, 17, 23, 28, 29]),
        inputNames: values.pick([[], ["input"], ["a", "a"]]), dynamicAxes: axes,
        externalDataFrom: values.int(), metadata: ["a": values.string()])
      try? ONNX.save(
        model, inputs: values.tensors(), to: path, opset: values.pick([13, 17, 23, 28]),
        dynamicAxes: values.bool() ? axes : [:]
      ) { inputs in inputs + inputs.map { ($0 * 2).softmax(axis: -1) } }
      return []
    },
  ]
}
