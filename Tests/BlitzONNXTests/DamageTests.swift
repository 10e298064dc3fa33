import Blitz
import Foundation
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

  /// `BLITZ_TEST_FULL=1`, which `.ci/run` sets, tries fifty times as many models.
  static let count =
    ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1" ? 100_000 : 2_000

  @Test("damaged at random: an error or a model, and no memory beyond the file's")
  func random() async {
    await #expect(processExitsWith: .success) {
      let folders = try FileManager.default.contentsOfDirectory(atPath: NodeTests.folder).sorted()
      let models = folders.compactMap {
        FileManager.default.contents(atPath: "\(NodeTests.folder)/\($0)/model.onnx").map(Array.init)
      }
      // The undamaged ones are read, or the test would test nothing.
      for model in models { _ = try ONNXModel(bytes: model) }
      #expect(models.count == 41)
      Memory.resetPeak()
      var readCount = 0
      for index in 0..<DamageTests.count {
        var random = ExampleGenerator(seed: 0, index: index)
        let bytes = DamageTests.damaged(models, using: &random)
        do {
          _ = try ONNXModel(bytes: bytes)
          readCount += 1
        } catch let error as DataError {
          if error.reason.isEmpty { throw error }
        }
      }
      #expect(readCount > 0 && readCount < DamageTests.count)
      #expect(Memory.peakBytes < 64 << 20)
    }
  }

  /// A model with up to four faults: bits that flip, numbers at the ends of their range, bytes that
  /// are gone, repeated or another model's.
  private static func damaged(
    _ models: [[UInt8]], using random: inout ExampleGenerator
  ) -> [UInt8] {
    var bytes = models.randomElement(using: &random)!
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(place + Int.random(in: 1...16, using: &random), bytes.count)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.removeSubrange(place..<end)
      case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 3:
        let other = models.randomElement(using: &random)!
        let start = Int.random(in: 0..<other.count, using: &random)
        bytes.replaceSubrange(place..<end, with: other[start...].prefix(64))
      case 4:
        for position in place..<end { bytes[position] = Bool.random(using: &random) ? 0xff : 0x7f }
      default: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
    }
    return bytes
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
