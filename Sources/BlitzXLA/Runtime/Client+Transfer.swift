import BlitzTensor
import CPJRT

extension Client {
  /// Starts copying elements to a device.
  ///
  /// - Parameters:
  ///   - bytes: the elements, row-major; they may change once the call has returned.
  ///   - shape: the shape of the array.
  ///   - dtype: the type of the elements.
  ///   - device: the index of the device in `devices`.
  package func upload(
    _ bytes: UnsafeRawBufferPointer, shape: Shape, dtype: DType, to device: Int
  ) throws(XLAError) -> XLAArray {
    guard devices.indices.contains(device) else { throw noDevice(device) }
    guard bytes.count == shape.elementCount * dtype.byteCount else {
      throw XLAError(
        code: .invalidArgument,
        message: "\(dtype)\(shape) takes \(shape.elementCount * dtype.byteCount) bytes, "
          + "not \(bytes.count)")
    }
    var raw: OpaquePointer?
    // A plugin does not take a null pointer, not even for no numbers.
    var nothing: UInt64 = 0
    let failed = withUnsafePointer(to: &nothing) { nothing in
      shape.sizes.withUnsafeBufferPointer { sizes in
        sizes.withMemoryRebound(to: Int64.self) { sizes in
          blz_client_upload(
            table, self.raw, bytes.baseAddress ?? UnsafeRawPointer(nothing), dtype.pjrtType,
            sizes.baseAddress, sizes.count, devices[device].raw, &raw)
        }
      }
    }
    try table.check(failed)
    return XLAArray(raw!, shape: shape, dtype: dtype, device: device, client: self)
  }

  /// Starts copying an array to another device of this client.
  package func copy(_ array: XLAArray, to device: Int) throws(XLAError) -> XLAArray {
    guard devices.indices.contains(device) else { throw noDevice(device) }
    var copy: OpaquePointer?
    let failed = blz_buffer_copy(table, array.raw, devices[device].raw, &copy)
    withExtendedLifetime(array) {}
    try table.check(failed)
    return XLAArray(
      copy!, shape: array.shape, dtype: array.dtype, device: device, client: self)
  }

  func noDevice(_ index: Int) -> XLAError {
    XLAError(
      code: .invalidArgument,
      message: "there is no device \(index), only \(devices.count) of the kind \(platform)")
  }
}

extension DType {
  /// The number of the type in the plugins' interface.
  var pjrtType: Int32 {
    switch self {
    case .bool: 1
    case .int8: 2
    case .int16: 3
    case .int32: 4
    case .int64: 5
    case .uint8: 6
    case .uint16: 7
    case .uint32: 8
    case .uint64: 9
    case .float16: 10
    case .float32: 11
    case .float64: 12
    case .bfloat16: 13
    case .complex64: 14
    case .complex128: 15
    }
  }
}
