/// The axes along which a mesh's devices are counted, and how many there are along each.
public struct Mesh: Sendable, Hashable {
  /// From the outermost: neighbours along the last axis are neighbours in number.
  public let axes: [Axis]

  /// One axis.
  public struct Axis: Sendable, Hashable {
    /// What it is for: `batch`, `model`.
    public let name: String
    /// How many devices there are along it.
    public let count: Int
  }

  /// How many devices there are in all; `Int.max` if the product does not fit.
  public var deviceCount: Int {
    axes.reduce(1) {
      let (product, overflow) = $0.multipliedReportingOverflow(by: $1.count)
      return overflow ? .max : product
    }
  }

  /// How many devices there are along an axis; nil if there is no such axis.
  public func count(along name: String) -> Int? { axes.first { $0.name == name }?.count }

  /// The place of each device along each axis.
  func coordinates(of device: Int) -> [String: Int] {
    var rest = device
    var places: [String: Int] = [:]
    for axis in axes.reversed() {
      places[axis.name] = rest % axis.count
      rest /= axis.count
    }
    return places
  }
}

/// How a tensor lies on a mesh: for each of its axes, along which of the mesh's it is split.
public struct Sharding: Sendable, Hashable {
  /// The mesh's axis for each of the tensor's, nil where it is whole; axes that are not named are.
  public var axes: [String?]

  /// Every device holds the whole tensor.
  public static let replicated = Sharding(axes: [])

  /// Splits a tensor's axes along the mesh's.
  public init(axes: [String?]) {
    self.axes = axes
    while let last = self.axes.last, last == nil { self.axes.removeLast() }
  }

  /// Whether every device holds the whole tensor.
  public var isReplicated: Bool { axes.isEmpty }

  /// The part of a shape that one device holds.
  public func part(of shape: Shape, on mesh: Mesh) -> Shape {
    Shape(
      shape.sizes.enumerated().map { axis, size in
        guard axis < axes.count, let name = axes[axis] else { return size }
        return size / (mesh.count(along: name) ?? 1)
      })
  }

  /// Where the part of a device starts along each axis of a shape.
  public func start(of shape: Shape, on mesh: Mesh, device: Int) -> [Int] {
    let places = mesh.coordinates(of: device)
    let part = part(of: shape, on: mesh)
    return shape.indices.map { axis in
      guard axis < axes.count, let name = axes[axis] else { return 0 }
      return places[name, default: 0] &* part[axis]
    }
  }

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
