import BlitzData
import BlitzNN
import BlitzTensor

/// Models that leave Blitz in the ONNX format: `torch.onnx`.
///
///     try ONNX.save(model, inputs: [images], to: "model.onnx")
///     try ONNX.save(
///       model, inputs: [images], to: "model.onnx", inputNames: ["images"],
///       dynamicAxes: ["images": [0: "batch"]])
///
/// The forward pass is traced in evaluation mode; layers become ONNX's own ops (Gemm, Conv,
/// BatchNormalization, LSTM, Attention and so on, where the opset has them), all else its
/// primitives. Parameters keep their names of `Module.state`.
public enum ONNX {
  /// Writes a model of one input.
  ///
  /// - Parameters:
  ///   - model: the model; its mode stays as it is.
  ///   - inputs: one example of the input: its shape and dtype count, its numbers do not.
  ///   - path: where the file goes; one that is there is replaced.
  ///   - opset: the version of ONNX's ops, 13 to 28; `opset_version` in PyTorch.
  ///   - inputNames: what the input is called; "input" if empty.
  ///   - outputNames: what the output is called; "output" if empty.
  ///   - dynamicAxes: for an input's name, the axes that may have any size, each with a name: axes
  ///     of one name have one size. Axes count from the end if negative; `dynamic_axes` in PyTorch.
  ///   - externalDataFrom: from how many bytes of weights on these go to a file beside, with
  ///     `.data` behind its name.
  ///   - metadata: texts about the model, such as its classes.
  /// - Throws: `TensorError` if the forward pass cannot be computed, depends on a dynamic size in a
  ///   way that ONNX's ops cannot follow, or has an op that cannot be exported: which, and why;
  ///   also about names, axes and an opset that are not there. `DataError` if the file cannot be
  ///   written.
  public static func save(
    _ model: some Layer, inputs: [Tensor], to path: String, opset: Int = 17,
    inputNames: [String] = [], outputNames: [String] = [],
    dynamicAxes: [String: [Int: String]] = [:], externalDataFrom: Int = 1 << 30,
    metadata: [String: String] = [:]
  ) throws {
    guard inputs.count == 1 else {
      throw TensorError(
        "ONNX.save", "\(inputs.count) inputs are given, a layer takes 1",
        help: "for a model that takes more, say how: "
          + "ONNX.save(model, inputs: [a, b], to: path) { [model($0[0], $0[1])] }")
    }
    try save(
      model, inputs: inputs, to: path, opset: opset, inputNames: inputNames,
      outputNames: outputNames, dynamicAxes: dynamicAxes, externalDataFrom: externalDataFrom,
      metadata: metadata
    ) { [model($0[0])] }
  }

  /// Writes a model of any inputs and outputs.
  ///
  ///     try ONNX.save(lstm, inputs: [sequence], to: "lstm.onnx") { inputs in
  ///       let (output, state) = lstm(inputs[0])
  ///       return [output, state.hidden, state.cell]
  ///     }
  ///
  /// - Parameters:
  ///   - model: whose parameters keep their names; it is in evaluation mode while `forward` runs.
  ///   - inputs: one example of each input: shapes and dtypes count, numbers do not.
  ///   - path: where the file goes; one that is there is replaced.
  ///   - opset: the version of ONNX's ops, 13 to 28.
  ///   - inputNames: what the inputs are called; "input", or "input_0" and on, if empty.
  ///   - outputNames: what the outputs are called; "output", or "output_0" and on, if empty.
  ///   - dynamicAxes: for inputs' names, the axes that may have any size, each with a name: axes of
  ///     one name have one size. Axes count from the end if negative.
  ///   - externalDataFrom: from how many bytes of weights on these go to a file beside, with
  ///     `.data` behind its name.
  ///   - metadata: texts about the model, such as its classes.
  ///   - forward: the outputs for the inputs; called once, or a few times with other sizes of
  ///     dynamic axes.
  /// - Throws: as for a layer, and what `forward` throws.
  public static func save(
    _ model: some Module, inputs: [Tensor], to path: String, opset: Int = 17,
    inputNames: [String] = [], outputNames: [String] = [],
    dynamicAxes: [String: [Int: String]] = [:], externalDataFrom: Int = 1 << 30,
    metadata: [String: String] = [:], forward: ([Tensor]) throws -> [Tensor]
  ) throws {
    guard (13...ModelMessage.newestOpset).contains(opset) else {
      throw TensorError(
        "ONNX.save", "opset \(opset) is not one of 13 to \(ModelMessage.newestOpset)",
        help: "17 is read by every runtime of today")
    }
    for tensor in inputs { if let error = tensor.error { throw error } }
    let names = try checked(inputNames, "input", inputs.count)
    let axes = try SymbolicAxes(dynamicAxes, names, inputs)
    let traces = try model.evaluating {
      try axes.signatures(inputs).map { signatures in
        do {
          return try Trace(
            signatures: signatures, accepts: { Exporter.accepts($0, $1, opset: opset) }, forward)
        } catch let error as TensorError where error.op == "compile" {
          throw TensorError(
            "ONNX.save", "the forward pass asks for numbers of what it is given",
            help: "compute with tensors to the end; choose with Tensor.where in place of if")
        } catch let error as TensorError where error.op == "trace" {
          throw TensorError(
            "ONNX.save", error.rule, operands: error.operands, help: error.help)
        }
      }
    }
    let outputs = try checked(outputNames, "output", traces[0].results.count)
    let both = Set(names).intersection(outputs)
    if let name = both.first {
      throw TensorError(
        "ONNX.save", "an input and an output are both called \(JSONText.quoted(name))",
        help: "give each a name of its own")
    }
    var stateNames: [Int: String] = [:]
    for (name, parameter) in model.parameters { stateNames[parameter.value.identity] = name }
    for (name, buffer) in model.buffers { stateNames[buffer.wrappedValue.identity] = name }
    var exporter = Exporter(
      try ExportGraph(traces, axes: axes.all), opset: opset, inputNames: names,
      outputNames: outputs, stateNames: stateNames)
    var file = try exporter.model(outputNames: outputs)
    file.inputs = zip(names, inputs).enumerated().map { place, input in
      ExportModel.Port(
        name: input.0, dtype: input.1.dtype,
        sizes: input.1.shape.indices.map { axis in
          axes.name(place, axis).map { .named($0) } ?? .fixed(input.1.shape[axis])
        })
    }
    file.metadata = metadata
    try file.save(to: path, externalDataFrom: externalDataFrom)
  }

