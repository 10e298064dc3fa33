import BlitzSystem
import BlitzTensor
import CPJRT
import Synchronization

/// Numbers in the memory of one of a plugin's devices; they may still be being computed.
///
/// Unchecked: the plugin's buffers may be used from every thread, what changes here is atomic.
package final class XLAArray: DeviceArray, @unchecked Sendable {
  /// What stores it.
  package let client: Client
  /// The place of its device among the client's.
  package let deviceIndex: Int
  /// The size of each axis.
  package let shape: Shape
  /// The type of the elements.
  package let dtype: DType
  /// It is on one device.
  package var sharding: Sharding { .replicated }
  let raw: OpaquePointer
  private let byteCount: Int
  /// Set once a run has overwritten the numbers.
  private let consumed = Atomic<Bool>(false)
  /// A copy to this machine that was started by `prefetch()` and that nobody has read yet.
  private let pending = Atomic<UnsafeMutablePointer<HostCopy>?>(nil)

  /// A copy that may be under way.
  private struct HostCopy {
    let bytes: UnsafeMutableRawPointer
    let done: OpaquePointer?
  }

  /// Takes over a buffer of the plugin.
  init(_ raw: OpaquePointer, shape: Shape, dtype: DType, device: Int, client: Client) {
    self.raw = raw
    self.client = client
    deviceIndex = device
    byteCount = shape.elementCount * dtype.byteCount
    (self.shape, self.dtype) = (shape, dtype)
    client.devices[device].live.add(byteCount, ordering: .relaxed)
  }

  deinit {
    if let copy = pending.exchange(nil, ordering: .acquiring) { discard(copy) }
    blz_buffer_destroy(client.table, raw)
    if !consumed.load(ordering: .relaxed) {
      client.devices[deviceIndex].live.subtract(byteCount, ordering: .relaxed)
    }
  }

  /// Whether a run has overwritten the elements, so that they can no longer be read.
  package var isConsumed: Bool { consumed.load(ordering: .acquiring) }

  /// Asks the plugin whether a run that was allowed to overwrite the numbers has done so.
  func noteRun() {
    guard blz_buffer_is_deleted(client.table, raw) else { return }
    if !consumed.exchange(true, ordering: .acquiringAndReleasing) {
      client.devices[deviceIndex].live.subtract(byteCount, ordering: .relaxed)
    }
  }

  /// Whether the elements are computed, or have failed to be.
  package var isReady: Bool {
    var event: OpaquePointer?
    if let error = blz_buffer_ready(client.table, raw, &event) {
      blz_error_destroy(client.table, error)
      return true
    }
    let ready = event.map { blz_event_is_ready(client.table, $0) } ?? true
    blz_event_destroy(client.table, event)
    return ready
  }

  /// Waits until the elements are computed.
  ///
  /// - Throws: `TensorError` with an error of the computation.
  package func wait() throws(TensorError) {
    do throws(XLAError) { try waitUntilReady() } catch {
      throw error.asTensorError("wait", on: client, device: deviceIndex)
    }
  }

  private func waitUntilReady() throws(XLAError) {
    var event: OpaquePointer?
    try client.table.check(blz_buffer_ready(client.table, raw, &event))
    if let event { try client.table.check(blz_event_wait(client.table, event)) }
  }

  /// The number of bytes on the device, with padding.
  package func onDeviceByteCount() throws(XLAError) -> Int {
    var size = 0
    try client.table.check(blz_buffer_size(client.table, raw, &size))
    return size
  }

  /// Waits for the elements and copies them to this machine's memory, row-major.
  package func read(into target: UnsafeMutableRawBufferPointer) throws(TensorError) {
    guard target.count == byteCount else {
      throw TensorError(
        "read", "\(dtype)\(shape) takes \(byteCount) bytes, the target has \(target.count)")
    }
    guard !isConsumed else { throw XLAArray.overwritten(self) }
    do throws(XLAError) {
      if byteCount == 0 { return try waitUntilReady() }
      if let copy = pending.exchange(nil, ordering: .acquiring) {
        defer { free(copy.pointee.bytes); copy.deallocate() }
        if let done = copy.pointee.done {
          try client.table.check(blz_event_wait(client.table, done))
        }
        target.copyMemory(from: UnsafeRawBufferPointer(start: copy.pointee.bytes, count: byteCount))
        return
      }
      var done: OpaquePointer?
      try client.table.check(
        blz_buffer_download(client.table, raw, target.baseAddress, byteCount, &done))
      if let done { try client.table.check(blz_event_wait(client.table, done)) }
    } catch {
      throw error.asTensorError("read", on: client, device: deviceIndex)
    }
  }

  /// Starts copying the elements to this machine, so that `read(into:)` waits less.
  package func prefetch() {
    guard byteCount > 0, !isConsumed, pending.load(ordering: .relaxed) == nil,
      let bytes = malloc(byteCount)
    else { return }
    var done: OpaquePointer?
    if let error = blz_buffer_download(client.table, raw, bytes, byteCount, &done) {
      // The read that follows meets the same error and throws it.
      blz_error_destroy(client.table, error)
      return free(bytes)
    }
    let copy = UnsafeMutablePointer<HostCopy>.allocate(capacity: 1)
    copy.initialize(to: HostCopy(bytes: bytes, done: done))
    let (won, _) = pending.compareExchange(
      expected: nil, desired: copy, ordering: .acquiringAndReleasing)
    if !won { discard(copy) }
  }

  /// Lets go of a copy, once the plugin does not write to it any more.
  private func discard(_ copy: UnsafeMutablePointer<HostCopy>) {
    if let done = copy.pointee.done, let error = blz_event_wait(client.table, done) {
      blz_error_destroy(client.table, error)
    }
    free(copy.pointee.bytes)
    copy.deallocate()
  }

  static func overwritten(_ array: any DeviceArray) -> TensorError {
    TensorError(
      "read", "\(array.dtype)\(array.shape) was overwritten by a later run of a program",
      help: "read it before that run, or keep it out of what the program may overwrite")
  }
}
