import BlitzTensor

/// How gradients are clipped, so that they do not become too large.
public enum Clipping: Sendable, Hashable {
  /// Scales all gradients together so that their norm is at most this.
  case norm(Double)
  /// Clamps each element of the gradients to minus this up to this.
  case value(Double)
}

extension Module {
  /// Scales the gradients so that the norm of all of them together is at most `norm`,
  /// `torch.nn.utils.clip_grad_norm_`.
  ///
  ///     g = g * min(1, norm / (total + 1e-6))
  ///
  /// Call it between `backward()` and `step()`. It only builds the graph.
  ///
  /// - Parameters:
  ///   - norm: the largest norm, 0 or more; infinite for no bound.
  ///   - p: of which kind, as of ``Tensor/norm(_:axes:keepDims:)``; infinite for the greatest
  ///     absolute value. `norm_type` in PyTorch.
  /// - Returns: the norm before, as a single number that is not yet computed, in float32 for half
  ///   precision too; zero if there is no gradient.
  /// - Error: a negative norm.
  @discardableResult
  public func clipGradients(norm: Double, p: Double = 2) -> Tensor {
    Clipping.clip(parameters.map(\.parameter), norm: norm, p)
  }

  /// Clamps each element of the gradients to `-value` up to `value`,
  /// `torch.nn.utils.clip_grad_value_`.
  ///
  /// Call it between `backward()` and `step()`. It only builds the graph.
  ///
  /// - Parameter value: the bound, 0 or more; with a negative one `step()` throws.
  public func clipGradients(value: Double) {
    Clipping.clip(parameters.map(\.parameter), value: value)
  }
}

extension Optimizer {
  /// Clips the norm of the optimizer's gradients; see ``Module/clipGradients(norm:p:)``.
  @discardableResult
  public func clipGradients(norm: Double, p: Double = 2) -> Tensor {
    Clipping.clip(slots.map(\.parameter), norm: norm, p)
  }

  /// Clips each element of the optimizer's gradients; see ``Module/clipGradients(value:)``.
  public func clipGradients(value: Double) {
    Clipping.clip(slots.map(\.parameter), value: value)
  }

  /// Clips the optimizer's gradients by norm or by value.
  public func clipGradients(_ clipping: Clipping) {
    switch clipping {
    case .norm(let norm): clipGradients(norm: norm)
    case .value(let value): clipGradients(value: value)
    }
  }
}

extension Clipping {
  fileprivate static func clip(_ parameters: [Parameter], norm: Double, _ p: Double) -> Tensor {
    let leaves = parameters.map(\.value).filter(\.hasGrad)
    guard norm >= 0 else {
      let failed = Tensor(error: rangeError("norm", norm))
      for var leaf in leaves { leaf.grad = failed }
      return failed
    }
    if leaves.isEmpty { return Tensor.zeros([]) }
    return noGrad {
      // PyTorch's order: the norm of the norms. Those of halves may be beyond float16.
      let norms = leaves.map { $0.grad.widened.norm(p) }
      let dtype: DType = norms.contains { $0.dtype == .float64 } ? .float64 : .float32
      let total =
        norms.count == 1 ? norms[0] : stack(norms.map { $0.cast(to: dtype) }).norm(p)
      let scale = (norm / (total + 1e-6)).minimum(1)
      for var leaf in leaves {
        let wide = leaf.grad.widened
        leaf.grad = (wide * scale.cast(to: wide.dtype)).cast(to: leaf.dtype)
      }
      return total
    }
  }

  fileprivate static func clip(_ parameters: [Parameter], value: Double) {
    for var leaf in parameters.map(\.value) where leaf.hasGrad {
      leaf.grad =
        value >= 0
        ? noGrad { leaf.grad.clamp(min: -value, max: value) }
        : Tensor(error: rangeError("value", value))
    }
  }

  private static func rangeError(_ name: String, _ value: Double) -> TensorError {
    TensorError("clipGradients", "the \(name) is \(value)", help: "write 0 or more")
  }
}
