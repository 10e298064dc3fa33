/// Where a tensor's numbers live and are computed.
public struct Device: Sendable, Hashable {
  /// The kind of device, `cpu`.
  public let kind: String
  /// Which one of its kind, from 0.
  public let index: Int

  /// The processor that runs the program.
  public static let cpu = Device(kind: "cpu", index: 0)

  init(kind: String, index: Int) {
    self.kind = kind
    self.index = index
  }

  /// The device with a name such as `cpu`.
  ///
  /// - Throws: `TensorError` if no backend of this program drives such a device.
  public init(named name: String) throws(TensorError) {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    let index = parts.count == 2 ? Int(parts[1]) : 0
    let kind = String(parts.first ?? "")
    guard parts.count <= 2, let index, index >= 0, let backend = try? Backends.named(kind),
      index < backend.deviceCount
    else {
      let known = Backends.all.flatMap { backend in
        (0..<backend.deviceCount).map { Device(kind: backend.name, index: $0).description }
      }
      throw TensorError(
        "device", "there is no device \"\(name)\"",
        help: "the devices of this machine are: \(known.joined(separator: ", "))")
    }
    self.init(kind: kind, index: index)
  }
}

extension Device: CustomStringConvertible {
  /// The name, `cpu` or `cuda:1`.
  public var description: String { index == 0 ? kind : "\(kind):\(index)" }
}
