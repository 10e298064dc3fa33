import BlitzSystem

extension Tensor {
  /// Positions drawn by weight, PyTorch's for the same seed: `torch.multinomial`.
  ///
  ///     Tensor([0.0, 10, 3]).multinomial(4, replacement: true)     // 1, 1, 2, 1, perhaps
  ///
  /// One draw, or draws without replacement, are a race: the places with the greatest `w / e` win,
  /// where `e` are exponential numbers of 53 bits, one for each weight. Draws with replacement look
  /// numbers of 53 bits up in the running sums of the weights.
  ///
  /// - Parameters:
  ///   - count: draws from each row, 1 or more.
  ///   - replacement: whether a place can come more than once.
  ///   - generator: where the numbers come from; they are drawn at the call.
  /// - Returns: int64, `[count]` for weights `[n]`, `[rows, count]` for `[rows, n]`.
  /// - Gradient: none.
  /// - Error: weights that are not float32 or float64, that are negative, infinite or NaN, or all
  ///   zero; without replacement, more draws than a row has weights above 0.
  public func multinomial(
    _ count: Int, replacement: Bool = false, generator: Generator = .shared
  ) -> Tensor {
    if node.failure != nil { return self }
    func failed(_ rule: String, _ help: String) -> Tensor {
      Tensor(
        error: TensorError("multinomial", rule, operands: [("weights", signature)], help: help))
    }
    guard dtype == .float32 || dtype == .float64 else {
      return failed("takes float32 or float64, not \(dtype)", "write .cast(to: .float32) first")
    }
    guard rank == 1 || rank == 2, let size = shape.last, size > 0 else {
      return failed("takes weights [n] or [rows, n]", "n is 1 or more")
    }
    guard count >= 1 else { return failed("the count is \(count)", "give 1 or more") }
    let answer = Shape(shape.sizes.dropLast() + [count])
    if let error = TensorError.badShape("multinomial", answer.sizes) { return Tensor(error: error) }
    do throws(TensorError) {
      let weights = try detached().cast(to: .float64).scalars(as: Double.self)
      let rows = size > 0 ? weights.count / size : 0
      for row in 0..<rows {
        let part = weights[row * size..<(row + 1) * size]
        if let bad = part.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
          return failed(
            "weight \(bad - row * size) is \(weights[bad])", "give finite ones, 0 or more")
        }
        let possible = part.count { $0 > 0 }
        guard possible > 0 else { return failed("all weights are 0", "give one above 0 at least") }
        guard replacement || count <= possible else {
          return failed(
            "\(count) draws without replacement from \(possible) weights above 0",
            "give a smaller count, or replacement: true")
        }
      }
      let race = Race(
        rows: rows, size: size, count: count, isFloat: dtype == .float32,
        isTransposed: memoryOrder == [1, 0])
      let isRace = !replacement || count == 1
      var units = [Double](repeating: 0, count: isRace ? weights.count : rows * count)
      do throws(DrawError) {
        try units.withUnsafeMutableBufferPointer { buffer throws(DrawError) in
          try generator.fillUniform(buffer)
        }
      } catch {
        throw TensorError("multinomial", error.rule, help: error.help)
      }
      let places = isRace ? race.winners(weights, units) : race.found(weights, units)
      return Tensor(places, shape: answer).to(device)
    } catch {
      return Tensor(error: error)
    }
  }
}

/// How places are drawn from rows of weights.
private struct Race {
  let rows: Int
  let size: Int
  let count: Int
  /// Whether PyTorch computes in float.
  let isFloat: Bool
  /// Whether PyTorch's weights lie column by column, in which order it draws.
  let isTransposed: Bool

  /// The places with the greatest ratio of weight to an exponential number.
  func winners(_ weights: [Double], _ units: [Double]) -> [Int] {
    var places: [Int] = []
    for row in 0..<rows {
      let ratios = (0..<size).map { column in
        let weight = weights[row * size + column]
        let unit = units[isTransposed ? column * rows + row : row * size + column]
        let exponential = -log1p(-unit)
        return isFloat ? Double(Float(weight) / Float(exponential)) : weight / exponential
      }
      // Of equal ones the first.
      let order = (0..<size).sorted { (ratios[$0], $1) > (ratios[$1], $0) }
      places += order.prefix(count)
    }
    return places
  }

  /// The places at which the running sums pass uniform numbers.
  func found(_ weights: [Double], _ units: [Double]) -> [Int] {
    var places: [Int] = []
    for row in 0..<rows {
      var sum = 0.0
      var sums = weights[row * size..<(row + 1) * size].map { weight in
        sum = rounded(sum + weight)
        return sum
      }
      for place in sums.indices { sums[place] = rounded(sums[place] / sum) }
      sums[size - 1] = 1
      for draw in 0..<count {
        let unit = units[row * count + draw]
        var (low, high) = (0, size)
        while low < high {
          let middle = (low + high) / 2
          if sums[middle] < unit { low = middle + 1 } else { high = middle }
        }
        places.append(low)
      }
    }
    return places
  }

  private func rounded(_ number: Double) -> Double { isFloat ? Double(Float(number)) : number }
}
