import BlitzTensor

// What users call as one and ONNX has an op for. Where it has none in the opset, or not for the
// dtype, the graph's own ops are written.
extension Exporter {
  /// Whether a composite is written as one.
  static func accepts(_ composite: Composite, _ inputs: [Tensor?], opset: Int) -> Bool {
    let tensors = inputs.compactMap { $0 }
    switch composite {
    case .quantizedProduct, .quantizedConvolution: return tensors[0].dtype == .float32
    default: break
    }
    guard let first = tensors.first, first.dtype == .float32 || first.dtype == .float16,
      tensors.allSatisfy({ $0.dtype == first.dtype || $0.dtype == .bool })
    else { return false }
    switch composite {
    case .relu, .selu, .softplus, .softsign, .hardSigmoid, .leakyRelu, .elu, .softmax,
      .logSoftmax, .celu, .averagePool, .globalAveragePool, .convolution, .transposedConvolution,
      .channelBias, .linear, .quantizedProduct, .quantizedConvolution, .batchNorm, .instanceNorm:
      return true
    case .hardSwish: return opset >= 14
    case .mish: return opset >= 18
    case .gelu: return opset >= 20
    case .layerNorm: return opset >= 17
    case .groupNorm: return opset >= 21
    case .rmsNorm: return opset >= 23
    case .attention:
      // Heads that share keys, and fewer or more axes, are written by the graph's own ops.
      let shapes = tensors.prefix(3).map(\.shape)
      return shapes.allSatisfy { $0.rank == 4 && $0[0] == shapes[0][0] && $0[1] == shapes[0][1] }
        && (inputs[3] == nil || inputs[3]!.rank >= 2)
    case .recurrent: return first.dtype == .float32
    }
  }

  /// Writes a composite; the names of its results.
  mutating func written(_ composite: Composite, _ place: Int) throws -> [String] {
    let names = try operands(place)
    let inputs = graph.values[place].inputs.map { $0.map { graph.values[$0] } }
    let shapes = inputs.map { $0?.shape ?? [] }
    let dtype = inputs[0]!.dtype
    switch composite {
    case .quantizedProduct: return [try quantizedProduct(names, shapes[0])]
    case .quantizedConvolution(let filters):
      return [try quantizedConvolution(names, filters, shapes)]
    case .relu: return [emit("Relu", names)]
    case .selu: return [emit("Selu", names)]
    case .softplus: return [emit("Softplus", names)]
    case .softsign: return [emit("Softsign", names)]
    case .mish: return [emit("Mish", names)]
    case .hardSigmoid:
      return [emit("HardSigmoid", names, ["alpha": .float(1.0 / 6), "beta": .float(0.5)])]
    case .hardSwish: return [emit("HardSwish", names)]
    case .leakyRelu(let slope): return [emit("LeakyRelu", names, ["alpha": .float(slope)])]
    case .elu(let alpha): return [emit("Elu", names, ["alpha": .float(alpha)])]
    case .celu(let alpha): return [emit("Celu", names, ["alpha": .float(alpha)])]
    case .gelu(let isTanh):
      return [emit("Gelu", names, ["approximate": .text(isTanh ? "tanh" : "none")])]
    case .softmax(let axis): return [emit("Softmax", names, ["axis": .int(axis)])]
    case .logSoftmax(let axis): return [emit("LogSoftmax", names, ["axis": .int(axis)])]
    case .averagePool(let window, let countsPadding):
      let padding = [window.padding.height, window.padding.width]
      return [
        emit(
          "AveragePool", names,
          [
            "kernel_shape": .ints([window.size.height, window.size.width]),
            "strides": .ints([window.stride.height, window.stride.width]),
            "pads": .ints(padding + padding), "count_include_pad": .int(countsPadding ? 1 : 0),
          ])
      ]
    case .globalAveragePool: return [emit("GlobalAveragePool", names)]
    case .convolution(let filters):
      return [emit("Conv", names, filters: filters, sizes: shapes[1])]
    case .transposedConvolution(let filters, let outputPadding):
      return [
        emit("ConvTranspose", names, filters: filters, sizes: shapes[1], extra: outputPadding)
      ]
    case .channelBias: return [try biased(place, names, shapes)]
    case .attention(let scale, let isCausal):
      return [try attention(place, names, shapes, scale: scale, isCausal: isCausal)]
    case .linear: return [try linear(names, shapes)]
    case .batchNorm(let epsilon):
      let scale = try weight(names[1], 1, shapes[3], dtype)
      let bias = try weight(names[2], 0, shapes[3], dtype)
      return [
        emit(
          "BatchNormalization", [names[0], scale, bias, names[3], names[4]],
          ["epsilon": .float(epsilon)])
      ]
    case .layerNorm(let axes, let epsilon):
      let scale = try weight(names[1], 1, Array(shapes[0].suffix(axes)), dtype)
      return [
        emit(
          "LayerNormalization", [names[0], scale, names[2]],
          ["axis": .int(-axes), "epsilon": .float(epsilon)])
      ]
    case .rmsNorm(let axes, let epsilon):
      let scale = try weight(names[1], 1, Array(shapes[0].suffix(axes)), dtype)
      return [
        emit(
          "RMSNormalization", [names[0], scale],
          ["axis": .int(-axes), "epsilon": .float(epsilon)])
      ]
    case .groupNorm(let groups, let epsilon):
      let scale = try weight(names[1], 1, [shapes[0][1]], dtype)
      let bias = try weight(names[2], 0, [shapes[0][1]], dtype)
      return [
        emit(
          "GroupNormalization", [names[0], scale, bias],
          ["num_groups": .int(groups), "epsilon": .float(epsilon)])
      ]
    case .instanceNorm(let epsilon):
      let scale = try weight(names[1], 1, [shapes[0][1]], dtype)
      let bias = try weight(names[2], 0, [shapes[0][1]], dtype)
      return [
        emit("InstanceNormalization", [names[0], scale, bias], ["epsilon": .float(epsilon)])
      ]
    case .recurrent(let kind, let directions, let hidden):
      return try recurrent(kind, directions, hidden, names, shapes)
    }
  }

