import BlitzSystem
import BlitzTensor
import CKernels
import Synchronization

/// The threads that kernels are split over: the calling one and as many more as there are
/// further cores.
///
/// One evaluation runs at a time, so one job does. Each thread has a share of the job's parts, side
/// by side, and the same share of the next job: what it wrote is then in its own core's cache. Who
/// is done with its own share takes parts of the others'. Between kernels of a plan the workers
/// wait awake for some microseconds, since going to sleep and waking takes longer than most
/// kernels; then they sleep.
final class ThreadPool: Sendable {
  static let shared = ThreadPool(
    threadCount: Environment.threadCount ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  let threadCount: Int

  /// Grows with every job; what the workers wait for.
  private let generation = Atomic<Int>(0)
  /// One for each thread, the calling one's first.
  private let shares: Shares
  /// How many parts of the job are done.
  private let done = Atomic<Int>(0)
  private let sleeping = Atomic<Int>(0)
  private let job = Job()
  private let bell = Bell()

  /// What the workers run.
  ///
  /// Unchecked: written before the shares are, with release, and read by who took a part, with
  /// acquire; a job is not over, so not overwritten, before its parts are done.
  private final class Job: @unchecked Sendable {
    var body: @Sendable (Int) -> Void = { _ in }
    /// How many jobs one after the other the calling thread did alone, with the workers awake; only
    /// it asks.
    var missed = 0
  }

  /// After so many jobs alone the calling thread lets others on its core go first.
  private static let mostMissed = 8

  /// How many times a waiting thread looks again before it goes to sleep: for longer than it takes
  /// to build the graph of a small training step, so that it is awake when the step's plan runs.
  private static let patience = 10_000

  init(threadCount: Int) {
    self.threadCount = max(1, min(threadCount, 256))
    shares = Shares(count: self.threadCount)
    for thread in 0..<self.threadCount where thread > 0 { startWorker(thread) }
  }

  /// Runs `body` for each part from 0 on, on all threads, and returns when all are done.
  func run(parts count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    if count <= 1 || threadCount == 1 {
      for part in 0..<count { body(part) }
      return
    }
    job.body = body
    done.store(0, ordering: .relaxed)
    for thread in 0..<threadCount {
      shares.set(
        thread, first: thread * count / threadCount, end: (thread + 1) * count / threadCount)
    }
    generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if sleeping.load(ordering: .sequentiallyConsistent) > 0 { bell.ring() }
    let own = work(as: 0)
    if own == count && sleeping.load(ordering: .relaxed) == 0 {
      // A real-time thread that never waits may keep a worker from the core that both are on.
      job.missed += 1
      if job.missed % ThreadPool.mostMissed == 0 { sched_yield() }
    } else {
      job.missed = 0
    }
    var looks = 0
    while done.load(ordering: .acquiring) < count {
      looks += 1
      // On an overcommitted machine a worker may need this core to go on.
      if looks > ThreadPool.patience { sched_yield() } else { blz_pause() }
    }
  }

  /// Does the parts of the thread's own share, then what is left of the others', and says how many
  /// it did.
  @discardableResult
  private func work(as thread: Int) -> Int {
    var total = 0
    for other in 0..<threadCount {
      let place = thread + other
      let finished = finish(shareOf: place < threadCount ? place : place - threadCount)
      if finished > 0 { done.wrappingAdd(finished, ordering: .releasing) }
      total += finished
    }
    return total
  }

  /// Takes parts of a thread's share until none is left, and says how many it took.
  private func finish(shareOf thread: Int) -> Int {
    guard var part = shares.take(of: thread) else { return 0 }
    let body = job.body
    var count = 0
    while true {
      body(part)
      count += 1
      guard let next = shares.take(of: thread) else { return count }
      part = next
    }
  }

  private func workForever(_ thread: Int) {
    var seen = 0
    while true {
      var looks = 0
      while generation.load(ordering: .acquiring) == seen {
        looks += 1
        if looks < ThreadPool.patience {
          blz_pause()
        } else {
          sleeping.wrappingAdd(1, ordering: .sequentiallyConsistent)
          bell.wait { generation.load(ordering: .sequentiallyConsistent) != seen }
          sleeping.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        }
      }
      seen = generation.load(ordering: .acquiring)
      work(as: thread)
    }
  }

  private func startWorker(_ thread: Int) {
    // Without a worker its share of a job would never be done: there is nothing sensible
    // to go on with.
    guard let thread = Thread({ self.workForever(thread) }) else {
      fatalError("blitz: cannot start a thread")
    }
    thread.detach()
  }
}

/// The parts of a job that each thread is to do.
///
/// Unchecked: they are atomic, and stay at one address as long as the program runs.
private final class Shares: @unchecked Sendable {
  /// Where a share ends (upper half) and which part is taken next (lower half): in one word, so
  /// that a worker who comes late cannot take a part of one job for another's.
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  /// Different threads write them, so each has a cache line of its own.
  private static let spacing = 8

  init(count: Int) {
    words = UnsafeMutableRawPointer.allocate(
      byteCount: count * Shares.spacing * MemoryLayout<UInt64>.size, alignment: 64
    ).bindMemory(to: Atomic<UInt64>.self, capacity: count * Shares.spacing)
    for index in 0..<count * Shares.spacing { (words + index).initialize(to: Atomic(0)) }
  }

  func set(_ thread: Int, first: Int, end: Int) {
    words[thread * Shares.spacing].store(
      UInt64(end) << 32 | UInt64(first), ordering: .releasing)
  }

  /// A part of a thread's share that nobody else takes; nil if none is left.
  func take(of thread: Int) -> Int? {
    let word = words + thread * Shares.spacing
    let seen = word.pointee.load(ordering: .relaxed)
    if seen & 0xffff_ffff >= seen >> 32 { return nil }
    let taken = word.pointee.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
    let part = taken & 0xffff_ffff
    return part < taken >> 32 ? Int(part) : nil
  }
}

/// What sleeping workers wait for.
///
/// Unchecked: the C objects are made for use by several threads, and stay at one address.
private final class Bell: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  func ring() {
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  func wait(until isDone: () -> Bool) {
    pthread_mutex_lock(mutex)
    while !isDone() { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }
}
