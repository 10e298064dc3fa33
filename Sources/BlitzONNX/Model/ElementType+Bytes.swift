import BlitzTensor

// Elements as bytes, as `raw_data` has them.
extension ElementType {
  /// How many bytes some elements take.
  func byteCount(of count: Int) -> Int { (count * bitCount + 7) / 8 }

  /// A tensor of elements that are bytes; there must be as many as the shape needs.
  func tensor(_ bytes: UnsafeRawBufferPointer, _ shape: Shape) -> Tensor {
    guard let carrier else {
      return Tensor(error: TensorError("ONNXModel", "Blitz has no tensors of \(self)"))
    }
    return Tensor.written(bytesOf: shape, dtype: carrier) { target in
      let count = shape.elementCount
      guard count > 0 else { return }
      if let smallFloat {
        let numbers = target.bindMemory(to: Float.self)
        for place in 0..<count { numbers[place] = smallFloat.number(code(bytes, place)) }
      } else if small == nil {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<target.count]))
        if self == .bool {
          for place in 0..<count where target[place] > 1 { target[place] = 1 }
        }
      } else if carrier == .int64 {
        let numbers = target.bindMemory(to: Int64.self)
        for place in 0..<count { numbers[place] = Int64(number(bytes, place)) }
      } else {
        let numbers = target.bindMemory(to: Int32.self)
        for place in 0..<count { numbers[place] = Int32(number(bytes, place)) }
      }
    }
  }

  /// The elements of a tensor in the dtype that carries the type, as bytes.
  func bytes(of tensor: Tensor) throws -> [UInt8] {
    let numbers: [Int]
    if let smallFloat {
      let codes = smallFloat.codes(1 << bitCount)
      numbers = try tensor.scalars(as: Float.self).map { Int(codes[$0.bitPattern] ?? 0x7f) }
    } else if small != nil {
      numbers = try tensor.cast(to: .int64).scalars(as: Int.self)
    } else {
      return try tensor.withBytes { Array($0) }
    }
    if bitCount >= 8 {
      return numbers.flatMap { number in
        (0..<bitCount / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
      }
    }
    var bytes = [UInt8](repeating: 0, count: byteCount(of: numbers.count))
    for (place, number) in numbers.enumerated() {
      let first = place * bitCount
      bytes[first / 8] |=
        UInt8(truncatingIfNeeded: number & (1 << bitCount - 1)) << UInt8(first % 8)
    }
    return bytes
  }

  /// The bits of an element of at most a byte; the first is in the lowest bits.
  private func code(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt8 {
    let first = place * bitCount
    return bytes[first / 8] >> UInt8(first % 8) & UInt8(truncatingIfNeeded: 1 << bitCount - 1)
  }

  /// A whole number that another dtype carries.
  private func number(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int {
    let code: Int
    switch bitCount {
    case 32: code = Int(bytes.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self))
    case 16: code = Int(bytes.loadUnaligned(fromByteOffset: place * 2, as: UInt16.self))
    default: code = Int(self.code(bytes, place))
    }
    let isNegative = small.map { $0.lowerBound < 0 && code >> (bitCount - 1) == 1 } ?? false
    return isNegative ? code - 1 << bitCount : code
  }
}
