import BlitzData
import BlitzSystem
import BlitzTensor

/// A test of the format's own collection: a model, and what it gives for some inputs.
package struct ONNXTest: Sendable {
  /// How a test ends.
  package enum Outcome: Sendable {
    case passed
    case failed(String)
    /// Blitz lacks an op or a type that it needs.
    case unsupported(String)
  }

  /// The name of the test's folder.
  package let name: String
  private let model: String
  private let sets: [(inputs: [String], outputs: [String])]
  /// How far results may be off: `absolute + relative * |expected|`.
  private let tolerance: (relative: Double, absolute: Double)

  /// The tests in a folder: a folder each with `model.onnx` and `test_data_set_0/input_0.pb`, or
  /// `NAME.onnx` beside `NAME_output_0.pb`.
  ///
  /// - Throws: `DataError` if there are none.
  package static func all(in folder: String) throws(DataError) -> [ONNXTest] {
    let names = FileSystem.names(in: folder).sorted()
    let tolerances = try ONNXTest.tolerances(folder + "/tolerances.json")
    let tests = names.compactMap { name -> ONNXTest? in
      let path = folder + "/" + name
      let tolerance = tolerances[name] ?? (1e-3, 1e-5)
      if FileSystem.exists(path + "/model.onnx") {
        let sets = FileSystem.names(in: path).filter { $0.hasPrefix("test_data_set_") }.sorted()
        return ONNXTest(
          name: name, model: path + "/model.onnx",
          sets: sets.map { set in
            (numbered(path + "/" + set + "/input_"), numbered(path + "/" + set + "/output_"))
          }, tolerance: tolerance)
      }
      guard name.hasSuffix(".onnx") else { return nil }
      let outputs = numbered(folder + "/" + name.dropLast(5) + "_output_")
      return ONNXTest(
        name: String(name.dropLast(5)), model: path, sets: [([], outputs)], tolerance: tolerance)
    }
    guard !tests.isEmpty else {
      throw DataError(path: folder, reason: "there are no tests: no folder with a model.onnx")
    }
    return tests
  }

  private static func numbered(_ prefix: String) -> [String] {
    var paths: [String] = []
    while FileSystem.exists("\(prefix)\(paths.count).pb") {
      paths.append("\(prefix)\(paths.count).pb")
    }
    return paths
  }

  /// What a file says of the tests that need another tolerance.
  private static func tolerances(
    _ path: String
  ) throws(DataError) -> [String: (Double, Double)] {
    guard FileSystem.exists(path) else { return [:] }
    let text = String(decoding: try File.read(path), as: UTF8.self)
    let row = #/"([^"]+)": \{"rtol": ([^,]+), "atol": ([^}]+)\}/#
    let pairs = text.matches(of: row).map {
      (String($0.1), (Double($0.2) ?? 0, max(Double($0.3) ?? 0, 1e-5)))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// Runs the model and compares what it gives.
  package func run() -> Outcome {
    do {
      if sets.isEmpty { return .failed("there is nothing to compare with") }
      let model = try ONNXModel(self.model)
      if !model.unsupportedOps.isEmpty {
        let ops = model.unsupportedOps.map(\.name).joined(separator: ", ")
        return .unsupported("the op \(ops), opset \(model.opset)")
      }
      return try noGrad {
        for set in sets {
          if let difference = try difference(model, set) { return .failed(difference) }
        }
        return .passed
      }
    } catch let error as DataError {
      return .unsupported(error.reason)
    } catch let error as TensorError {
      return .failed(error.summary)
    } catch {
      return .failed("\(error)")
    }
  }

  private func difference(
    _ model: ONNXModel, _ set: (inputs: [String], outputs: [String])
  ) throws -> String? {
    var given: [String: Value] = [:]
    let ports = model.message.graph.inputs
    for (port, path) in zip(ports, set.inputs) {
      given[port.name] = try Value.read(path, port.kind)
    }
    if set.inputs.isEmpty {
      // Tests without inputs give the numbers from 0 on, over their count.
      for port in model.inputs { given[port.name] = try ONNXTest.ramp(for: port) }
    }
    let results = try model.run(given.map { (name: $0.key, value: $0.value) })
    guard results.count == set.outputs.count, !results.isEmpty else {
      return "\(results.count) outputs, not \(set.outputs.count)"
    }
    for (place, path) in set.outputs.enumerated() {
      let port = model.outputs[place]
      let expected = try Value.read(path, port.kind)
      if let difference = try results[place].difference(from: expected, tolerance) {
        return "output \(JSONText.quoted(port.name)): \(difference)"
      }
    }
    return nil
  }

  private static func ramp(for port: ONNXPort) throws -> Value {
    let sizes = (port.sizes ?? []).map { if case .fixed(let size) = $0 { size } else { 1 } }
    let count = sizes.product
    let numbers = (0..<count).map { Float($0) / Float(count) }
    return Value(Tensor(numbers, shape: Shape(sizes)))
  }
}

extension Value {
  /// A value that a file holds: a tensor, a list or an optional, as the port says.
  fileprivate static func read(_ path: String, _ kind: ONNXPort.Kind) throws -> Value {
    let source = try ModelSource(path: path)
    return try read(WireReader(source.file), kind, source)
  }

  private static func read(
    _ message: WireReader, _ kind: ONNXPort.Kind, _ source: ModelSource
  ) throws -> Value {
    switch kind {
    case .tensor, .other: return try TensorMessage(message, source).value()
    case .sequence(let element):
      var reader = message
      var values: [Value] = []
      while let field = try reader.next() {
        guard [3, 5, 7].contains(field.number) else { continue }
        values.append(try read(try reader.message(field), element, source))
      }
      return .sequence(values)
    case .optional(let element):
      var reader = message
      while let field = try reader.next() {
        if [3, 5, 7].contains(field.number) {
          return try read(try reader.message(field), element, source)
        }
      }
      return .absent
    }
  }

  /// What differs from what is expected, in words; nil if it is within the tolerance.
  fileprivate func difference(
    from expected: Value, _ tolerance: (relative: Double, absolute: Double)
  ) throws -> String? {
    switch (self, expected) {
    case (.absent, .absent): return nil
    case (.strings(let own, let sizes), .strings(let others, let otherSizes)):
      if own == others, sizes == otherSizes { return nil }
      return "\(own.prefix(4)) of \(sizes), not \(others.prefix(4)) of \(otherSizes)"
    case (.sequence(let own), .sequence(let others)):
      if own.count != others.count { return "a list of \(own.count), not of \(others.count)" }
      for (place, pair) in zip(own, others).enumerated() {
        if let difference = try pair.0.difference(from: pair.1, tolerance) {
          return "place \(place): \(difference)"
        }
      }
      return nil
    case (.tensor(let own, let type), .tensor(let other, let otherType)):
      guard type == otherType, own.shape == other.shape else {
        return "\(signature), not \(expected.signature)"
      }
      return try own.difference(from: other, tolerance)
    default: return "\(signature), not \(expected.signature)"
    }
  }
}

extension Tensor {
  fileprivate func difference(
    from expected: Tensor, _ tolerance: (relative: Double, absolute: Double)
  ) throws -> String? {
    let isWhole = dtype.isInteger
    let numbers = try isWhole ? [] : cast(to: .float64).scalars(as: Double.self)
    let others = try isWhole ? [] : expected.cast(to: .float64).scalars(as: Double.self)
    var worst: (place: Int, by: Double)?
    for (place, (a, b)) in zip(numbers, others).enumerated() {
      if a == b || (a.isNaN && b.isNaN) { continue }
      let off = Swift.abs(a - b)
      if off <= tolerance.absolute + tolerance.relative * Swift.abs(b) { continue }
      if worst == nil || !(off <= worst!.by) { worst = (place, off) }
    }
    if let worst {
      return "element \(worst.place) is \(numbers[worst.place]), not \(others[worst.place])"
    }
    guard isWhole else { return nil }
    let (own, other) = (
      try cast(to: .int64).scalars(as: Int.self),
      try expected.cast(to: .int64).scalars(as: Int.self)
    )
    guard let place = own.indices.first(where: { own[$0] != other[$0] }) else { return nil }
    return "element \(place) is \(own[place]), not \(other[place])"
  }
}
