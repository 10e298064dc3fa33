import BlitzTensor
import CPJRT

extension Client {
  /// Compiles a program for some of the devices.
  ///
  /// - Parameters:
  ///   - program: the program; with several partitions, its arguments and results are the parts
  ///     that one device has.
  ///   - placement: the devices that it runs on.
  ///   - options: XLA's settings for this compilation; one that the plugin does not know is an
  ///     error.
  package func compile(
    _ program: Program, on placement: Placement,
    options: [(name: String, value: CompilerOption)] = []
  ) throws(XLAError) -> XLALoadedProgram {
    let encoded = try encode(placement, options: options)
    var text = program.text
    var raw: OpaquePointer?
    let failed = text.withUTF8 { text in
      text.withMemoryRebound(to: CChar.self) { text in
        blz_client_compile(
          table, self.raw, text.baseAddress, text.count, encoded, encoded.count, &raw)
      }
    }
    try table.check(failed)
    return try XLALoadedProgram(
      raw!, of: program, on: placement, wasKept: false, client: self)
  }

  /// Loads a program that was compiled by the same plugin on the same machine.
  ///
  /// - Parameters:
  ///   - serialized: the bytes of this program, compiled for this placement.
  ///   - program: the text of the program, with its arguments and results.
  ///   - placement: the devices that it runs on.
  package func load(
    _ serialized: [UInt8], as program: Program, on placement: Placement
  ) throws(XLAError) -> XLALoadedProgram {
    var raw: OpaquePointer?
    try table.check(
      blz_client_deserialize(table, self.raw, serialized, serialized.count, &raw))
    return try XLALoadedProgram(raw!, of: program, on: placement, wasKept: true, client: self)
  }

  /// The options of a compilation as the plugin takes them.
  ///
  /// - Throws: `XLAError` for a placement that the plugin would end the process for.
  func encode(
    _ placement: Placement, options: [(name: String, value: CompilerOption)]
  ) throws(XLAError) -> [UInt8] {
    guard placement.partitions > 0, !placement.devices.isEmpty,
      placement.devices.count % placement.partitions == 0
    else {
      throw XLAError(
        code: .invalidArgument,
        message: "\(placement.devices.count) devices cannot hold copies of a program in "
          + "\(placement.partitions) parts")
    }
    for device in placement.devices where !devices.indices.contains(device) {
      throw noDevice(device)
    }
    return CompileOptions.encoded(
      placement, ids: placement.devices.map { devices[$0].id }, options: options)
  }
}
