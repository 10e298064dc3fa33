import BlitzTensor

extension OpTable {
  /// What brings numbers to a common mean or size.
  static let normalisation: [OpEntry] = [
    OpEntry(many: "BatchNormalization", batch),
    OpEntry(many: "LayerNormalization", since: 17) { call in
      let x = call[0]
      let axis = try call.axis(call.int("axis", -1), rank: x.rank)
      let wide = x.dtype == .float64 ? x : x.cast(to: .float32)
      let axes = Array(axis..<x.rank)
      let mean = wide.mean(axes: axes, keepDims: true)
      let centred = wide - mean
      let deviation = centred.square().mean(axes: axes, keepDims: true)
      let scale = 1 / (deviation + call.float("epsilon", 1e-5)).sqrt()
      var y = (centred * scale).cast(to: x.dtype) * call[1]
      if let bias = call.optional(2) { y = y + bias }
      return [call.like(0, y), Value(mean), Value(scale)]
    },
    OpEntry("RMSNormalization", since: 23) { call in
      let x = call[0]
      let axis = try call.axis(call.int("axis", -1), rank: x.rank)
      let wide = x.dtype == .float64 ? x : x.cast(to: .float32)
      let square = wide.square().mean(axes: Array(axis..<x.rank), keepDims: true)
      return (wide / (square + call.float("epsilon", 1e-5)).sqrt()).cast(to: x.dtype) * call[1]
    },
    OpEntry("InstanceNormalization") { call in
      let (x, sizes) = try call.image(0)
      guard !sizes.isEmpty else { throw call.failure("takes an image behind the channels") }
      let y = x.standardised(axes: Array(2..<x.rank), call.float("epsilon", 1e-5))
      return y * call[1].perChannel(of: x.rank) + call[2].perChannel(of: x.rank)
    },
    OpEntry("GroupNormalization", since: 18) { call in
      let (x, _) = try call.image(0)
      let (groups, channels) = (call.int("num_groups"), x.shape[1])
      guard groups > 0, channels % groups == 0 else {
        throw call.failure("\(channels) channels are not \(groups) groups")
      }
      let parts = x.reshaped(to: Shape([x.shape[0], groups, -1]))
      let y = parts.standardised(axes: [2], call.float("epsilon", 1e-5)).reshaped(to: x.shape)
      // Opset 18 has one number for each group.
      func perChannel(_ index: Int) -> Tensor {
        let numbers = call[index]
        let all =
          call.opset < 21 && groups != channels
          ? numbers.repeatInterleave(channels / groups, axis: 0) : numbers
        return all.perChannel(of: x.rank)
      }
      return y * perChannel(1) + perChannel(2)
    },
    OpEntry("LRN") { call in
      let (x, _) = try call.image(0)
      let (size, alpha) = (call.int("size", 1), call.float("alpha", 1e-4))
      guard size > 0, size < 1 << 24, x.shape[1] < 1 << 14 else {
        throw call.failure("size is \(size), of \(x.shape[1]) channels")
      }
      let channels = x.shape[1]
      let low = (size - 1) / 2
      var band = [Float](repeating: 0, count: channels * channels)
      for output in 0..<channels {
        for input in max(output - low, 0)..<min(output - low + size, channels) {
          band[input * channels + output] = 1
        }
      }
      let sums = x.square().contracted(
        axis: 1, Tensor(band, shape: [channels, channels]).cast(to: x.dtype))
      return x
        / (sums * (alpha / Double(size)) + call.float("bias", 1)).pow(call.float("beta", 0.75))
    },
    OpEntry("LpNormalization") { call in
      let x = call[0]
      let axis = try call.axis(call.int("axis", -1), rank: x.rank)
      let norm = x.norm(Double(call.int("p", 2)), axis: axis, keepDims: true)
      return .where(norm .== 0, norm * 0, x / norm)
    },
    OpEntry("MeanVarianceNormalization", since: 9) { call in
      let x = call[0]
      let axes = try (call.ints("axes") ?? [0, 2, 3]).map { try call.axis($0, rank: x.rank) }
      let mean = x.mean(axes: axes, keepDims: true)
      let deviation = (x - mean).square().mean(axes: axes, keepDims: true).sqrt()
      return (x - mean) / (deviation + 1e-9)
    },
    OpEntry(many: "Dropout") { call in
      let x = call[0]
      let isTraining = call.opset >= 12 && call.has(2) ? try call.number(2) != 0 : false
      let ratio = call.opset >= 12 && call.has(1) ? try call.real(1) : call.float("ratio", 0.5)
      let maskType: DType = call.opset < 10 ? x.dtype : .bool
      guard isTraining, ratio > 0 else {
        return [call.like(0, x), Value(Tensor.ones(x.shape, dtype: maskType))]
      }
      let mask = Tensor.rand(x.shape, generator: call.generator) .>= ratio
      return [call.like(0, .where(mask, x / (1 - ratio), x * 0)), Value(mask)]
    },
  ]

  @Sendable private static func batch(_ call: OpCall) throws -> [Value] {
    let x = call[0]
    if let error = x.error { throw error }
    guard x.rank >= 1 else { throw call.failure("takes a batch") }
    let epsilon = call.float("epsilon", 1e-5)
    func perChannel(_ tensor: Tensor) -> Tensor {
      // Before opset 9 there could be one for each place.
      if call.opset < 9, !call.flag("spatial", true) { return tensor }
      return x.rank < 2 ? tensor : tensor.perChannel(of: x.rank)
    }
    let isTraining =
      call.opset >= 14
      ? call.flag("training_mode")
      : call.opset < 7 ? !call.flag("is_test") && call.outputCount > 1 : call.wants(1)
    var (mean, deviation) = (call[3], call[4])
    var statistics: [Value] = []
    if isTraining {
      let axes = x.shape.indices.filter { $0 != 1 }
      let momentum = call.float("momentum", 0.9)
      let (own, ownDeviation) = (x.mean(axes: axes), x.variance(axes: axes, correction: 0))
      statistics = [(mean, own), (deviation, ownDeviation)].map { old, new in
        Value((old * momentum).cast(to: old.dtype) + (new * (1 - momentum)).cast(to: old.dtype))
      }
      (mean, deviation) = (own, ownDeviation)
    }
    let scale = perChannel(call[1]) / (perChannel(deviation) + epsilon).sqrt()
    let y = (x - perChannel(mean)) * scale + perChannel(call[2])
    return [call.like(0, y.cast(to: x.dtype))] + statistics
  }
}

extension Tensor {
  /// The numbers less their mean along axes, over their deviation.
  func standardised(axes: [Int], _ epsilon: Double) -> Tensor {
    let centred = self - mean(axes: axes, keepDims: true)
    return centred / (centred.square().mean(axes: axes, keepDims: true) + epsilon).sqrt()
  }
}
