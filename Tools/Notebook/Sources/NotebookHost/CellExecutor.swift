import CNotebookHost
import Glibc

/// Runs the tasks of cells on a thread of its own, so that a trap in one stops that thread and
/// nothing else. After a trap a new executor with a new thread takes its place.
final class CellExecutor: TaskExecutor, @unchecked Sendable {
  // Unchecked: `jobs` is touched only with `mutex` locked.
  private var jobs: [UnownedJob] = []
  private let mutex: UnsafeMutablePointer<pthread_mutex_t> = .allocate(capacity: 1)
  private let isFilled: UnsafeMutablePointer<pthread_cond_t> = .allocate(capacity: 1)

  // Both live as long as the process: a parked thread may still point to them.
  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(isFilled, nil)
  }

  /// Starts the thread.
  func start() -> Bool {
    let this = Unmanaged.passRetained(self).toOpaque()
    return cell_thread_start(
      { Unmanaged<CellExecutor>.fromOpaque($0!).takeUnretainedValue().serve() }, this) == 0
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    pthread_mutex_lock(mutex)
    jobs.append(job)
    pthread_cond_signal(isFilled)
    pthread_mutex_unlock(mutex)
  }

  private func serve() {
    while true {
      pthread_mutex_lock(mutex)
      while jobs.isEmpty { pthread_cond_wait(isFilled, mutex) }
      let job = jobs.removeFirst()
      pthread_mutex_unlock(mutex)
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
