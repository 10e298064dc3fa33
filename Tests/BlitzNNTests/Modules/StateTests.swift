import Blitz
import Testing

private struct Block: Layer {
  let fc = Linear(2, 3, generator: Generator(seed: 1))
  let norm = BatchNorm1d(3)
  func forward(_ input: Tensor) -> Tensor { norm(fc(input)) }
}

private class Base: Module {
  let encoder = Linear(2, 2, bias: false, generator: Generator(seed: 2))
}

private final class Tree: Base {
  @Parameter var tokenScale = Tensor.ones([1])
  @Parameter(name: "W") var named = Tensor.ones([2])
  let blocks = [Block(), Block()]
  let byName = ["b": ReLU() as any Layer, "a": Linear(1, 1, generator: Generator(seed: 3))]
  let pair = (left: Linear(1, 1, bias: false), Dropout())
  let missing: Linear? = nil
  let present: Linear? = Linear(1, 2, bias: false)
  let plain = Plain()
  weak var parent: Tree?

  struct Plain { let inner = Linear(1, 1, bias: false) }
}

private struct Tied: Layer {
  let first: Linear
  let second: Linear
  init() {
    first = Linear(2, 2, bias: false, generator: Generator(seed: 4))
    second = first
  }
  func forward(_ input: Tensor) -> Tensor { second(first(input)) }
}

@Suite struct StateTests {
  @Test("finds parameters in superclasses, containers, optionals and plain structs")
  func names() {
    let tree = Tree()
    tree.parent = tree
    #expect(
      tree.parameters.map(\.name) == [
        "encoder.weight", "token_scale", "W",
        "blocks.0.fc.weight", "blocks.0.fc.bias", "blocks.0.norm.weight", "blocks.0.norm.bias",
        "blocks.1.fc.weight", "blocks.1.fc.bias", "blocks.1.norm.weight", "blocks.1.norm.bias",
        "by_name.a.weight", "by_name.a.bias", "pair.left.weight", "present.weight",
        "plain.inner.weight",
      ])
    #expect(
      tree.buffers.map(\.name) == [
        "blocks.0.norm.running_mean", "blocks.0.norm.running_var",
        "blocks.0.norm.num_batches_tracked", "blocks.1.norm.running_mean",
        "blocks.1.norm.running_var", "blocks.1.norm.num_batches_tracked",
      ])
    #expect(tree.state.count == tree.parameters.count + tree.buffers.count)
  }

  @Test("lists a tied parameter once, and saves it under each of its names")
  func tying() throws {
    let model = Tied()
    #expect(model.parameters.map(\.name) == ["first.weight"])
    #expect(model.parameterCount == 4)
    #expect(model.state.map(\.name) == ["first.weight", "second.weight"])
    try model(Tensor([[1.0, 2]])).sum().backward()
    #expect(model.second.weight.grad.shape == [2, 2])
    // Both uses count: W W x summed.
    let w = try model.first.weight.scalars(as: Double.self)
    let (x, h) = ([1.0, 2], [w[0] + 2 * w[1], w[2] + 2 * w[3]])
    let s = [w[0] + w[2], w[1] + w[3]]
    let expected = [h[0] + s[0] * x[0], h[1] + s[0] * x[1], h[0] + s[1] * x[0], h[1] + s[1] * x[1]]
    for (a, b) in zip(try model.first.weight.grad.scalars(as: Double.self), expected) {
      #expect(abs(a - b) < 1e-5)
    }
  }

  @Test("trains and freezes by reference: copies of a module share what they hold")
  func sharing() throws {
    let block = Block()
    let copy = block
    copy.fc.$weight.value = Tensor.zeros([3, 2])
    #expect(try block.fc.weight.abs().sum().item() == 0)
    copy.fc.$weight.isFrozen = true
    #expect(block.fc.weight.requiresGrad == false)
    #expect(block.parameterCount == 3 + 3 + 3)
    block.eval()
    #expect(copy.norm.runningMean != nil)
    let before = try copy.norm.runningMean!.scalars(as: Float.self)
    _ = try copy(Tensor.ones([4, 2])).eval()
    #expect(try copy.norm.runningMean!.scalars(as: Float.self) == before)
    copy.train()
    _ = try block(Tensor([[1.0, 2], [3, 5]])).eval()
    #expect(try copy.norm.runningMean!.scalars(as: Float.self) != before)
  }

  @Test("takes a saved state back, casting floating dtypes")
  func roundTrip() throws {
    let (from, to) = (Block(), Block())
    from.fc.parameters[1].parameter.value = Tensor([1.0, 2, 3])
    _ = try from(Tensor([[1.0, 2], [3, 5]])).eval()
    var saved = Dictionary(uniqueKeysWithValues: from.state.map { ($0.name, $0.tensor) })
    saved["fc.bias"] = saved["fc.bias"]!.cast(to: .bfloat16)
    saved["norm.running_var"] = saved["norm.running_var"]!.cast(to: .float64)
    try to.load(saved)
    for (a, b) in zip(from.state, to.state) {
      #expect(a.name == b.name && a.tensor.dtype == b.tensor.dtype)
      #expect(try a.tensor.cast(to: .float64).array() == b.tensor.cast(to: .float64).array())
    }
    #expect(to.fc.weight.requiresGrad && to.fc.weight.isLeaf)
    #expect(to.state.last?.tensor.dtype == .int64)
  }

  @Test("names everything that does not fit, with the nearest name, and changes nothing")
  func refusals() throws {
    let model = Sequential(
      Linear(2, 3, generator: Generator(seed: 5)), Linear(3, 1, generator: Generator(seed: 6)))
    let before = try model.state.map { try $0.tensor.scalars(as: Float.self) }
    let saved = [
      "0.weight": Tensor.zeros([3, 3]), "0.wait": Tensor.zeros([1]), "0.bias": Tensor.zeros([3]),
      "1.weight": Tensor.zeros([1, 3], dtype: .int64), "something": Tensor(1.0),
    ]
    let error = #expect(throws: StateError.self) { try model.load(saved) }
    #expect(
      error?.description == """
        load: the saved tensors are not the model's: 1 missing, 2 unexpected, 2 of another shape \
        or dtype
          missing:    1.bias
          unexpected: 0.wait
          unexpected: something
          unfit:      0.weight: the model has float32[3, 2], the file float32[3, 3]
          unfit:      1.weight: the model has float32, the file int64
          help:       make the model with the sizes that it was saved with
        """)
    #expect(try model.state.map { try $0.tensor.scalars(as: Float.self) } == before)
    let renamed = #expect(throws: StateError.self) {
      try Linear(2, 1).load(["wieght": Tensor.zeros([1, 2]), "bias": Tensor.zeros([1])])
    }
    #expect(
      renamed?.description == """
        load: the saved tensors are not the model's: 1 missing, 1 unexpected
          missing:    weight (there is wieght)
          unexpected: wieght (did you mean weight?)
          help:       rename the keys, or write load(..., strict: false) to take only what fits
        """)
  }

  @Test("takes what fits if it need not be strict")
  func notStrict() throws {
    let model = Linear(2, 1, generator: Generator(seed: 7))
    let left = try model.load(["bias": Tensor([4.0]), "other": Tensor(1.0)], strict: false)
    #expect(left.missing == ["weight"] && left.unexpected == ["other"])
    #expect(try model.bias!.item() == 4)
    #expect(throws: StateError.self) {
      try model.load(["bias": Tensor([4.0, 5])], strict: false)
    }
  }

  @Test("names the entry that the names are in, and refuses to take nothing")
  func entries() throws {
    let model = Linear(2, 1, generator: Generator(seed: 7))
    for entry in ["module", "_orig_mod", "model", "model._orig_mod"] {
      let saved = [
        "\(entry).weight": Tensor.zeros([1, 2]), "\(entry).bias": Tensor.zeros([1]),
        "\(entry).other": Tensor.zeros([1]),
      ]
      for strict in [true, false] {
        let error = #expect(throws: StateError.self) { try model.load(saved, strict: strict) }
        #expect(
          error?.description.hasSuffix(
            "  help:       the names start with \(entry).: write load(file.tensors(under: "
              + "\"\(entry)\")), of a TorchFile, SafetensorsFile or NpzFile") == true)
        #expect(error?.missing == ["weight", "bias"])
      }
    }
    #expect(throws: StateError.self) { try model.load(["x": Tensor(1.0)], strict: false) }
    #expect(throws: StateError.self) { try model.load([:], strict: false) }
  }

  @Test("the state does not follow the model")
  func snapshot() throws {
    let model = Linear(1, 1, generator: Generator(seed: 8))
    let saved = model.state
    let before = try saved[0].tensor.item()
    noGrad { model.weight = model.weight + 1 }
    #expect(try saved[0].tensor.item() == before)
    #expect(try model.weight.item() == Double(Float(before) + 1))
  }
}

