import BlitzSystem
import Synchronization

/// Ctrl-C as a question that a loop can ask: the first asks to stop, the second ends at once.
enum Interrupt {
  /// Whether the user has asked to stop. One atomic read.
  static var isRequested: Bool { count > 0 }

  /// How often the user has asked.
  static var count: Int32 { requests.load(ordering: .relaxed) }

  /// A lock-free atomic is the one thing that a signal handler may write.
  fileprivate static let requests = Atomic<Int32>(0)

  /// Starts to catch Ctrl-C (SIGINT) and the polite request of service managers (SIGTERM).
  ///
  /// - Parameter counting: whether the second is counted, too, instead of ending the process.
  static func install(counting: Bool = false) {
    // The first use of a static makes it, which must not happen inside a signal handler.
    requests.store(0, ordering: .relaxed)
    var action = sigaction()
    #if os(Linux)
      action.__sigaction_handler = .init(sa_handler: noteInterrupt)
    #else
      action.__sigaction_u = .init(__sa_handler: noteInterrupt)
    #endif
    // The handler works once: after it the signal does what it does by default, it ends us. And
    // system calls that were under way go on.
    let once = Int32(bitPattern: UInt32(truncatingIfNeeded: SA_RESETHAND))
    action.sa_flags = (counting ? 0 : once) | SA_RESTART
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
    // A parent's blocked signals are inherited, and the threads of Foundation and Dispatch block
    // them all: started from such a one, the command would never hear of Ctrl-C.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}

/// What the system calls when the signal comes. A function of its own: as a closure inside
/// `install()` it makes the compiler of Swift 6.3.1 stop with an error of its own.
private func noteInterrupt(_ signal: Int32) {
  Interrupt.requests.add(1, ordering: .relaxed)
}
