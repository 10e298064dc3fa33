import BlitzTensor

/// The network that a file's names are of, for messages.
struct NetworkKind: CustomStringConvertible {
  let description: String

  init?(of tensors: [String: Tensor]) {
    let starts = ["module.", "model.", "bert.", "transformer.", "state_dict."]
    var names = tensors
    for start in starts where !names.withoutStart(start).isEmpty {
      names.merge(names.withoutStart(start)) { old, _ in old }
    }
    func size(_ name: String, _ axis: Int) -> Int? {
      guard let shape = names[name]?.shape, axis < shape.rank else { return nil }
      return shape[axis]
    }
    /// How many numbers follow each other in the place of the star.
    func count(_ pattern: String) -> Int {
      let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
      var count = 0
      while names["\(parts[0])\(count)\(parts[1])"] != nil { count += 1 }
      return count
    }
    let classes = ["fc", "classifier.3", "classifier.1", "heads.head", "classifier"]
      .lazy.compactMap { size($0 + ".weight", 0) }.first
    let ofClasses = classes.map { " of \($0) classes" } ?? ""
    if names["layer1.0.conv1.weight"] != nil {
      let blocks = (1...4).map { count("layer\($0).*.conv1.weight") }
      let isBottleneck = names["layer1.0.conv3.weight"] != nil
      let known: [(ResNet.Size, String)] = [
        (.resNet18, "18"), (.resNet34, "34"), (.resNet50, "50"), (.resNet101, "101"),
        (.resNet152, "152"),
      ]
      let depth = known.first { $0.0.blocks == blocks && $0.0.isBottleneck == isBottleneck }
      description =
        "a ResNet\(depth.map { "-\($0.1)" } ?? " with blocks \(blocks)")\(ofClasses)"
    } else if names["conv_proj.weight"] != nil {
      description =
        "a ViT with patches of \(size("conv_proj.weight", 2) ?? 0) and "
        + "\(count("encoder.layers.encoder_layer_*.ln_1.weight")) layers\(ofClasses)"
    } else if names["features.1.0.block.0.0.weight"] != nil {
      description = "an EfficientNet\(ofClasses)"
    } else if names["features.1.block.0.0.weight"] != nil {
      let isSmall = names["features.13.0.weight"] == nil
      description = "a MobileNetV3, \(isSmall ? "small" : "large"),\(ofClasses)"
    } else if names["embeddings.word_embeddings.weight"] != nil {
      let width = size("embeddings.word_embeddings.weight", 1) ?? 0
      let words = size("embeddings.word_embeddings.weight", 0) ?? 0
      let layers = count("encoder.layer.*.attention.self.query.weight")
      description = "a BERT of \(layers) layers, size \(width) and \(words) tokens"
    } else if names["wte.weight"] != nil {
      description =
        "a GPT-2 of \(count("h.*.ln_1.weight")) layers, size \(size("wte.weight", 1) ?? 0) and "
        + "\(size("wte.weight", 0) ?? 0) tokens"
    } else {
      return nil
    }
  }
}
