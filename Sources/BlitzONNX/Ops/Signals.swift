import BlitzTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension OpTable {
  /// Waves and their parts.
  static let signals: [OpEntry] = [
    OpEntry("DFT", since: 17) { call in
      let x = call[0]
      if let error = x.error { throw error }
      let asked = call.opset < 20 ? call.int("axis", 1) : call.has(2) ? try call.number(2) : -2
      let axis = try call.axis(asked, rank: x.rank)
      let (isInverse, isOneSided) = (call.flag("inverse"), call.flag("onesided"))
      let bins = x.shape[axis]
      var length = isInverse && isOneSided ? 2 * (bins - 1) : bins
      if call.has(1) { length = try call.number(1) }
      guard axis < x.rank - 1, (0...1 << 28).contains(length) else {
        throw call.failure("the axis \(axis) is not one of a signal, or the length is \(length)")
      }
      return try call.transformed(
        x, axis: axis, length: length, isInverse: isInverse, isOneSided: isOneSided)
    },
    OpEntry("STFT", since: 17) { call in
      var x = call[0]
      if let error = x.error { throw error }
      let step = try call.number(1)
      let window = call.optional(2)
      let length = call.has(3) ? try call.number(3) : window?.shape.first ?? 0
      if x.rank == 2 { x = x.unsqueezed(axis: 2) }
      guard x.rank == 3, step > 0, length > 0, x.shape[1] >= length, x.shape[1] < 1 << 28 else {
        throw call.failure("frames of \(length), every \(step), in a signal of \(x.shape)")
      }
      let count = (x.shape[1] - length) / step + 1
      let places = (0..<count).flatMap { frame in (0..<length).map { frame * step + $0 } }
      var frames = x.indexSelect(axis: 1, indices: Tensor(places, shape: [places.count]))
        .reshaped(to: Shape([x.shape[0], count, length, x.shape[2]]))
      if let window { frames = frames * window.reshaped(to: [-1, 1]) }
      return try call.transformed(
        frames, axis: 2, length: length, isInverse: false, isOneSided: call.flag("onesided", true))
    },
    window("HannWindow", [0.5, 0.5]),
    window("HammingWindow", [25.0 / 46, 21.0 / 46]),
    window("BlackmanWindow", [0.42, 0.5, 0.08]),
    OpEntry(many: "MelWeightMatrix", since: 17, melWeights),
  ]

  /// A sum of cosines over a period.
  private static func window(_ name: String, _ parts: [Double]) -> OpEntry {
    OpEntry(many: name, since: 17) { call in
      let size = try call.number(0)
      _ = try call.size(size, "the size")
      let period = Double(call.flag("periodic", true) ? size : size - 1)
      let numbers = (0..<size).map { place in
        parts.enumerated().reduce(0.0) { sum, part in
          let wave = part.element * cos(2 * .pi * Double(part.offset * place) / max(period, 1))
          return sum + (part.offset % 2 == 0 ? wave : -wave)
        }
      }
      return [try call.output(numbers, [size])]
    }
  }

  /// Triangles of equal width on the mel scale.
  @Sendable private static func melWeights(_ call: OpCall) throws -> [Value] {
    let (bands, length, rate) = (try call.number(0), try call.number(1), try call.number(2))
    let (low, high) = (try call.real(3), try call.real(4))
    guard bands > 0, length > 0, rate > 0, max(bands, length) < 1 << 24,
      [bands, length].product < 1 << 28
    else {
      throw call.failure("\(bands) bands of \(length) points at \(rate) Hz")
    }
    func mel(_ frequency: Double) -> Double { 2595 * log10(1 + frequency / 700) }
    let step = (mel(high) - mel(low)) / Double(bands + 2)
    let edges = (0..<bands + 2).map { place -> Int in
      let frequency = 700 * (pow(10, (Double(place) * step + mel(low)) / 2595) - 1)
      return Int(bounded: Double(length + 1) * frequency / Double(rate))
    }
    let rows = length / 2 + 1
    var numbers = [Double](repeating: 0, count: rows * bands)
    for band in 0..<bands {
      let (start, centre, end) = (edges[band], edges[band + 1], edges[band + 2])
      guard start >= 0, end < rows + 1, start <= centre, centre <= end else {
        throw call.failure("band \(band) is beyond the spectrum")
      }
      if centre == start, centre < rows { numbers[centre * bands + band] = 1 }
      for row in start..<min(centre + 1, rows) where centre > start {
        numbers[row * bands + band] = Double(row - start) / Double(centre - start)
      }
      for row in centre..<min(end, rows) where end > centre {
        numbers[row * bands + band] = Double(end - row) / Double(end - centre)
      }
    }
    return [try call.output(numbers, [rows, bands])]
  }
}

extension OpCall {
  /// Numbers in the type that the node says, float32 unless it does.
  fileprivate func output(_ numbers: [Double], _ sizes: [Int]) throws -> Value {
    let type = has("output_datatype") ? try elementType("output_datatype") : .float32
    return .tensor(Tensor(numbers, shape: Shape(sizes), dtype: type.carrier), type)
  }

  /// The discrete Fourier transform along an axis, by the matrix of its waves.
  fileprivate func transformed(
    _ signal: Tensor, axis: Int, length: Int, isInverse: Bool, isOneSided: Bool
  ) throws -> Tensor {
    var x = signal
    let last = x.rank - 1
    guard [length, length].product < 1 << 28 else {
      throw failure("a transform of \(length) points is too long")
    }
    guard (1...2).contains(x.shape[last]) else { throw failure("the last axis must be 1 or 2") }
    if isInverse, isOneSided {
      // The other half is the mirror image of what is given.
      let wanted = length / 2 + 1
      x = x.resizedEnd(axis: axis, to: wanted)
      let rest = length - wanted
      var mirror = x.part(axis: axis, from: rest, to: 0, step: -1)
      if mirror.shape[last] == 2 { mirror = mirror * Tensor([1.0, -1.0], dtype: x.dtype) }
      if rest > 0 { x = concatenate([x, mirror], axis: axis) }
    } else {
      x = x.resizedEnd(axis: axis, to: length)
    }
    let bins = isOneSided && !isInverse ? length / 2 + 1 : length
    var (cosines, sines) = ([Double](), [Double]())
    for row in 0..<length {
      for bin in 0..<bins {
        let angle = 2 * Double.pi * Double(row * bin % max(length, 1)) / Double(max(length, 1))
        cosines.append(cos(angle) / (isInverse ? Double(length) : 1))
        sines.append((isInverse ? sin(angle) : -sin(angle)) / (isInverse ? Double(length) : 1))
      }
    }
    func product(_ part: Tensor, _ wave: [Double]) -> Tensor {
      part.contracted(axis: axis, Tensor(wave, shape: [length, bins], dtype: x.dtype))
    }
    let real = x[.ellipsis, 0]
    var answer = (real: product(real, cosines), imaginary: product(real, sines))
    if x.shape[last] == 2 {
      let imaginary = x[.ellipsis, 1]
      answer.real = answer.real - product(imaginary, sines)
      answer.imaginary = answer.imaginary + product(imaginary, cosines)
    }
    if isInverse, isOneSided { return answer.real.unsqueezed(axis: last) }
    return stack([answer.real, answer.imaginary], axis: last)
  }
}

extension Tensor {
  /// An axis cut at a size, or zeros added up to it.
  fileprivate func resizedEnd(axis: Int, to size: Int) -> Tensor {
    var widths = Array(repeating: (low: 0, high: 0), count: rank)
    widths[axis].high = size - shape[axis]
    return edged(widths, fill: Tensor.zeros([], dtype: dtype))
  }
}
