// PyTorch's labels of layers and optimizers; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

extension Conv1d {
  @available(*, unavailable, renamed: "init(_:_:size:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Int) {
    self.init(channels, outputs, size: kernelSize)
  }
  @available(*, unavailable, renamed: "init(_:_:size:stride:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Int, stride: Int) {
    self.init(channels, outputs, size: kernelSize)
  }
  @available(*, unavailable, renamed: "init(_:_:size:padding:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Int, padding: Int) {
    self.init(channels, outputs, size: kernelSize)
  }
  @available(*, unavailable, renamed: "init(_:_:size:stride:padding:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Int, stride: Int, padding: Int) {
    self.init(channels, outputs, size: kernelSize)
  }
  @available(*, unavailable, message: "write Conv1d(1, 32, size: 3, padding: 1)")
  public init(
    _ channels: Int, _ outputs: Int, _ size: Int, stride: Int = 1, padding: Int = 0,
    bias: Bool = true
  ) { self.init(channels, outputs, size: size) }
  @available(*, unavailable, message: "write Conv1d(1, 32, size: 3, padding: 1)")
  public init(
    inChannels: Int, outChannels: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0,
    bias: Bool = true
  ) { self.init(inChannels, outChannels, size: kernelSize) }
}

extension Conv2d {
  @available(*, unavailable, renamed: "init(_:_:size:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Size2D) {
    self.init(channels, outputs, size: kernelSize)
  }
  @available(*, unavailable, renamed: "init(_:_:size:stride:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Size2D, stride: Size2D) {
    self.init(channels, outputs, size: kernelSize)
  }
  @available(*, unavailable, renamed: "init(_:_:size:padding:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Size2D, padding: Size2D) {
    self.init(channels, outputs, size: kernelSize)
  }
  @available(*, unavailable, renamed: "init(_:_:size:stride:padding:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Size2D, stride: Size2D, padding: Size2D)
  { self.init(channels, outputs, size: kernelSize) }
  @available(*, unavailable, message: "write Conv2d(1, 32, size: 3, padding: 1)")
  public init(
    _ channels: Int, _ outputs: Int, _ size: Size2D, stride: Size2D = 1, padding: Size2D = 0,
    bias: Bool = true
  ) { self.init(channels, outputs, size: size) }
  @available(*, unavailable, message: "write Conv2d(1, 32, size: 3, padding: 1)")
  public init(
    inChannels: Int, outChannels: Int, kernelSize: Size2D, stride: Size2D = 1, padding: Size2D = 0,
    bias: Bool = true
  ) { self.init(inChannels, outChannels, size: kernelSize) }
}

extension ConvTranspose2d {
  @available(*, unavailable, renamed: "init(_:_:size:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Size2D) {
    self.init(channels, outputs, size: kernelSize)
  }
  @available(*, unavailable, renamed: "init(_:_:size:stride:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Size2D, stride: Size2D) {
    self.init(channels, outputs, size: kernelSize)
  }
  @available(*, unavailable, renamed: "init(_:_:size:padding:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Size2D, padding: Size2D) {
    self.init(channels, outputs, size: kernelSize)
  }
  @available(*, unavailable, renamed: "init(_:_:size:stride:padding:)")
  public init(_ channels: Int, _ outputs: Int, kernelSize: Size2D, stride: Size2D, padding: Size2D)
  { self.init(channels, outputs, size: kernelSize) }
  @available(*, unavailable, message: "write ConvTranspose2d(1, 32, size: 3, padding: 1)")
  public init(
    _ channels: Int, _ outputs: Int, _ size: Size2D, stride: Size2D = 1, padding: Size2D = 0,
    bias: Bool = true
  ) { self.init(channels, outputs, size: size) }
  @available(*, unavailable, message: "write ConvTranspose2d(1, 32, size: 3, padding: 1)")
  public init(
    inChannels: Int, outChannels: Int, kernelSize: Size2D, stride: Size2D = 1, padding: Size2D = 0,
    bias: Bool = true
  ) { self.init(inChannels, outChannels, size: kernelSize) }
}

extension LeakyReLU {
  @available(*, unavailable, renamed: "init(slope:)")
  public init(_ slope: Double) { self.init(slope: slope) }
  @available(*, unavailable, renamed: "init(slope:)")
  public init(negativeSlope: Double) { self.init(slope: negativeSlope) }
}

extension LayerNorm {
  @available(*, unavailable, renamed: "init(_:epsilon:)")
  public init(_ size: Int, eps: Double) { self.init(size) }
}

extension BatchNorm1d {
  @available(*, unavailable, renamed: "init(_:epsilon:)")
  public init(_ channels: Int, eps: Double) { self.init(channels) }
}

extension BatchNorm2d {
  @available(*, unavailable, renamed: "init(_:epsilon:)")
  public init(_ channels: Int, eps: Double) { self.init(channels) }
}
