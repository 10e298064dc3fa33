/// Where a tensor lives and is computed: `torch.device`.
///
///     let x = Tensor.randn([64, 1000], device: .cuda)
///
/// Naming a device does not look for it; the first tensor that is made there carries the error if
/// there is none. `Device(named:)` looks at once.
public struct Device: Sendable, Hashable {
  /// The place in the table of devices that were named, so that two are compared as two numbers.
  let id: Int
  /// Whether it stands for several devices.
  let isMesh: Bool

  /// The processor that runs the program.
  public static var cpu: Device { Device(id: 0, isMesh: false) }

  /// Where tensors are made if no device is given: the processor, or what `BLITZ_DEVICE` names.
  public static let `default` = Environment.device.map(Device.init(naming:)) ?? .cpu

  /// The first NVIDIA GPU.
  public static let cuda = Device(kind: "cuda")

  /// An NVIDIA GPU.
  ///
  /// - Parameter index: which one, from 0.
  public static func cuda(_ index: Int) -> Device { Device(kind: "cuda", index: index) }

  /// A device of any accelerator plugin.
  ///
  /// - Parameters:
  ///   - plugin: its name, `cpu` for the one that runs programs on the processor.
  ///   - index: which of its devices, from 0.
  public static func xla(_ plugin: String, _ index: Int = 0) -> Device {
    Device(kind: "xla:\(plugin)", index: index)
  }

  /// Several devices of one kind that hold tensors together and compute as one.
  ///
  ///     let mesh = Device.mesh(.cuda, ["batch": 4])
  ///     model.to(mesh)                          // each device has all weights
  ///     let x = batch.to(mesh, split: "batch")  // and a quarter of the rows
  ///
  /// Programs say what the whole computes; the accelerator's compiler splits the work and adds what
  /// the devices must tell each other.
  ///
  /// - Parameters:
  ///   - first: the first of the devices; the others follow it in index.
  ///   - axes: names, and how many devices there are along each.
  public static func mesh(_ first: Device, _ axes: KeyValuePairs<String, Int>) -> Device {
    Device(
      kind: first.kind, index: first.index,
      mesh: Mesh(axes: axes.map { Mesh.Axis(name: $0.key, count: max($0.value, 1)) }))
  }

  /// The axes of the mesh, if this is one.
  public var mesh: Mesh? { isMesh ? description(of: \.mesh) : nil }

  /// The kind of device: `cpu`, `cuda`, `xla:cpu`.
  public var kind: String { description(of: \.kind) }
  /// Which one of its kind, from 0.
  public var index: Int { description(of: \.index) }

  /// The device with a name such as `cpu`, `cuda`, `cuda:1` or `xla:cpu`, looked for at once.
  ///
  /// - Throws: `TensorError` if there is none, with what was looked for where.
  public init(named name: String) throws(TensorError) {
    self.init(naming: name)
    _ = try backend()
  }

  /// The device with a name, which is not looked for.
  private init(naming name: String) {
    var parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    var index = 0
    if parts.count > 1, let last = Int(parts[parts.count - 1]) {
      index = last
      parts.removeLast()
    }
    self.init(kind: parts.joined(separator: ":"), index: index)
  }

  private init(id: Int, isMesh: Bool) {
    self.id = id
    self.isMesh = isMesh
  }

  private init(kind: String, index: Int = 0, mesh: Mesh? = nil) {
    isMesh = mesh != nil
    let named = Named(kind: kind, index: index, mesh: mesh)
    id = Device.table.withLock { table in
      if let id = table.ids[named] { return id }
      table.all.append(named)
      table.ids[named] = table.all.count - 1
      return table.all.count - 1
    }
  }

  /// What computes on the device.
  ///
  /// - Throws: `TensorError` if there is no such device, with what was looked for where.
  func backend() throws(TensorError) -> any Backend {
    let (kind, index) = (kind, index)
    let backend = try Backends.named(kind)
    let count = mesh?.deviceCount ?? 1
    guard index >= 0, index + count <= backend.deviceCount else {
      if count > 1 {
        throw TensorError(
          "device",
          "the mesh \(self) takes \(count) devices\(index == 0 ? "" : " from number \(index) on"): "
            + "there \(backend.deviceCount == 1 ? "is" : "are") \(backend.deviceCount) of the kind "
            + kind,
          help: "use a smaller mesh; a CPU plugin makes as many as BLITZ_XLA_CPU_DEVICES says")
      }
      throw TensorError(
        "device",
        "there is no device \"\(self)\": there \(backend.deviceCount == 1 ? "is" : "are") "
          + "\(backend.deviceCount) of the kind \(kind)",
        help: "they are numbered from \(kind):0")
    }
    return backend
  }

  private struct Named: Hashable {
    var kind: String
    var index: Int
    var mesh: Mesh?
  }

  private struct Table {
    /// The processor has id 0, so that naming it takes no look at the table.
    var all = [Named(kind: "cpu", index: 0, mesh: nil)]
    var ids = [Named(kind: "cpu", index: 0, mesh: nil): 0]
  }

  private static let table = Lock(Table())

  private func description<Value: Sendable>(of path: KeyPath<Named, Value> & Sendable) -> Value {
    Device.table.withLock { $0.all[id][keyPath: path] }
  }
}

extension Device: CustomStringConvertible {
  /// The name: `cpu`, `cuda:1`, `cuda[batch=4]`.
  public var description: String {
    let name = index == 0 ? kind : "\(kind):\(index)"
    guard let mesh else { return name }
    return "\(name)[\(mesh.axes.map { "\($0.name)=\($0.count)" }.joined(separator: ", "))]"
  }
}

extension Device {
  /// The device as a program names it.
  var word: String {
    switch kind {
    case "cpu": return ".cpu"
    case "cuda": return index == 0 ? ".cuda" : ".cuda(\(index))"
    default:
      let plugin = kind.split(separator: ":").dropFirst().first ?? ""
      return index == 0 ? ".xla(\"\(plugin)\")" : ".xla(\"\(plugin)\", \(index))"
    }
  }
}
