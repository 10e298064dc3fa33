import BlitzTensor

/// The largest element under each window of a volume, `torch.nn.MaxPool3d`.
///
/// - Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output the same with the sizes that
///   ``MaxPool2d`` gives along each axis.
/// - Error: another number of axes or dtype; sizes that do not fit.
public struct MaxPool3d: Layer, Sendable {
  let size, stride, padding, dilation: Size3D
  let ceil: Bool

  /// Makes a layer; it has no parameters. The parameters of the call are those of ``MaxPool2d``.
  public init(
    _ size: Size3D, stride: Size3D? = nil, padding: Size3D = 0, dilation: Size3D = 1,
    ceil: Bool = false
  ) {
    (self.size, self.stride, self.padding) = (size, stride ?? size, padding)
    (self.dilation, self.ceil) = (dilation, ceil)
  }

  /// The largest element under each window.
  public func forward(_ input: Tensor) -> Tensor {
    if input.error == nil, input.rank >= 4, input.shape[input.rank - 4] == 0 {
      return input.refused(
        by: "MaxPool3d", "the input has no channels", help: "the input is [N, C, D, H, W]")
    }
    // Of equal ones the first counts: along the plane first, then along the depth.
    return input.pooled("MaxPool3d") { planes in
      planes.maxPool2d(
        size.plane, stride: stride.plane, padding: padding.plane, dilation: dilation.plane,
        ceil: ceil)
    } depths: { columns in
      columns.maxPool2d(
        Size2D(size.depth, 1), stride: Size2D(stride.depth, 1),
        padding: Size2D(padding.depth, 0), dilation: Size2D(dilation.depth, 1), ceil: ceil)
    }
  }
}

/// The mean of the elements under each window of a volume, `torch.nn.AvgPool3d`.
///
/// - Shapes: those of ``MaxPool3d``.
/// - Error: another number of axes or dtype; sizes that do not fit.
public struct AvgPool3d: Layer, Sendable {
  let size, stride, padding: Size3D
  let ceil, countsPadding: Bool
  let divisor: Int?

  /// Makes a layer; it has no parameters. The parameters of the call are those of ``AvgPool2d``.
  public init(
    _ size: Size3D, stride: Size3D? = nil, padding: Size3D = 0, ceil: Bool = false,
    countsPadding: Bool = true, divisor: Int? = nil
  ) {
    (self.size, self.stride, self.padding) = (size, stride ?? size, padding)
    (self.ceil, self.countsPadding, self.divisor) = (ceil, countsPadding, divisor)
  }

  /// The mean of the elements under each window.
  public func forward(_ input: Tensor) -> Tensor {
    if input.error == nil, input.dtype.isInteger {
      // A mean of means is one only before its fraction is cut off; a little above, for what is a
      // whole number and came out just below.
      let means = forward(input.cast(to: .float64))
      return means.error != nil ? means : (means + means.sign() * 1e-9).cast(to: input.dtype)
    }
    return input.pooled("AvgPool3d") { planes in
      planes.avgPool2d(
        size.plane, stride: stride.plane, padding: padding.plane, ceil: ceil,
        countsPadding: countsPadding, divisor: divisor)
    } depths: { columns in
      columns.avgPool2d(
        Size2D(size.depth, 1), stride: Size2D(stride.depth, 1),
        padding: Size2D(padding.depth, 0), ceil: ceil, countsPadding: countsPadding,
        divisor: divisor.map { _ in 1 })
    }
  }
}

/// The means over a fixed number of parts of a volume, `torch.nn.AdaptiveAvgPool3d`.
///
/// - Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output the same with the sizes of `output`.
/// - Error: another number of axes or dtype; volumes without elements.
public struct AdaptiveAvgPool3d: Layer, Sendable {
  /// The depth, height and width of the output.
  public let output: Size3D

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameter output: the depth, height and width; 1 for the mean of each channel.
  public init(_ output: Size3D) { self.output = output }

  /// The mean of each part.
  public func forward(_ input: Tensor) -> Tensor {
    input.pooled("AdaptiveAvgPool3d") { planes in
      planes.adaptiveAvgPool2d(output.plane)
    } depths: { columns in
      columns.adaptiveAvgPool2d(Size2D(output.depth, columns.shape[3]))
    }
  }
}

/// The p-norm of the elements under each window of a volume, `torch.nn.LPPool3d`; see ``LPPool1d``.
///
/// - Shapes and errors: those of ``AvgPool3d``.
public struct LPPool3d: Layer, Sendable {
  let p: Double
  let pool: AvgPool3d

  /// Makes a layer; it has no parameters. The parameters of the call are those of ``LPPool1d``.
  public init(_ p: Double, _ size: Size3D, stride: Size3D? = nil, ceil: Bool = false) {
    self.p = p
    pool = AvgPool3d(size, stride: stride, ceil: ceil)
  }

  /// The norm of the elements under each window.
  public func forward(_ input: Tensor) -> Tensor {
    if input.error != nil { return input }
    let count = pool.size.all.reduce(1) { $0 * Double($1) }
    return input.powerMean(p, count: count, pool.forward).named("LPPool3d")
  }
}

extension Tensor {
  /// What slides over the planes of a volume, then over its depth.
  fileprivate func pooled(
    _ layer: String, planes: (Tensor) -> Tensor, depths: (Tensor) -> Tensor
  ) -> Tensor {
    if error != nil { return self }
    guard rank == 4 || rank == 5, shape.sizes.allSatisfy({ $0 < 1 << 30 }) else {
      return refused(
        by: layer, "the input has \(rank) axes",
        help: "the input is [N, channels, depth, height, width]")
    }
    let outer = Array(shape.sizes.dropLast(3))
    let count = outer.reduce(1, *)
    let flat = planes(
      reshaped(to: Shape([count, shape[rank - 3], shape[rank - 2], shape[rank - 1]]))
    ).named(layer)
    if flat.error != nil { return flat }
    let (depth, height, width) = (flat.shape[1], flat.shape[2], flat.shape[3])
    let result = depths(flat.reshaped(to: [count, 1, depth, height * width])).named(layer)
    if result.error != nil { return result }
    return result.reshaped(to: Shape(outer + [result.shape[2], height, width]))
  }
}
