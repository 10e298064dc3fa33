import Synchronization

/// The files that are mapped into memory, which come and go on all threads.
///
/// Who looks at everything that is mapped, as the search for a line of the user's code does, would
/// fall into the hole that a file leaves which goes meanwhile: the process would end.
package enum Mappings {
  private static let lock = Mutex(())

  /// Runs `body` while no file's memory is given back.
  package static func whileAllStay<R: Sendable>(_ body: () -> R) -> R {
    lock.withLock { _ in body() }
  }

  /// Gives back the memory of a mapped file.
  package static func remove(_ start: UnsafeRawPointer, count: Int) {
    lock.withLock { _ in _ = munmap(UnsafeMutableRawPointer(mutating: start), count) }
  }
}
