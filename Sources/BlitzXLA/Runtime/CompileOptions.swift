/// The devices of a client that a program runs on, and how it is split over them.
package struct Placement: Sendable, Hashable {
  /// The indices of the devices, with the partitions of a replica next to each other.
  package var devices: [Int]
  /// The number of parts that one copy of the program is split into.
  package var partitions: Int
  /// Whether the text says how it is split in Shardy's words (`sdy.sharding`) instead of GSPMD's
  /// (`mhlo.sharding`).
  package var usesShardy: Bool

  /// Copies of one program: each device runs all of it on arrays of its own.
  package static func replicas(on devices: [Int]) -> Placement {
    Placement(devices: devices, partitions: 1, usesShardy: false)
  }

  /// One program, split over all devices.
  package static func partitions(on devices: [Int], usesShardy: Bool = false) -> Placement {
    Placement(devices: devices, partitions: devices.count, usesShardy: usesShardy)
  }

  /// One program on one device.
  package static func single(_ device: Int) -> Placement { .replicas(on: [device]) }

  /// The number of copies of the program.
  package var replicas: Int { devices.count / max(partitions, 1) }
}

/// The value of one of XLA's settings for a compilation, named without dashes,
/// `xla_cpu_enable_fast_math`.
package enum CompilerOption: Sendable, Hashable {
  /// Text.
  case string(String)
  /// An integer.
  case int(Int64)
  /// A floating-point number.
  case double(Double)
  /// True or false.
  case bool(Bool)
}

/// XLA's options for one compilation, as the protocol buffer that plugins take.
///
/// Field numbers are those of `CompileOptionsProto` and the messages in it.
struct CompileOptions {
  /// - Parameter ids: the devices' numbers, in the order of the placement.
  static func encoded(
    _ placement: Placement, ids: [Int], options: [(name: String, value: CompilerOption)]
  ) -> [UInt8] {
    let partitions = placement.partitions
    var assignment = ProtocolBuffer()
    assignment.add(1, placement.replicas)
    assignment.add(2, partitions)
    for partition in 0..<partitions {
      // One message for each partition, with the device of every replica.
      var packed = ProtocolBuffer()
      for replica in 0..<placement.replicas {
        packed.append(ids[replica * partitions + partition])
      }
      var devices = ProtocolBuffer()
      devices.add(1, packed)
      assignment.add(3, devices)
    }

    var build = ProtocolBuffer()
    build.add(4, placement.replicas)
    build.add(5, partitions)
    if partitions > 1 { build.add(6, 1) }  // use_spmd_partitioning
    build.add(9, assignment)
    if placement.usesShardy { build.add(19, 1) }

    var whole = ProtocolBuffer()
    whole.add(3, build)
    for option in options {
      var value = ProtocolBuffer()
      switch option.value {
      case .string(let text): value.add(1, text)
      case .bool(let flag): value.add(2, flag ? 1 : 0)
      case .int(let number): value.add(3, Int(number))
      case .double(let number): value.add(4, number)
      }
      var entry = ProtocolBuffer()
      entry.add(1, option.name)
      entry.add(2, value)
      whole.add(7, entry)
    }
    return whole.bytes
  }
}

/// A message being written in Google's wire format.
private struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  /// Appends a whole number, seven bits a byte, the lowest first.
  mutating func append(_ number: Int) {
    var rest = UInt64(bitPattern: Int64(number))
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func add(_ field: Int, _ number: Int) {
    append(field << 3)
    append(number)
  }

  mutating func add(_ field: Int, _ number: Double) {
    append(field << 3 | 1)
    withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ field: Int, _ text: String) {
    append(field << 3 | 2)
    append(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func add(_ field: Int, _ message: ProtocolBuffer) {
    append(field << 3 | 2)
    append(message.bytes.count)
    bytes.append(contentsOf: message.bytes)
  }
}
