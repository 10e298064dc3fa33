extension Image {
  /// A picture of pixels row by row, laid on white if the last of its 2 or 4 channels is alpha.
  ///
  ///     out = (colour alpha + 255 (255 - alpha)) / 255, rounded
  ///
  /// in the bytes as they are stored; the integers that Pillow's `Image.alpha_composite` gives
  /// over white.
  init(onWhiteWidth width: Int, height: Int, channelCount: Int, pixels: [UInt8]) {
    guard channelCount % 2 == 0 else {
      self.init(decodedWidth: width, height: height, channelCount: channelCount, pixels: pixels)
      return
    }
    let colours = channelCount - 1
    let count = width * height
    let laid = [UInt8](unsafeUninitializedCapacity: count * colours) { laid, filled in
      pixels.withUnsafeBufferPointer { pixels in
        for i in 0..<count {
          let alpha = Int(pixels[i * channelCount + colours])
          for channel in 0..<colours {
            let colour = Int(pixels[i * channelCount + channel])
            laid[i * colours + channel] = UInt8((colour * alpha + 255 * (255 - alpha) + 127) / 255)
          }
        }
      }
      filled = count * colours
    }
    self.init(decodedWidth: width, height: height, channelCount: colours, pixels: laid)
  }
}
