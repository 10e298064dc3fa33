import Blitz
import Testing

@testable import BlitzTensor

/// When numbers are computed, and what is kept. One at a time, since it counts bytes.
@Suite(.serialized) struct EvaluationTests {
  @Test("an op computes nothing until somebody asks")
  func isDeferred() throws {
    let x = Tensor.ones([3]) + 1
    #expect(x.node.storage == nil)
    #expect(try x.scalars(as: Float.self) == [2, 2, 2])
    #expect(x.node.storage != nil)
  }

  @Test("reading the loss before backward() does not compute the forward pass twice")
  func keepsWhatTheTapeNeeds() throws {
    let x = try Tensor.ones([8, 5]).eval()
    let w = Tensor.ones([5, 3], requiresGrad: true)
    let h = x.matmul(w)
    let hidden = h.node
    let loss = (h.tanh().square()).sum()
    _ = try loss.item()
    #expect(hidden.storage != nil)
    try loss.backward()
    // The tape is gone: what the gradient needs is there, what led to it is not.
    #expect(hidden.inputs.isEmpty)
    _ = try w.grad.eval()
  }

  @Test("a loop of 100,000 ops neither overflows the stack nor keeps its buffers")
  func longLoops() throws {
    var x = try Tensor.zeros([100]).eval()
    let live = Memory.liveBytes
    Memory.resetPeak()
    for _ in 0..<100_000 { x = x + 1 }
    #expect(try x[0].item() == 100_000)
    #expect(Memory.peakBytes - live < 100_000)
  }

  @Test("a tape of 30,000 ops is walked and freed without recursion")
  func longTapes() throws {
    let w = Tensor(1.0, requiresGrad: true)
    var x = w
    for _ in 0..<30_000 { x = x * 1.0 }
    try x.backward()
    #expect(try w.grad.item() == 1)
  }

  @Test("training does not leave bytes behind", arguments: [false, true])
  func memoryIsFlat(readsLoss: Bool) throws {
    let x = try Tensor.rand([8, 6]).eval()
    let y = try Tensor.rand([8, 2]).eval()
    var w1 = try Tensor.rand([6, 5], requiresGrad: true).eval()
    var w2 = try Tensor.rand([5, 2], requiresGrad: true).eval()
    func step() throws {
      let loss = (x.matmul(w1).relu().matmul(w2) - y).square().sum()
      if readsLoss { _ = try loss.item() }
      try loss.backward()
      noGrad {
        w1 -= 1e-3 * w1.grad
        w2 -= 1e-3 * w2.grad
      }
      if !readsLoss { try eval(w1, w2) }
    }
    for _ in 0..<100 { try step() }
    try eval(w1, w2)
    let early = Memory.liveBytes
    for _ in 0..<2000 { try step() }
    try eval(w1, w2)
    #expect(Memory.liveBytes == early)
  }

  @Test("memory that this machine does not have is an error, and the program goes on")
  func refusesHugeAllocations() throws {
    let huge = Tensor.zeros([1 << 45]) + 1
    #expect(throws: TensorError.self) { try huge.eval() }
    #expect(try Tensor.ones([2]).sum().item() == 2)
  }

  @Test("an index that is out of range is an error when numbers are asked for")
  func checksIndexes() throws {
    let table = Tensor.ones([3, 2])
    let picked = table.indexSelect(axis: 0, indices: Tensor([0, 3]))
    let error = #expect(throws: TensorError.self) { try picked.eval() }
    #expect(error?.message.contains("3 is out of range") == true)
  }
}
