import BlitzTensor

/// Merges axes into one, `torch.nn.Flatten`.
///
/// - Shapes: `[N, 1, 28, 28]` becomes `[N, 784]`.
public struct Flatten: Layer, Sendable {
  /// The first of the merged axes.
  public let startAxis: Int
  /// The last of the merged axes.
  public let endAxis: Int

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - startAxis: the first of the merged axes; 1 keeps the rows of a batch apart.
  ///   - endAxis: the last of the merged axes; counted from the end if negative.
  public init(startAxis: Int = 1, endAxis: Int = -1) {
    self.startAxis = startAxis
    self.endAxis = endAxis
  }

  /// The same elements, with the axes merged.
  public func forward(_ input: Tensor) -> Tensor {
    input.flattened(from: startAxis, to: endAxis)
  }
}

/// Returns its input, `torch.nn.Identity`: a stand-in for a layer that is left out.
public struct Identity: Layer, Sendable {
  /// Makes a layer; it has no parameters.
  public init() {}
  /// The input.
  public func forward(_ input: Tensor) -> Tensor { input }
}
