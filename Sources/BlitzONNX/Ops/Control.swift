import BlitzTensor

extension OpTable {
  /// Ops that run graphs.
  static let control: [OpEntry] = [
    OpEntry(many: "If") { call in
      let isTrue = try call.number(0) != 0
      return try call.run(call.graph(isTrue ? "then_branch" : "else_branch"), [])
    },
    OpEntry(many: "Loop", loop),
    OpEntry(many: "Scan", since: 8) { call in
      if call.opset >= 9 { return try scan(call, Array(call.inputs)) }
      // Opset 8 has a batch in front of everything, and lengths as the first input.
      guard !call.has(0) else { throw call.failure("sequence_lens of opset 8 are not supported") }
      let inputs = call.inputs.indices.dropFirst().map { call[$0] }
      guard let batch = inputs.first?.shape.first else { throw call.failure("has no batch") }
      let runs = try (0..<batch).map { place in
        try scan(call, inputs.map { Value($0[place]) })
      }
      guard let first = runs.first else { throw call.failure("has an empty batch") }
      return try first.indices.map { output in
        Value(stack(try runs.map { try call.tensor($0[output]) }))
      }
    },
    OpEntry(many: "SequenceMap", since: 17) { call in
      let first = try call.sequence(0)
      let body = try call.graph("body")
      var columns: [[Value]] = body.outputs.map { _ in [] }
      for place in first.indices {
        let row = try call.inputs.map { input -> Value in
          guard case .sequence(let values) = input else { return input }
          guard place < values.count else { throw call.failure("the lists are not equally long") }
          return values[place]
        }
        for (column, value) in try call.run(body, row).enumerated() {
          columns[column].append(value)
        }
      }
      return columns.map { .sequence($0) }
    },
  ]

  @Sendable private static func loop(_ call: OpCall) throws -> [Value] {
    let body = try call.graph("body")
    let most = call.has(0) ? try call.number(0) : Int.max
    var goesOn = call.has(1) ? try call.number(1) != 0 : true
    var carried = Array(call.inputs.dropFirst(2))
    let scanCount = body.outputs.count - 1 - carried.count
    guard scanCount >= 0, body.inputs.count == carried.count + 2 else {
      throw call.failure("its body does not take and give the \(carried.count) values carried")
    }
    var scans: [[Value]] = Array(repeating: [], count: scanCount)
    var trip = 0
    while trip < most, goesOn {
      let results = try call.run(
        body, [Value(Tensor([trip], shape: [])), Value(Tensor([goesOn], shape: []))] + carried)
      goesOn = try call.tensor(results[0]).cast(to: .int64).item() != 0
      carried = Array(results[1..<1 + carried.count])
      for place in 0..<scanCount { scans[place].append(results[1 + carried.count + place]) }
      trip += 1
    }
    return carried
      + (try scans.enumerated().map { place, values in
        try call.stacked(values, axis: 0, body.outputs[1 + carried.count + place])
      })
  }

  private static func scan(_ call: OpCall, _ inputs: [Value]) throws -> [Value] {
    let body = try call.graph("body")
    let scanCount = call.int("num_scan_inputs")
    guard scanCount > 0, scanCount <= inputs.count else {
      throw call.failure("\(scanCount) of \(inputs.count) inputs are scanned")
    }
    let stateCount = inputs.count - scanCount
    let outputCount = body.outputs.count - stateCount
    guard outputCount >= 0 else { throw call.failure("its body gives too few values") }
    func list(_ name: String, _ count: Int) -> [Int] {
      let given = call.ints(call.opset < 9 && name == "scan_input_directions" ? "directions" : name)
      return given?.count == count ? given! : Array(repeating: 0, count: count)
    }
    let (directions, axes) = (
      list("scan_input_directions", scanCount), list("scan_input_axes", scanCount)
    )
    let sequences = try inputs.suffix(scanCount).enumerated().map { place, value -> Tensor in
      let x = try call.tensor(value)
      let axis = try call.axis(axes[place], rank: x.rank)
      let moved = x.movedAxes([axis], to: [0])
      return directions[place] == 1 ? moved.flipped(axes: [0]) : moved
    }
    let length = sequences[0].shape[0]
    guard sequences.allSatisfy({ $0.shape[0] == length }) else {
      throw call.failure("the scanned inputs are not equally long")
    }
    var state = Array(inputs.prefix(stateCount))
    var found: [[Value]] = Array(repeating: [], count: outputCount)
    for place in 0..<length {
      let elements = zip(sequences, inputs.suffix(scanCount)).map { sequence, input in
        Value.tensor(sequence[place], input.type ?? .float32)
      }
      let results = try call.run(body, state + elements)
      state = Array(results.prefix(stateCount))
      for output in 0..<outputCount { found[output].append(results[stateCount + output]) }
    }
    let (ways, places) = (
      list("scan_output_directions", outputCount), list("scan_output_axes", outputCount)
    )
    return state
      + (try found.enumerated().map { output, values in
        try call.stacked(
          ways[output] == 1 ? values.reversed() : values, axis: places[output],
          body.outputs[stateCount + output])
      })
  }
}

extension OpCall {
  /// A value that must be a tensor.
  fileprivate func tensor(_ value: Value) throws -> Tensor {
    guard let tensor = value.tensor else { throw failure("\(value.signature) is no tensor") }
    if let error = tensor.error { throw error }
    return tensor
  }

  /// Results of all steps as one tensor with an axis for them.
  fileprivate func stacked(_ values: [Value], axis: Int, _ port: ONNXPort) throws -> Value {
    guard let first = values.first else {
      guard case .tensor(let type) = port.kind else { throw failure("nothing to stack") }
      let sizes = (port.sizes ?? []).map { if case .fixed(let size) = $0 { size } else { 0 } }
      let dtype = type?.carrier ?? .float32
      return .tensor(Tensor.zeros(Shape([0] + sizes), dtype: dtype), type ?? .float32)
    }
    let tensors = try values.map { try tensor($0) }
    let axis = axis < 0 ? axis + tensors[0].rank + 1 : axis
    return .tensor(stack(tensors, axis: axis), first.type ?? .float32)
  }
}
