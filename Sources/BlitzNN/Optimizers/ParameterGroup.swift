import BlitzTensor

/// Parameters of an optimizer that have settings of their own, PyTorch's `param_groups`.
///
///     let optimizer = AdamW(groups: [
///       .init(model.backbone, .init(rate: 1e-5)),
///       .init(model.head, .init(rate: 1e-3, weightDecay: 0)),
///     ])
///
/// To choose by name or shape, filter `model.parameters`:
///
///     .init(model.parameters.filter { $0.parameter.value.rank > 1 }, .init(weightDecay: 0.1))
public struct ParameterGroup<Rule: UpdateRule> {
  let parameters: [(name: String, parameter: Parameter)]
  let rule: Rule
  let strays: [(path: String, tensor: Tensor)]
  /// Running means and the like, which each step computes with the parameters.
  let buffers: [Buffer]

  /// Makes a group of all parameters of a module.
  public init(_ module: any Module, _ rule: Rule) {
    parameters = module.parameters
    self.rule = rule
    strays = ModuleWalk(module).parts.compactMap { path, part in
      if case .strayLeaf(let tensor) = part { (path, tensor) } else { nil }
    }
    buffers = module.buffers.map(\.buffer)
  }

  /// Makes a group of some parameters, with the names under which their state is saved.
  public init(_ parameters: [(name: String, parameter: Parameter)], _ rule: Rule) {
    self.parameters = parameters
    self.rule = rule
    strays = []
    buffers = []
  }
}
