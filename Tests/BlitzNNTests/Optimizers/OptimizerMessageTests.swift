import Blitz
import Testing

@testable import BlitzNN

@Suite struct OptimizerMessageTests {
  struct Empty: Module {}

  struct Stray: Layer {
    let layer = Linear(2, 2)
    let scale = Tensor.ones([2], requiresGrad: true)
    func forward(_ input: Tensor) -> Tensor { layer(input) * scale }
  }

  /// One of the layers is not used.
  struct Half: Layer {
    let used = Linear(2, 2)
    let spare = Linear(2, 2)
    func forward(_ input: Tensor) -> Tensor { used(input) }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let step: @Sendable () throws -> Void

    init(_ name: String, _ text: String, _ step: @escaping @Sendable () throws -> Void) {
      testDescription = name
      self.text = text
      self.step = step
    }
  }

  static func trained(_ model: some Layer, _ optimizer: Optimizer) throws {
    try model(Tensor.ones([1, 2])).sum().backward()
    try optimizer.step()
  }

  static let rows: [Row] = [
    Row(
      "looking ahead without a momentum",
      """
      SGD: nesterov with momentum 0.0 and dampening 0.0
        help: nesterov takes a momentum above 0 and no dampening; write momentum: 0.9
      """
    ) {
      let model = Linear(2, 2)
      try trained(model, SGD(model, rate: 0.1, nesterov: true))
    },
    Row(
      "looking ahead along a part of the momentum",
      """
      SGD: nesterov with momentum 0.9 and dampening 0.1
        help: nesterov takes a momentum above 0 and no dampening; write momentum: 0.9
      """
    ) {
      let model = Linear(2, 2)
      try trained(
        model, SGD(model, rate: 0.1, momentum: 0.9, dampening: 0.1, nesterov: true))
    },
    Row(
      "a model without parameters",
      """
      Adam: the model has no parameters
        help: declare weights with @Parameter, or use layers that have them, such as Linear
      """
    ) { try Adam(Empty()).step() },
    Row(
      "a model that is all frozen",
      """
      SGD: all 2 parameters are frozen
        help: set isFrozen = false on those that are to be trained
      """
    ) {
      let model = Linear(2, 2)
      for (_, parameter) in model.parameters { parameter.isFrozen = true }
      try SGD(model, rate: 0.1).step()
    },
    Row(
      "a leaf outside @Parameter",
      """
      Lion: scale requires its gradient, but is not a parameter
        scale: float32[2]
        help:  declare it with @Parameter, or store tensor.detached()
      """
    ) {
      let model = Stray()
      try trained(model, Lion(model))
    },
    Row(
      "a parameter that the loss does not use",
      """
      AdamW: spare.weight got no gradient from backward() (nor have 1 others)
        parameter: float32[2, 2]
        help:      use it in the model, freeze it with isFrozen = true, or write allowUnused: true
      """
    ) {
      let model = Half()
      try trained(model, AdamW(model))
    },
    Row(
      "no backward()",
      "RMSprop: no parameter has a gradient\n"
        + "  help: call backward() on the loss before each step()"
    ) { try RMSprop(Linear(2, 2)).step() },
    Row("a negative rate", "Adagrad: rate is -0.1\n  help: write a finite number, 0 or more") {
      try Adagrad(Linear(2, 2), rate: -0.1).step()
    },
    Row("a rate that is no number", "SGD: rate is nan\n  help: write a finite number, 0 or more") {
      try SGD(Linear(2, 2), rate: .nan).step()
    },
    Row(
      "a mean that never forgets", "Adam: beta2 is 1.0\n  help: write a number from 0 to below 1.0"
    ) {
      try Adam(Linear(2, 2), beta2: 1).step()
    },
    Row(
      "a parameter in two groups",
      """
      Adadelta: a parameter is in two groups, as group0.weight and as group1.weight
        help: filter model.parameters so that each is in one group
      """
    ) {
      let model = Linear(2, 2)
      try Adadelta(groups: [.init(model, .init()), .init(model, .init(rate: 2))]).step()
    },
    Row("a negative norm", "clipGradients: the norm is -1.0\n  help: write 0 or more") {
      let model = Linear(2, 2)
      try model(Tensor.ones([1, 2])).sum().backward()
      model.clipGradients(norm: -1)
      try SGD(model, rate: 0.1).step()
    },
    Row(
      "a compiled step with other inputs",
      """
      compile: the step takes 2 tensors, not 1
        help: call it with as many tensors as the function has parameters
      """
    ) {
      let model = Linear(2, 2)
      let step = compile(model, Adam(model)) { x, y in model(x).sum() + y.sum() }
      _ = try step(Tensor.ones([1, 2]))
    },
  ]

  @Test("says what is wrong and what to write", arguments: rows)
  func message(_ row: Row) throws {
    do {
      try row.step()
      Issue.record("nothing was thrown")
    } catch let error as TensorError {
      #expect(error.message == row.text)
    }
  }

  @Test("unused parameters stay as they are where that is allowed")
  func allowsUnused() throws {
    let model = Half()
    let before = try model.spare.weight.scalars(as: Float.self)
    let optimizer = AdamW(model, allowUnused: true)
    for _ in 0..<2 { try Self.trained(model, optimizer) }
    #expect(try model.spare.weight.scalars(as: Float.self) == before)
    #expect(optimizer.state.numbers.updateCounts["used.weight"] == 2)
    #expect(optimizer.state.numbers.updateCounts["spare.weight"] == 0)
    #expect(!model.used.weight.hasGrad)
  }

  @Test("a step that fails leaves weights and state as they were")
  func restores() throws {
    let model = Linear(2, 2)
    let optimizer = Adam(model)
    try Self.trained(model, optimizer)
    let before = try model.weight.scalars(as: Float.self)
    let state = try optimizer.state.tensors.map { try $0.tensor.scalars(as: Float.self) }
    try crossEntropy(logits: model(Tensor.ones([1, 2])), labels: Tensor([9])).backward()
    #expect(throws: TensorError.self) { try optimizer.step() }
    #expect(try model.weight.scalars(as: Float.self) == before)
    #expect(try optimizer.state.tensors.map { try $0.tensor.scalars(as: Float.self) } == state)
    #expect(optimizer.stepCount == 1)
    try Self.trained(model, optimizer)
    #expect(optimizer.stepCount == 2)
  }

  @Test(
    "a loss that is not finite names the step and the largest gradient", arguments: [false, true])
  func notFinite(_ compiled: Bool) throws {
    let model = Linear(2, 1)
    model.$weight.value = Tensor([[1.0, 2.0]])
    model.parameters[1].parameter.value = Tensor([0.0])
    let optimizer = SGD(model, rate: 1e30)
    optimizer.watchesGradients = true
    let x = Tensor([[1.0, 3.0]])
    let step = compile(model, optimizer) { x, _ in model(x).square().sum() }
    var losses: [Double] = []
    do {
      for _ in 0..<3 {
        let loss: Tensor
        if compiled {
          loss = try step(x, x)
        } else {
          loss = model(x).square().sum()
          try loss.backward()
          try optimizer.step()
        }
        losses.append(try optimizer.checkFinite(loss))
      }
      Issue.record("the losses \(losses) are finite")
    } catch let error as TensorError {
      #expect(losses == [49])
      #expect(
        error.summary
          == "SGD: the loss is inf at step 2; the largest gradient is 9.240001e+32, of weight")
      #expect(error.help?.contains("lower the rate, or clip the gradients") == true)
    }
  }
}
