import BlitzTensor
import CPJRT

/// A compiled program, loaded on one device or on several that run it together.
package final class XLALoadedProgram: LoadedProgram {
  /// The devices that it runs on.
  package let placement: Placement
  /// The arguments of one device, in order; with several partitions, its parts.
  package let arguments: [Program.Value]
  /// The results of one device, in order.
  package let results: [Program.Value]
  /// The indices of the arguments that a run may overwrite.
  package let donated: [Int]
  /// Whether it was found on disk.
  package let wasKept: Bool
  /// The bytes of memory of one device, if the plugin says.
  package var memoryLimit: Int? {
    placement.devices.first.flatMap { client.devices[$0].memory?.limit }
  }
  /// The client of the devices.
  package let client: Client
  // May be used from every thread; destroyed in deinit only.
  private nonisolated(unsafe) let raw: OpaquePointer

  /// Takes over a program of the plugin's.
  init(
    _ raw: OpaquePointer, of program: Program, on placement: Placement, wasKept: Bool,
    client: Client
  ) throws(XLAError) {
    self.raw = raw
    self.wasKept = wasKept
    self.client = client
    self.placement = placement
    arguments = program.arguments
    results = program.results
    donated = program.donated
    // A wrong count would have the plugin write past the end of the list of results.
    var count = 0
    try client.table.check(blz_loaded_result_count(client.table, raw, &count))
    guard count == program.results.count else {
      throw XLAError(
        code: .internalError,
        message: "the program returns \(count) results, not \(program.results.count)")
    }
  }

  deinit { blz_loaded_destroy(client.table, raw) }

  /// Starts a run on the program's only device.
  ///
  /// - Parameters:
  ///   - arguments: arrays of the program's dtypes and shapes on its device; all of this is
  ///     checked.
  ///   - kept: the indices of arguments that this run must not overwrite.
  /// - Returns: the results, which may still be being computed.
  /// - Throws: `TensorError` if the run cannot start; the arguments can be read then.
  package func run(
    _ arguments: [any DeviceArray], keeping kept: [Int]
  ) throws(TensorError) -> [any DeviceArray] {
    guard placement.devices.count == 1 else {
      throw TensorError(
        "run", "the program runs on \(placement.devices.count) devices, one list was given")
    }
    let device = placement.devices[0]
    let argumentCount = self.arguments.count, resultCount = results.count
    try check(arguments, device: device)
    // Pointers for the call lie on the stack: a run allocates its results' objects only.
    var failed: OpaquePointer?
    let outputs: [any DeviceArray] = withUnsafeTemporaryAllocation(
      of: OpaquePointer?.self, capacity: argumentCount + resultCount
    ) { pointers in
      for index in 0..<argumentCount {
        pointers.initializeElement(
          at: index, to: unsafeDowncast(arguments[index], to: XLAArray.self).raw)
      }
      for index in 0..<resultCount {
        pointers.initializeElement(at: argumentCount + index, to: nil)
      }
      var argumentList = UnsafePointer(pointers.baseAddress)
      var resultList = pointers.baseAddress.map { $0 + argumentCount }
      failed = kept.withUnsafeBufferPointer { kept in
        kept.withMemoryRebound(to: Int64.self) { kept in
          blz_loaded_run(
            client.table, raw, &argumentList, 1, argumentCount, &resultList,
            kept.baseAddress, kept.count, 0)
        }
      }
      if failed != nil { return [] }
      return [any DeviceArray](unsafeUninitializedCapacity: resultCount) { list, count in
        for index in 0..<resultCount {
          (list.baseAddress! + index).initialize(
            to: XLAArray(
              pointers[argumentCount + index]!, shape: results[index].shape,
              dtype: results[index].dtype, device: device, client: client))
        }
        count = resultCount
      }
    }
    note(arguments, keeping: kept)
    if let failed {
      throw XLAError(failed, of: client.table).asTensorError("run", on: client, device: device)
    }
    return outputs
  }

  /// Starts a run on all devices of the placement together.
  ///
  /// - Parameters:
  ///   - lists: the arguments for each device, in the placement's order.
  ///   - kept: the indices of arguments that this run must not overwrite.
  /// - Returns: the results of each device.
  /// - Throws: `TensorError` if the run cannot start.
  package func run(
    lists: [[any DeviceArray]], keeping kept: [Int] = []
  ) throws(TensorError) -> [[any DeviceArray]] {
    let deviceCount = placement.devices.count, resultCount = results.count
    let argumentCount = self.arguments.count
    guard lists.count == deviceCount else {
      throw TensorError(
        "run", "the program runs on \(deviceCount) devices, \(lists.count) lists were given")
    }
    for (list, device) in zip(lists, placement.devices) { try check(list, device: device) }

    // All arguments, then all results, one device after the other.
    let pointers = UnsafeMutableBufferPointer<OpaquePointer?>.allocate(
      capacity: max(deviceCount * (argumentCount + resultCount), 1))
    defer { pointers.deallocate() }
    pointers.initialize(repeating: nil)
    let start = pointers.baseAddress!, resultStart = start + deviceCount * argumentCount
    for (place, list) in lists.enumerated() {
      for (index, array) in list.enumerated() {
        start[place * argumentCount + index] = unsafeDowncast(array, to: XLAArray.self).raw
      }
    }
    let argumentLists = (0..<deviceCount).map {
      UnsafePointer<OpaquePointer?>?(start + $0 * argumentCount)
    }
    let resultLists = (0..<deviceCount).map {
      UnsafeMutablePointer<OpaquePointer?>?(resultStart + $0 * resultCount)
    }
    let failed = kept.map { Int64($0) }.withUnsafeBufferPointer { kept in
      blz_loaded_run(
        client.table, raw, argumentLists, deviceCount, argumentCount, resultLists,
        kept.baseAddress, kept.count, 0)
    }
    for list in lists { note(list, keeping: kept) }
    if let failed {
      throw XLAError(failed, of: client.table)
        .asTensorError("run", on: client, device: placement.devices[0])
    }
    return placement.devices.enumerated().map { place, device in
      results.enumerated().map { index, value in
        XLAArray(
          resultStart[place * resultCount + index]!, shape: value.shape, dtype: value.dtype,
          device: device, client: client)
      }
    }
  }

  /// The program as bytes, which the same plugin on the same machine can load again.
  package func serialized() throws(XLAError) -> [UInt8] {
    var answer = blz_pjrt_serialize()
    try client.table.check(blz_loaded_serialize(client.table, raw, &answer))
    defer { answer.free?(answer.owner) }
    return Array(UnsafeRawBufferPointer(start: answer.bytes, count: answer.size))
  }

  /// Checks what a plugin does not: a wrong dtype of the same size would be read as it is.
  @inline(__always)
  private func check(_ given: [any DeviceArray], device: Int) throws(TensorError) {
    guard given.count == arguments.count else {
      throw TensorError(
        "run", "the program takes \(arguments.count) arguments, \(given.count) were given")
    }
    for index in given.indices {
      let array = given[index]
      guard type(of: array) == XLAArray.self else { throw refusal(array, at: index, device) }
      let own = unsafeDowncast(array, to: XLAArray.self)
      guard own.dtype == arguments[index].dtype, own.shape == arguments[index].shape,
        own.client === client, own.deviceIndex == device, !own.isConsumed
      else { throw refusal(array, at: index, device) }
    }
  }

  /// Finds out which arrays the run has overwritten.
  @inline(__always)
  private func note(_ given: [any DeviceArray], keeping kept: [Int]) {
    for index in donated where !kept.contains(index) {
      unsafeDowncast(given[index], to: XLAArray.self).noteRun()
    }
  }

  private func refusal(_ array: any DeviceArray, at index: Int, _ device: Int) -> TensorError {
    let wanted = arguments[index]
    guard let own = array as? XLAArray, own.client === client else {
      return TensorError(
        "run", "argument \(index) does not lie on a device of \(client.kind)",
        help: "move it there first")
    }
    if own.isConsumed { return XLAArray.overwritten(own) }
    if own.deviceIndex != device {
      return TensorError(
        "run",
        "argument \(index) lies on \(client.name(own.deviceIndex)), the program runs on "
          + client.name(device),
        help: "move it there first")
    }
    return TensorError(
      "run",
      "argument \(index) is \(own.dtype)\(own.shape), the program takes "
        + "\(wanted.dtype)\(wanted.shape)")
  }
}
