/// The axes of a mesh of devices, and how many devices there are along each.
public struct Mesh: Sendable, Hashable {
  /// From the outermost axis on; neighbours along the last axis follow each other in index.
  public let axes: [Axis]

  /// One axis.
  public struct Axis: Sendable, Hashable {
    /// The axis's name, such as `batch` or `model`.
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

/// How a tensor is split over a mesh: for each of its axes, the axis of the mesh that splits it.
public struct Sharding: Sendable, Hashable {
  /// The mesh's axis for each axis of the tensor, nil where that is whole; axes without an entry
  /// are whole.
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
}
