import BlitzTensor

/// Images of one size in memory, one byte for each pixel and channel, with their classes.
///
/// A batch has inputs float32 `[count, channels, height, width]` from 0 to 1 (bytes over 255) and
/// labels int64 `[count]`.
public struct ImageDataset: Dataset {
  /// The pixels: uint8 `[count, channels, height, width]`.
  public let pixels: HostArray
  /// The class of each image.
  public let labels: [Int]
  /// The name of each class, by label.
  public let classNames: [String]
  /// The number of images.
  public var count: Int { labels.count }

  /// Takes images from two idx files, as MNIST has them.
  ///
  /// - Parameters:
  ///   - images: uint8 `[count, height, width]` or `[count, channels, height, width]`.
  ///   - labels: uint8 or int32 `[count]`, not negative.
  ///   - classNames: the name of each class; if there are names, labels beyond them are an error.
  /// - Throws: `DataError` if shapes, dtypes or counts do not fit, or a label is out of range.
  public init(images: IDX, labels: IDX, classNames: [String] = []) throws(DataError) {
    let sizes = images.shape.sizes
    guard images.dtype == .uint8, sizes.count == 3 || sizes.count == 4 else {
      throw DataError(
        path: images.path,
        reason: "holds \(images.dtype)\(images.shape), not pictures: uint8[count, height, width]")
    }
    guard labels.shape.rank == 1, labels.dtype == .uint8 || labels.dtype == .int32 else {
      throw DataError(
        path: labels.path,
        reason: "holds \(labels.dtype)\(labels.shape), not labels: uint8[count]")
    }
    guard labels.shape[0] == sizes[0] else {
      throw DataError(
        path: labels.path,
        reason: "has \(labels.shape[0]) labels, but \(images.path) has \(sizes[0]) images; "
          + "are they files of one set?")
    }
    self.labels = labels.array.withUnsafeBytes { bytes in
      labels.dtype == .uint8
        ? bytes.map(Int.init) : Array(bytes.bindMemory(to: Int32.self)).map(Int.init)
    }
    let limit = classNames.isEmpty ? Int.max : classNames.count
    if let place = self.labels.firstIndex(where: { $0 < 0 || $0 >= limit }) {
      throw DataError(
        path: labels.path,
        reason: "label \(place) is \(self.labels[place]), not a class from 0 to \(limit - 1)")
    }
    pixels =
      sizes.count == 4
      ? images.array : images.array.viewed(as: [sizes[0], 1, sizes[1], sizes[2]])
    self.classNames = classNames
  }

  /// Takes pixels and labels that are checked.
  init(pixels: HostArray, labels: [Int], classNames: [String]) {
    (self.pixels, self.labels, self.classNames) = (pixels, labels, classNames)
  }

  /// Takes images of one size and their labels.
  ///
  /// - Throws: `TensorError` for another number of labels than images, no image, an image of
  ///   another size than the first, or a negative label.
  public init(
    _ images: [Image], labels: [Int], classNames: [String] = []
  ) throws(TensorError) {
    guard let first = images.first, images.count == labels.count else {
      throw TensorError(
        "ImageDataset", "\(images.count) images and \(labels.count) labels",
        help: "give a label for each image, and one image at least")
    }
    if let place = labels.firstIndex(where: { $0 < 0 }) {
      throw TensorError("ImageDataset", "label \(place) is \(labels[place]); classes start at 0")
    }
    let area = first.width * first.height
    var bytes: [UInt8] = []
    bytes.reserveCapacity(images.count * first.pixels.count)
    for (place, image) in images.enumerated() {
      guard image.sizeText == first.sizeText else {
        throw TensorError(
          "ImageDataset",
          "image \(place) has \(image.sizeText), but image 0 has \(first.sizeText)",
          help: "bring them to one size with resized(width:height:), grayscale() and rgb()")
      }
      for channel in 0..<image.channelCount {
        for i in 0..<area { bytes.append(image.pixels[i * image.channelCount + channel]) }
      }
    }
    pixels = try HostArray(
      bytes, shape: [images.count, first.channelCount, first.height, first.width])
    self.labels = labels
    self.classNames = classNames
  }

  /// The images at these indices, as floats.
  public func examples(at indices: [Int]) throws -> Examples {
    try checkIndices(indices, count: count)
    let size = pixels.rowByteCount
    var inputs = try HostArray(
      uninitialized: Shape([indices.count] + pixels.shape.dropFirst()), .float32)
    try inputs.withUnsafeMutableBytes { target in
      let numbers = target.assumingMemoryBound(to: Float.self)
      pixels.withUnsafeBytes { source in
        let bytes = source.assumingMemoryBound(to: UInt8.self)
        guard let from = bytes.baseAddress, let to = numbers.baseAddress else { return }
        for (place, index) in indices.enumerated() {
          convertPixels(from + index * size, to: to + place * size, count: size)
        }
      }
    }
    return Examples(
      inputs: inputs, labels: try HostArray(indices.map { labels[$0] }, shape: [indices.count]))
  }

  /// One of the images, to be shown or written to a file.
  ///
  /// - Throws: `TensorError` if there is no such image, or if it has neither 1 nor 3 channels.
  public func image(at index: Int) throws(TensorError) -> Image {
    try Image(pixels.rows([index]).viewed(as: Shape(Array(pixels.shape.dropFirst()))).tensor)
  }
}

/// Bytes from 0 to 255 as floats from 0 to 1: divided, as PyTorch does, since a product with the
/// inverse of 255 rounds differently.
func convertPixels(
  _ bytes: UnsafePointer<UInt8>, to numbers: UnsafeMutablePointer<Float>, count: Int
) {
  for i in 0..<count { numbers[i] = Float(bytes[i]) / 255 }
}

extension Image {
  /// "28 x 20 pixels of 3 channels".
  var sizeText: String {
    "\(width) x \(height) pixels of \(channelCount) channel\(channelCount == 1 ? "" : "s")"
  }
}
