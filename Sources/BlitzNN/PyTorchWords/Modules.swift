// PyTorch's words for modules and optimizers; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

extension Module {
  @available(*, unavailable, message: "write state, or save(\"net.safetensors\") for a file")
  public var state_dict: _Word { .init() }
  @available(*, unavailable, message: "write state, or save(\"net.safetensors\") for a file")
  public var stateDict: _Word { .init() }
  @available(*, unavailable, message: "write load(tensors), or load(\"net.safetensors\")")
  public var load_state_dict: _Word { .init() }
  @available(*, unavailable, message: "write load(tensors), or load(\"net.safetensors\")")
  public var loadStateDict: _Word { .init() }
  @available(*, unavailable, message: "write parameters, without brackets")
  public func named_parameters() -> [(String, Parameter)] { [] }
  @available(*, unavailable, message: "write parameters, without brackets")
  public func namedParameters() -> [(String, Parameter)] { [] }
  @available(*, unavailable, renamed: "buffers")
  public var named_buffers: _Word { .init() }
  @available(*, unavailable, renamed: "buffers")
  public var namedBuffers: _Word { .init() }
  @available(*, unavailable, message: "write members")
  public var children: _Word { .init() }
  @available(*, unavailable, message: "write members")
  public var named_children: _Word { .init() }
  @available(*, unavailable, message: "write members")
  public var modules: _Word { .init() }
  @available(*, unavailable, message: "write members")
  public var named_modules: _Word { .init() }
  @available(*, unavailable, renamed: "zeroGrad")
  public var zero_grad: _Word { .init() }
  @available(
    *, unavailable,
    message: "write for (_, weight) in parameters { weight.isFrozen = true }"
  )
  public var requires_grad_: _Word { .init() }
  @available(
    *, unavailable,
    message: "write for (_, weight) in parameters { weight.isFrozen = true }"
  )
  public var freeze: _Word { .init() }
  @available(*, unavailable, message: "write to(.cuda)")
  public var cuda: _Word { .init() }
  @available(*, unavailable, message: "write to(.cpu)")
  public var cpu: _Word { .init() }
  @available(*, unavailable, message: "write cast(to: .float16)")
  public var half: _Word { .init() }
  @available(*, unavailable, message: "write cast(to: .float32)")
  public var float: _Word { .init() }
  @available(*, unavailable, message: "write cast(to: .float64)")
  public var double: _Word { .init() }
  @available(*, unavailable, message: "write cast(to: .bfloat16)")
  public var bfloat16: _Word { .init() }
  @available(*, unavailable, message: "write @Buffer var name = Tensor.zeros([3]) in the module")
  public var register_buffer: _Word { .init() }
  @available(*, unavailable, message: "write @Buffer var name = Tensor.zeros([3]) in the module")
  public var registerBuffer: _Word { .init() }
  @available(*, unavailable, message: "write a property of the module")
  public var register_parameter: _Word { .init() }
  @available(*, unavailable, message: "write a property of the module")
  public var add_module: _Word { .init() }
  @available(*, unavailable, message: "write layer.hooked(after: { input, output in output })")
  public var register_forward_hook: _Word { .init() }
  @available(*, unavailable, message: "write clipGradients(norm: 1)")
  public var clipGradNorm: _Word { .init() }
  @available(*, unavailable, message: "write train() or eval(); a layer's Mode tells")
  public var training: _Word { .init() }
  @available(*, unavailable, message: "write train() or eval(); a layer's Mode tells")
  public var isTraining: _Word { .init() }
  @available(
    *, unavailable,
    message: "write model itself, as in Adam(model, rate: 1e-3), or parameters"
  )
  public func parameters(recurse: Bool = true) -> [Parameter] { [] }
  @available(*, unavailable, message: "write to(.cuda) or to(.cpu)")
  public func to(_ device: String) {}
  @available(*, unavailable, message: "write train() or eval()")
  public func train(_ isTraining: Bool) {}
}

extension Parameter {
  @available(*, unavailable, message: "write isFrozen, which is the opposite")
  public var requires_grad: Bool {
    get { !isFrozen }
    set { isFrozen = !newValue }
  }
  @available(*, unavailable, message: "write isFrozen, which is the opposite")
  public var requiresGrad: Bool {
    get { !isFrozen }
    set { isFrozen = !newValue }
  }
  @available(*, unavailable, renamed: "value")
  public var data: Tensor {
    get { value }
    set { value = newValue }
  }
  @available(*, unavailable, message: "write value.grad")
  public var grad: Tensor { value }
  @available(*, unavailable, message: "write value.shape")
  public var shape: Shape { value.shape }
}

extension Optimizer {
  @available(*, unavailable, renamed: "zeroGrad")
  public var zero_grad: _Word { .init() }
  @available(*, unavailable, renamed: "groups")
  public var param_groups: _Word { .init() }
  @available(*, unavailable, renamed: "groups")
  public var paramGroups: _Word { .init() }
  @available(*, unavailable, renamed: "state")
  public var state_dict: _Word { .init() }
  @available(*, unavailable, renamed: "state")
  public var stateDict: _Word { .init() }
  @available(*, unavailable, message: "write load(state)")
  public var load_state_dict: _Word { .init() }
  @available(*, unavailable, message: "write load(state)")
  public var loadStateDict: _Word { .init() }
  @available(*, unavailable, renamed: "rate")
  public var lr: _Word { .init() }
  @available(*, unavailable, renamed: "rate")
  public var learningRate: _Word { .init() }
  @available(*, unavailable, message: "write Adam(groups: [ParameterGroup(model.body, rule), ...])")
  public var add_param_group: _Word { .init() }
  @available(*, unavailable, message: "write clipGradients(norm: 1)")
  public var clipGradNorm: _Word { .init() }
  @available(*, unavailable, message: "write clipGradients(norm: 1)")
  public func clipGradients(_ norm: Double) {}
}

// What PyTorch users write of a `state_dict()`.
extension Array where Element == (name: String, tensor: Tensor) {
  @available(*, unavailable, message: "write map(\\.name)")
  public func keys() -> [String] { [] }
  @available(*, unavailable, message: "write map(\\.tensor)")
  public func values() -> [Tensor] { [] }
  @available(*, unavailable, message: "write for (name, tensor) in model.state")
  public func items() -> [(String, Tensor)] { [] }
  @available(*, unavailable, message: "write model.state.first { $0.name == name }?.tensor")
  public subscript(name: String) -> Tensor { fatalError() }
}
