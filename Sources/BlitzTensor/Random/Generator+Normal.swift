import BlitzSystem

// Numbers of the normal distribution by the Box-Muller transform. PyTorch has two orders of
// drawing: blocks of 16 for 16 numbers or more, one pair at a time for fewer. A pair's second
// number waits in the generator for the next small draw, of either dtype; draws of blocks neither
// use it nor drop it, seeding drops it.

/// The numbers that PyTorch makes normal together.
let normalBlock = 16

extension Generator {
  /// Fills `buffer` with numbers of mean `mean` and standard deviation `std`.
  ///
  /// From 16 numbers up: takes 32 bits a number, and 512 more for the last 16 numbers if the
  /// count is not a multiple of 16; `mean` and `std` are rounded to float first. Below 16: takes
  /// 128 bits a pair and computes in double.
  ///
  /// - Parameter isRounded: whether the numbers become halves. PyTorch then draws whole blocks of
  ///   16 only, and the last 16 numbers once: 32 draws for 17 numbers, and not 33.
  func fillNormal(
    _ buffer: UnsafeMutableBufferPointer<Float>, mean: Double = 0, std: Double = 1,
    isRounded: Bool = false
  ) throws(DrawError) {
    try DrawError.checkDeviation(std)
    guard let backend = Backends.processor else { throw .noBackend }
    guard let x = buffer.baseAddress else { return }
    let count = buffer.count
    core.withLock { core in
      guard count >= normalBlock else {
        for i in 0..<count {
          x[i] = Float(core.nextNormal(mean: mean, std: std))
        }
        return
      }
      let mean = Float(mean)
      let std = Float(std)
      let rest = count % normalBlock
      let drawn = isRounded ? count - rest : count
      // A stretch that stays in the first-level cache between being drawn and transformed.
      let stretch = 256 * normalBlock
      for start in stride(from: 0, to: drawn, by: stretch) {
        let size = min(stretch, drawn - start)
        let part = x + start
        core.twister.forEachWord(size) { i, bits in part[i] = Float(unit: bits) }
        backend.makeNormal(part, blocks: size / normalBlock, mean: mean, std: std)
      }
      if rest != 0 {
        let last = x + (count - normalBlock)
        core.twister.forEachWord(normalBlock) { i, bits in last[i] = Float(unit: bits) }
        backend.makeNormal(last, blocks: 1, mean: mean, std: std)
      }
    }
  }

  /// Fills `buffer` with numbers of mean `mean` and standard deviation `std`.
  ///
  /// From 16 numbers up: takes 64 bits a number, and 1,024 more for the last 16 numbers if the
  /// count is not a multiple of 16. Below 16: takes 128 bits a pair.
  func fillNormal(
    _ buffer: UnsafeMutableBufferPointer<Double>, mean: Double = 0, std: Double = 1
  ) throws(DrawError) {
    try DrawError.checkDeviation(std)
    guard let x = buffer.baseAddress else { return }
    let count = buffer.count
    core.withLock { core in
      guard count >= normalBlock else {
        for i in 0..<count { x[i] = core.nextNormal(mean: mean, std: std) }
        return
      }
      core.twister.forEachPair(count) { i, bits in x[i] = Double(unit: bits) }
      transformToNormals(x, blocks: count / normalBlock, mean: mean, std: std)
      if count % normalBlock != 0 {
        let last = x + (count - normalBlock)
        core.twister.forEachPair(normalBlock) { i, bits in last[i] = Double(unit: bits) }
        transformToNormals(last, blocks: 1, mean: mean, std: std)
      }
    }
  }
}

extension Generator.Core {
  /// One number, from a pair whose other number waits for the next call.
  fileprivate mutating func nextNormal(mean: Double, std: Double) -> Double {
    if let cached = cachedNormal {
      cachedNormal = nil
      return mean.addingProduct(cached, std)
    }
    let u1 = Double(unit: twister.next64())
    let u2 = Double(unit: twister.next64())
    let radius = (-2 * log1p(-u2)).squareRoot()
    let angle = 2 * Double.pi * u1
    cachedNormal = radius * sin(angle)
    return mean.addingProduct(radius * cos(angle), std)
  }
}

/// Turns blocks of 16 uniform doubles into normals, by the C library's functions: numbers 0 to 7
/// of a block are the radii, 8 to 15 the angles.
private func transformToNormals(
  _ x: UnsafeMutablePointer<Double>, blocks: Int, mean: Double, std: Double
) {
  for block in 0..<blocks {
    let d = x + block * normalBlock
    for j in 0..<8 {
      let radius = (-2 * log(1 - d[j])).squareRoot()
      let angle = 2 * Double.pi * d[j + 8]
      d[j] = mean.addingProduct(radius * cos(angle), std)
      d[j + 8] = mean.addingProduct(radius * sin(angle), std)
    }
  }
}
