import BlitzTensor

/// A layer with functions that see what goes in and out of it, and may change it: PyTorch's
/// `register_forward_pre_hook`, `register_forward_hook` and `register_full_backward_hook`.
///
/// Made by ``Layer/hooked(before:after:gradient:)``. Parameters keep their names.
public struct Hooked<Wrapped: Layer>: Layer {
  /// The layer.
  public let layer: Wrapped
  private let before: (@Sendable (Tensor) -> Tensor)?
  private let after: (@Sendable (_ input: Tensor, _ output: Tensor) -> Tensor)?
  private let gradient: (@Sendable (Tensor) -> Tensor)?

  fileprivate init(
    _ layer: Wrapped, _ before: (@Sendable (Tensor) -> Tensor)?,
    _ after: (@Sendable (Tensor, Tensor) -> Tensor)?, _ gradient: (@Sendable (Tensor) -> Tensor)?
  ) {
    (self.layer, self.before, self.after, self.gradient) = (layer, before, after, gradient)
  }

  /// The parts of the layer, under its names.
  public var members: [(name: String, value: Any)] { layer.members }

  /// The layer's output, with what the functions make of it.
  public func forward(_ input: Tensor) -> Tensor {
    let input = before?(input) ?? input
    var output = layer(input)
    if let after { output = after(input, output) }
    return gradient.map { output.onGradient($0) } ?? output
  }

  /// That of the layer.
  public var description: String { layer.description }
}

extension Layer {
  /// The layer with functions that see what goes in and out of it, and may change it.
  ///
  ///     let seen = Linear(10, 2).hooked(after: { _, y in print(y.shape); return y })
  ///
  /// - Parameters:
  ///   - before: the input, and what the layer gets in its place.
  ///   - after: the input and the output, and what the next layer gets in the output's place.
  ///   - gradient: the gradient of the output, and what goes on back through the layer in its
  ///     place.
  /// - Returns: a layer that shares this one's parameters; use it in this one's place.
  public func hooked(
    before: (@Sendable (Tensor) -> Tensor)? = nil,
    after: (@Sendable (_ input: Tensor, _ output: Tensor) -> Tensor)? = nil,
    gradient: (@Sendable (Tensor) -> Tensor)? = nil
  ) -> Hooked<Self> {
    Hooked(self, before, after, gradient)
  }
}
