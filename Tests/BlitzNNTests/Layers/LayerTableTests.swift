import Blitz
import Foundation
import Testing

/// Every layer against PyTorch: initial weights, outputs, gradients and three updates.
///
/// Numbers are drawn from generators of the tests' own: other tests draw from the shared one.
@Suite struct LayerTableTests {
  /// The same weights as in Tests/Reference/layers.py.
  static func weight(_ index: Int) -> Double {
    let eighths: Int = (index * 37 + 11) % 19 - 9
    return Double(eighths) / 8
  }

  /// The sum whose gradients are stored.
  static func total(_ outputs: [Tensor]) -> Tensor {
    var total = Tensor(0.0, dtype: outputs[0].dtype)
    for output in outputs {
      let numbers = (0..<output.elementCount).map(weight)
      let weights = Tensor(numbers, shape: output.shape, dtype: output.dtype)
      total = total + (output * weights).sum()
    }
    return total
  }

  @Test("starts with PyTorch's weights for the same seed", arguments: LayerTable.rows.map(\.name))
  func initialWeights(name: String) throws {
    let row = try #require(LayerTable.row(name))
    for stored in try LayerReference.cases where stored.row == name {
      let state = row.make(Generator(seed: stored.seed)).state
      #expect(state.map(\.name) == stored.initial.map(\.name))
      for (found, expected) in zip(state, stored.initial) {
        #expect("\(found.tensor.dtype)" == expected.tensor.dtype, "\(found.name)")
        #expect(found.tensor.shape == Shape(expected.tensor.shape), "\(found.name)")
        if stored.drawn == .copies { continue }
        // Nine digits tell every float32 from its neighbours.
        let numbers = try found.tensor.cast(to: .float64).scalars(as: Double.self)
        let wrong = zip(numbers, expected.tensor.values).first { a, b in
          stored.drawn == .bits ? Float(a) != Float(b) : abs(a - b) > 2e-6 * max(1, abs(b))
        }
        #expect(wrong == nil, "\(found.name)")
      }
    }
  }

  /// `BLITZ_TEST_FULL=1`, which `.ci/run` sets: also what takes minutes.
  static let isFull = ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1"

  /// float64, too, in full: it checks the formulas once more, more closely.
  static let dtypes: [DType] = isFull ? [.float64, .float32] : [.float32]

  @Test(
    "computes what PyTorch computes, its gradients and updates",
    arguments: LayerTable.rows.map(\.name), dtypes)
  func matchesPyTorch(name: String, dtype: DType) throws {
    let row = try #require(LayerTable.row(name))
    let cases = try LayerReference.cases.filter { $0.row == name }
    #expect(!cases.isEmpty, "no case is stored")
    // PyTorch has the constants of these as floats, in every dtype.
    let isRounded = ["Hardsigmoid()", "CELU(alpha: 0.6)"].contains(name)
    let (absolute, relative) =
      dtype == .float64 ? (isRounded ? (1e-7, 1e-7) : (1e-9, 1e-9)) : (3e-5, 1e-4)
    for stored in cases {
      let generator = Generator(seed: stored.seed)
      let module = row.make(generator)
      let start = stored.start ?? stored.initial
      try module.load(
        Dictionary(uniqueKeysWithValues: start.map { ($0.name, $0.tensor.tensor(.float32)) }))
      module.cast(to: dtype)
      stored.eval ? module.eval() : module.train()
      let inputs = stored.inputs.map {
        $0.tensor(dtype, requiresGrad: $0.dtype.hasPrefix("float"))
      }
      func check(_ what: String, _ found: Tensor, _ expected: LayerReference.Numbers) throws {
        let wrong = try mismatch(found, expected, absolute: absolute, relative: relative)
        #expect(wrong == nil, "\(stored.testDescription): \(what) \(wrong ?? "")")
      }
      func run() -> [Tensor] {
        if stored.seeded { generator.seed(stored.seed) }
        return row.call(module, inputs)
      }

      let outputs = run()
      try #require(outputs.count == stored.outputs.count, "\(stored.testDescription)")
      for (index, (output, expected)) in zip(outputs, stored.outputs).enumerated() {
        try check("output \(index)", output, expected)
      }
      let total = Self.total(outputs)
      if total.requiresGrad { try total.backward() }
      for (index, (input, expected)) in zip(inputs, stored.inputGradients).enumerated() {
        guard let expected else { continue }
        let numbers = LayerReference.Numbers(
          dtype: "float64", shape: input.shape.sizes, values: expected)
        try check("gradient of input \(index)", input.grad, numbers)
      }
      let parameters = module.parameters
      #expect(parameters.map(\.name) == stored.gradients.map(\.name))
      for ((name, parameter), expected) in zip(parameters, stored.gradients) {
        try check("gradient of \(name)", parameter.value.grad, expected.tensor)
      }

      if stored.eval { continue }
      for step in 0..<3 {
        if step > 0 {
          module.zeroGrad()
          for input in inputs { input.zeroGrad() }
          let total = Self.total(run())
          if total.requiresGrad { try total.backward() }
        }
        noGrad {
          for (_, parameter) in module.parameters {
            parameter.value = parameter.value - 0.1 * parameter.value.grad
          }
        }
      }
      for (found, expected) in zip(module.state, stored.updated) {
        #expect(found.name == expected.name)
        try check("after three updates \(found.name)", found.tensor, expected.tensor)
      }
    }
  }

  @Test("has a row for every stored case")
  func everyCaseHasRow() throws {
    let missing = Set(try LayerReference.cases.map(\.row)).filter { LayerTable.row($0) == nil }
    #expect(missing.isEmpty)
    for file in try LayerReference.stored.get() {
      #expect(file.versions["torch"]?.hasPrefix("2.15") == true)
    }
  }

  @Test("has a case for every public layer")
  func everyLayerHasCase() throws {
    let folder = URL(fileURLWithPath: #filePath)
      .appending(path: "../../../../Sources/BlitzNN").standardized
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let declaration = /public (?:final )?(?:struct|class) ([A-Za-z0-9]+): (?:Layer|Module)\b/
    var types: Set<String> = []
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      for match in try String(contentsOf: file, encoding: .utf8).matches(of: declaration) {
        types.insert(String(match.1))
      }
    }
    #expect(types.count > 25, "only \(types.count) layers were found in the sources")
    let stored = try LayerReference.cases.map(\.row)
    let missing = types.filter { type in
      !stored.contains { $0 == type || $0.hasPrefix(type + "(") }
    }
    #expect(missing.isEmpty, "no case has \(missing.sorted())")
  }
}
