import Blitz
import BlitzModels

/// The published networks, in small sizes.
extension Networks {
  static var pretrained: [Case] {
    [17, 23].flatMap { opset in
      images(opset).map(\.one) + [bert(opset), masked(opset), gpt2(opset)]
    }
  }

  /// Run with another batch and, if they read text, other lengths than they are exported with.
  static var pretrainedOfOtherSizes: [Case] {
    let text = [0: "batch", 1: "sequence"]
    let words = Tensor([[4, 8, 1], [7, 7, 2], [0, 3, 5]])
    return [17, 23].flatMap { opset in
      images(opset).map { resized($0.one, [0: "batch"], $0.other) }
        + [bert(opset), gpt2(opset)].map { resized($0, text, words) }
    }
  }

  private static func images(_ opset: Int) -> [(one: Case, other: Tensor)] {
    let generator = Generator(seed: 8)
    let networks: [(String, any Layer)] = [
      ("ResNet", ResNet(.init(blocks: [1, 1, 1, 1], width: 8), classes: 5, generator: generator)),
      (
        "ResNet of bottlenecks",
        ResNet(
          .init(blocks: [1, 1], isBottleneck: true, width: 8), classes: 5, generator: generator)
      ),
      ("MobileNetV3", MobileNetV3(.small, classes: 5, width: 0.25, generator: generator)),
      (
        "EfficientNet",
        EfficientNet(.init(width: 0.25, depth: 0.4), classes: 5, generator: generator)
      ),
      (
        "ViT",
        ViT(
          .init(patch: 8, layers: 2, heads: 4, width: 32, feedForward: 48), imageSize: 32,
          classes: 5, generator: generator)
      ),
    ]
    return networks.map { name, model in
      func images(_ count: Int) -> Tensor { .randn([count, 3, 32, 32], generator: generator) }
      return (layer("pretrained \(name)", opset, model, images(2)), images(3))
    }
  }

  private static func bert(_ opset: Int) -> Case {
    let size = BERT.Size(
      vocabulary: 9, width: 16, layers: 2, heads: 4, feedForward: 24, positions: 12)
    let model = BERT(size, generator: Generator(seed: 9))
    return Case(
      name: "pretrained BERT, opset \(opset)", opset: opset, model: model,
      inputs: [Tensor([[1, 2, 3, 4, 5], [8, 7, 6, 5, 4]])]
    ) { inputs in
      let output = model(inputs[0])
      return [output.hidden, output.pooled ?? output.hidden]
    }
  }

  private static func masked(_ opset: Int) -> Case {
    let size = BERT.Size(
      vocabulary: 9, width: 16, layers: 2, heads: 4, feedForward: 24, positions: 12)
    let model = BERT(size, pooler: false, generator: Generator(seed: 9))
    let rows = [[1, 2, 3, 4, 5], [8, 7, 0, 0, 0]]
    return Case(
      name: "pretrained BERT with masks, opset \(opset)", opset: opset, model: model,
      inputs: [
        Tensor(rows), Tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]]),
        Tensor([[0, 0, 0, 1, 1], [0, 0, 0, 0, 0]]),
      ]
    ) { [model($0[0], mask: $0[1], types: $0[2]).hidden] }
  }

  private static func gpt2(_ opset: Int) -> Case {
    let size = GPT2.Size(vocabulary: 9, width: 16, layers: 2, heads: 4, positions: 12)
    let model = GPT2(size, generator: Generator(seed: 10))
    return layer("pretrained GPT2", opset, model, Tensor([[1, 2, 3, 4, 5], [8, 7, 6, 5, 4]]))
  }
}
