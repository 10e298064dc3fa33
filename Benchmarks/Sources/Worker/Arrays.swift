import Blitz
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rows over ten million float32.
extension Worker {
  static let count = 10_000_000
  static let rounds = 15

  /// The derivative of ReLU by mask, into new memory: `grad` stays as it is.
  static func mask() throws -> Row {
    let generator = Generator(seed: 0)
    let h = Tensor.randn([count], generator: generator)
    let grad = Tensor.randn([count], generator: generator)
    try eval(h, grad)
    return {
      try median(of: rounds) {
        var masked = grad
        masked[h .< 0] = 0
        try masked.eval()
      }
    }
  }

  /// The derivative of ReLU by mask, over the gradient itself: nobody else holds its memory.
  static func maskInPlace() throws -> Row {
    let generator = Generator(seed: 0)
    let h = Tensor.randn([count], generator: generator)
    var grad = Tensor.randn([count], generator: generator)
    try eval(h, grad)
    return {
      try median(of: rounds) {
        grad[h .< 0] = 0
        try grad.eval()
      }
    }
  }

  /// Five elementwise ops, define by run.
  static func chain() throws -> Row {
    let x = Tensor.randn([count], generator: Generator(seed: 0))
    try x.eval()
    return { try median(of: rounds) { try ((x * 2 + 1).tanh() * x).sigmoid().eval() } }
  }

  /// A plain copy with as many threads as the kernels have: the bandwidth to compare with.
  static func copy() throws -> Row {
    let threads = threadCount
    let source = Block(count), target = Block(count)
    return {
      median(of: rounds) {
        DispatchQueue.concurrentPerform(iterations: threads) { part in
          let start = part * count / threads, end = (part + 1) * count / threads
          memcpy(target.start + start, source.start + start, (end - start) * 4)
        }
      }
    }
  }

  /// Memory that threads copy parts of, written once so that its pages are there.
  ///
  /// Unchecked: every thread has its own part.
  final class Block: @unchecked Sendable {
    let start: UnsafeMutablePointer<Float>

    init(_ count: Int) {
      start = .allocate(capacity: count)
      start.initialize(repeating: 1, count: count)
    }

    deinit { start.deallocate() }
  }

  static var threadCount: Int {
    environment("BLITZ_NUM_THREADS").flatMap { Int($0) }
      ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  static func flush() { _ = fflush(nil) }
}
