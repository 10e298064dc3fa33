extension Rule {
  static let transfer = Rule(
    name: "to", .given, strides: .likeOperands { _, inputs, _ in inputs[0].strides },
    samples: [Sample("transfer", .normal([7, 5])) { $0[0].to(.cpu).to($0[0].device) }],
    lowering: .refused("comes before a program")
  ) {
    step in
    [step.gradient.to(step.inputs[0].device)]
  }
}

extension Tensor {
  /// The same elements on another device: `torch.Tensor.to(device)`.
  ///
  ///     let x = Tensor(pixels).to(.cuda)
  ///
  /// Numbers that are known start on their way at the call; the device computes meanwhile.
  ///
  /// - Returns: `self` if it is there already.
  /// - Gradient: `g`, on the device of `self`.
  /// - Error: no such device, with what was looked for where; when evaluated, too little memory.
  public func to(_ device: Device) -> Tensor {
    if node.failure != nil || device == self.device { return self }
    return moved(to: device, .replicated)
  }

  /// The same elements on a mesh of devices, each of which holds a part.
  ///
  ///     let x = rows.to(mesh, split: "batch", nil)     // some of the rows, all columns
  ///
  /// - Parameters:
  ///   - mesh: a device that ``Device/mesh(_:_:)`` made.
  ///   - axes: for each axis of `self`, the mesh's axis that it is split along, or nil; those that
  ///     are left out are whole.
  /// - Gradient: `g`, on the device of `self`.
  /// - Error: a device that is no mesh, an axis that it does not have, sizes that its devices
  ///   cannot share evenly.
  public func to(_ mesh: Device, split axes: String?...) -> Tensor { to(mesh, split: axes) }

  /// The same elements on a mesh of devices, split along the axes in an array.
  public func to(_ mesh: Device, split axes: [String?]) -> Tensor {
    if node.failure != nil { return self }
    guard let axesOfMesh = mesh.mesh else {
      return Tensor(
        error: TensorError(
          "to", "\(mesh) is one device, which splits nothing", operands: [("tensor", signature)],
          help: "make a mesh: Device.mesh(\(mesh.word), [\"batch\": 4])"))
    }
    let sharding = Sharding(axes: axes)
    if let problem = sharding.problem(with: self, on: axesOfMesh) { return Tensor(error: problem) }
    if mesh == device, node.sharding == sharding { return self }
    return moved(to: mesh, sharding)
  }

  /// How the tensor is split over the devices of a mesh; replicated on a single device.
  ///
  /// What ops compute element by element lies as their operands do; all else is replicated.
  public var sharding: Sharding {
    (try? Evaluation.quiet { () throws(TensorError) in node.sharding }) ?? .replicated
  }

  private func moved(to device: Device, _ sharding: Sharding) -> Tensor {
    do throws(TensorError) {
      _ = try device.backend()
      if case .scalar(let value) = node.op {
        return Tensor(node: Node(.scalar(value), shape: [], dtype: dtype, device: device))
      }
      let isTracked = node.isTracked && GradientMode.isOn
      let moved = Node(
        .transfer, Operands(node), shape: shape, dtype: dtype, device: device,
        tracking: isTracked ? .interior : .none, sharding: sharding, strides: node.strides)
      if node.hasContents { try Evaluation.evaluate([moved]) }
      return Tensor(node: moved)
    } catch {
      return Tensor(error: error)
    }
  }
}

extension Sharding {
  /// What keeps a tensor from lying so on a mesh, if anything does.
  func problem(with tensor: Tensor, on mesh: Mesh) -> TensorError? {
    let operands = [(role: "tensor", description: tensor.signature)]
    let known = mesh.axes.map(\.name).joined(separator: ", ")
    if axes.count > tensor.rank {
      return TensorError(
        "to", "\(axes.count) axes are split, the tensor has \(tensor.rank)", operands: operands,
        help: "name a mesh axis, or nil, for each axis of the tensor")
    }
    var seen: Set<String> = []
    for (axis, name) in axes.enumerated() {
      guard let name else { continue }
      guard let count = mesh.count(along: name) else {
        return TensorError(
          "to", "the mesh has no axis \"\(name)\"", operands: operands,
          help: "its axes are: \(known)")
      }
      if !seen.insert(name).inserted {
        return TensorError(
          "to", "two axes are split along \"\(name)\"", operands: operands,
          help: "each axis of the mesh splits one axis of the tensor")
      }
      if tensor.shape[axis] % count != 0 {
        return TensorError(
          "to",
          "axis \(axis) has size \(tensor.shape[axis]), which \(count) devices cannot share evenly",
          operands: operands,
          help: "use sizes that \(count) divides; leave a last, smaller batch whole")
      }
    }
    return nil
  }
}
