// With the package trait `WebP`, which needs libwebp.
#if WebP
  import CWebP

  extension Image {
    static func decodedWebP(_ bytes: [UInt8], path: String, limit: Int) throws(DataError) -> Image {
      var features = WebPBitstreamFeatures()
      let failure = DataError(path: path, reason: "is not a whole WebP image")
      guard WebPGetFeatures(bytes, bytes.count, &features) == VP8_STATUS_OK else { throw failure }
      guard features.has_animation == 0 else {
        throw DataError(path: path, reason: "is an animation; save one of its pictures as PNG")
      }
      let (width, height) = (Int(features.width), Int(features.height))
      try checkSize(width, height, path: path, limit: limit)
      let channelCount = features.has_alpha != 0 ? 4 : 3
      let size = width * height * channelCount
      var isRead = false
      let pixels = [UInt8](unsafeUninitializedCapacity: size) { pixels, filled in
        // A damaged file can leave pixels unwritten: they must not show old memory.
        pixels.initialize(repeating: 0)
        let decode = channelCount == 4 ? WebPDecodeRGBAInto : WebPDecodeRGBInto
        isRead =
          decode(bytes, bytes.count, pixels.baseAddress, size, Int32(width * channelCount)) != nil
        filled = size
      }
      guard isRead else { throw failure }
      return Image(
        onWhiteWidth: width, height: height, channelCount: channelCount, pixels: pixels)
    }
  }
#endif
