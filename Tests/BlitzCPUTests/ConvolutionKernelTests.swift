import CKernels
import Foundation
import Testing

/// Convolutions: random draws against sums in Double, on every instruction set that this processor
/// has, with pages that cannot be read or written next to each array.
@Suite("Convolutions")
struct ConvolutionKernelTests {
  /// `BLITZ_CONVOLUTION_DRAWS`, or fewer where the kernels are not optimised: 20,000 for each of
  /// the two dtypes are the whole of it.
  static let draws: Int = {
    if let text = ProcessInfo.processInfo.environment["BLITZ_CONVOLUTION_DRAWS"] {
      return Int(text) ?? 0
    }
    #if DEBUG
      return 120
    #else
      return 4_000
    #endif
  }()

  static let sets = [BLZ_ISA_PORTABLE, BLZ_ISA_AVX2, BLZ_ISA_AVX512].filter { $0 <= blz_isa() }

  @Test("float32 convolutions are right on every instruction set")
  func singles() { check(Float.self, dtype: BLZ_F32, seed: 1) }

  @Test("float64 convolutions are right on every instruction set")
  func doubles() { check(Double.self, dtype: BLZ_F64, seed: 2) }

  private func check<T: BinaryFloatingPoint & SIMDScalar>(
    _ type: T.Type, dtype: Int, seed: UInt64
  ) {
    var random = Draws(state: seed)
    let arenas = (0..<3).map { _ in GuardedPages(byteCount: 4 << 20) }
    let finishArenas = (0..<2).map { _ in GuardedPages(byteCount: 4 << 20) }
    for index in 0..<ConvolutionKernelTests.draws {
      let draw = ConvolutionDraw(&random)
      let set = ConvolutionKernelTests.sets[random.below(ConvolutionKernelTests.sets.count)]
      var arrays = draw.sizes.map { draw.numbers($0, T.self, &random) }
      let bias = draw.numbers(draw.groups * draw.filters, T.self, &random)
      let addend = draw.numbers(draw.sizes[2], T.self, &random)
      // What is in the result must not matter.
      arrays[draw.resultIndex] = Array(repeating: .nan, count: draw.resultCount)
      /// What is left in the result, its units taken in so many parts, the last first.
      func result(parts: Int64, isPlain: Bool = false) -> [T] {
        let places = zip(arenas, arrays).map { arena, numbers in
          arena.place(numbers, atEnd: random.below(2) == 0)
        }
        let copies = zip(finishArenas, [bias, addend]).map { arena, numbers in
          UnsafeRawPointer(arena.place(numbers, atEnd: random.below(2) == 0))
        }
        var convolution = draw.convolution(dtype, set)
        (convolution.input, convolution.weight, convolution.output) =
          (places[0], places[1], places[2])
        convolution.finish.bias = draw.hasBias ? copies[0] : nil
        convolution.finish.addend = draw.hasAddend ? copies[1] : nil
        convolution.finish.replaces = draw.replaces
        convolution.finish.pools = draw.pools
        convolution.is_plain = isPlain
        let shared = UnsafeMutableRawPointer.allocate(
          byteCount: blz_convolution_shared(&convolution), alignment: 64)
        defer { shared.deallocate() }
        var isRight = true
        for stage in 0..<Int32(BLZ_CONVOLUTION_STAGES) {
          let units = blz_convolution_units(&convolution, stage)
          for part in (0..<parts).reversed() {
            let scratch = UnsafeMutableRawPointer.allocate(
              byteCount: blz_convolution_scratch(&convolution), alignment: 64)
            isRight =
              blz_convolution_run(
                &convolution, stage, shared, scratch, units * part / parts,
                units * (part + 1) / parts) && isRight
            scratch.deallocate()
          }
        }
        if !isRight { return result(parts: parts, isPlain: true) }
        let count = arrays[draw.resultIndex].count
        let found = places[draw.resultIndex].bindMemory(to: T.self, capacity: count)
        return Array(UnsafeBufferPointer(start: found, count: count))
      }
      let whole = result(parts: 1)
      let parted = result(parts: Int64(2 + random.below(6)))
      let same =
        whole == parted || zip(whole, parted).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
      let wrong = same ? draw.firstWrong(whole, arrays, bias, addend, &random) : "differs in parts"
      if let wrong {
        Issue.record("draw \(index), instruction set \(set): \(draw) \(wrong)")
        return
      }
    }
  }
}

/// Sizes of one convolution.
struct ConvolutionDraw: CustomStringConvertible {
  let role, batch, groups, filters: Int
  let window: blz_window
  let hasSpecials, keepsWeights: Bool
  /// What is done to the output at last.
  let hasBias, hasAddend, replaces, pools: Bool

  /// The first of random draws that has a result.
  init(_ random: inout Draws) {
    while true {
      let draw = ConvolutionDraw(any: &random)
      let of = draw.window
      let work = of.channels * of.k_h * of.k_w * Int64(draw.sizes[2])
      if of.out_h > 0 && of.out_w > 0 && work < 2_000_000 && draw.sizes.max()! < 200_000 {
        self = draw
        return
      }
    }
  }

