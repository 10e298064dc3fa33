import Blitz
import Foundation
import Testing

private struct Block: Layer {
  let conv = Conv2d(1, 4, size: 3)
  let norm = BatchNorm2d(4)
  let drop = Dropout(0.25)
  func forward(_ input: Tensor) -> Tensor { drop(norm(conv(input))) }
}

private struct Net: Layer {
  let blocks = [Block(), Block()]
  let head = Sequential(Linear(4, 2), ReLU())
  @Parameter var scale = Tensor.ones([2])
  func forward(_ input: Tensor) -> Tensor { head(input) * scale }
}

private final class Parent: Module {
  let child = Child()
  init() { child.parent = self }
}
private final class Child: Module {
  weak var parent: Parent?
  @Parameter var weight = Tensor.ones([3])
}

@Suite("What print shows of models and their files")
struct DescriptionTests {
  @Test("print(model) is a tree, as PyTorch's")
  func tree() {
    let net = Net()
    net.$scale.isFrozen = true
    #expect(
      "\(net)" == """
        Net(
          (blocks.0): Block(
            (conv): Conv2d(1, 4, size: 3x3)
            (norm): BatchNorm2d(4)
            (drop): Dropout(probability: 0.25)
          )
          (blocks.1): Block(
            (conv): Conv2d(1, 4, size: 3x3)
            (norm): BatchNorm2d(4)
            (drop): Dropout(probability: 0.25)
          )
          (head): Sequential(
            (0): Linear(4, 2)
            (1): ReLU()
          )
          (scale): Parameter(float32[2], isFrozen: true)
        )
        """)
    #expect("\(Linear(3, 4).$weight)" == "Parameter(float32[4, 3])")
  }

  @Test("a child that refers to its parent ends the tree")
  func cycle() {
    let parent = Parent()
    #expect(
      "\(parent)" == """
        Parent(
          (child): Child(
            (parent): Parent(...)
            (weight): Parameter(float32[3])
          )
        )
        """)
  }

  @Test("a model is saved to a file and loaded from it")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "net.safetensors").path
    let (saved, loaded) = (Linear(3, 2), Linear(3, 2))
    try saved.save(path)
    try loaded.load(path)
    #expect(try loaded.weight.scalars(as: Float.self) == saved.weight.scalars(as: Float.self))
    #expect(throws: StateError.self) { try Linear(4, 2).load(path) }
    let error = #expect(throws: DataError.self) { try saved.save(path + ".pt") }
    #expect(
      error?.reason == "models are saved as safetensors; end the name in .safetensors")
    #expect(throws: DataError.self) { try loaded.load(folder.path + "/none.safetensors") }
  }

  @Test("print(data) is one line, and one example has no axis of a batch")
  func datasets() throws {
    let digits = Digits()
    #expect("\(digits)" == "Digits(1797 examples, 10 classes)")
    #expect("\(digits[0..<2])" == "Batch(float32[2, 1, 8, 8], int64[2])")
    let (x, y) = digits[3]
    #expect(x.shape == [1, 8, 8])
    #expect(try y.item(as: Int.self) == digits.labels[3])
    #expect(digits[1797].input.error != nil)
    #expect(digits[-1].label.error != nil)

    let (train, test) = try digits.randomSplit(0.8, 0.2, by: Generator(seed: 0))
    let parts = try digits.randomSplit([0.8, 0.2], by: Generator(seed: 0))
    #expect([train.indices, test.indices] == parts.map(\.indices))
    let (first, second) = try digits.randomSplit(1500, 297, by: Generator(seed: 0))
    #expect(first.count == 1500 && second.count == 297)
    #expect(throws: TensorError.self) { try digits.randomSplit(0.8, 0.3) }
    #expect(throws: TensorError.self) { try digits.randomSplit(1500, 298) }
  }
}
