import Blitz
import Testing

@testable import BlitzONNX

/// Damaged models are errors or models, never traps.
@Suite("damaged ONNX models")
struct DamageTests {
  private func load(_ bytes: [UInt8]) {
    guard let model = try? ONNXModel(bytes: bytes) else { return }
    _ = try? noGrad { try eval(model(Tensor.ones([1, 2]))) }
  }

  @Test("cut at every byte")
  func cut() {
    let bytes = TestModel.scaled.bytes
    for count in bytes.indices { load(Array(bytes[..<count])) }
    #expect(throws: DataError.self) { try ONNXModel(bytes: Array(bytes[..<20])) }
  }

  @Test("each byte replaced")
  func replaced() throws {
    let bytes = TestModel.scaled.bytes
    for place in bytes.indices {
      for value: UInt8 in [0, 0xff, bytes[place] ^ 0x10] {
        var damaged = bytes
        damaged[place] = value
        load(damaged)
      }
    }
    #expect(try ONNXModel(bytes: bytes).opset == 17)
  }

  @Test("messages in messages, without end")
  func depth() {
    var bytes: [UInt8] = []
    // A graph whose node has a graph as an attribute, and so on.
    for _ in 0..<200 {
      var graph = WireWriter()
      let inner = bytes
      graph.message(1) { node in node.message(5) { $0.bytes(6, inner) } }
      bytes = graph.bytes
    }
    var model = WireWriter()
    model.bytes(7, bytes)
    do {
      _ = try ONNXModel(bytes: model.bytes)
      Issue.record("no error")
    } catch {
      #expect(error.reason.contains("messages lie in each other over 100 deep"))
    }
  }

  @Test("sizes whose product is no size")
  func sizes() {
    for sizes in [[1 << 40, 1 << 40], [-1], [Int.max, 2], [1 << 50]] {
      var graph = WireWriter()
      graph.message(5) { tensor in
        for size in sizes { tensor.int(1, size) }
        tensor.int(2, 1)
        tensor.text(8, "w")
      }
      var model = WireWriter()
      model.bytes(7, graph.bytes)
      #expect(throws: DataError.self) { try ONNXModel(bytes: model.bytes) }
    }
  }
}
