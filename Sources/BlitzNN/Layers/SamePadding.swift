import BlitzTensor

/// How much a convolution pads, in a word: `padding="same"` in PyTorch.
public enum ConvolutionPadding: Sendable, Hashable {
  /// As many zeros as keep the size: of an odd number one more at the end.
  case same

  /// Zeros on both sides, and those at the end beyond them; sizes that make no sense give a padding
  /// that the layer refuses.
  fileprivate func zeros(_ size: Int, _ dilation: Int) -> (both: Int, extra: Int) {
    let (total, overflows) = (size &- 1).multipliedReportingOverflow(by: dilation)
    if overflows || size < 1 || dilation < 1 { return (0, 0) }
    return (total / 2, total % 2)
  }
}

extension Conv1d {
  /// Makes a layer whose output is as long as its input, with a stride of 1.
  ///
  ///     Conv1d(3, 8, size: 4, padding: .same)
  public init(
    _ channels: Int, _ outputs: Int, size: Int, padding: ConvolutionPadding, dilation: Int = 1,
    groups: Int = 1, bias: Bool = true, generator: Generator = .shared
  ) {
    let zeros = padding.zeros(size, dilation)
    self.init(
      channels, outputs, size: size, padding: zeros.both, dilation: dilation, groups: groups,
      bias: bias, generator: generator)
    shape.extra = [zeros.extra]
  }
}

extension Conv2d {
  /// Makes a layer whose output is as large as its input, with a stride of 1.
  ///
  ///     Conv2d(3, 8, size: [4, 5], padding: .same)
  public init(
    _ channels: Int, _ outputs: Int, size: Size2D, padding: ConvolutionPadding,
    dilation: Size2D = 1, groups: Int = 1, bias: Bool = true, generator: Generator = .shared
  ) {
    let (rows, columns) = (
      padding.zeros(size.height, dilation.height), padding.zeros(size.width, dilation.width)
    )
    self.init(
      channels, outputs, size: size, padding: Size2D(rows.both, columns.both),
      dilation: dilation, groups: groups, bias: bias, generator: generator)
    shape.extra = [rows.extra, columns.extra]
  }
}

extension Conv3d {
  /// Makes a layer whose output is as large as its input, with a stride of 1.
  ///
  ///     Conv3d(3, 8, size: 4, padding: .same)
  public init(
    _ channels: Int, _ outputs: Int, size: Size3D, padding: ConvolutionPadding,
    dilation: Size3D = 1, groups: Int = 1, bias: Bool = true, generator: Generator = .shared
  ) {
    let all = zip(size.all, dilation.all).map { padding.zeros($0, $1) }
    self.init(
      channels, outputs, size: size, padding: Size3D(all[0].both, all[1].both, all[2].both),
      dilation: dilation, groups: groups, bias: bias, generator: generator)
    shape.extra = all.map(\.extra)
  }
}
