import BlitzTensor

/// A layer that keeps nothing of what it computed but its input, and computes it again for the
/// gradient: `torch.utils.checkpoint`. It trades time for memory.
///
/// Made by ``Layer/checkpointed(generator:)``. Parameters keep their names. Running statistics move
/// twice a step, as in PyTorch.
public struct Checkpointed<Wrapped: Layer & Sendable>: Layer, Sendable {
  /// The layer.
  public let layer: Wrapped
  private let generator: Generator

  fileprivate init(_ layer: Wrapped, _ generator: Generator) {
    (self.layer, self.generator) = (layer, generator)
  }

  /// The parts of the layer, under its names.
  public var members: [(name: String, value: Any)] { layer.members }

  /// The layer's output.
  public func forward(_ input: Tensor) -> Tensor {
    let parameters = layer.parameters.map(\.parameter.value)
    let needsInput = input.requiresGrad
    let state = generator.state
    let (layer, generator) = (layer, generator)
    let recomputed = Recomputed(
      forward: { layer($0) },
      backward: { input, gradient in
        // The same numbers are drawn again, and those after the forward pass go on.
        let now = generator.state
        generator.state = state
        defer { generator.state = now }
        let point = needsInput ? input.detached().requiringGrad() : input
        let leaves = (needsInput ? [point] : []) + parameters.filter(\.requiresGrad)
        let total = GradientMode.on { (layer(point) * gradient).sum() }
        var found = gradients(of: total, wrt: leaves)[...]
        return ([needsInput] + parameters.map(\.requiresGrad)).map {
          $0 ? found.removeFirst() : nil
        }
      })
    let drawn = recordedDrawCount
    let output = recomputed([input] + parameters)
    guard drawn == recordedDrawCount else {
      return output.refused(
        by: "Checkpointed(\(description))", "the layer draws random numbers in a recording",
        help: "what is drawn twice there differs: leave out dropout, or do not compile the step")
    }
    return output
  }

  /// That of the layer.
  public var description: String { layer.description }
}

/// A function whose gradient is that of computing it again.
private struct Recomputed: CustomFunction {
  let forward: @Sendable (Tensor) -> Tensor
  let backward: @Sendable (_ input: Tensor, _ gradient: Tensor) -> [Tensor?]

  func forward(_ inputs: [Tensor]) -> Tensor { forward(inputs[0]) }

  func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
    backward(inputs[0], gradient)
  }
}

extension Layer where Self: Sendable {
  /// The layer in a form that keeps only its input for the gradient.
  ///
  ///     let block = TransformerEncoderLayer(256, heads: 4).checkpointed()
  ///
  /// - Parameter generator: where its dropout draws from, so that the same is dropped again.
  /// - Returns: a layer that shares this one's parameters; use it in this one's place.
  public func checkpointed(generator: Generator = .shared) -> Checkpointed<Self> {
    Checkpointed(self, generator)
  }
}