@Suite struct SummaryTests {
  @Test("prints each module with its output and parameters, and the totals")
  func table() {
    let model = Sequential(
      Linear(784, 256), ReLU(), Dropout(), Sequential(Linear(256, 10), LogSoftmax(axis: 1)))
    model.parameters[1].parameter.isFrozen = true
    #expect(
      model.summary(inputShape: [64, 784]).description == """
        layer  type        output     parameters
        ----------------------------------------
        model  Sequential  [64, 10]      203,530
          0    Linear      [64, 256]     200,960
          1    ReLU        [64, 256]           0
          2    Dropout     [64, 256]           0
          3    Sequential  [64, 10]        2,570
            0  Linear      [64, 10]        2,570
            1  LogSoftmax  [64, 10]            0
        ----------------------------------------
        203,274 trainable, 256 frozen, 814 kB
        """)
  }

  @Test("shows modules of several tensors, what is not called, and what could not be done")
  func other() {
    struct Net: Module {
      let lstm = LSTM(4, 8, batchFirst: true)
      let head = Linear(9, 2)
      let unused = Linear(1, 1)
      func callAsFunction(_ x: Tensor) -> Tensor { head(lstm(x).output) }
    }
    let net = Net()
    let summary = net.summary { _ = net(Tensor.zeros([2, 5, 4])) }
    #expect(summary.rows.map(\.path) == ["", "lstm", "head", "unused"])
    #expect(
      summary.rows.map(\.output) == [
        nil, "[2, 5, 8]", "error: the input's last axis is 8, the layer takes 9", nil,
      ])
    #expect(summary.rows[1].parameterCount == 4 * 8 * (4 + 8 + 2))
    #expect(summary.trainableCount == 448 + 20 + 2)
  }

  @Test("leaves training, statistics and the generator as they were")
  func noTrace() throws {
    let model = Sequential(Linear(2, 3), BatchNorm1d(3), Dropout())
    let before = try model.state.map { try $0.tensor.cast(to: .float64).array() }
    _ = model.summary(inputShape: [4, 2])
    #expect(try model.state.map { try $0.tensor.cast(to: .float64).array() } == before)
    let isTraining = try model(Tensor.randn([8, 2])).scalars(as: Float.self).contains(0)
    #expect(isTraining)
  }
}
