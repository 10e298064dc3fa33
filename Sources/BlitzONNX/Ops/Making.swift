import BlitzTensor

extension OpTable {
  /// Tensors from nothing, or from sizes.
  static let making: [OpEntry] = [
    OpEntry(many: "Constant") { call in
      for name in ["value", "sparse_value"] {
        if case .value(let value) = call.attributes[name] { return [value] }
      }
      if let value = call.attributes["value_float"], case .float(let number) = value {
        return [Value(Tensor([Float(number)], shape: []))]
      }
      if case .int(let number) = call.attributes["value_int"] {
        return [Value(Tensor([number], shape: []))]
      }
      if let numbers = call.floats("value_floats") {
        return [Value(Tensor(numbers.map { Float($0) }, shape: [numbers.count]))]
      }
      if let numbers = call.ints("value_ints") { return [Value(numbers)] }
      if case .text(let text) = call.attributes["value_string"] { return [.strings([text], [])] }
      if let texts = call.texts("value_strings") { return [.strings(texts, [texts.count])] }
      throw call.failure("has no value that Blitz reads")
    },
    OpEntry(many: "ConstantOfShape", since: 9) { call in
      let shape = Shape(try call.numbers(0))
      guard case .value(.tensor(let value, let type)) = call.attributes["value"] else {
        return [Value(Tensor.zeros(shape))]
      }
      return [.tensor(value.reshaped(to: []).expanded(to: shape), type)]
    },
    OpEntry("Range", since: 11) { call in
      let (start, delta) = (call[0], call[2])
      let (from, to, step) = (try call.real(0), try call.real(1), try call.real(2))
      let count = ((to - from) / step).rounded(.up)
      guard count.isFinite, count < 1e12 else {
        let fault = count.isFinite ? "too many" : "without end"
        throw call.failure("steps of \(step) from \(from) to \(to) are \(fault)")
      }
      let wide: DType = start.dtype.isHalf ? .float32 : start.dtype
      let steps = Tensor.arange(max(Int(count), 0)).cast(to: wide)
      return (start.cast(to: wide).reshaped(to: []) + steps * delta.cast(to: wide).reshaped(to: []))
        .cast(to: start.dtype)
    },
    OpEntry(many: "EyeLike", since: 9) { call in
      let x = call[0]
      guard x.rank == 2 else { throw call.failure("takes a matrix") }
      let type = call.has("dtype") ? try call.elementType("dtype") : call.type(0)
      let rows = Tensor.arange(x.shape[0]).reshaped(to: [x.shape[0], 1])
      let columns = Tensor.arange(x.shape[1])
      let ones = (columns - rows .== call.int("k")).cast(to: type.carrier ?? .float32)
      return [.tensor(ones, type)]
    },
    OpEntry("OneHot", since: 9, .input(2)) { call in
      let depth = try call.number(1)
      let indices = call[0].cast(to: .int64)
      let axis = call.int("axis", -1)
      let place = axis < 0 ? axis + indices.rank + 1 : axis
      guard (0...indices.rank).contains(place), depth >= 0 else {
        throw call.failure("there is no axis \(axis), or depth \(depth) is negative")
      }
      let wrapped = Tensor.where(indices .< 0, indices + depth, indices).unsqueezed(axis: place)
      let range = Tensor.arange(depth).reshaped(
        to: Shape((0...indices.rank).map { $0 == place ? depth : 1 }))
      let (off, on) = (call[2][0], call[2][1])
      return .where(wrapped .== range, on, off)
    },
    OpEntry(many: "RandomNormal") { try $0.random(Shape($0.ints("shape") ?? []), isNormal: true) },
    OpEntry(many: "RandomUniform") {
      try $0.random(Shape($0.ints("shape") ?? []), isNormal: false)
    },
    OpEntry(many: "RandomNormalLike") { try $0.random($0[0].shape, isNormal: true) },
    OpEntry(many: "RandomUniformLike") { try $0.random($0[0].shape, isNormal: false) },
    OpEntry(many: "Bernoulli", since: 15) { call in
      let type = call.has("dtype") ? try call.elementType("dtype") : call.type(0)
      let drawn = Tensor.rand(call[0].shape, generator: call.generator)
      let hits = drawn .< call[0].cast(to: .float32)
      return [.tensor(hits.cast(to: type.carrier ?? .float32), type)]
    },
    OpEntry("Multinomial", since: 7, .own) { call in
      call[0].softmax(axis: 1).multinomial(
        call.int("sample_size", 1), replacement: true, generator: call.generator
      ).cast(to: call.int("dtype", 6) == 7 ? .int64 : .int32)
    },
  ]
}

extension OpCall {
  /// The type that an attribute names.
  func elementType(_ name: String) throws -> ElementType {
    let number = int(name)
    guard let type = ElementType(rawValue: number) else {
      throw failure("\(name) \(number) is no type of elements that Blitz knows")
    }
    return type
  }

  /// What draws numbers: seeded if the node says so.
  var generator: Generator {
    guard has("seed") else { return .shared }
    return Generator(seed: UInt64(bitPattern: Int64(Int(bounded: float("seed")))))
  }

  fileprivate func random(_ shape: Shape, isNormal: Bool) throws -> [Value] {
    let type = has("dtype") ? try elementType("dtype") : inputs.isEmpty ? .float32 : type(0)
    let drawn =
      isNormal
      ? Tensor.normal(
        shape, mean: float("mean"), std: float("scale", 1), generator: generator)
      : Tensor.uniform(
        shape, from: float("low"), to: float("high", 1), generator: generator)
    return [.tensor(drawn.cast(to: type.carrier ?? .float32), type)]
  }
}
