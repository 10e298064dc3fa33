import Blitz
import Foundation
import Testing

@testable import BlitzONNX

/// A few of the node tests of the onnx package; `Tests/Reference/onnx_nodes.py` writes them, and
/// `blitz onnx test` runs all that there are.
@Suite("node tests of onnx")
struct NodeTests {
  static let folder = Bundle.module.path(forResource: "Reference", ofType: nil)! + "/nodes"

  @Test("every stored test gives what the reference gave")
  func all() throws {
    let tests = try ONNXTest.all(in: NodeTests.folder)
    #expect(tests.count == 41)
    for test in tests {
      guard case .passed = test.run() else {
        Issue.record("\(test.name): \(test.run())")
        continue
      }
    }
  }

  @Test("a folder without tests is an error")
  func empty() {
    #expect(throws: DataError.self) {
      try ONNXTest.all(in: NodeTests.folder + "/test_if/test_data_set_0")
    }
  }
}
