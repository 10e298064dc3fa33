import BlitzTensor
import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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
  /// The next part of the job to be taken.
  private let nextPart = Atomic<Int>(0)
  /// Workers that have not yet seen that a job has no parts left.
  private let busy = Atomic<Int>(0)
  private let sleeping = Atomic<Int>(0)
  private let job = JobBox()
  private let bell = Bell()

  /// What the workers run.
  ///
  /// Unchecked: written before `generation` is, with release, and read after it, with acquire.
  private final class JobBox: @unchecked Sendable {
    var body: (@Sendable (Int) -> Void)?
    var partCount = 0
  }

  private static let patience = 2000

  init(threadCount: Int) {
    self.threadCount = max(1, min(threadCount, 256))
    for _ in 1..<max(self.threadCount, 1) where self.threadCount > 1 { startWorker() }
  }

  /// Runs `body` for each part from 0 on, on all threads, and returns when all are done.
  func run(parts: Int, _ body: @Sendable (Int) -> Void) {
    if parts <= 1 || threadCount == 1 {
      for part in 0..<parts { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      job.body = body
      job.partCount = parts
      nextPart.store(0, ordering: .relaxed)
      busy.store(threadCount - 1, ordering: .relaxed)
      generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
      if sleeping.load(ordering: .sequentiallyConsistent) > 0 { bell.ring() }
      work(body, parts)
      var spins = 0
      while busy.load(ordering: .acquiring) > 0 {
        spins += 1
        // On an overcommitted machine a worker may need this core to go on.
        if spins > ThreadPool.patience { sched_yield() } else { pause() }
      }
      job.body = nil
    }
  }

  private func work(_ body: @Sendable (Int) -> Void, _ parts: Int) {
    while true {
      let part = nextPart.wrappingAdd(1, ordering: .relaxed).oldValue
      if part >= parts { return }
      body(part)
    }
  }

  private func workForever() {
    Threading.useOneLibraryThread()
    var seen = 0
    while true {
      var spins = 0
      while generation.load(ordering: .acquiring) == seen {
        spins += 1
        if spins < ThreadPool.patience {
          pause()
        } else {
          sleeping.wrappingAdd(1, ordering: .sequentiallyConsistent)
          bell.wait { generation.load(ordering: .sequentiallyConsistent) != seen }
          sleeping.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        }
      }
      seen = generation.load(ordering: .acquiring)
      if let body = job.body { work(body, job.partCount) }
      busy.wrappingSubtract(1, ordering: .releasing)
    }
  }

  private func startWorker() {
    var thread = pthread_t()
    let pool = Unmanaged.passRetained(self)
    let result = pthread_create(
      &thread, nil,
      { context in
        Unmanaged<ThreadPool>.fromOpaque(context!).takeUnretainedValue().workForever()
        return nil
      }, pool.toOpaque())
    // Without a worker its share of a job would never be done: there is nothing sensible
    // to go on with.
    guard result == 0 else { fatalError("blitz: cannot start a thread (error \(result))") }
    pthread_detach(thread)
  }

  /// Tells the core that this thread waits.
  @inline(__always)
  private func pause() { blz_pause() }
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

/// How oneDNN's own threads are kept out of the way.
enum Threading {
  /// Products are split over this pool's threads, so each call of oneDNN uses the thread
  /// that makes it. Debian's oneDNN takes the number from OpenMP, for each thread anew.
  static func useOneLibraryThread() { setThreads?(1) }

  private static let setThreads: (@convention(c) (Int32) -> Void)? = {
    // A nil handle: wherever it was loaded from.
    guard let symbol = dlsym(nil, "omp_set_num_threads") else { return nil }
    return unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)
  }()
}
