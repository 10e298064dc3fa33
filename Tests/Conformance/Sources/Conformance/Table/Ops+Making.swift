import Blitz

extension Table {
  private static func shape(_ call: Call, _ place: Int = 0) throws -> Shape {
    Shape(try call.intsFrom(place, "size"))
  }

  private static func ignoringPlace(_ call: Call) {
    for name in ["device", "layout", "pin_memory", "memory_format", "out", "generator"] {
      _ = call.named(name)
    }
  }

  /// An end of a row of numbers; of whole ones PyTorch cuts off its fraction first.
  private static func end(_ call: Call, _ place: Int) throws -> Double {
    let number = try call.real(place)
    return try call.dtype(.max)?.isFloating ?? true ? number : number.rounded(.towardZero)
  }

  mutating func addMaking() {
    for (name, fill) in [("zeros", 0.0), ("ones", 1.0)] {
      word(name) { call in
        Table.ignoringPlace(call)
        return Tensor.full(try Table.shape(call), fill, dtype: try call.dtype(.max) ?? .float32)
      }
      word(name + "_like") { call in
        Table.ignoringPlace(call)
        let x = try call.x
        return Tensor.full(x.shape, fill, dtype: try call.dtype(.max) ?? x.dtype)
      }
      word("new_" + name) { call in
        Table.ignoringPlace(call)
        return Tensor.full(
          try Table.shape(call, 1), fill, dtype: try call.dtype(.max) ?? call.x.dtype)
      }
    }
    word("empty", drawn: true) { call in
      Table.ignoringPlace(call)
      return Tensor.zeros(try Table.shape(call), dtype: try call.dtype(.max) ?? .float32)
    }
    word("empty_like", "randn_like", "rand_like", drawn: true) { call in
      Table.ignoringPlace(call)
      return Tensor.zeros(try call.x.shape, dtype: try call.dtype(.max) ?? call.x.dtype)
    }
    word("new_empty", drawn: true) { call in
      Table.ignoringPlace(call)
      return Tensor.zeros(try Table.shape(call, 1), dtype: try call.dtype(.max) ?? call.x.dtype)
    }
    word("zero_") { Tensor.zeros(like: try $0.x) }
    word("fill") { call in
      let x = try call.x
      return try call.tensor(1, "value").cast(to: x.dtype).expanded(to: x.shape)
    }
    word("full") { call in
      Table.ignoringPlace(call)
      return Tensor.full(
        Shape(try call.ints(0)), try call.real(1), dtype: try call.dtype(.max) ?? .float32)
    }
    word("full_like") { call in
      Table.ignoringPlace(call)
      let x = try call.x
      return Tensor.full(x.shape, try call.real(1), dtype: try call.dtype(.max) ?? x.dtype)
    }
    word("new_full") { call in
      Table.ignoringPlace(call)
      return Tensor.full(
        Shape(try call.ints(1)), try call.real(2), dtype: try call.dtype(.max) ?? call.x.dtype)
    }
    word("scalar_tensor") { call in
      Table.ignoringPlace(call)
      return Tensor(try call.real(0)).cast(to: try call.dtype(.max) ?? .float32)
    }
    word("eye") { call in
      Table.ignoringPlace(call)
      let rows = try call.int(0)
      return Tensor.eye(
        rows, columns: try call.int(1, "m", or: rows), dtype: try call.dtype(.max) ?? .float32)
    }
    word("arange") { call in
      Table.ignoringPlace(call)
      var dtype = try call.dtype(.max)
      let areWhole = [call.value(0), call.value(1, "end"), call.value(2, "step")].allSatisfy {
        if case .real? = $0 { false } else { true }
      }
      if areWhole && dtype == nil { dtype = .int64 }
      let (first, second) = (try call.real(0), try call.optionalReal(1, "end"))
      let step = try call.real(2, "step", or: 1)
      let (start, end) = second.map { (first, $0) } ?? (0, first)
      if let dtype, !dtype.isFloating, step != 0, (end - start) / step >= 0 {
        // PyTorch counts the steps before it cuts off the fractions.
        let count = Int(((end - start) / step).rounded(.up))
        return (Tensor.arange(count) * Int(step) + Int(start)).cast(to: dtype)
      }
      return Tensor.arange(start, end, step: step, dtype: dtype ?? .float32)
    }
    word("linspace") { call in
      Table.ignoringPlace(call)
      return Tensor.linspace(
        try Table.end(call, 0), try Table.end(call, 1), count: try call.int(2, "steps"),
        dtype: try call.dtype(.max) ?? .float32)
    }
    word("logspace") { call in
      Table.ignoringPlace(call)
      return Tensor.logspace(
        try Table.end(call, 0), try Table.end(call, 1), count: try call.int(2, "steps"),
        base: try call.real(3, "base", or: 10), dtype: try call.dtype(.max) ?? .float32)
    }
    word("randn") { call in
      Table.ignoringPlace(call)
      return Tensor.randn(try Table.shape(call), dtype: try call.dtype(.max) ?? .float32)
    }
    word("bernoulli", drawn: true) { try $0.x.bernoulli() }
    word("normal") { call in
      if call.isTensor(1, "std") || call.isTensor(0) && call.count < 3 {
        throw Lacking(what: "tensors for mean, std")
      }
      // The variant in place: a tensor, its mean and deviation.
      if call.isTensor(0) {
        let x = try call.x
        return Tensor.normal(x.shape, mean: try call.real(1), std: try call.real(2), dtype: x.dtype)
      }
      return Tensor.normal(
        Shape(try call.ints(2)), mean: try call.real(0), std: try call.real(1))
    }
    word("multinomial") { call in
      Table.ignoringPlace(call)
      return try call.x.multinomial(
        call.int(1, "num_samples"), replacement: call.bool(2, "replacement"))
    }
    for name in WindowKind.allCases {
      word("signal.windows.\(name.rawValue)") { call in
        Table.ignoringPlace(call)
        return try name.window(call)
      }
    }
    word("linalg.vander") { call in
      let x = try call.x
      return x.vandermonde(
        columns: try call.optionalInt(1, "N") ?? (x.rank == 0 ? 1 : x.shape[x.rank - 1]))
    }
  }
}

/// The windows of torch.signal, whose first argument is their length.
private enum WindowKind: String, CaseIterable {
  case hamming, hann, bartlett, blackman, cosine, exponential, gaussian, kaiser, nuttall
  case generalCosine = "general_cosine"
  case generalHamming = "general_hamming"

  func window(_ call: Call) throws -> Tensor {
    let window: SignalWindow =
      switch self {
      case .hamming: .hamming
      case .hann: .hann
      case .bartlett: .bartlett
      case .blackman: .blackman
      case .cosine: .cosine
      case .exponential:
        .exponential(
          decay: try call.real(.max, "tau", or: 1), center: try call.optionalReal(.max, "center"))
      case .gaussian: .gaussian(std: try call.real(.max, "std", or: 1))
      case .kaiser: .kaiser(beta: try call.real(.max, "beta", or: 12))
      case .nuttall: .nuttall
      case .generalCosine: .cosines(try weights(call))
      case .generalHamming: .generalHamming(alpha: try call.real(.max, "alpha", or: 0.54))
      }
    return Tensor.window(
      window, count: try call.int(0), periodic: !(try call.bool(.max, "sym", or: true)),
      dtype: try call.dtype(.max) ?? .float32)
  }

  private func weights(_ call: Call) throws -> [Double] {
    guard case .list(let values)? = call.named("a") else { throw NoSuchCase() }
    return try values.map { try call.real($0) }
  }
}
