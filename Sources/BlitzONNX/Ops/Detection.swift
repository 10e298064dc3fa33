import BlitzData
import BlitzTensor

extension OpTable {
  /// What is computed on the host, as its result's size depends on the numbers.
  static let detection: [OpEntry] = [
    OpEntry("NonMaxSuppression", since: 10, .own, nonMaxSuppression),
    OpEntry("TfIdfVectorizer", since: 9, .own, tfIdf),
    OpEntry("ImageDecoder", since: 20, .own) { call in
      let bytes = try call[0].scalars(as: UInt8.self)
      let image: Image
      do throws(DataError) {
        image = try Image(bytes: bytes, path: "input 0")
      } catch {
        throw call.failure(error.reason)
      }
      let wanted = call.text("pixel_format", "RGB")
      let shown = wanted == "Grayscale" ? image.grayscale() : image.rgb()
      let pixels = Tensor(
        shown.pixels, shape: Shape([shown.height, shown.width, shown.channelCount]))
      return wanted == "BGR" ? pixels.flipped(axes: [2]) : pixels
    },
  ]

  /// The boxes of the best scores that do not overlap better ones much.
  @Sendable private static func nonMaxSuppression(_ call: OpCall) throws -> Tensor {
    let (boxes, scores) = (call[0], call[1])
    if let error = boxes.error ?? scores.error { throw error }
    guard boxes.rank == 3, boxes.shape[2] == 4, scores.rank == 3,
      scores.shape[0] == boxes.shape[0], scores.shape[2] == boxes.shape[1]
    else { throw call.failure("takes boxes [n, count, 4] and scores [n, classes, count]") }
    let most = call.has(2) ? try call.number(2) : 0
    let overlap = call.has(3) ? try call.real(3) : 0
    let least = call.has(4) ? try call.real(4) : -Double.infinity
    let isCentred = call.flag("center_point_box")
    let (corners, marks) = (try call.reals(0), try call.reals(1))
    let (count, classes) = (boxes.shape[1], scores.shape[1])
    var chosen: [Int] = []
    for image in 0..<boxes.shape[0] {
      let all = (0..<count).map { place -> Box in
        let start = (image * count + place) * 4
        return Box(Array(corners[start..<start + 4]), isCentred: isCentred)
      }
      for kind in 0..<classes {
        let own = (0..<count).map { marks[(image * classes + kind) * count + $0] }
        let order = (0..<count).filter { own[$0] > least }
          .sorted { own[$0] > own[$1] || (own[$0] == own[$1] && $0 < $1) }
        var kept: [Int] = []
        for place in order where kept.count < most {
          if kept.allSatisfy({ all[$0].overlap(all[place]) <= overlap }) { kept.append(place) }
        }
        chosen += kept.flatMap { [image, kind, $0] }
      }
    }
    return Tensor(chosen, shape: [chosen.count / 3, 3])
  }

  private struct Box {
    let (top, left, bottom, right): (Double, Double, Double, Double)

    init(_ numbers: [Double], isCentred: Bool) {
      if isCentred {
        let (x, y, width, height) = (numbers[0], numbers[1], numbers[2], numbers[3])
        (top, left, bottom, right) = (y - height / 2, x - width / 2, y + height / 2, x + width / 2)
      } else {
        (top, bottom) = (min(numbers[0], numbers[2]), max(numbers[0], numbers[2]))
        (left, right) = (min(numbers[1], numbers[3]), max(numbers[1], numbers[3]))
      }
    }

    var area: Double { (bottom - top) * (right - left) }

    /// The common part over all that either covers.
    func overlap(_ other: Box) -> Double {
      let height = min(bottom, other.bottom) - max(top, other.top)
      let width = min(right, other.right) - max(left, other.left)
      if height <= 0 || width <= 0 { return 0 }
      let common = height * width
      return common / (area + other.area - common)
    }
  }

  /// How often each of the known runs of words is there, weighted.
  @Sendable private static func tfIdf(_ call: OpCall) throws -> Tensor {
    let (low, high, skips) = (
      call.int("min_gram_length", 1), call.int("max_gram_length", 1), call.int("max_skip_count")
    )
    let starts = call.ints("ngram_counts") ?? []
    let indexes = call.ints("ngram_indexes") ?? []
    let words: [String]
    let sizes: [Int]
    if case .strings(let texts, let shape) = call.inputs.first {
      (words, sizes) = (texts, shape)
    } else {
      words = try call.numbers(0).map { "\($0)" }
      sizes = call[0].shape.sizes
    }
    let pool = call.texts("pool_strings") ?? (call.ints("pool_int64s") ?? []).map { "\($0)" }
    guard sizes.count <= 2, low > 0, high >= low, high <= starts.count, skips >= 0,
      indexes.allSatisfy({ (0..<1 << 24).contains($0) })
    else {
      throw call.failure("runs of \(low) to \(high) words in a tensor of \(sizes)")
    }
    let width = (indexes.max() ?? -1) + 1
    var known: [[String]: Int] = [:]
    var number = 0
    for length in 1...starts.count {
      let end = length < starts.count ? starts[length] : pool.count
      guard starts[length - 1] >= 0, end <= pool.count else {
        throw call.failure("ngram_counts \(starts)")
      }
      for start in stride(from: starts[length - 1], to: end, by: length)
      where start + length <= end {
        if number < indexes.count, length >= low, length <= high {
          known[Array(pool[start..<start + length])] = number
        }
        number += 1
      }
    }
    let (rows, columns) = sizes.count == 2 ? (sizes[0], sizes[1]) : (1, sizes.first ?? 1)
    var counts = [Float](repeating: 0, count: rows * width)
    for row in 0..<rows {
      for length in low...high {
        // Without a gap single words would be counted again for each skip.
        for skip in 0...(length == 1 ? 0 : min(skips, columns)) {
          let reach = (length - 1) * (skip + 1)
          for start in 0..<max(columns - reach, 0) {
            let run = (0..<length).map { words[row * columns + start + $0 * (skip + 1)] }
            if let number = known[run] { counts[row * width + indexes[number]] += 1 }
          }
        }
      }
    }
    let mode = call.text("mode", "TF")
    var weights = [Float](repeating: 1, count: width)
    if let given = call.floats("weights") {
      for (number, index) in indexes.enumerated() where number < given.count {
        weights[index] = Float(given[number])
      }
    }
    let numbers = counts.enumerated().map { place, count -> Float in
      switch mode {
      case "IDF": count > 0 ? weights[place % width] : 0
      case "TFIDF": count * weights[place % width]
      default: count
      }
    }
    return Tensor(numbers, shape: Shape(sizes.count == 2 ? [rows, width] : [width]))
  }
}
