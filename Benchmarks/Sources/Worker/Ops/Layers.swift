import Blitz

extension Operation {
  /// Layers and losses.
  static let layers: [String: Make] = [
    "linear": layer { Linear($0[1], $0[1]) }, "layerNorm": layer { LayerNorm($0[1]) },
    "rmsNorm": layer { RMSNorm($0[1]) },
    "groupNorm": layer { GroupNorm(groups: 8, channels: $0[1]) },
    "batchNorm": layer { BatchNorm2d($0[1]) },
    "batchNorm1d": layer { BatchNorm1d($0[1]) },
    "conv3x3": layer { Conv2d($0[1], $0[1], size: 3, padding: 1) },
    "conv1x1": layer { Conv2d($0[1], $0[1], size: 1) },
    "convDepthwise": layer { Conv2d($0[1], $0[1], size: 3, padding: 1, groups: $0[1]) },
    "conv1d": layer { Conv1d($0[1], $0[1], size: 3, padding: 1) },
    "maxPool": unary { $0.maxPool2d(2) }, "avgPool": unary { $0.avgPool2d(2) },
    "attention": { attention($0) }, "attentionCausal": { attention($0, isCausal: true) },
    "crossEntropy": { sizes in
      let labels = Tensor.randint(0, sizes[1], [sizes[0]], generator: generator)
      return Operation(inputs: [normal(sizes)]) { crossEntropy(logits: $0[0], labels: labels) }
    },
    "squaredError": binary { meanSquaredError(predictions: $0, targets: $1) },
    "huber": binary { huber(predictions: $0, targets: $1) },
    "binaryCrossEntropy": { sizes in
      let targets = normal(sizes).sigmoid()
      return Operation(inputs: [normal(sizes)]) {
        binaryCrossEntropy(logits: $0[0], targets: targets)
      }
    },
    "cosineSimilarity": binary { cosineSimilarity($0, $1, axis: 1) },
  ]

  /// Batch, heads, length and size of each head.
  private static func attention(_ sizes: [Int], isCausal: Bool = false) -> Operation {
    Operation(inputs: (0..<3).map { _ in normal(sizes) }) {
      scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2], isCausal: isCausal)
    }
  }
}
