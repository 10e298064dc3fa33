import BlitzTensor

/// Numbers on the devices of a mesh, each of which holds a part or, where nothing is split, the
/// whole.
package final class MeshArray: DeviceArray, @unchecked Sendable {
  // Unchecked: nothing changes after the initialiser.

  /// What each device holds, in the mesh's order.
  package let parts: [XLAArray]
  /// The size of each axis of the whole.
  package let shape: Shape
  /// The type of the elements.
  package let dtype: DType
  /// How the whole is split.
  package let sharding: Sharding
  private let mesh: Mesh

  init(_ parts: [XLAArray], shape: Shape, dtype: DType, sharding: Sharding, mesh: Mesh) {
    self.parts = parts
    self.mesh = mesh
    (self.shape, self.dtype, self.sharding) = (shape, dtype, sharding)
  }

  /// Waits until the elements on all devices are computed.
  package func wait() throws(TensorError) {
    for part in parts { try part.wait() }
  }

  /// Starts copying the parts to this machine.
  package func prefetch() {
    for part in sharding.isReplicated ? parts.prefix(1) : parts[...] { part.prefetch() }
  }

  /// Waits for the elements, and joins the parts row-major.
  package func read(into target: UnsafeMutableRawBufferPointer) throws(TensorError) {
    if sharding.isReplicated { return try parts[0].read(into: target) }
    let box = sharding.part(of: shape, on: mesh)
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: box.elementCount * dtype.byteCount, alignment: 64)
    defer { bytes.deallocate() }
    for (device, part) in parts.enumerated() {
      try part.read(into: bytes)
      let start = sharding.start(of: shape, on: mesh, device: device)
      Box(of: shape, at: start, box, elementSize: dtype.byteCount).forEachRow { whole, row, count in
        (target.baseAddress! + whole).copyMemory(from: bytes.baseAddress! + row, byteCount: count)
      }
    }
  }
}

extension Client {
  /// Starts copying numbers to the devices of a mesh, to each its part.
  func upload(
    _ bytes: UnsafeRawBufferPointer, shape: Shape, dtype: DType, to devices: [Int], mesh: Mesh,
    _ sharding: Sharding
  ) throws(XLAError) -> MeshArray {
    var parts: [XLAArray] = []
    let box = sharding.part(of: shape, on: mesh)
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: sharding.isReplicated ? 0 : box.elementCount * dtype.byteCount, alignment: 64)
    defer { room.deallocate() }
    for (place, device) in devices.enumerated() {
      if sharding.isReplicated {
        parts.append(try upload(bytes, shape: shape, dtype: dtype, to: device))
        continue
      }
      let start = sharding.start(of: shape, on: mesh, device: place)
      Box(of: shape, at: start, box, elementSize: dtype.byteCount).forEachRow { whole, row, count in
        (room.baseAddress! + row).copyMemory(from: bytes.baseAddress! + whole, byteCount: count)
      }
      parts.append(try upload(UnsafeRawBufferPointer(room), shape: box, dtype: dtype, to: device))
    }
    return MeshArray(parts, shape: shape, dtype: dtype, sharding: sharding, mesh: mesh)
  }
}

/// A part of a row-major array, as rows that lie in one piece.
private struct Box {
  let shape: Shape
  let start: [Int]
  let part: Shape
  let elementSize: Int

  init(of shape: Shape, at start: [Int], _ part: Shape, elementSize: Int) {
    (self.shape, self.start, self.part, self.elementSize) = (shape, start, part, elementSize)
  }

  /// Calls `body` with the byte offsets of each row in the whole and in the part, and its length.
  func forEachRow(_ body: (_ whole: Int, _ part: Int, _ byteCount: Int) -> Void) {
    guard part.elementCount > 0 else { return }
    guard let last = part.sizes.last else { return body(0, 0, elementSize) }
    let strides = shape.strides
    var place = [Int](repeating: 0, count: part.rank)
    var offset = 0
    while true {
      let whole = zip(zip(start, place), strides).reduce(0) { $0 + ($1.0.0 + $1.0.1) * $1.1 }
      body(whole * elementSize, offset, last * elementSize)
      offset += last * elementSize
      var axis = part.rank - 2
      while axis >= 0 {
        place[axis] += 1
        if place[axis] < part[axis] { break }
        place[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
