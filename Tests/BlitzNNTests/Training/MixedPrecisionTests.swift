import Blitz
import BlitzData
import Foundation
import Testing

@testable import BlitzNN

/// What PyTorch computed in mixed precision; Tests/Reference/mixed_precision.py writes it.
struct MixedPrecisionReference: Decodable, Sendable {
  let versions: [String: String]
  let scaling: [Scaling]
  let networks: [Network]
  let optimizers: [HalfOptimizer]

  struct Scaling: Decodable, Sendable {
    let name: String
    let steps: [Step]
    struct Step: Decodable, Sendable {
      let x: StoredTensor
      let weight: StoredTensor
      let scale: Double
      let goodSteps: Int
    }
  }

  struct Network: Decodable, Sendable {
    let dtype: String
    let x: StoredTensor
    let y: StoredTensor
    let weights: [StoredTensor]
    let logits: StoredTensor
    let loss: StoredTensor
    let gradients: [StoredTensor]
  }

  struct HalfOptimizer: Decodable, Sendable {
    let name: String
    let start: StoredTensor
    let steps: [Step]
    let state: [String: StoredTensor]
    struct Step: Decodable, Sendable {
      let gradient: StoredTensor
      let weight: StoredTensor
    }
  }

  static let stored = Result {
    guard
      let url = Bundle.module.url(
        forResource: "mixed_precision", withExtension: "json", subdirectory: "Reference")
    else { throw CocoaError(.fileNoSuchFile) }
    return try JSONDecoder().decode(MixedPrecisionReference.self, from: Data(contentsOf: url))
  }
}

@Suite struct MixedPrecisionTests {
  /// A model of one weight.
  struct One: Module {
    @Parameter var weight: Tensor
    init(_ weight: Tensor) { self.weight = weight }
  }

  static func optimizer(_ name: String, _ model: One) -> Optimizer {
    switch name {
    case "SGD": SGD(model, rate: 0.1, momentum: 0.9)
    case "Adam": Adam(model, rate: 0.1)
    default: AdamW(model, rate: 0.1, weightDecay: 0.1)
    }
  }

  @Test(
    "skips, backs off and grows as PyTorch's GradScaler, compiled too", arguments: [0, 1],
    [false, true])
  func scaler(which: Int, isCompiled: Bool) throws {
    let stored = try MixedPrecisionReference.stored.get().scaling[which]
    let model = One(drawn(0, [3], dtype: .float32))
    let optimizer = Self.optimizer(stored.name, model)
    let scaler = LossScaler(initialScale: 8, growthInterval: 3)
    let step = compile(model, optimizer, scaler: scaler) { (inputs: [Tensor]) in
      (model.weight * inputs[0]).sum()
    }
    var updates = 0
    for (index, expected) in stored.steps.enumerated() {
      let x = expected.x.tensor
      let before = try model.weight.scalars(as: Float.self)
      let isGood = expected.x.numbers.allSatisfy(\.isFinite)
      if isCompiled {
        _ = try step(x)
      } else {
        try scaler.scale((model.weight * x).sum()).backward()
        #expect(try scaler.step(optimizer) == isGood)
      }
      updates += isGood ? 1 : 0
      if !isGood { #expect(try model.weight.scalars(as: Float.self) == before) }
      try expectClose(model.weight, expected.weight, relative: 1e-6, "step \(index)")
      #expect(
        try scaler.state()
          == LossScaler.State(scale: expected.scale, goodSteps: expected.goodSteps),
        "step \(index)")
      #expect(optimizer.stepCount == updates && !model.weight.hasGrad)
    }
    if isCompiled { #expect(step.planCount == 1) }
  }

  @Test("many steps as one call skip those that overflow")
  func manySteps() throws {
    let model = One(Tensor([1.0, 2]))
    let optimizer = SGD(model, rate: 1)
    let scaler = LossScaler(initialScale: 8, growthInterval: 2)
    let step = compile(model, optimizer, scaler: scaler, steps: 4) { (inputs: [Tensor]) in
      (model.weight * inputs[0]).sum()
    }
    _ = try step(Tensor([[0.5, 0], [Float.infinity, 1], [0, 0.25], [0.125, 0]]))
    #expect(try model.weight.scalars(as: Float.self) == [0.375, 1.75])
    #expect(try scaler.state() == LossScaler.State(scale: 8, goodSteps: 0))
    #expect(optimizer.stepCount == 3)
  }

  @Test("a saved scaler goes on where it was, and settings out of range are errors")
  func scalerState() throws {
    let model = One(Tensor([1.0, 2]))
    let optimizer = SGD(model, rate: 0.1)
    let scaler = LossScaler(initialScale: 4)
    try scaler.scale(model.weight.sum()).backward()
    try scaler.step(optimizer)
    var checkpoint = try Checkpoint(model, optimizer)
    try checkpoint.set(scaler.state(), as: "scaler")
    let other = LossScaler()
    try other.load(checkpoint.value(of: "scaler"))
    #expect(try other.state() == LossScaler.State(scale: 4, goodSteps: 1))

    for (wrong, text) in [
      (LossScaler(initialScale: 0), "initialScale is 0.0"),
      (LossScaler(growthFactor: 1), "growthFactor is 1.0"),
      (LossScaler(backoffFactor: 1), "backoffFactor is 1.0"),
      (LossScaler(growthInterval: 0), "growthInterval is 0.0"),
    ] {
      let error = try #require(wrong.scale(Tensor(1.0)).error)
      #expect("\(error)".contains("LossScaler: " + text))
    }
    let half = One(Tensor([1.0], dtype: .float16))
    try scaler.scale(half.weight.sum()).backward()
    let error = try #require(throws: TensorError.self) {
      try scaler.step(SGD(half, rate: 1))
    }
    #expect("\(error)".contains("LossScaler: weight is float16"))
    try scaler.scale(model.weight.sum()).backward()
    try scaler.unscale(optimizer)
    #expect(throws: TensorError.self) { try scaler.unscale(optimizer) }
    try scaler.step(optimizer)
  }

