import Blitz
import Testing

/// The reverse walk, its two styles, and the mistakes that beginners make with it.
@Suite struct BackwardTests {
  private func leaf(_ values: [Double]) -> Tensor {
    Tensor(values, dtype: .float64, requiresGrad: true)
  }

  @Test("backward() leaves gradients at the leaves")
  func leavesGradients() throws {
    let x = leaf([1, -2, 3])
    let w = leaf([0.5, 2, -1])
    try (x * w + x.square()).sum().backward()
    #expect(try x.grad.scalars(as: Double.self) == [2.5, -2, 5])
    #expect(try w.grad.scalars(as: Double.self) == [1, -2, 3])
    #expect(!x.grad.requiresGrad)
  }

  @Test("gradients of broadcast operands are summed to their shapes")
  func sumsBroadcasts() throws {
    let x = Tensor([[1.0, 2], [3, 4]], dtype: .float64, requiresGrad: true)
    let b = leaf([10, 20])
    try (x * b).sum().backward()
    #expect(try b.grad.scalars(as: Double.self) == [4, 6])
    #expect(b.grad.shape == [2])
  }

  @Test("gradients of gradients work to any order")
  func higherOrders() throws {
    let x = leaf([2])
    var y = x.pow(5).sum()
    var expected = 32.0
    for (order, factor) in [(1, 80.0), (2, 160.0), (3, 240.0), (4, 240.0)] {
      y = gradient(of: y, wrt: x, createGraph: true).sum()
      expected = factor
      #expect(abs(try y.item() - expected) < 1e-9 * expected, "order \(order)")
    }
  }

  @Test("valueAndGradients differentiates a function at plain tensors")
  func functionalStyle() throws {
    let (value, gradients) = valueAndGradients(at: [Tensor([1.0, 2]), Tensor([3.0, 4])]) {
      ($0[0] * $0[1]).sum()
    }
    #expect(try value.item() == 11)
    #expect(try gradients[0].scalars(as: Double.self) == [3, 4])
    #expect(try gradients[1].scalars(as: Double.self) == [1, 2])
    #expect(!value.requiresGrad)
  }

  @Test("gradients of an input that the output does not depend on are zeros")
  func independentInputs() throws {
    let (x, z) = (leaf([1, 2]), leaf([3]))
    let found = gradients(of: x.sum(), wrt: [x, z])
    #expect(try found[1].scalars(as: Double.self) == [0])
  }

  @Test("a custom function's own gradient is used, and checked by gradCheck")
  func customFunctions() throws {
    struct Clip: CustomFunction {
      func forward(_ inputs: [Tensor]) -> Tensor { inputs[0].clamp(min: 0) }
      func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
        var gradient = gradient
        gradient[inputs[0] .< 0] = 0
        return [gradient]
      }
    }
    let x = leaf([-1, 0.5, 2])
    try (Clip()(x) * Tensor([1.0, 10, 100], dtype: .float64)).sum().backward()
    #expect(try x.grad.scalars(as: Double.self) == [0, 10, 100])
    #expect(try gradCheck([x]) { Clip()($0[0]) }.passes())

