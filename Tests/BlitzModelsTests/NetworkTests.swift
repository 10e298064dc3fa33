import Blitz
import BlitzModels
import Foundation
import Testing

/// Networks against what torchvision and Hugging Face compute with the same weights.
@Suite struct NetworkTests {
  /// Whether more is tested.
  static let isFull = ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1"

  @Test(arguments: Stored.cases(full: false))
  func givesTheNumbersOfTheReference(_ stored: Stored.Case) throws {
    let network = try #require(Networks.network(stored.name))
    let names = network.model.state.map { "\($0.name) \($0.tensor.shape)" }.sorted()
    #expect(names == stored.names)
    #expect(try network.distance(to: stored) < 1e-5)
  }

  @Test func learnsAsTheReferenceDoes() throws {
    let stored = try Stored.file.get()
    #expect(stored.cases.count == 19 && stored.cases.count { !$0.full } == 9)
    let size = ResNet.Size(blocks: [1, 2, 1, 1], isBottleneck: true, width: 8)
    let model = ResNet(.init(blocks: [1, 1, 1, 2], width: 8), classes: 5)
    #expect(model.size != size)
    try model.load(try Stored.filled(model))
    let optimizer = SGD(model, rate: 0.05)
    let images = Stored.pictures([2, 3, 40, 40])
    for expected in stored.training.losses {
      let loss = crossEntropy(logits: model(images), labels: Tensor([1, 3]))
      optimizer.zeroGrad()
      try loss.backward()
      try optimizer.step()
      #expect(try abs(loss.item(as: Double.self) - expected) < 1e-4 * max(1, expected))
    }
    model.eval()
    #expect(try stored.training.after.distance(to: noGrad { model(images) }) < 1e-3)
  }
}
