import Foundation
import Testing

@testable import Blitz
@testable import BlitzTensor

/// Every op against PyTorch's stored results, and its gradients against finite differences.
@Suite struct OpTableTests {
  /// The same weights as in Tests/Reference/ops.py.
  static func weight(_ index: Int) -> Double {
    let eighths: Int = (index * 37 + 11) % 19 - 9
    return Double(eighths) / 8
  }

  /// The sum over floating outputs whose gradients are stored; nil if no output is tracked.
  static func total(_ outputs: [Tensor]) -> Tensor? {
    var total: Tensor?
    for output in outputs where output.requiresGrad {
      let weights = Tensor(
        (0..<output.elementCount).map(weight), shape: output.shape, dtype: output.dtype)
      let part = (output * weights).sum()
      total = total.map { $0 + part } ?? part
    }
    return total
  }

  @Test("computes what PyTorch computes, and its gradients", arguments: OpTable.rows.map(\.name))
  func matchesPyTorch(name: String) throws {
    let row = try #require(OpTable.row(name))
    let cases = try OpReference.stored.get().cases.filter { $0.row == name }
    #expect(!cases.isEmpty, "no case is stored")
    let runs = cases.map { stored in
      let inputs = zip(stored.inputs, stored.gradients).map {
        $0.tensor(requiresGrad: $1 != nil)
      }
      let outputs = row.function(inputs)
      let leaves = zip(inputs, stored.gradients).filter { $1 != nil }.map(\.0)
      let total = leaves.isEmpty ? nil : Self.total(outputs)
      return (
        stored: stored, outputs: outputs, leaves: leaves,
        found: leaves.map { leaf in
          total.map { gradients(of: $0, wrt: [leaf])[0] } ?? Tensor.zeros(like: leaf)
        }
      )
    }
    // An accelerator takes longer to compile than to run: all cases are one program.
    if Device.default != .cpu {
      try eval(runs.flatMap { $0.outputs + $0.found }.filter { $0.error == nil })
    }
    for (stored, outputs, leaves, found) in runs {
      try #require(outputs.count == stored.outputs.count, "\(stored.testDescription)")
      for (output, expected) in zip(outputs, stored.outputs) {
        if let error = output.error {
          Issue.record("\(stored.testDescription): \(error)")
          continue
        }
        #expect(
          output.shape == Shape(expected.shape) && output.dtype == expected.type,
          "\(stored.testDescription): \(output.signature), not \(expected.dtype)\(expected.shape)")
        let numbers = try output.detached().to(.cpu).cast(to: .float64).scalars(as: Double.self)
        let wrong = Comparison(expected.type).mismatch(
          numbers, expected.values.map { Double($0)! })
        #expect(wrong == nil, "\(stored.testDescription): output \(wrong ?? "")")
      }
      let expected = stored.gradients.compactMap(\.self)
      for (index, (leaf, found)) in zip(leaves, found).enumerated() {
        if let error = found.error {
          Issue.record("\(stored.testDescription): gradient \(error)")
          continue
        }
        let wrong = Comparison(leaf.dtype).mismatch(
          try found.scalars(as: Double.self), expected[index].map { Double($0)! })
        #expect(
          wrong == nil, "\(stored.testDescription): gradient of input \(index) \(wrong ?? "")")
      }
    }
  }

  /// To second order and in all cases with `BLITZ_TEST_FULL=1`, which `.ci/run` sets; else to
  /// first, in two cases of a row.
  static let order = TestSize.isFull ? 2 : 1

  @Test(
    "has gradients that finite differences confirm",
    arguments: OpTable.rows.map(\.name))
  func matchesFiniteDifferences(name: String) throws {
    let row = try #require(OpTable.row(name))
    let cases = try OpReference.stored.get().cases.filter { $0.row == name && $0.smooth }
    for stored in cases.prefix(Self.order == 2 ? cases.count : 2) {
      // Large inputs add time and nothing new; empty ones have nothing to differentiate.
      let sizes = stored.inputs.map { $0.values.count }
      guard stored.inputs.contains(where: { $0.type == .float64 }), sizes.allSatisfy({ $0 > 0 }),
        sizes.reduce(0, +) <= 20
      else { continue }
      let floats = stored.inputs.indices.filter { stored.gradients[$0] != nil }
      let fixed = stored.inputs.map { $0.tensor() }
      let report = try gradCheck(floats.map { fixed[$0] }, order: Self.order) { points in
        var inputs = fixed
        for (place, point) in zip(floats, points) { inputs[place] = point }
        let outputs = row.function(inputs).filter { $0.dtype.isFloating }
        var total = Tensor(0.0, dtype: .float64)
        for output in outputs {
          let weights = Tensor(
            (0..<output.elementCount).map(Self.weight), shape: output.shape, dtype: .float64)
          total += (output * weights).sum()
        }
        return total
      }
      #expect(report.passes(1e-4), "\(stored.testDescription)\n\(report)")
    }
  }

  @Test("passes gradients through clamp at its bounds, and none through relu at 0")
  func gradientsAtKinks() throws {
    let x = Tensor([-2.0, -1.0, 0.0, 1.0, 2.0], dtype: .float64).requiringGrad()
    func slopes(_ y: Tensor) throws -> [Double] {
      try gradient(of: y.sum(), wrt: x).scalars(as: Double.self)
    }
    #expect(try slopes(x.clamp(min: -1, max: 1)) == [0, 1, 1, 1, 0])
    #expect(try slopes(x.clamp(min: 0)) == [0, 0, 1, 1, 1])
    #expect(try slopes(x.clamp(max: 0)) == [1, 1, 1, 0, 0])
    #expect(try slopes(x.relu()) == [0, 0, 0, 1, 1])
    #expect(try slopes(x.maximum(0)) == [0, 0, 0.5, 1, 1])
  }

  @Test("gives numbers that are written out the dtype of the tensor they meet")
  func literals() throws {
    var x = Tensor([1.0, 2.0, 3.0], dtype: .float64)
    let whole: Tensor = 3
    #expect((x * whole).dtype == .float64)
    #expect((x / 4 + 2.5 - x).dtype == .float64)
    #expect((Tensor([1, 2]) * 2).dtype == .int64)
    #expect((Tensor([1, 2]) * 0.5).dtype == .float32)
    x[0] = 7
    x[1...] = -.infinity
    x[2] += 1
    x[2] = .real(0.25)
    #expect(try x.scalars(as: Double.self) == [7, -Double.infinity, 0.25])
  }

  @Test("has a row for every stored result")
  func everyCaseHasRow() throws {
    let missing = Set(try OpReference.stored.get().cases.map(\.row)).filter {
      OpTable.row($0) == nil
    }
    #expect(missing.isEmpty)
    #expect(try OpReference.stored.get().versions["torch"]?.hasPrefix("2.15") == true)
  }

  @Test("uses every primitive in some row, and no other")
  func everyPrimitiveHasRow() throws {
    var used: [ObjectIdentifier: Rule] = [:]
    for row in OpTable.rows {
      let cases = try OpReference.stored.get().cases.filter { $0.row == row.name }
      // Whole numbers and floats can go different ways.
      let ends = [cases.first, cases.last].compactMap(\.self)
      var pending = ends.flatMap { stored in
        row.function(stored.inputs.map { $0.tensor() }).map(\.node)
      }
      while let node = pending.popLast() {
        used[ObjectIdentifier(node.op.rule)] = node.op.rule
        pending += node.inputs.all
      }
    }
    let listed = Set(Rule.allCases.map(ObjectIdentifier.init))
    let unlisted = used.filter { !listed.contains($0.key) }.map(\.value.name)
    #expect(unlisted.isEmpty, "Rule.allCases leaves out \(unlisted)")
    // Two devices, a user's own function and those of LAPACK are for tests of their own.
    let elsewhere = [Op.transfer.rule, Rule.custom, Rule.host]
    let unused = Rule.allCases.filter { rule in
      used[ObjectIdentifier(rule)] == nil && !elsewhere.contains { $0 === rule }
    }.map(\.name)
    #expect(unused.isEmpty, "no row has \(unused)")
  }

  /// Public words without a row, and why.
  static let exempt = [
    "to": "moves to another device, which BlitzXLATests do",
    "fftFrequencies": "has no operand: ComplexTests", "rfftFrequencies": "likewise",
  ]

  /// The sources of the rows that Tests/Conformance holds to PyTorch's own samples.
  private static func conformanceTable() throws -> String {
    let folder = TypeCheckingTests.package.appending(
      path: "Tests/Conformance/Sources/Conformance/Table")
    return try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).map { try String(contentsOf: $0, encoding: .utf8) }.joined()
  }

  @Test("has a row for every public word in Ops, here or in Tests/Conformance")
  func everyWordHasRow() throws {
    let folder = TypeCheckingTests.package.appending(path: "Sources/BlitzTensor/Ops")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let word = /public (?:static )?(?:prefix )?func `?([A-Za-z0-9]+|[^\sA-Za-z`<(]+|\.?[<>=!]+)`?/
    var words: Set<String> = []
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      for match in try String(contentsOf: file, encoding: .utf8).matches(of: word) {
        words.insert(String(match.1))
      }
    }
    #expect(words.count > 90, "only \(words.count) words were found in the sources")
    let conformance = try Self.conformanceTable()
    let missing = words.filter { word in
      if Self.exempt[word] != nil || conformance.contains("\(word)(") { return false }
      return !OpTable.rows.contains { row in
        word.first!.isLetter
          ? row.name.hasPrefix(word + "(") || row.name.contains("." + word + "(")
          : row.name.contains(" \(word) ") || row.name.hasPrefix(word)
      }
    }
    #expect(missing.isEmpty, "no row has \(missing.sorted())")
  }
}