  @Test("clips the divided gradients, step by step and compiled")
  func clipped() throws {
    func weights(isCompiled: Bool) throws -> [Float] {
      let model = One(Tensor([3.0, 4]))
      let optimizer = SGD(model, rate: 1)
      let scaler = LossScaler(initialScale: 1024)
      if isCompiled {
        let step = compile(model, optimizer, clipping: .norm(1), scaler: scaler) {
          (inputs: [Tensor]) in (model.weight * model.weight * inputs[0]).sum()
        }
        _ = try step(Tensor(1.0))
      } else {
        try scaler.scale(model.weight.square().sum()).backward()
        try scaler.unscale(optimizer)
        optimizer.clipGradients(norm: 1)
        try scaler.step(optimizer)
      }
      return try model.weight.scalars()
    }
    for isCompiled in [false, true] {
      let found = try weights(isCompiled: isCompiled)
      #expect(abs(found[0] - 2.4) < 1e-5 && abs(found[1] - 3.2) < 1e-5)
    }
  }

  @Test("autocast has PyTorch's answers, losses and float32 gradients", arguments: [0, 1])
  func network(which: Int) throws {
    let stored = try MixedPrecisionReference.stored.get().networks[which]
    let precision = try #require(Precision(rawValue: stored.dtype))
    let model = Sequential(Linear(5, 8), ReLU(), Linear(8, 3))
    for (entry, weight) in zip(model.parameters, stored.weights) {
      entry.parameter.value = weight.tensor
    }
    let (logits, loss) = autocast(to: precision) {
      let logits = model(stored.x.tensor)
      return (logits, crossEntropy(logits: logits, labels: stored.y.tensor))
    }
    #expect(logits.dtype == precision.dtype && loss.dtype == .float32)
    let ulp = precision == .bfloat16 ? 0x1p-8 : 0x1p-11
    // PyTorch adds the bias before it rounds the product, so each of the two layers can differ.
    try expectClose(logits, stored.logits, relative: 4 * ulp)
    try expectClose(loss, stored.loss, relative: ulp)
    try loss.backward()
    for (entry, gradient) in zip(model.parameters, stored.gradients) {
      #expect(entry.parameter.value.grad.dtype == .float32)
      try expectClose(entry.parameter.value.grad, gradient, relative: 4 * ulp, entry.name)
    }
  }

  @Test("updates half weights as PyTorch's fused optimizers", arguments: 0..<6)
  func optimizers(which: Int) throws {
    let stored = try MixedPrecisionReference.stored.get().optimizers[which]
    let dtype: DType = stored.start.dtype == "float16" ? .float16 : .bfloat16
    let model = One(stored.start.tensor.cast(to: dtype))
    let optimizer = Self.optimizer(stored.name, model)
    let ulp = dtype == .bfloat16 ? 0x1p-8 : 0x1p-11
    for (index, step) in stored.steps.enumerated() {
      try (model.weight * step.gradient.tensor.cast(to: dtype)).sum().backward()
      try optimizer.step()
      #expect(model.weight.dtype == dtype)
      try expectClose(model.weight, step.weight, relative: 2 * ulp, "\(stored.name) \(index)")
    }
    for (name, tensor) in optimizer.state.tensors {
      #expect(tensor.dtype == dtype)
      let key = name == "weight.momentum_buffer" ? "momentum_buffer" : String(name.dropFirst(7))
      try expectClose(tensor, try #require(stored.state[key]), relative: 2 * ulp, name)
    }
  }
}
