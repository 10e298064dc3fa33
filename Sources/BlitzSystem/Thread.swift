/// A thread of the system's.
///
/// Unchecked: a handle that any thread may use.
package struct Thread: @unchecked Sendable {
  private let handle: pthread_t

  /// Starts to run `body` on a new thread, which must be joined or detached; nil if there is none
  /// to be had.
  package init?(_ body: @escaping @Sendable () -> Void) {
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
  package func join() { pthread_join(handle, nil) }

  /// Lets the thread run on by itself.
  package func detach() { pthread_detach(handle) }

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
