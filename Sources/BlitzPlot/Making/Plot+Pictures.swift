import BlitzData
import BlitzTensor

/// Small pictures in rows.
struct PictureGrid: Sendable {
  var pictures: [Image]
  var columns: Int
  var captions: [String]
}

extension Plot {
  /// A heat map: a table of numbers as colours, with the first row at the top. A small table shows
  /// the numbers too.
  ///
  ///     Plot.heatMap(confusion, rows: names, columns: names).labeled(x: "taken for", y: "is")
  ///
  /// - Parameters:
  ///   - values: the numbers, `[rows, columns]`.
  ///   - rows: the names of the rows, from the top; none, or one for each.
  ///   - columns: the names of the columns; none, or one for each.
  ///   - colors: the colour map. NaN is grey.
  /// - Returns: a plot that carries an error if the tensor carries one or does not have two axes,
  ///   if no number is finite, or if the number of names does not fit.
  public static func heatMap(
    _ values: Tensor, rows: [String] = [], columns: [String] = [], colors: Colors = .automatic
  ) -> Plot {
    making { () throws(TensorError) in
      if let error = values.error { throw error }
      guard values.rank == 2 else {
        throw TensorError(
          "Plot.heatMap", "takes [rows, columns]", operands: [("values", values.signature)],
          help: "reshape it first")
      }
      let numbers: [Double] = try values.cast(to: .float64).scalars()
      let (height, width) = (values.shape[0], values.shape[1])
      for (what, names, count) in [("rows", rows, height), ("columns", columns, width)]
      where !names.isEmpty && names.count != count {
        throw TensorError(
          "Plot.heatMap", "\(count) \(what), but \(names.count) names for them",
          help: "name all or none")
      }
      guard numbers.contains(where: \.isFinite) else { throw nothing("Plot.heatMap") }
      return Plot([
        .cells(
          CellGrid(
            values: numbers, columns: width, rows: height, columnNames: columns, rowNames: rows,
            colors: ColorMap(colors, over: numbers, otherwise: .sequential)))
      ])
    }
  }

  /// A heat map of rows of numbers; see ``heatMap(_:rows:columns:colors:)-(Tensor,_,_,_)``.
  public static func heatMap(
    _ values: [[some PlotNumber]], rows: [String] = [], columns: [String] = [],
    colors: Colors = .automatic
  ) -> Plot {
    let width = values.first?.count ?? 0
    if let odd = values.firstIndex(where: { $0.count != width }) {
      return Plot(
        TensorError(
          "Plot.heatMap", "row 0 has \(width) numbers, row \(odd) has \(values[odd].count)",
          help: "give rows of one length"))
    }
    let flat = values.flatMap { $0.map(\.plotted) }
    guard !flat.isEmpty else { return Plot(nothing("Plot.heatMap")) }
    return heatMap(
      Tensor(flat, shape: [values.count, width], dtype: .float64, device: .cpu), rows: rows,
      columns: columns, colors: colors)
  }

  /// A grid of small images.
  ///
  ///     Plot.images(batch.images, columns: 8)                                  // [64, 1, 28, 28]
  ///     Plot.images(w1.transposed().reshaped(to: [100, 28, 28]))               // first-layer
  ///     weights
  ///
  /// - Parameters:
  ///   - tensor: the images, `[height, width]`, `[count, height, width]`, or
  ///     `[count, channels, height, width]` with 1 or 3 channels (red, green, blue).
  ///   - columns: the number of images in a row; by default, as many as make a good shape.
  ///   - captions: the texts under the images; none, or one for each.
  ///   - colors: the colour map of images with one channel. `.automatic` is grey from 0 to 1
  ///     (uint8: to 255) if all values lie between, diverging if there are values on both sides of
  ///     0, otherwise grey from the smallest to the largest. All images have the same scale; a
  ///     diverging one ends where half a percent of the values are larger. With three channels, 0
  ///     is grey if there are values below 0.
  /// - Returns: a plot that carries an error for another shape, no image, more than 1024, or a
  ///   number of columns or captions that does not fit.
  public static func images(
    _ tensor: Tensor, columns: Int? = nil, captions: [String] = [], colors: Colors = .automatic
  ) -> Plot {
    making { () throws(TensorError) in
      if let error = tensor.error { throw error }
      let sizes = tensor.shape.sizes
      let full =
        sizes.count == 2
        ? [1, 1] + sizes
        : sizes.count == 3
          ? [sizes[0], 1] + sizes[1...]
          : sizes
      guard full.count == 4, full[1] == 1 || full[1] == 3, tensor.elementCount > 0 else {
        throw TensorError(
          "Plot.images",
          "takes [height, width], [count, height, width] or [count, 1 or 3, height, width]",
          operands: [("tensor", tensor.signature)], help: "reshape it first")
      }
      try checkCount(full[0])
      let numbers: [Double] = try tensor.cast(to: .float64).scalars()
      let map = pictureMap(numbers, colors, isWhole: tensor.dtype == .uint8)
      let (channels, height, width) = (full[1], full[2], full[3])
      let area = height * width
      var pictures: [Image] = []
      for index in 0..<full[0] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(3 * area)
        let start = index * channels * area
        for place in start..<start + area {
          if channels == 1 {
            pixels += map.color(numbers[place]).bytes
          } else {
            for channel in 0..<3 {
              let value = numbers[place + channel * area]
              pixels.append(value.isNaN ? 128 : UInt8((map.share(value) * 255).rounded()))
            }
          }
        }
        try pictures.append(Image(width: width, height: height, channelCount: 3, pixels: pixels))
      }
      return try grid(pictures, columns: columns, captions: captions)
    }
  }

  /// A grid of small images, given one by one; see ``images(_:columns:captions:colors:)``.
  public static func images(
    _ images: [Image], columns: Int? = nil, captions: [String] = []
  ) -> Plot {
    making { () throws(TensorError) in try grid(images, columns: columns, captions: captions) }
  }

  private static func pictureMap(
    _ numbers: [Double], _ colors: Colors, isWhole: Bool
  ) -> ColorMap {
    let map = ColorMap(colors, over: numbers, otherwise: .gray)
    if map.kind == .diverging {
      let limit = ColorMap.limit(of: numbers)
      return ColorMap(.diverging, -limit...limit)
    }
    let usual = isWhole ? 0...255.0 : 0...1.0
    let fits = numbers.allSatisfy { !$0.isFinite || usual.contains($0) }
    return colors == .automatic && fits ? ColorMap(.gray, usual) : map
  }

  private static func checkCount(_ count: Int) throws(TensorError) {
    guard (1...1024).contains(count) else {
      throw TensorError(
        "Plot.images", "\(count) pictures", help: "give 1 to 1024, such as the first of them")
    }
  }

  private static func grid(
    _ pictures: [Image], columns: Int?, captions: [String]
  ) throws(TensorError) -> Plot {
    try checkCount(pictures.count)
    guard captions.isEmpty || captions.count == pictures.count else {
      throw TensorError(
        "Plot.images", "\(pictures.count) pictures, but \(captions.count) captions",
        help: "give one for each, or none")
    }
    guard columns.map({ $0 > 0 }) ?? true else {
      throw TensorError("Plot.images", "\(columns ?? 0) columns", help: "give 1 or more")
    }
    let count = pictures.count
    // A row as long as eight; more stand in a sheet that is wider than high.
    let usual = count <= 8 ? count : Int((1.6 * Double(count)).squareRoot().rounded(.up))
    return Plot([
      .pictures(
        PictureGrid(
          pictures: pictures, columns: min(columns ?? usual, count), captions: captions))
    ])
  }
}
