import BlitzSystem
import BlitzTensor
import CKernels
import Synchronization

/// The threads that kernels are split over: the calling one and as many more as there are
/// further cores.
///
/// One evaluation runs at a time, so one job does. Between kernels of a plan the workers
/// wait awake for some microseconds, since going to sleep and waking takes longer than
/// most kernels; then they sleep.
final class ThreadPool: Sendable {
  static let shared = ThreadPool(
    threadCount: Environment.threadCount ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  let threadCount: Int

  /// Grows with every job; what the workers wait for.
  private let generation = Atomic<Int>(0)
  /// How many parts the job has (upper half) and which is taken next (lower half): in one
  /// word, so that a worker who comes late cannot take a part of one job for another's.
  private let parts = Atomic<UInt64>(0)
  /// How many parts of the job are done.
  private let done = Atomic<Int>(0)
  private let sleeping = Atomic<Int>(0)
  private let job = Job()
  private let bell = Bell()

  /// What the workers run.
  ///
  /// Unchecked: written before `parts` is, with release, and read by who took a part, with
  /// acquire; a job is not over, so not overwritten, before its parts are done.
  private final class Job: @unchecked Sendable {
    var body: @Sendable (Int) -> Void = { _ in }
  }

  /// How many times a waiting thread looks again before it goes to sleep: for longer than it takes
  /// to build the graph of a small training step, so that it is awake when the step's plan runs.
  private static let patience = 10_000

  init(threadCount: Int) {
    self.threadCount = max(1, min(threadCount, 256))
    for _ in 1..<max(self.threadCount, 2) where self.threadCount > 1 { startWorker() }
  }

  /// Runs `body` for each part from 0 on, on all threads, and returns when all are done.
  func run(parts count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    if count <= 1 || threadCount == 1 {
      for part in 0..<count { body(part) }
      return
    }
    job.body = body
    done.store(0, ordering: .relaxed)
    parts.store(UInt64(count) << 32, ordering: .releasing)
    generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if sleeping.load(ordering: .sequentiallyConsistent) > 0 { bell.ring() }
    work()
    var looks = 0
    while done.load(ordering: .acquiring) < count {
      looks += 1
      // On an overcommitted machine a worker may need this core to go on.
      if looks > ThreadPool.patience { sched_yield() } else { blz_pause() }
    }
  }

  /// Takes parts of the job until none is left.
  private func work() {
    while true {
      let taken = parts.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
      let (count, part) = (Int(taken >> 32), Int(taken & 0xffff_ffff))
      if part >= count { return }
      job.body(part)
      done.wrappingAdd(1, ordering: .releasing)
    }
  }

  private func workForever() {
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
      work()
    }
  }

  private func startWorker() {
    // Without a worker its share of a job would never be done: there is nothing sensible
    // to go on with.
    guard let thread = Thread({ self.workForever() }) else {
      fatalError("blitz: cannot start a thread")
    }
    thread.detach()
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