  /// A weight, or the number that does nothing in its place.
  private mutating func weight(
    _ name: String, _ neutral: Double, _ shape: [Extent], _ dtype: DType
  ) throws -> String {
    if !name.isEmpty { return name }
    return try constant(.full(Shape(shape.map { $0.values[0] }), neutral, dtype: dtype))
  }

  private mutating func linear(_ names: [String], _ shapes: [[Extent]]) throws -> String {
    if shapes[0].count == 2 { return emit("Gemm", names, ["transB": .int(1)]) }
    let turned = emit("Transpose", [names[1]], ["perm": .ints([1, 0])])
    let product = emit("MatMul", [names[0], turned])
    return names[2].isEmpty ? product : emit("Add", [product, names[2]])
  }

  mutating func emit(
    _ op: String, _ names: [String], filters: Composite.Filters, sizes: [Extent],
    extra: [Int]? = nil
  ) -> String {
    var attributes: [(name: String, value: ExportNode.Attribute)] = [
      ("dilations", .ints(filters.dilation)), ("group", .int(filters.groups)),
      ("kernel_shape", .ints(sizes.dropFirst(2).map { $0.values[0] })),
      ("pads", .ints(filters.padding + filters.padding)), ("strides", .ints(filters.stride)),
    ]
    if let extra { attributes.append(("output_padding", .ints(extra))) }
    return emit(op, names, attributes, results: 1)[0]
  }

  /// A convolution with its bias, or a bias added to what is none.
  private mutating func biased(
    _ place: Int, _ names: [String], _ shapes: [[Extent]]
  ) throws -> String {
    let input = graph.values[place].inputs[0]!
    switch graph.values[input].source {
    case .op(.convolution(let convolution)) where convolution.role != .weight:
      return try self.convolution(convolution, input, bias: names[1])
    case .part:
      let call = graph.values[input].inputs[0]!
      let given = try operands(call) + [names[1]]
      let weight = graph.values[graph.values[call].inputs[1]!].shape
      if case .composite(.convolution(let filters)) = graph.values[call].source {
        return emit("Conv", given, filters: filters, sizes: weight)
      }
      if case .composite(.transposedConvolution(let filters, let extra)) = graph.values[call].source
      {
        return emit("ConvTranspose", given, filters: filters, sizes: weight, extra: extra)
      }
    default: break
    }
    let ones = [Int](repeating: 1, count: shapes[0].count - 2)
    let apart = emit("Reshape", [names[1], try ints([-1] + ones)])
    return emit("Add", [names[0], apart])
  }

