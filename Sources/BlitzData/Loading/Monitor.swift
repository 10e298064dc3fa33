#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A value that one thread at a time may use, and on whose change threads can wait.
///
/// Unchecked: the value is reached only under the mutex.
final class Monitor<Value>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var value: Value

  init(_ value: sending Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` on the value while nobody else does.
  func withLock<Answer, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }

  /// Runs `body` when somebody changes the value, again and again until it returns something;
  /// then wakes all who wait, if `body` makes a change that they wait for.
  func wait<Answer>(andWake wakes: Bool = false, for body: (inout Value) -> Answer?) -> Answer {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let answer = body(&value) {
        if wakes { pthread_cond_broadcast(condition) }
        return answer
      }
      pthread_cond_wait(condition, mutex)
    }
  }

  /// Changes the value and wakes all who wait.
  func change<Answer>(_ body: (inout Value) -> Answer) -> Answer {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    defer { pthread_cond_broadcast(condition) }
    return body(&value)
  }
}

/// A thread of the system's.
///
/// Unchecked: a handle that any thread may use.
struct Thread: @unchecked Sendable {
  private let handle: pthread_t

  /// Starts to run `body` on a new thread, which must be joined; nil if there is none to be had.
  init?(_ body: @escaping @Sendable () -> Void) {
    let main = Unmanaged.passRetained(Main(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let code = pthread_create(&thread, nil, { Main.run($0) }, main.toOpaque())
    #else
      var thread: pthread_t? = pthread_t()
      let code = pthread_create(&thread!, nil, { Main.run($0!) }, main.toOpaque())
    #endif
    guard code == 0, let thread else {
      main.release()
      return nil
    }
    handle = thread
  }

  /// Waits until the thread has ended.
  func join() { pthread_join(handle, nil) }

  /// What a thread runs, behind the pointer that C passes on.
  private final class Main: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    static func run(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
      Unmanaged<Main>.fromOpaque(context).takeRetainedValue().body()
      return nil
    }
  }
}
