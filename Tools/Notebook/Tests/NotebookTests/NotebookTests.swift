import Testing

/// Tests that start kernels, one after another: they share a kernel, and measure.
@Suite(.serialized)
struct NotebookTests {
  /// One kernel for the tables of small cells.
  // Unsafe as a client is, but the tests take turns.
  nonisolated(unsafe) static let shared = Result { try Client() }
}
