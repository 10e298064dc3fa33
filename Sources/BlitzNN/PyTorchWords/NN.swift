// `nn.Linear(2, 3)`: layers stand by themselves; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

/// PyTorch's module `torch.nn`, for the compiler's advice.
@_documentation(visibility: internal)
public enum nn: _Namespace {
  @available(*, unavailable, message: "write Linear, without nn.")
  public typealias Linear = BlitzNN.Linear
  @available(*, unavailable, message: "write Conv1d, without nn.")
  public typealias Conv1d = BlitzNN.Conv1d
  @available(*, unavailable, message: "write Conv2d, without nn.")
  public typealias Conv2d = BlitzNN.Conv2d
  @available(*, unavailable, message: "write ConvTranspose2d, without nn.")
  public typealias ConvTranspose2d = BlitzNN.ConvTranspose2d
  @available(*, unavailable, message: "write MaxPool2d, without nn.")
  public typealias MaxPool2d = BlitzNN.MaxPool2d
  @available(*, unavailable, message: "write AvgPool2d, without nn.")
  public typealias AvgPool2d = BlitzNN.AvgPool2d
  @available(*, unavailable, message: "write AdaptiveAvgPool2d, without nn.")
  public typealias AdaptiveAvgPool2d = BlitzNN.AdaptiveAvgPool2d
  @available(*, unavailable, message: "write BatchNorm1d, without nn.")
  public typealias BatchNorm1d = BlitzNN.BatchNorm1d
  @available(*, unavailable, message: "write BatchNorm2d, without nn.")
  public typealias BatchNorm2d = BlitzNN.BatchNorm2d
  @available(*, unavailable, message: "write LayerNorm, without nn.")
  public typealias LayerNorm = BlitzNN.LayerNorm
  @available(*, unavailable, message: "write GroupNorm, without nn.")
  public typealias GroupNorm = BlitzNN.GroupNorm
  @available(*, unavailable, message: "write RMSNorm, without nn.")
  public typealias RMSNorm = BlitzNN.RMSNorm
  @available(*, unavailable, message: "write Dropout, without nn.")
  public typealias Dropout = BlitzNN.Dropout
  @available(*, unavailable, message: "write Embedding, without nn.")
  public typealias Embedding = BlitzNN.Embedding
  @available(*, unavailable, message: "write Flatten, without nn.")
  public typealias Flatten = BlitzNN.Flatten
  @available(*, unavailable, message: "write Identity, without nn.")
  public typealias Identity = BlitzNN.Identity
  @available(*, unavailable, message: "write ReLU, without nn.")
  public typealias ReLU = BlitzNN.ReLU
  @available(*, unavailable, message: "write LeakyReLU, without nn.")
  public typealias LeakyReLU = BlitzNN.LeakyReLU
  @available(*, unavailable, message: "write ELU, without nn.")
  public typealias ELU = BlitzNN.ELU
  @available(*, unavailable, message: "write GELU, without nn.")
  public typealias GELU = BlitzNN.GELU
  @available(*, unavailable, message: "write SiLU, without nn.")
  public typealias SiLU = BlitzNN.SiLU
  @available(*, unavailable, message: "write Sigmoid, without nn.")
  public typealias Sigmoid = BlitzNN.Sigmoid
  @available(*, unavailable, message: "write Tanh, without nn.")
  public typealias Tanh = BlitzNN.Tanh
  @available(*, unavailable, message: "write Hardtanh, without nn.")
  public typealias Hardtanh = BlitzNN.Hardtanh
  @available(*, unavailable, message: "write Softplus, without nn.")
  public typealias Softplus = BlitzNN.Softplus
  @available(*, unavailable, message: "write Softmax, without nn.")
  public typealias Softmax = BlitzNN.Softmax
  @available(*, unavailable, message: "write LogSoftmax, without nn.")
  public typealias LogSoftmax = BlitzNN.LogSoftmax
  @available(*, unavailable, message: "write Sequential, without nn.")
  public typealias Sequential = BlitzNN.Sequential
  @available(*, unavailable, message: "write LSTM, without nn.")
  public typealias LSTM = BlitzNN.LSTM
  @available(*, unavailable, message: "write GRU, without nn.")
  public typealias GRU = BlitzNN.GRU
  @available(*, unavailable, message: "write RNN, without nn.")
  public typealias RNN = BlitzNN.RNN
  @available(*, unavailable, message: "write TransformerEncoder, without nn.")
  public typealias TransformerEncoder = BlitzNN.TransformerEncoder
  @available(*, unavailable, message: "write TransformerEncoderLayer, without nn.")
  public typealias TransformerEncoderLayer = BlitzNN.TransformerEncoderLayer
  @available(*, unavailable, message: "write TransformerDecoder, without nn.")
  public typealias TransformerDecoder = BlitzNN.TransformerDecoder
  @available(*, unavailable, message: "write TransformerDecoderLayer, without nn.")
  public typealias TransformerDecoderLayer = BlitzNN.TransformerDecoderLayer
  @available(
    *, unavailable,
    message: "write struct Net: Layer, with func forward(_ x: Tensor) -> Tensor"
  )
  public typealias Module = BlitzNN.Module
  @available(
    *, unavailable,
    message: "write @Parameter var weight = Tensor.randn([2, 3]) in the module"
  )
  public typealias Parameter = BlitzNN.Parameter
}

extension torch {
  @available(*, unavailable, message: "layers stand by themselves: write Linear(784, 10)")
  public typealias nn = BlitzNN.nn
}
