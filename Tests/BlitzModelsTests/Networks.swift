import Blitz
import BlitzModels

/// The networks of the stored cases; Tests/Pretrained runs those of published sizes, too.
enum Networks {
  /// A network, and how it is called.
  struct Network {
    let model: any PretrainedNetwork
    let call: () -> [Tensor]

    /// How far its outputs are from the reference's, with the weights of the case.
    func distance(to stored: Stored.Case) throws -> Double {
      try model.load(try Stored.filled(model))
      model.eval()
      let count = model.parameters.reduce(0) { $0 + $1.parameter.value.elementCount }
      let outputs = noGrad { call() }
      guard count == stored.parameters, outputs.count == stored.outputs.count else {
        return .infinity
      }
      return try zip(outputs, stored.outputs).map { try $1.distance(to: $0) }.max() ?? .infinity
    }

    init(_ model: some PretrainedNetwork & Layer, _ input: Tensor) {
      self.model = model
      call = { [model(input)] }
    }

    init(_ model: BERT, _ tokens: Tensor, mask: Tensor? = nil, types: Tensor? = nil) {
      self.model = model
      call = {
        let output = model(tokens, mask: mask, types: types)
        return [output.hidden] + (output.pooled.map { [$0] } ?? [])
      }
    }
  }

  static let bert = BERT.Size(
    vocabulary: 50, width: 32, layers: 2, heads: 4, feedForward: 48, positions: 16)
  static let gpt2 = GPT2.Size(vocabulary: 50, width: 32, layers: 2, heads: 4, positions: 16)

  /// The network of a case, with weights of zeros.
  static func network(_ name: String) -> Network? {
    let small = Stored.pictures([2, 3, 40, 40])
    let large = Stored.pictures([1, 3, 224, 224])
    let words = Stored.words(50, [2, 7])
    let text = Stored.words(30522, [1, 16])
    switch name {
    case "resnet":
      return Network(ResNet(.init(blocks: [1, 1, 1, 2], width: 8), classes: 5), small)
    case "resnet bottleneck":
      let size = ResNet.Size(blocks: [1, 2, 1, 1], isBottleneck: true, width: 8)
      return Network(ResNet(size, classes: 5), small)
    case "mobilenet large": return Network(MobileNetV3(.large, classes: 5, width: 0.25), small)
    case "mobilenet small": return Network(MobileNetV3(.small, classes: 5, width: 0.25), small)
    case "efficientnet":
      return Network(EfficientNet(.init(width: 0.25, depth: 0.4), classes: 5), small)
    case "vit":
      let size = ViT.Size(patch: 8, layers: 2, heads: 4, width: 32, feedForward: 48)
      return Network(ViT(size, imageSize: 16, classes: 5), Stored.pictures([2, 3, 16, 16]))
    case "bert":
      return Network(
        BERT(bert), words, mask: Tensor([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0, 0]]),
        types: Tensor([[0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0]]))
    case "bert without pooler": return Network(BERT(bert, pooler: false), words)
    case "gpt2": return Network(GPT2(gpt2), words)
    case "resnet18": return Network(ResNet(.resNet18), large)
    case "resnet34": return Network(ResNet(.resNet34), large)
    case "resnet50": return Network(ResNet(.resNet50), large)
    case "mobilenet_v3_large": return Network(MobileNetV3(.large), large)
    case "mobilenet_v3_small": return Network(MobileNetV3(.small), large)
    case "efficientnet_b0": return Network(EfficientNet(.b0), large)
    case "vit_b_16": return Network(ViT(.b16), large)
    case "bert-base": return Network(BERT(.base), text)
    case "minilm-l6": return Network(BERT(.miniLML6), text)
    case "gpt2 small": return Network(GPT2(.small), Stored.words(50257, [1, 16]))
    default: return nil
    }
  }
}
