// PyTorch's words for trained networks and for models in files; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

/// The package `torchvision`, for the compiler's advice.
@_documentation(visibility: internal)
public enum torchvision: _Namespace {
  @available(
    *, unavailable,
    message: "write FashionMNIST(), ImageFolder(path), CSV(path:) or TensorDataset(x, y)"
  )
  public static var datasets: _Word { .init() }
  @available(
    *, unavailable,
    message: "write transforms: [.normalise(mean: [0.5], std: [0.5])] in DataLoader"
  )
  public static var transforms: _Word { .init() }

  /// Its networks.
  @_documentation(visibility: internal)
  public enum models: _Namespace {
    @available(*, unavailable, message: "import BlitzModels and write ResNet(.resNet18)")
    public static var resnet18: _Word { .init() }
    @available(*, unavailable, message: "import BlitzModels and write ResNet(.resNet34)")
    public static var resnet34: _Word { .init() }
    @available(*, unavailable, message: "import BlitzModels and write ResNet(.resNet50)")
    public static var resnet50: _Word { .init() }
    @available(*, unavailable, message: "import BlitzModels and write MobileNetV3(.small)")
    public static var mobilenet_v3_small: _Word { .init() }
    @available(*, unavailable, message: "import BlitzModels and write MobileNetV3(.large)")
    public static var mobilenet_v3_large: _Word { .init() }
    @available(*, unavailable, message: "import BlitzModels and write EfficientNet(.b0)")
    public static var efficientnet_b0: _Word { .init() }
    @available(*, unavailable, message: "import BlitzModels and write ViT(.b16)")
    public static var vit_b_16: _Word { .init() }
  }
}

@available(*, unavailable, message: "import BlitzModels and write try BERT(\"folder\")")
public var BertModel: _Word { .init() }
@available(*, unavailable, message: "import BlitzModels and write try GPT2(\"folder\")")
public var GPT2LMHeadModel: _Word { .init() }
@available(
  *, unavailable, message: "import BlitzModels and write try BERT(\"folder\") or GPT2(\"folder\")"
)
public var AutoModel: _Word { .init() }
@available(*, unavailable, message: "import BlitzModels and write try Tokenizer(\"folder\")")
public var AutoTokenizer: _Word { .init() }
@available(*, unavailable, message: "import BlitzModels and write try SentenceEncoder(\"folder\")")
public var SentenceTransformer: _Word { .init() }
@available(*, unavailable, message: "import BlitzONNX and write try ONNXModel(\"model.onnx\")")
public var onnxruntime: _Word { .init() }
@available(*, unavailable, message: "import BlitzONNX and write try ONNXModel(\"model.onnx\")")
public var ort: _Word { .init() }

extension torch {
  @available(
    *, unavailable,
    message: "import BlitzONNX and write try ONNX.save(model, inputs: [x], to: \"model.onnx\")"
  )
  public static var onnx: _Word { .init() }
  @available(*, unavailable, message: "write try model.quantized(.dynamic)")
  public static var ao: _Word { .init() }
  @available(*, unavailable, message: "write try model.quantized(.dynamic)")
  public static var quantization: _Word { .init() }
}
