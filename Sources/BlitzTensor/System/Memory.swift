import BlitzSystem
import Synchronization

/// How much of this machine's memory tensors take.
///
/// Freed blocks are kept and handed out again, so a training loop asks the system for
/// memory only in its first steps.
public enum Memory {
  /// Bytes that tensors and running plans hold now.
  public static var liveBytes: Int { pool.withLock { $0.live } }

  /// The most bytes that were held at once, since the start or the last `resetPeak()`.
  public static var peakBytes: Int { pool.withLock { $0.peak } }

  /// Bytes that no tensor uses, kept for the next ones.
  public static var cachedBytes: Int { pool.withLock { $0.cached } }

  /// Restarts `peakBytes` from what is held now: `torch.cuda.reset_peak_memory_stats`.
  public static func resetPeak() { pool.withLock { $0.peak = $0.live } }

  /// Gives the memory that is kept back to the system: `torch.cuda.empty_cache`.
  public static func releaseCache() { pool.withLock { $0.releaseCache() } }

  static let pool = Lock(Pool())

  /// Blocks by size class. A block never changes its class.
  struct Pool: ~Copyable {
    var live = 0
    var peak = 0
    var cached = 0
    private var free: [Int: [UInt]] = [:]

    /// A block of at least `byteCount` bytes, aligned to a cache line; nil if this machine
    /// does not have so much memory.
    mutating func take(_ byteCount: Int) -> (block: UnsafeMutableRawPointer, size: Int)? {
      guard byteCount <= Pool.physicalBytes else { return nil }
      let size = Pool.sizeClass(byteCount)
      if let address = free[size]?.popLast() {
        cached -= size
        count(size)
        return (UnsafeMutableRawPointer(bitPattern: address)!, size)
      }
      // A step gives back what the next one takes: that is kept. Sizes that do not come again would
      // add up, so no more is held than the most that was ever in use, and a quarter.
      if live + cached + size > max((live + size) * 5 / 4, peak * 5 / 4, Pool.smallestCache) {
        releaseCache()
      }
      if size >= Pool.largest && !Pool.isAvailable(size) {
        releaseCache()
        // Linux grants more than there is and ends the program when it is used.
        guard Pool.isAvailable(size) else { return nil }
      }
      var block: UnsafeMutableRawPointer?
      let isLarge = size >= Pool.hugePage
      guard posix_memalign(&block, isLarge ? Pool.hugePage : 64, size) == 0, let block else {
        return nil
      }
      #if os(Linux)
        // Fewer page faults when a large array is written for the first time.
        if isLarge { madvise(block, size, MADV_HUGEPAGE) }
      #endif
      count(size)
      return (block, size)
    }

    mutating func give(_ block: UnsafeMutableRawPointer, size: Int) {
      live -= size
      cached += size
      free[size, default: []].append(UInt(bitPattern: block))
    }

    mutating func releaseCache() {
      for addresses in free.values {
        for address in addresses { BlitzSystem.free(UnsafeMutableRawPointer(bitPattern: address)) }
      }
      free.removeAll()
      cached = 0
    }

    private mutating func count(_ size: Int) {
      live += size
      peak = max(peak, live)
    }

    /// Four classes between a power of two and the next: at most a quarter is wasted.
    private static func sizeClass(_ byteCount: Int) -> Int {
      let least = 64
      if byteCount <= least { return least }
      let step = max(least, 1 << (Int.bitWidth - 3 - (byteCount - 1).leadingZeroBitCount))
      return (byteCount + step - 1) / step * step
    }

    /// Whether the system has so much memory left; yes where it does not tell.
    private static func isAvailable(_ byteCount: Int) -> Bool {
      #if os(Linux)
        guard let file = fopen("/proc/meminfo", "r") else { return true }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        while fgets(&line, Int32(line.count), file) != nil {
          let text = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
          guard text.hasPrefix("MemAvailable:") else { continue }
          let kilobytes = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
          return kilobytes.map { byteCount / 1024 <= $0 } ?? true
        }
      #endif
      return true
    }

    /// From this size on the system is asked how much memory it has left.
    private static let largest = 64 << 20
    private static let hugePage = 2 << 20
    private static let smallestCache = 32 << 20
    private static let physicalBytes =
      Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}

/// A block of host memory that goes back to the pool when nobody holds it.
///
/// Unchecked: a block is written by the evaluation that made it, before any other thread
/// can see it, and by evaluations that found themselves to be its only holder.
package final class MemoryBlock: @unchecked Sendable {
  /// The first byte, aligned to 64.
  package let pointer: UnsafeMutableRawPointer
  private let size: Int
  /// 0 until somebody asks.
  private var knownVersion = 0
  private static let versionCount = Atomic<Int>(0)

  /// A number that no other block has, nor this one once its bytes were changed: what is made of
  /// the bytes, such as packed weights, can be used again as long as it is the same.
  package var version: Int {
    if knownVersion == 0 {
      knownVersion = MemoryBlock.versionCount.wrappingAdd(1, ordering: .relaxed).newValue
    }
    return knownVersion
  }

  /// Says that the bytes are other ones now: asked of whoever writes to a block that was read.
  package func noteChange() { knownVersion = 0 }

  /// Takes a block of at least `byteCount` bytes.
  ///
  /// - Throws: `TensorError` if this machine does not have so much memory left.
  package init(byteCount: Int) throws(TensorError) {
    guard let (block, size) = Memory.pool.withLock({ $0.take(byteCount) }) else {
      throw TensorError(
        "allocate", "\(byteCount) bytes are more than this machine has left",
        operands: [("in use", "\(Memory.liveBytes) bytes")],
        help: "use smaller tensors or batches, or a dtype that takes fewer bytes")
    }
    pointer = block
    self.size = size
  }

  deinit { Memory.pool.withLock { $0.give(pointer, size: size) } }
}

/// Where a tensor's elements are: contiguous, row-major, from an offset in a block that
/// other tensors may share.
package struct Storage: Sendable {
  /// The memory.
  package var block: MemoryBlock
  /// Where the first element is, in bytes from the start of the block.
  package var byteOffset: Int

  /// Names the bytes of a block from an offset on.
  package init(block: MemoryBlock, byteOffset: Int = 0) {
    self.block = block
    self.byteOffset = byteOffset
  }

  /// The first element's address.
  package var pointer: UnsafeMutableRawPointer { block.pointer + byteOffset }
}
