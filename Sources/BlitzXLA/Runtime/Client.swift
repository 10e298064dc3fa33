import BlitzSystem
import BlitzTensor
import CPJRT
import Synchronization

/// The devices that a running plugin drives.
package final class Client: Sendable {
  /// The plugin.
  package let plugin: Plugin
  /// The kind of the devices in Blitz's words: `cuda`, `xla:cpu`.
  package let kind: String
  /// The kind of the devices in the plugin's words: `cpu`, `cuda`.
  package let platform: String
  /// The build of the plugin, `cuda 13000`; its form differs from plugin to plugin.
  package let platformVersion: String
  /// The index of this process among those of a job, from 0.
  package let processIndex: Int
  /// The devices of this process, in the plugin's order.
  package let devices: [ClientDevice]
  /// The number of devices of all processes of the job.
  package let globalDeviceCount: Int

  // The plugin's objects may be used from every thread; this one is destroyed in deinit only.
  nonisolated(unsafe) let raw: OpaquePointer
  // Answers the plugin's calls while the client lives.
  private let store: StoreCallbacks?

  var table: UnsafePointer<blz_pjrt_table> { plugin.table }

  /// The value of an option that a client is made with.
  package enum Option: Sendable, Hashable {
    /// Text.
    case string(String)
    /// An integer.
    case int(Int64)
    /// Several integers.
    case ints([Int64])
    /// A floating-point number.
    case float(Float)
    /// True or false.
    case bool(Bool)
  }

  /// Starts a plugin's devices.
  ///
  /// - Parameters:
  ///   - plugin: a plugin that was loaded.
  ///   - kind: the kind of the devices in Blitz's words; that of the platform if not given.
  ///   - options: options that the plugin's platform knows; some plugins refuse others.
  ///   - store: the values that the processes of a job share, for plugins whose devices work
  ///     together over several processes.
  package init(
    _ plugin: Plugin, kind: String? = nil, options: [(name: String, value: Option)] = [],
    store: (any KeyValueStore)? = nil
  ) throws(XLAError) {
    self.plugin = plugin
    let table = plugin.table
    self.store = store.map(StoreCallbacks.init)
    let context = self.store.map { Unmanaged.passUnretained($0).toOpaque() }
    var raw: OpaquePointer?
    let named = options.map { blz_pjrt_named($0.name, $0.value) }
    defer { for item in named { item.release() } }
    let failed = named.withUnsafeBufferPointer {
      blz_client_create(
        table, $0.baseAddress, $0.count, context == nil ? nil : StoreCallbacks.get,
        context == nil ? nil : StoreCallbacks.put, context == nil ? nil : StoreCallbacks.tryGet,
        context, &raw)
    }
    try table.check(failed)
    guard let raw else {
      throw XLAError(code: .internalError, message: "the plugin returned no client")
    }
    self.raw = raw
    var size = 0
    let platform = blz_client_platform(table, raw, &size)
    self.platform = String(platform, size)
    self.kind = kind ?? (self.platform == "cuda" ? "cuda" : "xla:\(self.platform)")
    let version = blz_client_version(table, raw, &size)
    platformVersion = String(version, size)
    processIndex = Int(blz_client_process(table, raw))
    do {
      devices = try Client.devices(of: raw, table, all: false)
        .enumerated().map { ClientDevice($1, index: $0, of: table) }
      globalDeviceCount = try Client.devices(of: raw, table, all: true).count
    } catch {
      blz_client_destroy(table, raw)
      throw error
    }
  }

  deinit { blz_client_destroy(table, raw) }

  /// The name of one of the devices in Blitz's words: `cuda`, `cuda:1`.
  func name(_ device: Int) -> String { device == 0 ? kind : "\(kind):\(device)" }

  private static func devices(
    of client: OpaquePointer, _ table: UnsafePointer<blz_pjrt_table>, all: Bool
  ) throws(XLAError) -> [OpaquePointer] {
    var list: UnsafePointer<OpaquePointer?>?
    var count = 0
    try table.check(blz_client_devices(table, client, all, &list, &count))
    return UnsafeBufferPointer(start: list, count: count).compactMap { $0 }
  }
}

/// One device of a client.
package final class ClientDevice: Sendable {
  /// The index of the device in the client.
  package let index: Int
  /// The index of the device among those of all processes.
  package let id: Int
  /// The model of the device: `cpu`, `NVIDIA H100 80GB HBM3`.
  package let kind: String
  // The client's, which every user of it keeps.
  nonisolated(unsafe) let raw: OpaquePointer
  private nonisolated(unsafe) let table: UnsafePointer<blz_pjrt_table>
  /// Bytes of the arrays that this process holds on it.
  let live = Atomic<Int>(0)

  init(_ raw: OpaquePointer, index: Int, of table: UnsafePointer<blz_pjrt_table>) {
    self.raw = raw
    self.index = index
    self.table = table
    id = Int(blz_device_id(table, raw))
    var size = 0
    let kind = blz_device_kind(table, raw, &size)
    self.kind = String(kind, size)
  }

  /// The bytes of the arrays that this process holds on the device.
  package var liveBytes: Int { live.load(ordering: .relaxed) }

  /// The use of the device's memory in bytes; nil if the plugin does not say, as on a CPU.
  package var memory: (used: Int, peak: Int?, limit: Int?)? {
    var answer = blz_pjrt_memory()
    if let error = blz_device_memory(table, raw, &answer) {
      blz_error_destroy(table, error)
      return nil
    }
    return (
      Int(answer.used), answer.peak.known ? Int(answer.peak.bytes) : nil,
      answer.limit.known ? Int(answer.limit.bytes) : nil
    )
  }
}

extension blz_pjrt_named {
  /// Holds memory of its own until `release()`.
  fileprivate init(_ name: String, _ option: Client.Option) {
    self.init()
    head.size = MemoryLayout<blz_pjrt_named>.size
    self.name = UnsafePointer(strdup(name))
    name_size = name.utf8.count
    value_size = 1
    switch option {
    case .string(let text):
      kind = Int32(BLZ_PJRT_STRING)
      value.string = UnsafePointer(strdup(text))
      value_size = text.utf8.count
    case .int(let number):
      kind = Int32(BLZ_PJRT_INT64)
      value.number = number
    case .ints(let numbers):
      kind = Int32(BLZ_PJRT_INT64_LIST)
      let memory = UnsafeMutableBufferPointer<Int64>.allocate(capacity: numbers.count)
      _ = memory.initialize(from: numbers)
      value.numbers = UnsafePointer(memory.baseAddress)
      value_size = numbers.count
    case .float(let number):
      kind = Int32(BLZ_PJRT_FLOAT)
      value.real = number
    case .bool(let flag):
      kind = Int32(BLZ_PJRT_BOOL)
      value.flag = flag
    }
  }

  fileprivate func release() {
    free(UnsafeMutableRawPointer(mutating: name))
    switch Int(kind) {
    case BLZ_PJRT_STRING:
      free(UnsafeMutableRawPointer(mutating: value.string))
    case BLZ_PJRT_INT64_LIST: value.numbers?.deallocate()
    default: break
    }
  }
}
