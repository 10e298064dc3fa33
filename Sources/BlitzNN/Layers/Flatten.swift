import BlitzTensor

/// Axes merged into one.
///
/// - Shapes: `[N, 1, 28, 28]` becomes `[N, 784]`.
public struct Flatten: Layer, Sendable {
  /// The first axis that is merged.
  public let startAxis: Int
  /// The last axis that is merged.
  public let endAxis: Int

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - startAxis: 1 keeps the rows of a batch apart.
  ///   - endAxis: negative ones count from the end.
  public init(startAxis: Int = 1, endAxis: Int = -1) {
    self.startAxis = startAxis
    self.endAxis = endAxis
  }

  /// The same numbers under the shape with the axes merged.
  public func forward(_ input: Tensor) -> Tensor {
    input.flattened(from: startAxis, to: endAxis)
  }
}

/// The input as it is: a place for a layer that is left out.
public struct Identity: Layer, Sendable {
  /// A layer without parameters.
  public init() {}
  /// The input.
  public func forward(_ input: Tensor) -> Tensor { input }
}
