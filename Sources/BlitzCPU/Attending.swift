import BlitzTensor
import CKernels
import Synchronization

extension AttentionKernel: CPUKernel {
  func prepared() -> any PreparedKernel { BlockwiseAttention(kernel: self) }
}

/// Attention, whose units threads share out.
struct BlockwiseAttention: PreparedKernel {
  let kernel: AttentionKernel

  func call(_ run: Run) throws(TensorError) {
    var made = problem(run)
    let units = Int(blz_attention_units(&made))
    let byteCount = blz_attention_scratch(&made)
    let threads = min(ThreadPool.shared.threadCount, units)
    // One thread's blocks each; a thread goes through several units.
    let scratch = try (0..<threads).map { _ throws(TensorError) in
      try MemoryBlock(byteCount: byteCount)
    }
    let shared = Problem(attention: made)
    ThreadPool.shared.run(parts: threads) { thread in
      while let unit = shared.next(below: units) {
        shared.run(unit, scratch[thread].pointer)
      }
    }
  }

  /// What the C code is to compute.
  private func problem(_ run: Run) -> blz_attention {
    let (q, k, v) = (kernel.shapes[0], kernel.shapes[1], kernel.shapes[2])
    func floats(_ place: Int) -> UnsafeMutablePointer<Float> {
      run.pointer(kernel.operands[place]).assumingMemoryBound(to: Float.self)
    }
    let (rows, asked) = (q[0] * q[1] * q[2], kernel.attention)
    let result = run.pointer(kernel.result).assumingMemoryBound(to: Float.self)
    let out = asked.isBackward ? floats(3) : result
    var made = blz_attention()
    (made.batch, made.heads, made.groups) = (Int64(q[0]), Int64(q[1]), Int64(k[1]))
    (made.length, made.keys) = (Int64(q[2]), Int64(k[2]))
    (made.size, made.value_size) = (Int64(q[3]), Int64(v[3]))
    (made.scale, made.causal, made.dropout) = (asked.scale, asked.isCausal, asked.dropout)
    (made.queries, made.key_rows, made.values) = (
      UnsafePointer(floats(0)), UnsafePointer(floats(1)), UnsafePointer(floats(2))
    )
    (made.out, made.sums) = (out, out + rows * v[3])
    var place = 3
    if asked.isBackward {
      made.slope = UnsafePointer(floats(4))
      made.query_slope = result
      made.key_slope = result + q.elementCount
      made.value_slope = result + q.elementCount + k.elementCount
      place = 5
    }
    if asked.hasMask {
      let shape = kernel.shapes[place]
      made.mask = UnsafePointer(floats(place))
      made.mask_row = shape[2] == 1 ? 0 : Int64(shape[3])
      made.mask_head = shape[1] == 1 ? 0 : Int64(shape[2] * shape[3])
      made.mask_batch = shape[0] == 1 ? 0 : Int64(shape[1] * shape[2] * shape[3])
      place += 1
    }
    if asked.dropout > 0 {
      made.seed = run.pointer(kernel.operands[place]).load(as: UInt64.self)
    }
    return made
  }
}

/// A problem whose units threads take one after the other.
///
/// Unchecked: the pointers in it are to memory that the run's caller holds, and each unit writes
/// elements of its own.
private final class Problem: @unchecked Sendable {
  private let attention: blz_attention
  private let taken = Atomic<Int>(0)

  init(attention: blz_attention) { self.attention = attention }

  func next(below count: Int) -> Int? {
    let unit = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return unit < count ? unit : nil
  }

  func run(_ unit: Int, _ scratch: UnsafeMutableRawPointer) {
    withUnsafePointer(to: attention) { blz_attention_run($0, Int64(unit), scratch) }
  }
}
