import BlitzData
import BlitzPlot

/// One scale of colours for the weights of a layer, so that its pictures can be compared.
struct WeightScale {
  /// The weight that has the full colour, as has whatever is beyond it; above 0.
  let limit: Double

  /// A scale for these pictures: all but the largest half percent of the weights lie within it, so
  /// that a single large one does not make all others pale.
  init(_ pictures: some Sequence<RunRecord.WeightPicture>) {
    limit = ColorMap.limit(of: pictures.lazy.flatMap(\.values).map(Double.init))
  }

  /// The weights in colours; nil if there are not as many as the picture's sides say.
  func image(_ picture: RunRecord.WeightPicture) -> Image? {
    let (width, height, channels) = (picture.width, picture.height, picture.channelCount)
    let (area, isWide) = width.multipliedReportingOverflow(by: height)
    let (count, isDeep) = area.multipliedReportingOverflow(by: channels)
    guard width > 0, height > 0, channels > 0, !isWide, !isDeep, count == picture.values.count
    else { return nil }
    var pixels: [UInt8] = []
    if channels == 3 {
      for place in 0..<area {
        for channel in 0..<3 {
          let value = Double(picture.values[channel * area + place]) / limit
          let share = value.isNaN ? 0.5 : (min(max(value, -1), 1) + 1) / 2
          pixels.append(UInt8((share * 255).rounded()))
        }
      }
      return try? Image(width: width, height: height, channelCount: 3, pixels: pixels)
    }
    for row in 0..<height {
      for channel in 0..<channels {
        if channel > 0 { pixels += Color(0x808080).bytes }
        for column in 0..<width {
          let value = picture.values[(channel * height + row) * width + column]
          pixels += Color.diverging(Double(value) / limit).bytes
        }
      }
    }
    return try? Image(
      width: channels * (width + 1) - 1, height: height, channelCount: 3, pixels: pixels)
  }
}
