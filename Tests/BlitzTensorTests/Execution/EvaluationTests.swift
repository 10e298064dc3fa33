import Blitz
import Foundation
import Testing

@testable import BlitzTensor

/// When numbers are computed, and what is kept.
@Suite struct EvaluationTests {
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
    #expect(hidden.inputs.all.isEmpty)
    _ = try w.grad.eval()
  }

  @Test("a loop of 100,000 ops neither overflows the stack nor keeps its buffers")
  func longLoops() async {
    // In a process of its own, where no other test takes memory.
    await #expect(processExitsWith: .success) {
      var x = try Tensor.zeros([100]).eval()
      let live = Memory.liveBytes
      Memory.resetPeak()
      for _ in 0..<100_000 { x = x + 1 }
      #expect(try x[0].item() == 100_000)
      #expect(Memory.peakBytes - live < 100_000)
    }
  }

  @Test("a tape of 30,000 ops is walked and freed without recursion")
  func longTapes() throws {
    let w = Tensor(1.0, requiresGrad: true)
    var x = w
    for _ in 0..<30_000 { x = x * 1.0 }
    try x.backward()
    #expect(try w.grad.item() == 1)
  }

  @Test("1,000 steps of training hold as many bytes as 100; 10,000 with BLITZ_TEST_FULL=1")
  func memoryIsFlat() async {
    await #expect(processExitsWith: .success) {
      for readsLoss in [true, false] {
        var training = SmallTraining(readsLoss: readsLoss)
        for _ in 0..<100 { try training.step() }
        let early = try training.liveBytes()
        for _ in 100..<(TestSize.isFull ? 10_000 : 1_000) { try training.step() }
        #expect(try training.liveBytes() == early)
      }
    }
  }

  @Test("memory that this machine does not have is an error, and the program goes on")
  func refusesHugeAllocations() throws {
    let huge = Tensor.zeros([1 << 45]) + 1
    #expect(fails { try huge.eval() })
    #expect(try Tensor.ones([2]).sum().item() == 2)
  }

  @Test("an index that is out of range is an error when numbers are asked for")
  func checksIndexes() throws {
    let table = Tensor.ones([3, 2])
    let picked = table.indexSelect(axis: 0, indices: Tensor([0, 3]))
    let error = tensorError { try picked.eval() }
    #expect(error?.message.contains("3 is out of range") == true)
  }

  @Test("a failed evaluation has changed nothing")
  func failsWhole() throws {
    var weights = try Tensor([1.0, 2, 3]).eval()
    weights = weights * 2
    let wrong = weights.indexSelect(axis: 0, indices: Tensor([7]))
    #expect(fails { try eval(weights, wrong) })
    #expect(try weights.scalars(as: Float.self) == [2, 4, 6])

    // A compiled step gives its state back.
    let step = compile { (state: inout [Tensor], inputs: [Tensor]) in
      let picked = state[0].indexSelect(axis: 0, indices: inputs[0])
      state[0] = state[0] * 2
      return picked.sum()
    }
    var state = [weights]
    weights = Tensor(0.0)
    _ = try step(&state, Tensor([1]))
    #expect(fails { try step(&state, Tensor([9])) })
    #expect(try state[0].scalars(as: Float.self) == [4, 8, 12])
  }
}

/// Gradient descent on a network small enough for ten thousand steps.
private struct SmallTraining {
  private let readsLoss: Bool
  private let x = Tensor.rand([8, 6])
  private let y = Tensor.rand([8, 2])
  private var w1 = Tensor.rand([6, 5], requiresGrad: true)
  private var w2 = Tensor.rand([5, 2], requiresGrad: true)

  init(readsLoss: Bool) { self.readsLoss = readsLoss }

  mutating func step() throws {
    let loss = (x.matmul(w1).relu().matmul(w2) - y).square().sum()
    if readsLoss { _ = try loss.item() }
    try loss.backward()
    noGrad {
      w1 -= 1e-3 * w1.grad
      w2 -= 1e-3 * w2.grad
    }
    if !readsLoss { try eval(w1, w2) }
  }

  func liveBytes() throws -> Int {
    try eval(w1, w2)
    return Memory.liveBytes
  }
}