  private init(any random: inout Draws) {
    func size(_ most: Int) -> Int { 1 + random.below(random.below(3) == 0 ? 3 : most) }
    role = random.below(3)
    hasSpecials = random.below(6) == 0
    batch = size(20)
    // Single channels with single filters; groups of few; all channels in one.
    let kind = random.below(4)
    groups = kind == 0 ? size(20) : kind == 1 ? size(6) : 1
    let several = kind == 0 ? 1 : size(kind == 1 ? 8 : random.below(6) == 0 ? 300 : 70)
    let few = kind == 0 ? 1 : size(kind == 1 ? 8 : 60)
    // Often enough those that have Winograd's form.
    let isSquare = kind > 1 && random.below(3) == 0
    let channels = isSquare ? 16 + random.below(40) : few
    // Sequences are images of one row; at times a long one.
    let height = random.below(4) == 0 ? 1 : size(20)
    let width = height == 1 && random.below(3) == 0 ? size(2000) : size(40)
    filters = isSquare ? 16 + random.below(60) : several
    keepsWeights = random.below(2) == 0
    func axis(_ size: Int, _ taps: Int) -> (stride: Int, pad: Int, dilation: Int, out: Int) {
      if isSquare {
        let pad = random.below(3)
        return (1, pad, 1, max(0, size + 2 * pad - 2))
      }
      let stride = random.below(2) == 0 ? 1 : random.below(30) == 0 ? 1 << 29 : 1 + random.below(4)
      let pad = random.below(2) == 0 ? 0 : random.below(4)
      let dilation = random.below(2) == 0 ? 1 : 1 + random.below(3)
      let room = size + 2 * pad - (taps - 1) * dilation - 1
      return (stride, pad, dilation, room < 0 ? 0 : room / stride + 1)
    }
    // Windows of one pixel are products of their own.
    let taps =
      isSquare
      ? (3, 3) : random.below(4) == 0 ? (1, 1) : (1 + random.below(4), 1 + random.below(5))
    let (y, x) = (axis(height, taps.0), axis(width, taps.1))
    let finishes = role == Int(BLZ_TO_OUTPUT) && random.below(2) == 0
    hasBias = finishes && random.below(2) == 0
    hasAddend = finishes && random.below(2) == 0
    replaces = finishes && random.below(2) == 0
    pools = finishes && y.out > 1 && x.out > 1 && random.below(2) == 0
    window = blz_window(
      channels: Int64(channels), in_h: Int64(height), in_w: Int64(width), k_h: Int64(taps.0),
      k_w: Int64(taps.1), out_h: Int64(y.out), out_w: Int64(x.out), stride_h: Int64(y.stride),
      stride_w: Int64(x.stride), pad_h: Int64(y.pad), pad_w: Int64(x.pad),
      dilation_h: Int64(y.dilation), dilation_w: Int64(x.dilation))
  }

  var description: String {
    "role \(role), \(batch) images, \(groups) groups of \(filters) filters, \(window)"
  }

  /// Elements of input, weight and output.
  var sizes: [Int] {
    let of = window
    return [
      batch * groups * Int(of.channels * of.in_h * of.in_w),
      groups * filters * Int(of.channels * of.k_h * of.k_w),
      batch * groups * filters * Int(of.out_h * of.out_w),
    ]
  }

  var resultIndex: Int {
    [Int(BLZ_TO_OUTPUT): 2, Int(BLZ_TO_INPUT): 0, Int(BLZ_TO_WEIGHT): 1][role]!
  }

  /// Elements of the result.
  var resultCount: Int {
    let plane = Int(window.out_h / 2 * (window.out_w / 2))
    return pools ? batch * groups * filters * plane : sizes[resultIndex]
  }

  func convolution(_ dtype: Int, _ set: Int) -> blz_convolution {
    blz_convolution(
      role: Int32(role), dtype: Int32(dtype), isa: Int32(set), keeps_weights: keepsWeights,
      is_plain: false,
      batch: Int64(batch), groups: Int64(groups), filters: Int64(filters), window: window,
      input: nil, weight: nil, output: nil, finish: blz_finishing())
  }

  /// Numbers from -1 to 1.
  func numbers<T: BinaryFloatingPoint>(_ count: Int, _: T.Type, _ random: inout Draws) -> [T] {
    let start = random.below(ConvolutionDraw.pool.count)
    var numbers = (0..<count).map { T(ConvolutionDraw.pool[(start + $0) % 4096]) }
    if hasSpecials {
      for value in [T.infinity, -.infinity, .nan] { numbers[random.below(count)] = value }
    }
    return numbers
  }

  private static let pool: [Double] = {
    var random = Draws(state: 3)
    return (0..<4096).map { _ in Double(random.below(2001) - 1000) / 1000 }
  }()

