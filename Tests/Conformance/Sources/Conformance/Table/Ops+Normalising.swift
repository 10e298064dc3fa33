import Blitz

extension Table {
  /// A number for each channel, axis 1.
  private static func byChannel(_ numbers: Tensor, _ x: Tensor) -> Tensor {
    var sizes = [Int](repeating: 1, count: x.rank)
    sizes[1] = numbers.elementCount
    return numbers.reshaped(to: Shape(sizes))
  }

  private static func affine(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    let scaled = weight.map { x * $0 } ?? x
    return bias.map { scaled + $0 } ?? scaled
  }

  private static func batchNorm(_ x: Tensor, _ epsilon: Double) -> Tensor {
    let flat = x.rank > 3 ? x.flattened(from: 2) : x
    let norm = BatchNorm1d(
      x.shape[1], epsilon: epsilon, affine: false, trackRunningStats: false)
    return norm(flat).reshaped(to: x.shape)
  }

  mutating func addNormalising() {
    word("nn.functional.layer_norm") { call in
      let norm = LayerNorm(
        Shape(try call.ints(1)), epsilon: try call.real(4, "eps", or: 1e-5), affine: false)
      return try Table.affine(
        norm(call.x), call.optionalTensor(2, "weight"), call.optionalTensor(3, "bias"))
    }
    word("nn.functional.rms_norm") { call in
      let norm = RMSNorm(
        Shape(try call.ints(1)), epsilon: try call.optionalReal(3, "eps"), affine: false)
      return try Table.affine(norm(call.x), call.optionalTensor(2, "weight"), nil)
    }
    word("nn.functional.group_norm") { call in
      let x = try call.x
      if x.rank < 2 { return GroupNorm(groups: 1, channels: 1)(x) }
      let norm = GroupNorm(
        groups: try call.int(1), channels: x.shape[1], epsilon: try call.real(4, "eps", or: 1e-5),
        affine: false)
      return try Table.affine(
        norm(x), call.optionalTensor(2, "weight").map { Table.byChannel($0, x) },
        call.optionalTensor(3, "bias").map { Table.byChannel($0, x) })
    }
    word("nn.functional.instance_norm") { call in
      let x = try call.x
      for option in ["running_mean", "running_var"] where call.has(.max, option) {
        if try !call.bool(.max, "use_input_stats", or: true) {
          throw Lacking(what: "the option use_input_stats")
        }
      }
      _ = call.named("momentum")
      _ = call.named("use_input_stats")
      let epsilon = try call.real(.max, "eps", or: 1e-5)
      let y =
        switch x.rank {
        case 3: InstanceNorm1d(x.shape[1], epsilon: epsilon)(x)
        case 4: InstanceNorm2d(x.shape[1], epsilon: epsilon)(x)
        default: InstanceNorm3d(x.shape[1], epsilon: epsilon)(x)
        }
      return try Table.affine(
        y, call.optionalTensor(.max, "weight").map { Table.byChannel($0, x) },
        call.optionalTensor(.max, "bias").map { Table.byChannel($0, x) })
    }
    word("nn.functional.batch_norm") { call in
      let x = try call.x
      let epsilon = try call.real(7, "eps", or: 1e-5)
      _ = call.value(6, "momentum")
      let (mean, variance) = (
        try call.optionalTensor(1, "running_mean"), try call.optionalTensor(2, "running_var")
      )
      if x.rank < 2 { throw Lacking(what: "inputs of one axis") }
      var y: Tensor
      if try call.bool(5, "training") {
        y = Table.batchNorm(x, epsilon)
      } else {
        guard let mean, let variance else { throw Lacking(what: "no running means") }
        y = (x - Table.byChannel(mean, x)) * (Table.byChannel(variance, x) + epsilon).rsqrt()
      }
      y = try Table.affine(
        y, call.optionalTensor(3, "weight").map { Table.byChannel($0, x) },
        call.optionalTensor(4, "bias").map { Table.byChannel($0, x) })
      return y
    }
    word("nn.functional.scaled_dot_product_attention") { call in
      if try call.real(.max, "dropout_p", or: 0) > 0 { throw Lacking(what: "dropout's numbers") }
      _ = try call.bool(.max, "enable_gqa")
      return try scaledDotProductAttention(
        query: call.x, key: call.tensor(1), value: call.tensor(2),
        mask: call.optionalTensor(.max, "attn_mask"), isCausal: call.bool(.max, "is_causal"),
        scale: call.optionalReal(.max, "scale"))
    }
    word("nn.functional.linear_cross_entropy") { call in
      for option in ["chunk_size", "chunking", "options"] where call.has(.max, option) {
        _ = call.named(option)
      }
      let labels = try call.tensor(2)
      if labels.dtype.isFloating, call.has(.max, "ignore_index") {
        // Swift's word leaves out rows by their label, which probabilities have not.
        return Tensor(
          error: TensorError("linearCrossEntropy", "probabilities have no label to ignore"))
      }
      return try linearCrossEntropy(
        inputs: call.x, weight: call.tensor(1), labels: labels,
        bias: call.optionalTensor(3, "linear_bias"),
        labelSmoothing: call.real(.max, "label_smoothing", or: 0),
        classWeights: call.optionalTensor(.max, "weight"),
        ignoredLabel: call.optionalInt(.max, "ignore_index"), reduction: Table.reduction(call))
    }
    word("nn.functional.dropout", drawn: true) { call in
      _ = call.value(2, "training")
      return try Dropout(call.real(1, "p", or: 0.5))(call.x)
    }
    word("nn.functional.dropout2d", drawn: true) { call in
      _ = call.value(2, "training")
      return try Dropout2d(call.real(1, "p", or: 0.5))(call.x)
    }
    word("nn.functional.dropout3d", drawn: true) { call in
      _ = call.value(2, "training")
      return try Dropout3d(call.real(1, "p", or: 0.5))(call.x)
    }
    addDraws()
    word("randint", "randint_like", drawn: true) { call in
      for place in 0..<call.count { _ = call.value(place) }
      for name in ["device", "layout", "low", "high", "size"] { _ = call.named(name) }
      if call.isTensor(0) {
        return Tensor.randint(0, 2, try call.x.shape).cast(
          to: try call.dtype(.max) ?? call.x.dtype)
      }
      guard case .list(let sizes)? = call.value(call.count - 1) else {
        throw Lacking(what: "no size")
      }
      return Tensor.randint(0, 2, Shape(try sizes.map { try call.int($0) })).cast(
        to: try call.dtype(.max) ?? .int64)
    }
    word("bitwise_left_shift") { try $0.x.shiftedLeft(by: $0.tensor(1)) }
    word("bitwise_right_shift") { try $0.x.shiftedRight(by: $0.tensor(1)) }
  }
}

extension Table {
  /// Numbers that fill a tensor.
  fileprivate mutating func addDraws() {
    word("uniform", drawn: true) { call in
      let x = try call.x
      return Tensor.uniform(
        x.shape, from: try call.real(1, "from", or: 0), to: try call.real(2, "to", or: 1),
        dtype: x.dtype)
    }
    word("exponential", drawn: true) { call in
      let x = try call.x
      return Tensor.exponential(x.shape, rate: try call.real(1, "lambd", or: 1), dtype: x.dtype)
    }
    word("cauchy", drawn: true) { call in
      let x = try call.x
      return Tensor.cauchy(
        x.shape, median: try call.real(1, "median", or: 0),
        spread: try call.real(2, "sigma", or: 1), dtype: x.dtype)
    }
    word("geometric", drawn: true) { call in
      let x = try call.x
      return Tensor.geometric(x.shape, probability: try call.real(1, "p"), dtype: x.dtype)
    }
    word("log_normal", drawn: true) { call in
      let x = try call.x
      return Tensor.logNormal(
        x.shape, mean: try call.real(1, "mean", or: 1), std: try call.real(2, "std", or: 2),
        dtype: x.dtype)
    }
  }
}