  /// Names that were given, or the usual ones.
  private static func checked(
    _ names: [String], _ usual: String, _ count: Int
  ) throws(TensorError) -> [String] {
    if names.isEmpty {
      return count == 1 ? [usual] : (0..<count).map { "\(usual)_\($0)" }
    }
    guard names.count == count, Set(names).count == count, !names.contains("") else {
      throw TensorError(
        "ONNX.save",
        "the \(usual) names are \(names.map { JSONText.quoted($0) }.joined(separator: ", ")), and "
          + "there \(count == 1 ? "is 1 \(usual)" : "are \(count) \(usual)s")",
        help: "give each one name, and no two the same")
    }
    return names
  }
}

/// The axes of inputs whose sizes are not fixed.
private struct SymbolicAxes {
  /// One for each name.
  private(set) var all: [SymbolicAxis] = []
  /// By input and axis, which of them it is.
  private var places: [Int: [Int: Int]] = [:]

  init(
    _ named: [String: [Int: String]], _ names: [String], _ inputs: [Tensor]
  ) throws(TensorError) {
    for name in named.keys.sorted() where !names.contains(name) {
      throw TensorError(
        "ONNX.save", "dynamicAxes names \(JSONText.quoted(name)), which is no input",
        help: "the inputs are \(names.map { JSONText.quoted($0) }.joined(separator: ", "))")
    }
    var givenSizes: [Int] = []
    for (input, name) in names.enumerated() {
      let shape = inputs[input].shape
      for (given, label) in (named[name] ?? [:]).sorted(by: { $0.key < $1.key }) {
        let axis = given < 0 ? given + shape.rank : given
        guard shape.indices.contains(axis) else {
          throw TensorError(
            "ONNX.save", "dynamicAxes names axis \(given) of \(JSONText.quoted(name))",
            operands: [("input", inputs[input].signature)],
            help: shape.rank == 0
              ? "a scalar has no axes" : "its axes are 0 to \(shape.rank - 1)")
        }
        let index: Int
        if let known = all.firstIndex(where: { $0.name == label }) {
          guard givenSizes[known] == shape[axis] else {
            throw TensorError(
              "ONNX.save",
              "axes of the name \(JSONText.quoted(label)) have the sizes \(givenSizes[known]) and "
                + "\(shape[axis])", help: "give axes of other sizes other names")
          }
          index = known
        } else {
          index = all.count
          all.append(
            SymbolicAxis(name: label, input: input, axis: axis, sizes: Extent(values: [])))
          givenSizes.append(shape[axis])
        }
        places[input, default: [:]][axis] = index
      }
    }
    // Sizes near the given ones, smaller where there is room: a model may have a greatest size.
    let base = givenSizes.map { max($0, 2) }
    let step = base.map { $0 >= 5 ? -1 : 1 }
    for index in all.indices {
      var sizes = [base[index]]
      for other in all.indices {
        sizes.append(base[index] + (other == index ? step[index] : 0))
      }
      sizes.append(base[index] + 2 * step[index])
      all[index].sizes = Extent(values: sizes)
    }
    for (shape, _) in shapes(inputs).joined()
    where shape.reduce(1.0, { $0 * Double(max($1, 1)) }) > 1e15 {
      throw TensorError(
        "ONNX.save", "with other sizes of dynamic axes an input would have too many elements",
        operands: inputs.map { ("input", $0.signature) }, help: "give smaller examples")
    }
  }

  /// The name of an axis; nil if its size is fixed.
  func name(_ input: Int, _ axis: Int) -> String? { places[input]?[axis].map { all[$0].name } }

  /// What each trace is given.
  func signatures(_ inputs: [Tensor]) -> [[Recording.Signature]] {
    shapes(inputs).map { trace in
      trace.map { shape, tensor in
        Recording.Signature(shape: shape, dtype: tensor.dtype, device: tensor.device)
      }
    }
  }

  /// The inputs' shapes in each trace.
  private func shapes(_ inputs: [Tensor]) -> [[(shape: Shape, tensor: Tensor)]] {
    let count = all.isEmpty ? 1 : all[0].sizes.values.count
    return (0..<count).map { trace in
      inputs.enumerated().map { input, tensor in
        var sizes = tensor.shape.sizes
        for (axis, index) in places[input] ?? [:] { sizes[axis] = all[index].sizes.values[trace] }
        return (Shape(sizes), tensor)
      }
    }
  }
}