    struct Wrong: CustomFunction {
      func forward(_ inputs: [Tensor]) -> Tensor { inputs[0].square() }
      func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
        [gradient * inputs[0]]
      }
    }
    let report = try gradCheck([x]) { Wrong()($0[0]) }
    #expect(!report.passes())
    #expect(abs(report.relativeError - 0.5) < 1e-6)
  }

  @Test("gradCheck leaves kinks out, casts to float64 and says what it compared")
  func gradCheckReports() throws {
    let x = Tensor([Float(-1), 0, 2])
    let report = try gradCheck([x], order: 2) { $0[0].relu() * $0[0] }
    // Where the slope is continuous but bends, differences are off by half a step.
    #expect(report.inputs[0].kinks == 1)
    #expect(report.passes())
    #expect(report.inputs.count == 2)
    let relu = try gradCheck([x]) { $0[0].relu() }
    #expect(relu.inputs[0].kinks == 1)
    #expect(relu.inputs[0].compared == 2)
  }

  // MARK: Beginners' traps

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch let error as TensorError {
      return error.message
    } catch {
      return "\(error)"
    }
  }

  @Test("changing a leaf outside noGrad is an error")
  func updateOutsideNoGrad() {
    var w = leaf([1])
    w -= 0.1 * leaf([1])
    #expect(
      w.error?.message == """
        -=: changes a tensor that requires its gradient while ops are recorded
          tensor: float64[1]
          help:   write noGrad { w -= ... }, or w = w.detached() first
        """)
  }

  @Test("a gradient before backward() is an error")
  func gradBeforeBackward() {
    #expect(leaf([1]).grad.error?.rule == "there is no gradient yet")
    #expect(!leaf([1]).hasGrad)
  }

  @Test("the gradient of a tensor that is not a leaf is an error")
  func gradOfNonLeaf() {
    let error = (leaf([1]) * 2).grad.error
    #expect(
      error?.rule == "only leaves keep their gradient, and this tensor was computed from others")
    #expect(Tensor([1.0]).grad.error?.rule == "this tensor does not require its gradient")
  }

  @Test("a gradient prints as the tensor that it is")
  func gradPrints() throws {
    let w = leaf([1, 2])
    try w.square().sum().backward()
    #expect("\(w.grad)" == "\(Tensor([2.0, 4], dtype: .float64))")
  }

  @Test("a gradient can be set, and is what the next step reads")
  func setGrad() throws {
    var w = leaf([1, 2])
    try w.square().sum().backward()
    w.grad *= 10
    #expect(try w.grad.scalars(as: Double.self) == [20, 40])
    try w.square().sum().backward(accumulate: true)
    #expect(try w.grad.scalars(as: Double.self) == [22, 44])
    w.zeroGrad()
    #expect(!w.hasGrad)
    w.grad = leaf([5, 6]).detached()
    #expect(w.hasGrad)
    noGrad { w -= w.grad }
    #expect(try w.scalars(as: Double.self) == [-4, -4])
  }

  @Test("a gradient that does not fit is an error, and leaves the numbers alone")
  func setGradThatDoesNotFit() throws {
    var w = leaf([1, 2])
    w.grad = leaf([1, 2, 3]).detached()
    #expect(
      w.grad.error?.message == """
        grad: the gradient does not look like the tensor
          tensor:   float64[2]
          gradient: float64[3]
          help:     set a gradient of the tensor's shape and dtype
        """)
    #expect(try w.scalars(as: Double.self) == [1, 2])
    w.grad = Tensor([1.0, 2], dtype: .float32)
    #expect(w.grad.error?.rule == "the gradient does not look like the tensor")
    var computed = w * 2
    computed.grad = leaf([1, 2])
    #expect(
      computed.error?.rule
        == "only leaves keep their gradient, and this tensor was computed from others")
  }

  @Test("a second backward() through a freed tape is an error, unless it was retained")
  func secondBackward() throws {
    let w = leaf([1, 2])
    let loss = w.square().sum()
    try loss.backward(retainGraph: true)
    try loss.backward(accumulate: true)
    #expect(try w.grad.scalars(as: Double.self) == [4, 8])
    #expect(
      message { try loss.backward(accumulate: true) } == """
        backward: an earlier backward() has freed the record of how this was computed
          tensor: float64[]
          help:   compute the loss again, or call backward(retainGraph: true) the first time
        """)
  }

  @Test("gradients do not add up across steps unless asked to")
  func silentAccumulation() throws {
    let w = leaf([1, 2])
    try w.square().sum().backward()
    #expect(
      message { try w.square().sum().backward() } == """
        backward: a leaf still has the gradient of an earlier backward()
          leaf: float64[2]
          help: call zeroGrad() on it first, or backward(accumulate: true) to add to it
        """)
    w.zeroGrad()
    try w.square().sum().backward()
    #expect(try w.grad.scalars(as: Double.self) == [2, 4])
  }

  @Test("a leaf that noGrad changed starts without a gradient")
  func updatedLeaf() throws {
    var w = leaf([1, 2])
    try w.square().sum().backward()
    noGrad { w -= 0.5 * w.grad }
    #expect(w.requiresGrad)
    #expect(!w.hasGrad)
    #expect(try w.scalars(as: Double.self) == [0, 0])
  }

  @Test("backward() of something that is not a number, or not tracked, is an error")
  func wrongStart() {
    let w = leaf([1, 2])
    #expect(message { try (w * 2).backward() }.hasPrefix("backward: the tensor has 2 elements"))
    #expect(
      message { try w.detached().sum().backward() }.hasPrefix(
        "backward: nothing that this tensor was computed from requires its gradient"))
    #expect(
      message { try (w * 2).backward(gradient: Tensor([1.0])) }.hasPrefix(
        "backward: the gradient to start with does not look like the tensor"))
    #expect(Tensor([1, 2]).requiringGrad().error?.op == "requiringGrad")
  }

  @Test("a compiled step equals the same step define-by-run, and plans once")
  func compiledSteps() throws {
    let x = Tensor.rand([8, 6])
    let y = Tensor.rand([8, 2])
    let start = [Tensor.rand([6, 5]), Tensor.rand([5, 2])]
    @Sendable func loss(_ w: [Tensor]) -> Tensor {
      (x.matmul(w[0]).relu().matmul(w[1]) - y).square().sum()
    }
    let step = compile { (weights: inout [Tensor]) in
      let (value, gradients) = valueAndGradients(at: weights, loss)
      for index in weights.indices { weights[index] -= 1e-2 * gradients[index] }
      return value
    }
    var compiled = start
    var plain = start
    for _ in 0..<20 {
      let a = try step(&compiled).item()
      let (value, gradients) = valueAndGradients(at: plain, loss)
      for index in plain.indices { plain[index] -= 1e-2 * gradients[index] }
      #expect(abs(try value.item() - a) <= 1e-5 * abs(a))
    }
    #expect(step.planCount == 1)
    // What the caller held before is unchanged.
    #expect(try start[0].scalars(as: Float.self) != compiled[0].scalars(as: Float.self))
  }

  @Test("a compiled step starts from single numbers, which are known without memory")
  func compiledNumbers() throws {
    let step = compile { (state: inout [Tensor]) in
      state[0] = state[0] + 1
      return state[0].cast(to: .float32) * state[1]
    }
    var state = [Tensor(5), Tensor(2.0)]
    #expect(try step(&state).item() == 12)
    #expect(try step(&state).item() == 14)
    #expect(try state[0].item(as: Int.self) == 7)
    #expect(try state[1].item() == 2)
  }

  @Test("a compiled function that asks for numbers is an error that says so")
  func compiledReads() {
    let function = compile { (x: Tensor) in try x.sum().item() > 0 ? x : -x }
    #expect(
      message { _ = try function(Tensor([1.0])) }.hasPrefix(
        "compile: numbers are asked for inside a function that is being compiled"))
  }
}
