import Blitz
import Testing

/// First and second gradients of every layer and loss behind something that is not linear, so that
/// the incoming gradient depends on the inputs: with `createGraph` against without, and the product
/// of the Hessian and a direction (which mixes all inputs and parameters) against differences.
@Suite struct SecondGradientTests {
  private static let step = 1e-5

  /// Another number for each element and each tensor.
  private static func direction(_ place: Int, _ shape: Shape) -> Tensor {
    let numbers = (0..<shape.elementCount).map {
      Double(($0 * 29 + 7 * (place + 1)) % 17 - 8) / 8
    }
    return Tensor(numbers, shape: shape, dtype: .float64)
  }

  private static func bent(_ outputs: [Tensor]) -> Tensor {
    outputs.reduce(Tensor(0.0, dtype: .float64)) { total, output in
      let numbers = (0..<output.elementCount).map(LayerTableTests.weight)
      let weights = Tensor(numbers, shape: output.shape, dtype: .float64)
      return total + (output * weights).sin().sum()
    }
  }

  /// What is wrong with the gradients of a function of tensors at a point; nil if nothing is.
  private static func fault(
    at point: [Tensor], _ function: ([Tensor]) throws -> Tensor
  ) throws -> String? {
    func slopes(_ move: Double) throws -> [[Double]] {
      let leaves = point.enumerated().map { place, tensor in
        (tensor + move * direction(place, tensor.shape)).detached().requiringGrad()
      }
      let value = try function(leaves)
      if let error = value.error { throw error }
      guard value.requiresGrad else {
        return leaves.map { [Double](repeating: 0, count: $0.elementCount) }
      }
      return try gradients(of: value, wrt: leaves).map { try $0.scalars(as: Double.self) }
    }
    let leaves = point.map { $0.requiringGrad() }
    let value = try function(leaves)
    guard value.requiresGrad else { return nil }
    let first = gradients(of: value, wrt: leaves, createGraph: true)
    let plain = try slopes(0)
    for place in leaves.indices {
      let found = try first[place].scalars(as: Double.self)
      for (a, b) in zip(found, plain[place]) where !(abs(a - b) <= 1e-9 * max(1, abs(b))) {
        return "input \(place): \(a) with createGraph, \(b) without"
      }
    }
    let along = first.enumerated().reduce(Tensor(0.0, dtype: .float64)) { sum, part in
      part.element.requiresGrad
        ? sum + (part.element * direction(part.offset, part.element.shape)).sum() : sum
    }
    let second =
      along.requiresGrad
      ? try gradients(of: along, wrt: leaves).map { try $0.scalars(as: Double.self) }
      : leaves.map { [Double](repeating: 0, count: $0.elementCount) }
    let (above, below) = (try slopes(step), try slopes(-step))
    for place in leaves.indices {
      for (index, found) in second[place].enumerated() {
        let expected = (above[place][index] - below[place][index]) / (2 * step)
        if !(abs(found - expected) <= 2e-6 * max(1, abs(expected))) {
          return "input \(place), element \(index): \(found), differences give \(expected)"
        }
      }
    }
    return nil
  }

  /// Every fifth layer; all with `BLITZ_TEST_FULL=1`, which `.ci/run` sets.
  private static let names = LayerTable.rows.enumerated()
    .filter { LayerTableTests.isFull || $0.offset % 5 == 0 }.map(\.element.name)

  @Test(
    "every layer's gradients are right with createGraph, and so are theirs",
    arguments: names)
  func layers(name: String) throws {
    let row = try #require(LayerTable.row(name))
    // All cases of a row with BLITZ_TEST_FULL=1, which .ci/run sets.
    let cases = try LayerReference.cases.filter { $0.row == name }
    for stored in LayerTableTests.isFull ? cases : Array(cases.prefix(1)) {
      let generator = Generator(seed: stored.seed)
      let module = row.make(generator)
      let start = stored.start ?? stored.initial
      try module.load(
        Dictionary(uniqueKeysWithValues: start.map { ($0.name, $0.tensor.tensor(.float32)) }))
      module.cast(to: .float64)
      // Each use in training changes what a spectral norm divides by.
      let isUsed = stored.eval || name.contains("spectralNormed")
      isUsed ? module.eval() : module.train()
      let inputs = stored.inputs.map { $0.tensor(.float64) }
      let floats = inputs.indices.filter { inputs[$0].dtype.isFloating }
      let parameters = module.parameters.map(\.parameter)
      let point = floats.map { inputs[$0] } + parameters.map { $0.value.detached() }
      if point.isEmpty { continue }
      let fault = try Self.fault(at: point) { leaves in
        var inputs = inputs
        for (place, index) in floats.enumerated() { inputs[index] = leaves[place] }
        for (parameter, leaf) in zip(parameters, leaves.dropFirst(floats.count)) {
          parameter.value = leaf
        }
        if stored.seeded { generator.seed(stored.seed) }
        return Self.bent(row.call(module, inputs).filter(\.dtype.isFloating))
      }
      #expect(fault == nil, "\(stored.testDescription): \(fault ?? "")")
    }
  }

  @Test(
    "every loss's gradients are right with createGraph, and so are theirs",
    // That of `ctc` is the gradient of logits, as PyTorch has it, not of what the loss is given.
    arguments: LossReferenceTests.cases.filter { !$0.loss.hasPrefix("ctc") })
  func losses(_ row: LossCase) throws {
    let loss = try #require(LossReferenceTests.losses[row.loss])
    let stored = row.inputs.map(\.tensor)
    // The stored rows lie on kinks, too: off them, and into the range of probabilities.
    var point = Array(stored.prefix(row.gradients.count))
    point[0] =
      point[0] + 0.0137
      * (Tensor.arange(point[0].elementCount).cast(to: .float64) + 1)
      .reshaped(to: point[0].shape)
    if row.loss.hasPrefix("binaryCrossEntropy(probabilities") {
      point[0] = point[0].clamp(min: 0.1, max: 0.8)
    }
    let fault = try Self.fault(at: point) { leaves in
      Self.bent([loss(leaves + stored.dropFirst(leaves.count), row.reduction)])
    }
    #expect(fault == nil, "\(fault ?? "")")
  }
}
