import BlitzTensor

extension Image {
  /// The pixels as a tensor: float32 `[channelCount, height, width]` from 0 to 1.
  public func tensor() -> Tensor {
    Tensor(numbers, shape: [channelCount, height, width])
  }

  /// Channel after channel, each row by row, from 0 to 1.
  var numbers: [Float] {
    [Float](unsafeUninitializedCapacity: pixels.count) { numbers, filled in
      write(to: numbers.baseAddress!)
      filled = pixels.count
    }
  }

  /// Puts `numbers` into memory for as many floats as there are pixels.
  func write(to numbers: UnsafeMutablePointer<Float>) {
    let area = width * height
    pixels.withUnsafeBufferPointer { pixels in
      for channel in 0..<channelCount {
        for i in 0..<area {
          numbers[channel * area + i] = Float(pixels[i * channelCount + channel]) / 255
        }
      }
    }
  }

  /// Makes an image of a tensor, `[height, width]` or `[channels, height, width]`.
  ///
  /// - Parameter tensor: uint8, or float32 or float64 from 0 to 1, with 1 or 3 channels. Elements
  ///   below 0 count as 0, above 1 as 1, and NaN as 0.
  /// - Throws: `TensorError` for another dtype or shape, or for an error of the computation.
  public init(_ tensor: Tensor) throws(TensorError) {
    if let error = tensor.error { throw error }
    let sizes = tensor.rank == 2 ? [1] + tensor.shape.sizes : tensor.shape.sizes
    guard sizes.count == 3, sizes[0] == 1 || sizes[0] == 3, sizes[1] > 0, sizes[2] > 0 else {
      throw TensorError(
        "Image", "takes [height, width] or [channels, height, width] with 1 or 3 channels",
        operands: [("tensor", tensor.signature)],
        help: "pick one image of a batch by index")
    }
    let flat: [UInt8]
    switch tensor.dtype {
    case .uint8: flat = try tensor.scalars(as: UInt8.self)
    case .float32, .float64:
      let numbers: [Double] = try tensor.scalars(as: Double.self)
      // Written so that NaN is 0.
      flat = numbers.map { $0 > 0 ? UInt8(($0 < 1 ? $0 : 1) * 255 + 0.5) : 0 }
    default:
      throw TensorError(
        "Image", "takes uint8, or float32 or float64 from 0 to 1",
        operands: [("tensor", tensor.signature)], help: "write .cast(to: .float32)")
    }
    let (channels, area) = (sizes[0], sizes[1] * sizes[2])
    var pixels = [UInt8](repeating: 0, count: flat.count)
    for channel in 0..<channels {
      for i in 0..<area { pixels[i * channels + channel] = flat[channel * area + i] }
    }
    self.init(
      decodedWidth: sizes[2], height: sizes[1], channelCount: channels, pixels: pixels)
  }
}