  private mutating func attention(
    _ place: Int, _ names: [String], _ shapes: [[Extent]], scale: Double, isCausal: Bool
  ) throws -> String {
    let mask = names[3].isEmpty ? nil : graph.values[graph.values[place].inputs[3]!]
    // onnxruntime repeats a mask along the first two axes only, ONNX's text along all.
    let isWhole = mask.map { $0.shape.suffix(2) == [shapes[0][2], shapes[1][2]] } ?? true
    if opset >= 23, isWhole {
      return emit(
        "Attention", names,
        ["is_causal": .int(isCausal ? 1 : 0), "scale": .float(scale)])
    }
    return try attended(
      names, shapes, mask: mask.map { (names[3], $0.dtype == .bool) }, scale: scale,
      isCausal: isCausal
    ).result
  }

  // MARK: Recurrent networks

  private mutating func recurrent(
    _ kind: Composite.Recurrent, _ directions: Int, _ hidden: Int, _ names: [String],
    _ shapes: [[Extent]]
  ) throws -> [String] {
    // ONNX has the gates of an LSTM in the order i, o, f, c, those of a GRU in the order z, r, h.
    let order =
      switch kind {
      case .lstm: [0, 3, 1, 2]
      case .gru: [1, 0, 2]
      case .tanh, .relu: [0]
      }
    let rows = order.flatMap { gate in gate * hidden..<(gate + 1) * hidden }
    let (first, along) = (try ints([0]), try ints(rows))
    func ordered(_ name: String) -> String {
      order.count == 1 ? name : emit("Gather", [name, along], ["axis": .int(0)])
    }
    func stacked(_ parts: [String]) -> String {
      let rows = parts.map { emit("Unsqueeze", [$0, first]) }
      return rows.count == 1 ? rows[0] : emit("Concat", rows, ["axis": .int(0)])
    }
    func weights(_ index: Int) -> [String] { (0..<directions).map { names[1 + 4 * $0 + index] } }
    let (input, state) = (stacked(weights(0).map(ordered)), stacked(weights(1).map(ordered)))
    var bias = ""
    if !weights(2)[0].isEmpty {
      bias = stacked(
        zip(weights(2), weights(3)).map {
          emit("Concat", [ordered($0), ordered($1)], ["axis": .int(0)])
        })
    }
    let starts = Array(names.dropFirst(1 + 4 * directions))
    let stateCount = kind == .lstm ? 2 : 1
    let initial = (0..<stateCount).map { state in
      starts.isEmpty
        ? "" : stacked(Array(starts[state * directions..<(state + 1) * directions]))
    }
    let all = [names[0], input, state, bias, ""] + initial
    let size = ExportNode.Attribute.int(hidden)
    let direction = ExportNode.Attribute.text(directions == 2 ? "bidirectional" : "forward")
    let results: [String]
    switch kind {
    case .lstm:
      results = emit("LSTM", all, ["hidden_size": size, "direction": direction], results: 3)
    case .gru:
      results = emit(
        "GRU", all,
        ["hidden_size": size, "direction": direction, "linear_before_reset": .int(1)], results: 2)
    case .tanh, .relu:
      let names = [String](repeating: kind == .tanh ? "Tanh" : "Relu", count: directions)
      results = emit(
        "RNN", all,
        ["hidden_size": size, "direction": direction, "activations": .texts(names)], results: 2)
    }
    // From [L, directions, N, hidden].
    let output: String
    if directions == 1 {
      output = emit("Squeeze", [results[0], try ints([1])])
    } else {
      let turned = emit("Transpose", [results[0]], ["perm": .ints([0, 2, 1, 3])])
      output = emit("Reshape", [turned, try ints([0, 0, -1])])
    }
    var answer = [output]
    for state in results.dropFirst() {
      for direction in 0..<directions {
        answer.append(
          emit("Gather", [state, try number(Double(direction), .int64)], ["axis": .int(0)]))
      }
    }
    return answer
  }
}
