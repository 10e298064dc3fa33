import BlitzSystem
import CPJRT

/// Keys and values that the processes of a job share while their devices find each other.
public protocol KeyValueStore: Sendable {
  /// The value of a key; waits until some process has stored it.
  ///
  /// - Throws: `XLAError` with the code `deadlineExceeded` if no process stores it in time.
  func get(_ key: String, timeout: Duration) throws(XLAError) -> [UInt8]
  /// The value of a key; nil if no process has stored it yet.
  func tryGet(_ key: String) throws(XLAError) -> [UInt8]?
  /// Stores a value for all processes.
  func put(_ key: String, _ value: [UInt8]) throws(XLAError)
}

/// A store, as the functions that a plugin calls.
final class StoreCallbacks: Sendable {
  private let store: any KeyValueStore

  init(_ store: any KeyValueStore) { self.store = store }

  static let get: @convention(c) (UnsafeMutablePointer<blz_pjrt_key_get>?) -> OpaquePointer? = {
    call in
    guard let call, let context = call.pointee.context else { return nil }
    let store = Unmanaged<StoreCallbacks>.fromOpaque(context).takeUnretainedValue().store
    do throws(XLAError) {
      let value = try store.get(
        String(call.pointee.key, call.pointee.key_size),
        timeout: .milliseconds(Int(call.pointee.timeout_ms)))
      call.pointee.value = copied(value)
      call.pointee.value_size = value.count
      call.pointee.free_value = freeValue
      return nil
    } catch {
      return made(error, by: call.pointee.make_error)
    }
  }

  static let tryGet:
    @convention(c) (UnsafeMutablePointer<blz_pjrt_key_try_get>?) -> OpaquePointer? = { call in
      guard let call, let context = call.pointee.context else { return nil }
      let store = Unmanaged<StoreCallbacks>.fromOpaque(context).takeUnretainedValue().store
      let key = String(call.pointee.key, call.pointee.key_size)
      do throws(XLAError) {
        guard let value = try store.tryGet(key) else {
          throw XLAError(code: .notFound, message: "no process has put \(key) there yet")
        }
        call.pointee.value = copied(value)
        call.pointee.value_size = value.count
        call.pointee.free_value = freeValue
        return nil
      } catch {
        return made(error, by: call.pointee.make_error)
      }
    }

  static let put: @convention(c) (UnsafeMutablePointer<blz_pjrt_key_put>?) -> OpaquePointer? = {
    call in
    guard let call, let context = call.pointee.context else { return nil }
    let store = Unmanaged<StoreCallbacks>.fromOpaque(context).takeUnretainedValue().store
    let value = UnsafeRawBufferPointer(
      start: call.pointee.value, count: call.pointee.value_size)
    do throws(XLAError) {
      try store.put(String(call.pointee.key, call.pointee.key_size), Array(value))
      return nil
    } catch {
      return made(error, by: call.pointee.make_error)
    }
  }
}

private let freeValue: @convention(c) (UnsafeMutablePointer<CChar>?) -> Void = { free($0) }

/// The bytes in memory that `freeValue` gives back.
private func copied(_ value: [UInt8]) -> UnsafeMutablePointer<CChar>? {
  guard let memory = malloc(max(value.count, 1)) else { return nil }
  value.withUnsafeBytes { if let start = $0.baseAddress { memcpy(memory, start, $0.count) } }
  return memory.assumingMemoryBound(to: CChar.self)
}

/// An error as the plugin's own kind.
private func made(
  _ error: XLAError, by make: UnsafeMutablePointer<blz_pjrt_make_error?>?
) -> OpaquePointer? {
  make?.pointee?(error.code.rawValue, error.message, error.message.utf8.count)
}
