import Blitz
import Foundation
import Testing

/// What Tests/Reference/printing.py wrote.
private struct PrintingReference: Decodable {
  struct Case: Decodable {
    var name: String
    var shape: [Int]
    var dtype: String
    var text: String
  }

  var cases: [Case]

  static func load() throws -> PrintingReference {
    let url = try #require(
      Bundle.module.url(forResource: "printing", withExtension: "json", subdirectory: "Reference"))
    return try JSONDecoder().decode(PrintingReference.self, from: Data(contentsOf: url))
  }
}

/// A tensor in Swift that is the same as one of PyTorch.
struct PrintedTensor: Sendable, CustomTestStringConvertible {
  let torch: String
  let tensor: @Sendable () -> Tensor

  init(_ torch: String, _ tensor: @escaping @Sendable () -> Tensor) {
    self.torch = torch
    self.tensor = tensor
  }

  var testDescription: String { torch }
}

@Suite("Printing")
struct PrintingTests {
  @Test("lays numbers out as PyTorch does", arguments: tensors)
  func layout(_ row: PrintedTensor) throws {
    let expected = try #require(
      PrintingReference.load().cases.first { $0.name == row.torch }, "no such stored case")
    let tensor = row.tensor()
    #expect(tensor.description == "\(expected.text), \(expected.dtype)\(expected.shape)")
  }

  @Test("has a row for every stored case")
  func complete() throws {
    let names = try PrintingReference.load().cases.map(\.name)
    #expect(Set(names) == Set(PrintingTests.tensors.map(\.torch)))
  }

  @Test("among others shows few elements, aligned, or the signature")
  func inCollections() {
    let (x, y) = (Tensor([[1.0, 2], [3, 4]]), Tensor([0, 1]))
    #expect(
      "\([x, y])" == """
        [Tensor([[1.0, 2.0],
                [3.0, 4.0]], float32[2, 2]), Tensor([0, 1], int64[2])]
        """)
    let batch = (inputs: Tensor.zeros([32, 1, 8, 8]), labels: y)
    #expect(
      "\(batch)" == "(inputs: Tensor(float32[32, 1, 8, 8]), labels: Tensor([0, 1], int64[2]))")
    #expect("\([Tensor.zeros([5, 5])])".contains("0.") && !"\([Tensor.zeros([26])])".contains("0."))
    let failed = Tensor.zeros([2]) + Tensor.zeros([3])
    #expect("\([failed])".hasPrefix("[Tensor(error: add: the shapes do not broadcast: axis -1 "))
  }

  @Test("shows dtype and shape of tensors without elements")
  func empty() {
    #expect(Tensor.zeros([0]).description == "[], float32[0]")
    #expect(Tensor.zeros([3, 0, 2], dtype: .bool).description == "[], bool[3, 0, 2]")
  }

  @Test("shows the error that a tensor carries")
  func failure() {
    let failed = Tensor.zeros([2]) + Tensor.zeros([3])
    #expect(failed.description.hasPrefix("add: the shapes do not broadcast"))
    let late = Tensor([1, 2])[Tensor([5])]
    #expect(late.description.hasPrefix("[]: the index 5 is out of range"))
  }

  @Test("prints few numbers of a tensor of many axes")
  func manyAxes() {
    let text = Tensor.zeros(Shape([Int](repeating: 4, count: 9))).description
    #expect(text.utf8.count < 100_000)
    #expect(text.hasSuffix("float32[4, 4, 4, 4, 4, 4, 4, 4, 4]"))
  }

  @Test("dumps a struct of tensors in a few lines")
  func mirrors() {
    struct Layer { let weight = Tensor.zeros([1000, 1000]) }
    var text = ""
    dump(Layer(), to: &text)
    #expect(text.utf8.count < 2000)
    #expect(text.contains("float32[1000, 1000]"))
  }

  static let tensors = short + long

  static let short: [PrintedTensor] = [
    PrintedTensor("torch.tensor(3.0)") { Tensor(3.0) },
    PrintedTensor("torch.tensor(3.14159)") { Tensor(3.14159) },
    PrintedTensor("torch.tensor(7)") { Tensor(7) },
    PrintedTensor("torch.tensor(True)") { Tensor(true) },
    PrintedTensor("torch.tensor([1.0, 2.0, 3.0])") { Tensor([1.0, 2, 3]) },
    PrintedTensor("torch.tensor([1.5, 2.0, -300.25])") { Tensor([1.5, 2, -300.25]) },
    PrintedTensor("torch.tensor([[1.5, 2.0], [3.0, 4.0]])") { Tensor([[1.5, 2], [3, 4]]) },
    PrintedTensor("torch.tensor([1.0, 10000.0])") { Tensor([1.0, 10000]) },
    PrintedTensor("torch.tensor([0.00001, 1.0])") { Tensor([0.00001, 1]) },
    PrintedTensor("torch.tensor([123456789.5, 1.0], dtype=torch.float64)") {
      Tensor([123456789.5, 1], dtype: .float64)
    },
    PrintedTensor("torch.tensor([1e-7, 2e-8])") { Tensor([1e-7, 2e-8]) },
    PrintedTensor("torch.tensor([nan, inf, -inf])") {
      Tensor([Float.nan, .infinity, -.infinity])
    },
    PrintedTensor("torch.tensor([nan, 1.0, inf])") { Tensor([Float.nan, 1, .infinity]) },
    PrintedTensor("torch.tensor([0.5, -inf, 2.25])") { Tensor([0.5 as Float, -.infinity, 2.25]) },
    PrintedTensor("torch.tensor([0.0, -0.0])") { Tensor([0.0, -0.0]) },
    PrintedTensor("torch.tensor([0.1, 0.02, 0.003], dtype=torch.float64)") {
      Tensor([0.1, 0.02, 0.003], dtype: .float64)
    },
    PrintedTensor("torch.tensor([0.5, 100.25], dtype=torch.float16)") {
      Tensor([0.5, 100.25] as [Float16])
    },
    PrintedTensor("torch.tensor([0.5, 3.140625], dtype=torch.bfloat16)") {
      Tensor([0.5, 3.140625], dtype: .bfloat16)
    },
    PrintedTensor("torch.tensor([1, -20, 300])") { Tensor([1, -20, 300]) },
    PrintedTensor("torch.tensor([[1, 20], [200, 4]], dtype=torch.uint8).to(torch.int32)") {
      Tensor([[1, 20], [200, 4]], dtype: .uint8).cast(to: .int32)
    },
    PrintedTensor("torch.tensor([True, False])") { Tensor([true, false]) },
  ]

  static let long: [PrintedTensor] = [
    PrintedTensor("torch.arange(24).reshape(2, 3, 4)") {
      Tensor.arange(24).reshaped(to: [2, 3, 4])
    },
    PrintedTensor("torch.arange(24.0).reshape(2, 3, 4) / 8") {
      Tensor.arange(24, dtype: .float32).reshaped(to: [2, 3, 4]) / 8
    },
    PrintedTensor("torch.arange(16).reshape(2, 2, 2, 2)") {
      Tensor.arange(16).reshaped(to: [2, 2, 2, 2])
    },
    PrintedTensor("torch.arange(30.0) / 4") { Tensor.arange(30, dtype: .float32) / 4 },
    PrintedTensor("torch.arange(1000)") { Tensor.arange(1000) },
    PrintedTensor("torch.arange(1001)") { Tensor.arange(1001) },
    PrintedTensor("torch.arange(1200.0).reshape(40, 30) / 7") {
      Tensor.arange(1200, dtype: .float32).reshaped(to: [40, 30]) / 7
    },
    PrintedTensor("torch.arange(1200).reshape(3, 400)") {
      Tensor.arange(1200).reshaped(to: [3, 400])
    },
    PrintedTensor("torch.arange(2000).reshape(400, 5)") {
      Tensor.arange(2000).reshaped(to: [400, 5])
    },
    PrintedTensor("torch.arange(4096).reshape(8, 8, 8, 8)") {
      Tensor.arange(4096).reshaped(to: [8, 8, 8, 8])
    },
  ]
}
