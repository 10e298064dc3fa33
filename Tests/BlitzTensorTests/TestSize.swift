import Foundation

/// How much the tests of this module do.
enum TestSize {
  /// Whether also what takes minutes is tested: in CI, with BLITZ_TEST_FULL=1.
  static let isFull = ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1"
}
