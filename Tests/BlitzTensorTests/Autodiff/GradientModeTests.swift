import BlitzTensor
import Foundation
import Testing

@Suite("noGrad")
struct GradientModeTests {
  private let w = Tensor([1.0, 2], requiresGrad: true)

  /// Whether an op on a tracked tensor is recorded here.
  private var records: Bool { (w * 2).requiresGrad }

  @Test("holds for its body and across suspensions, and ends with it")
  func body() async {
    #expect(records)
    #expect(noGrad { !records })
    let inside = await noGrad {
      let before = records
      await Task.yield()
      try? await Task.sleep(for: .milliseconds(1))
      return [before, records]
    }
    #expect(inside == [false, false])
    #expect(records)
  }

  @Test("holds for the tasks that its body starts, also after its end")
  func tasks() async {
    let task = noGrad { Task { records } }
    #expect(await task.value == false)
    let child = await noGrad {
      async let value = records
      return await value
    }
    #expect(!child)
    let group = await noGrad {
      await withTaskGroup(of: Bool.self) { group in
        group.addTask { records }
        return await group.next() ?? true
      }
    }
    #expect(!group)
  }

  @Test("does not hold for detached tasks, threads, queues and tasks from before")
  func others() async {
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let earlier = Task {
      for await _ in gate {}
      return records
    }
    let detached = noGrad { Task.detached { records } }
    let onThread = await noGrad {
      await withCheckedContinuation { done in
        Thread.detachNewThread { done.resume(returning: records) }
      }
    }
    let onQueue = await noGrad {
      await withCheckedContinuation { done in
        DispatchQueue.global().async { done.resume(returning: records) }
      }
    }
    let before = await noGrad {
      open.finish()
      return await earlier.value
    }
    #expect(await detached.value)
    #expect(onThread && onQueue && before)
  }
}
