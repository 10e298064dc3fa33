import Blitz
import BlitzModels
import Testing

/// A network of a user's own, whose file has other names.
private struct Probe: PretrainedNetwork, Layer {
  let head = Linear(2, 3)
  func forward(_ input: Tensor) -> Tensor { head(input) }
  func adapted(_ tensors: [String: Tensor]) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: tensors.map { ("head.\($0.key)", $0.value) })
  }
}

@Suite struct ModelsTests {
  @Test func networksTakeImagesAndTokens() {
    let images = Tensor.ones([1, 3, 32, 32])
    let networks: [any Layer] = [
      ResNet(.init(blocks: [1], width: 4), classes: 3), MobileNetV3(.small, classes: 3, width: 0.1),
      EfficientNet(.init(width: 0.1, depth: 0.1), classes: 3),
      ViT(
        .init(patch: 8, layers: 1, heads: 1, width: 8, feedForward: 8), imageSize: 32, classes: 3),
    ]
    for network in networks {
      network.eval()
      #expect(network(images).shape == [1, 3])
    }
    let size = BERT.Size(vocabulary: 9, width: 8, layers: 1, heads: 2, feedForward: 8)
    let tokens = Tensor([[1, 2, 3]])
    #expect(BERT(size)(tokens).pooled?.shape == [1, 8])
    #expect(GPT2(.init(vocabulary: 9, width: 8, layers: 1, heads: 2))(tokens).shape == [1, 3, 9])
  }

  @Test func loadsUnderOtherNames() throws {
    let model = Probe()
    try model.load(model.adapted(["weight": .ones([3, 2]), "bias": .zeros([3])]))
    #expect(try model(.ones([1, 2])).array() == [[2, 2, 2] as [Float]])
  }
}
