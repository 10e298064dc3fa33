import BlitzSystem
import BlitzTensor
import CPJRT

/// A PJRT plugin: a shared library that drives one kind of device for XLA. It is never unloaded.
package final class Plugin: Sendable {
  /// The path of the file.
  package let path: String
  /// The version of the PJRT interface, `(0, 81)`.
  package let version: (major: Int, minor: Int)
  /// The plugin's attributes, such as `stablehlo_current_version` with `1.13.3`.
  package let attributes: [String: String]
  // A table of constant function pointers, in a library that stays loaded.
  nonisolated(unsafe) let table: UnsafePointer<blz_pjrt_table>

  private static let loaded = Lock<[String: Plugin]>([:])

  /// The plugin in a file, which the first call loads.
  ///
  /// - Throws: `TensorError` if the file is not a plugin, or if it is too old.
  package static func load(_ path: String) throws(TensorError) -> Plugin {
    try loaded.withLock { loaded throws(TensorError) in
      if let plugin = loaded[path] { return plugin }
      let plugin = try Plugin(path: path)
      loaded[path] = plugin
      return plugin
    }
  }

  private init(path: String) throws(TensorError) {
    XLA.prepareEnvironment()
    guard let size = FileSystem.facts(path)?.size else {
      throw TensorError(
        "plugin", "there is no file \(path)",
        help: "give the path of a PJRT plugin, a file that ends in .so")
    }
    let wholeSize = blz_library_size(path)
    guard size >= wholeSize else {
      throw TensorError(
        "plugin", "\(path) was cut short: it has \(size) of \(wholeSize) bytes at least",
        help: "fetch it again; blitz plugin install replaces what it has installed")
    }
    var why: UnsafePointer<CChar>?
    // The system's loader looks for a name without a slash in its own folders.
    guard let library = blz_library_open(path.contains("/") ? path : "./" + path, &why) else {
      let reason = why.map { String(cString: $0) } ?? "no reason given"
      throw TensorError(
        "plugin", "\(path) cannot be loaded", operands: [("system", reason)],
        help: "a PJRT plugin is a shared library made for this machine's processor and C library")
    }
    guard let table = blz_library_table(library) else {
      throw TensorError(
        "plugin", "\(path) is a shared library, but not a PJRT plugin: it has no GetPjrtApi",
        help: "plugins are named like xla_cuda_plugin.so or xla_cpu_pjrt.so")
    }
    let versionEnd = MemoryLayout<blz_pjrt_table>.offset(of: \.error_destroy)!
    guard table.pointee.head.size >= versionEnd else {
      throw Plugin.tooOld(path, "its table has \(table.pointee.head.size) bytes")
    }
    let version = (Int(table.pointee.version.major), Int(table.pointee.version.minor))
    guard version.0 == BLZ_PJRT_MAJOR else {
      throw TensorError(
        "plugin", "\(path) speaks PJRT \(version.0).\(version.1), Blitz speaks version 0",
        help: "install a plugin that this Blitz was tested with: blitz plugin install")
    }
    guard version.1 >= BLZ_PJRT_MINOR else {
      throw Plugin.tooOld(path, "it speaks PJRT \(version.0).\(version.1)")
    }
    let needed = MemoryLayout<blz_pjrt_table>.size
    guard table.pointee.head.size >= needed else {
      throw Plugin.tooOld(
        path, "its table of functions has \(table.pointee.head.size) bytes of \(needed)")
    }

    self.path = path
    self.version = version
    self.table = table
    do {
      try table.check(blz_plugin_initialize(table))
    } catch {
      throw TensorError(
        "plugin", "\(path) did not start", operands: [("xla", "\(error)")])
    }
    var items: UnsafePointer<blz_pjrt_named>?
    var count = 0
    if let error = blz_plugin_attributes(table, &items, &count) {
      blz_error_destroy(table, error)
    }
    var attributes: [String: String] = [:]
    for item in UnsafeBufferPointer(start: items, count: count) {
      attributes[String(item.name, item.name_size)] = item.text
    }
    self.attributes = attributes
  }

  private static func tooOld(_ path: String, _ found: String) -> TensorError {
    TensorError(
      "plugin", "\(path) is too old: \(found), Blitz needs PJRT 0.\(BLZ_PJRT_MINOR)",
      help: "install a newer plugin: blitz plugin install cpu, cuda13 or cuda12")
  }

  /// The newest StableHLO version that it reads, `1.13.3`; nil if it does not say.
  package var stableHLOVersion: String? { attributes["stablehlo_current_version"] }
}

extension blz_pjrt_named {
  /// The value as text; versions are lists of numbers with dots between.
  fileprivate var text: String {
    switch Int(kind) {
    case BLZ_PJRT_STRING: return String(value.string, value_size)
    case BLZ_PJRT_INT64: return String(value.number)
    case BLZ_PJRT_INT64_LIST:
      return UnsafeBufferPointer(start: value.numbers, count: value_size)
        .map { String($0) }.joined(separator: ".")
    case BLZ_PJRT_FLOAT: return String(value.real)
    default: return String(value.flag)
    }
  }
}