  /// What is wrong with some elements of the result.
  func firstWrong<T: BinaryFloatingPoint>(
    _ found: [T], _ arrays: [[T]], _ bias: [T], _ addend: [T], _ random: inout Draws
  ) -> String? {
    let places = (0..<30).map { _ in random.below(found.count) } + [0, found.count - 1]
    for place in places {
      var (sum, error) = (-Double.infinity, 0.0)
      for source in pools ? pooled(place) : [place] {
        let (one, oneError) = finished(source, arrays, bias, addend)
        error = max(error, oneError)
        sum = one.isNaN || sum.isNaN ? .nan : max(sum, one)
      }
      let value = Double(found[place])
      let isRight =
        sum.isNaN
        ? value.isNaN
        : sum.isInfinite ? value == sum : abs(value - sum) <= error * Double(T.ulpOfOne)
      if !isRight { return "at \(place): \(value), expected \(sum)" }
    }
    return nil
  }

  /// The places in the output of which one is kept.
  private func pooled(_ place: Int) -> [Int] {
    let (height, width) = (Int(window.out_h), Int(window.out_w))
    let (row, x) = place.quotientAndRemainder(dividingBy: width / 2)
    let (plane, y) = row.quotientAndRemainder(dividingBy: height / 2)
    let first = (plane * height + 2 * y) * width + 2 * x
    return [first, first + 1, first + width, first + width + 1]
  }

  /// A result after all that is done to it, and how many units in the last place of 1 it may be
  /// off.
  private func finished<T: BinaryFloatingPoint>(
    _ place: Int, _ arrays: [[T]], _ bias: [T], _ addend: [T]
  ) -> (Double, Double) {
    var (sum, size, count) = (0.0, 0.0, 0.0)
    forEachTerm(of: place) { input, weight, output in
      let factors: [Double] = [
        input.map { Double(arrays[0][$0]) } ?? 0, Double(arrays[1][weight]),
        role == Int(BLZ_TO_OUTPUT) ? 0 : Double(arrays[2][output]),
      ]
      let term =
        role == Int(BLZ_TO_OUTPUT)
        ? factors[0] * factors[1]
        : role == Int(BLZ_TO_INPUT) ? factors[1] * factors[2] : factors[0] * factors[2]
      sum += term
      size += abs(term)
      count += 1
    }
    let plane = place / Int(window.out_h * window.out_w)
    var added: [Double] = []
    if hasBias { added.append(Double(bias[plane % (groups * filters)])) }
    if hasAddend { added.append(Double(addend[place])) }
    for number in added {
      sum += number
      size += abs(number)
    }
    if replaces && sum <= 0 { sum = 0 }
    return (sum, (count + 6) * size)
  }

  /// The places in input, weight and output that a term of a result is made of; the input's is nil
  /// where the window is over the padding.
  private func forEachTerm(of place: Int, _ body: (Int?, Int, Int) -> Void) {
    let of = window
    let (channels, kh, kw) = (Int(of.channels), Int(of.k_h), Int(of.k_w))
    let (inH, inW, outH, outW) = (Int(of.in_h), Int(of.in_w), Int(of.out_h), Int(of.out_w))
    /// Calls `body` if the window at an output is over the input.
    func visit(_ image: Int, _ group: Int, _ f: Int, _ c: Int, _ tap: Int, _ output: Int) {
      let y = output / outW * Int(of.stride_h) + tap / kw * Int(of.dilation_h) - Int(of.pad_h)
      let x = output % outW * Int(of.stride_w) + tap % kw * Int(of.dilation_w) - Int(of.pad_w)
      let plane = (image * groups + group) * channels + c
      let input = (0..<inH ~= y) && (0..<inW ~= x) ? (plane * inH + y) * inW + x : nil
      if role == Int(BLZ_TO_INPUT) && input != place { return }
      body(
        input, ((group * filters + f) * channels + c) * kh * kw + tap,
        ((image * groups + group) * filters + f) * outH * outW + output)
    }
    switch role {
    case Int(BLZ_TO_OUTPUT):
      let (plane, output) = place.quotientAndRemainder(dividingBy: outH * outW)
      for c in 0..<channels {
        for tap in 0..<kh * kw {
          visit(
            plane / filters / groups, plane / filters % groups, plane % filters, c, tap, output)
        }
      }
    case Int(BLZ_TO_WEIGHT):
      let (rest, tap) = place.quotientAndRemainder(dividingBy: kh * kw)
      let filter = rest / channels
      for image in 0..<batch {
        for output in 0..<outH * outW {
          visit(image, filter / filters, filter % filters, rest % channels, tap, output)
        }
      }
    default:
      let (plane, pixel) = place.quotientAndRemainder(dividingBy: inH * inW)
      let part = plane / channels
      for tap in 0..<kh * kw {
        // The output whose window has this tap over the pixel, if there is one.
        let y = pixel / inW + Int(of.pad_h) - tap / kw * Int(of.dilation_h)
        let x = pixel % inW + Int(of.pad_w) - tap % kw * Int(of.dilation_w)
        let (sh, sw) = (Int(of.stride_h), Int(of.stride_w))
        guard y >= 0, x >= 0, y % sh == 0, x % sw == 0, y / sh < outH, x / sw < outW else {
          continue
        }
        for f in 0..<filters {
          visit(part / groups, part % groups, f, plane % channels, tap, y / sh * outW + x / sw)
        }
      }
    }
  }
}
