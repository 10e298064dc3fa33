extension Tensor {
  /// The whole numbers from 0 to `end - 1`: `torch.arange`.
  ///
  ///     Tensor.arange(4)     // 0, 1, 2, 3
  ///
  /// - Parameters:
  ///   - end: how many.
  ///   - dtype: the type of the elements; int64 if left out, as in PyTorch.
  ///   - device: where the tensor lives.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a negative end; more numbers than memory holds.
  public static func arange(
    _ end: Int, dtype: DType = .int64, device: Device = .default, requiresGrad: Bool = false
  ) -> Tensor {
    arange(0, end, dtype: dtype, device: device, requiresGrad: requiresGrad)
  }

  /// The whole numbers from `start` on, up to `end`, which is not included: `torch.arange`.
  ///
  ///     Tensor.arange(2, 10, step: 3)     // 2, 5, 8
  ///
  /// - Parameters:
  ///   - start: the first number.
  ///   - end: where the elements stop, not one of them.
  ///   - step: the distance from one to the next; negative to count down.
  ///   - dtype: the type of the elements; int64 if left out, as in PyTorch.
  ///   - device: where the tensor lives.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a step of 0, or one that leads away from `end`; more numbers than memory holds.
  public static func arange(
    _ start: Int, _ end: Int, step: Int = 1, dtype: DType = .int64, device: Device = .default,
    requiresGrad: Bool = false
  ) -> Tensor {
    guard step != 0, start == end || (start < end) == (step > 0) else {
      return Tensor(error: .arange("\(start)", "\(end)", "\(step)"))
    }
    let length = start < end ? UInt(bitPattern: end &- start) : UInt(bitPattern: start &- end)
    let count = length == 0 ? 0 : (length - 1) / step.magnitude + 1
    let shape = Shape([Int(clamping: count)])
    if let error = TensorError.badShape("arange", shape.sizes) { return Tensor(error: error) }
    return written(shape, as: Int.self, device: device) { numbers in
      for place in numbers.indices { numbers[place] = start &+ place &* step }
    }.made(dtype, requiresGrad: requiresGrad)
  }

  /// Values at equal distances from `start` on, up to `end`, which is not included: `torch.arange`.
  ///
  ///     x[i] = start + i * step,  i in 0 ..< ceil((end - start) / step)
  ///
  /// The number of steps is rounded: where the last one matters, use `linspace`.
  ///
  /// - Parameters:
  ///   - start: the first number.
  ///   - end: where the elements stop, not one of them.
  ///   - step: the distance from one to the next; negative to count down.
  ///   - dtype: the type of the elements.
  ///   - device: where the tensor lives.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a step of 0, or one that leads away from `end`; numbers that are not finite;
  ///   more numbers than memory holds.
  @_disfavoredOverload
  public static func arange(
    _ start: Double, _ end: Double, step: Double = 1, dtype: DType = .float32,
    device: Device = .default, requiresGrad: Bool = false
  ) -> Tensor {
    let count = ((end - start) / step).rounded(.up)
    let leadsThere = start == end || (start < end) == (step > 0)
    guard step != 0, start.isFinite, end.isFinite, step.isFinite, count >= 0, leadsThere else {
      return Tensor(error: .arange("\(start)", "\(end)", "\(step)"))
    }
    let shape = Shape([Int(exactly: count) ?? Int.max])
    if let error = TensorError.badShape("arange", shape.sizes) { return Tensor(error: error) }
    return written(shape, as: Double.self, device: device) { numbers in
      for place in numbers.indices { numbers[place] = start + Double(place) * step }
    }.made(dtype, requiresGrad: requiresGrad)
  }

  /// `count` values at equal distances, of which the first and the last are given:
  /// `torch.linspace`.
  ///
  ///     Tensor.linspace(0, 1, count: 5)     // 0, 0.25, 0.5, 0.75, 1
  ///
  /// - Parameters:
  ///   - start: the first number.
  ///   - end: the last number; not used if `count` is 1.
  ///   - count: how many.
  ///   - dtype: the type of the elements.
  ///   - device: where the tensor lives.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a negative count; more numbers than memory holds.
  public static func linspace(
    _ start: Double, _ end: Double, count: Int, dtype: DType = .float32, device: Device = .default,
    requiresGrad: Bool = false
  ) -> Tensor {
    if let error = TensorError.badShape("linspace", [count]) { return Tensor(error: error) }
    return written([count], as: Double.self, device: device) { numbers in
      let step = count > 1 ? (end - start) / Double(count - 1) : 0
      // From both ends, so that the last number is `end` itself.
      for place in numbers.indices {
        numbers[place] =
          place < (count + 1) / 2
          ? start + Double(place) * step : end - Double(count - 1 - place) * step
      }
    }.made(dtype, requiresGrad: requiresGrad)
  }
}

extension TensorError {
  fileprivate static func arange(_ start: String, _ end: String, _ step: String) -> TensorError {
    TensorError(
      "arange", "steps of \(step) do not lead from \(start) to \(end)",
      help: "give finite numbers and a step towards the end, not 0")
  }
}
