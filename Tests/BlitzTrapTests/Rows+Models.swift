import Blitz
import BlitzModels

extension Row {
  /// What comes out has the names of layers in it: it is computed here, and not looked at.
  static let models: [Row] = [
    Row(
      "ResNet.init(_:classes:channels:generator:)", "ResNet.Size.init(blocks:isBottleneck:width:)",
      "ResNet.features(_:)", "ResNet.forward(_:)"
    ) { values in
      let size = ResNet.Size(
        blocks: values.pick([[], [1], [0, 1], [1, -1]]), isBottleneck: values.bool(),
        width: values.pick([4, 0, -1, .max]))
      let model = ResNet(size, classes: values.pick([3, 0, -1]), channels: values.pick([3, 1, 0]))
      _ = try? model(values.tensor()).eval()
      _ = try? model.features(.ones([1, 3, 8, 8])).eval()
      return []
    },
    Row(
      "MobileNetV3.init(_:classes:width:dropout:generator:)", "MobileNetV3.features(_:)",
      "MobileNetV3.forward(_:)", "EfficientNet.init(_:classes:stochasticDepth:generator:)",
      "EfficientNet.Size.init(width:depth:dropout:)", "EfficientNet.features(_:)",
      "EfficientNet.forward(_:)"
    ) { values in
      let number = values.pick([0.1, 0, -1, .nan, .infinity])
      let mobile = MobileNetV3(
        values.pick([.small, .large]), classes: values.pick([2, 0]), width: number,
        dropout: values.pick([0, 0.5, -1, .nan]))
      let efficient = EfficientNet(
        .init(width: number, depth: values.pick([0.1, 0, -1, .nan, .infinity]), dropout: 2),
        classes: values.pick([2, -3]), stochasticDepth: values.pick([0, 0.5, 7, .nan]))
      for x in [values.tensor(), .ones([1, 3, 8, 8])] {
        try? eval([mobile(x), mobile.features(x)])
        try? eval([efficient(x), efficient.features(x)])
      }
      return []
    },
    Row(
      "ViT.init(_:imageSize:classes:dropout:generator:)",
      "ViT.Size.init(patch:layers:heads:width:feedForward:)", "ViT.features(_:)", "ViT.forward(_:)"
    ) { values in
      let size = ViT.Size(
        patch: values.pick([4, 0, -1, 1 << 40]), layers: values.pick([1, 0, -1]),
        heads: values.pick([2, 3, 0, -2]), width: values.pick([8, 0, -8]),
        feedForward: values.pick([8, 0]))
      let model = ViT(size, imageSize: values.pick([8, 0, 7, -1, 1 << 20]), classes: 2)
      for x in [values.tensor(), .ones([1, 3, 8, 8])] {
        try? eval([model(x), model.features(x)])
      }
      return []
    },
    Row(
      "BERT.init(_:pooler:dropout:generator:)", "BERT.init(_:)", "BERT.adapted(_:)",
      "BERT.callAsFunction(_:mask:types:)",
      "BERT.Size.init(vocabulary:width:layers:heads:feedForward:positions:types:epsilon:)",
      "PretrainedNetwork.adapted(_:)", "PretrainedNetwork.load(_:strict:)"
    ) { values in
      let size = BERT.Size(
        vocabulary: values.pick([9, 0, -1]), width: values.pick([8, 0, -8]), layers: 1,
        heads: values.pick([2, 3, 0]), feedForward: values.pick([8, 0]),
        positions: values.pick([4, 0]), types: values.pick([2, 0]),
        epsilon: values.pick([1e-12, 0, .nan]))
      let model = BERT(size, pooler: values.bool(), dropout: values.pick([0.1, -1, .nan]))
      _ = try? BERT(values.string())
      _ = try? model.load(values.string(), strict: values.bool())
      _ = try? model.load(model.adapted([values.string(): values.tensor()]))
      _ = ResNet(.init(blocks: [1], width: 2)).adapted(["module.a": values.tensor()])
      let tokens = values.pick([values.tensor(), Tensor([[1, 2]]), Tensor([[-1, 99]])])
      let output = model(
        tokens, mask: values.bool() ? values.tensor() : nil, types: values.tensor())
      try? eval([output.hidden])
      return []
    },
    Row(
      "GPT2.init(_:dropout:generator:)", "GPT2.init(_:)", "GPT2.adapted(_:)", "GPT2.hidden(_:)",
      "GPT2.forward(_:)",
      "GPT2.Size.init(vocabulary:width:layers:heads:positions:epsilon:)"
    ) { values in
      let size = GPT2.Size(
        vocabulary: values.pick([9, 0]), width: values.pick([8, 0, -8, .max]), layers: 1,
        heads: values.pick([2, 3, 0]), positions: values.pick([4, 0]))
      let model = GPT2(size, dropout: values.pick([0, 0.5]))
      _ = try? GPT2(values.string())
      _ = try? model.adapted(["lm_head.weight": values.tensor(), "wte.weight": values.tensor()])
      for tokens in [values.tensor(), Tensor([[1, 2]])] {
        try? eval([model(tokens), model.hidden(tokens)])
      }
      return []
    },
    Row(
      "Tokenizer.init(_:)", "Tokenizer.wordPiece(vocabulary:lowercases:)",
      "Tokenizer.bytePairs(vocabulary:merges:)", "Tokenizer.id(of:)", "Tokenizer.token(_:)",
      "Tokenizer.encode(_:pair:maxLength:addsSpecialTokens:)",
      "Tokenizer.batch(_:pairs:maxLength:length:)", "Tokenizer.decode(_:skipsSpecialTokens:)",
      "SentenceEncoder.init(_:)",
      "SentenceEncoder.init(model:tokenizer:pooling:normalizes:maxLength:)",
      "SentenceEncoder.encode(_:batchSize:)", "SentenceEncoder.callAsFunction(_:)"
    ) { values in
      _ = try? Tokenizer(values.string())
      _ = try? Tokenizer.wordPiece(vocabulary: values.string())
      _ = try? Tokenizer.bytePairs(vocabulary: values.string(), merges: values.string())
      _ = try? SentenceEncoder(values.string())
      let folder = "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
      let name = values.pick(["wordpiece", "bytepairs"])
      let tokenizer = try Tokenizer("/\(folder)/BlitzModelsTests/Reference/\(name).json")
      _ = tokenizer.id(of: values.string())
      _ = tokenizer.token(values.int())
      _ = tokenizer.encode(
        values.string(), pair: values.bool() ? values.string() : nil, maxLength: values.int(),
        addsSpecialTokens: values.bool())
      _ = tokenizer.decode([values.int(), 3, values.int()], skipsSpecialTokens: values.bool())
      let batch = tokenizer.batch(
        [values.string(), "a"], pairs: values.bool() ? ["b"] : nil, maxLength: values.int(),
        length: values.pick([nil, values.int(), 9]))
      let size = BERT.Size(vocabulary: 999, width: 8, layers: 1, heads: 2, feedForward: 8)
      let encoder = SentenceEncoder(
        model: BERT(size), tokenizer: tokenizer, pooling: values.pick([.mean, .first]),
        normalizes: values.bool(), maxLength: values.int())
      _ = try? encoder.encode([values.string(), "b"], batchSize: values.int())
      try? eval([encoder(batch)])
      return []
    },
  ]
}
