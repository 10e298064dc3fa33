/// A function with a gradient that you write yourself: `torch.autograd.Function`.
///
///     struct MyReLU: CustomFunction {
///       func forward(_ inputs: [Tensor]) -> Tensor { inputs[0].clamp(min: 0) }
///       func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
///         var gradient = gradient
///         gradient[inputs[0] .< 0] = 0
///         return [gradient]
///       }
///     }
///     let h = MyReLU()(x)
public protocol CustomFunction: Sendable {
  /// Computes the result. Its ops are not recorded.
  func forward(_ inputs: [Tensor]) -> Tensor

  /// Computes the gradient of each input, of the input's shape and dtype, from the gradient of the
  /// result; nil where there is none.
  func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?]
}

extension CustomFunction {
  /// Applies the function.
  public func callAsFunction(_ inputs: Tensor...) -> Tensor { callAsFunction(inputs) }

  /// Applies the function to as many inputs as there are.
  public func callAsFunction(_ inputs: [Tensor]) -> Tensor {
    if let failed = inputs.first(where: { $0.error != nil }) { return failed }
    let value = noGrad { forward(inputs.map { $0.detached() }) }
    if value.error != nil { return value }
    let rule = CustomRule(name: "\(Self.self)") { operands, output, gradient in
      // The first operand is the value itself, which nobody differentiates.
      [nil] + backward(Array(operands.dropFirst()), output, gradient)
    }
    return .make(.custom(rule), [value] + inputs, shape: value.shape, dtype: value.dtype)
  }
}

extension Rule {
  static let custom = Rule(
    name: "custom", .view { _ in nil }, saves: [.inputs, .output],
    strides: .likeOperands { _, inputs, _ in inputs[0].strides },
    samples: [
      Sample("custom", .normal([7, 5])) { inputs in
        struct Doubled: CustomFunction {
          func forward(_ inputs: [Tensor]) -> Tensor { inputs[0] * 2 }
          func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
            [gradient * 2]
          }
        }
        let x = inputs[0].requiringGrad()
        return BlitzTensor.gradient(of: (Doubled()(x) * inputs[1]).sum(), wrt: x)
      }
    ], lowering: .operand
  ) { step in
    guard case .custom(let rule) = step.node.op else { return [] }
    return rule.gradient(Array(step.inputs), step.output, step.gradient)
  }
}
