extension Tensor {
  /// Uniform random numbers between 0 and 1, PyTorch's for the same seed: `torch.rand`.
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: a floating one.
  ///   - device: where the tensor lives.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Returns: at least 0, less than 1.
  /// - Error: a bad shape; another dtype.
  public static func rand(
    _ shape: Shape, generator: Generator = .shared, dtype: DType = .float32,
    device: Device = .default, requiresGrad: Bool = false
  ) -> Tensor {
    drawn(
      "rand", shape, dtype, device, requiresGrad,
      float: { numbers throws(DrawError) in
        if dtype.isHalf {
          try generator.fillUniform(numbers, from: 0, to: 1, roundedTo: dtype)
        } else {
          try generator.fillUniform(numbers)
        }
      },
      double: { numbers throws(DrawError) in try generator.fillUniform(numbers) })
  }

  /// Uniform random numbers of a range, PyTorch's for the same seed: `torch.Tensor.uniform_`.
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - from: the least number.
  ///   - to: the bound; a number that rounding would bring to it becomes `from`.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: a floating one.
  ///   - device: where the tensor lives.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a bad shape; another dtype; bounds that are reversed or not finite.
  public static func uniform(
    _ shape: Shape, from: Double = 0, to: Double = 1, generator: Generator = .shared,
    dtype: DType = .float32, device: Device = .default, requiresGrad: Bool = false
  ) -> Tensor {
    drawn(
      "uniform", shape, dtype, device, requiresGrad,
      float: { numbers throws(DrawError) in
        if dtype.isHalf {
          try generator.fillUniform(
            numbers, from: Float(from), to: Float(to), roundedTo: dtype)
        } else {
          try generator.fillUniform(numbers, from: Float(from), to: Float(to))
        }
      },
      double: { numbers throws(DrawError) in
        try generator.fillUniform(numbers, from: from, to: to)
      })
  }

  /// Standard normal random numbers, PyTorch's for the same seed: `torch.randn`.
  ///
  ///     let w = Tensor.randn([1000, 100], generator: Generator(seed: 0))
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: a floating one.
  ///   - device: where the tensor lives.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a bad shape; another dtype.
  public static func randn(
    _ shape: Shape, generator: Generator = .shared, dtype: DType = .float32,
    device: Device = .default, requiresGrad: Bool = false
  ) -> Tensor {
    drawn(
      "randn", shape, dtype, device, requiresGrad,
      float: { numbers throws(DrawError) in
        try generator.fillNormal(numbers, isRounded: dtype.isHalf)
      },
      double: { numbers throws(DrawError) in try generator.fillNormal(numbers) })
  }

  /// Normal random numbers of a mean and a deviation, PyTorch's for the same seed:
  /// `torch.Tensor.normal_`.
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - mean: the mean.
  ///   - std: the standard deviation, 0 or more.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: a floating one.
  ///   - device: where the tensor lives.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a bad shape; another dtype; a standard deviation below 0.
  public static func normal(
    _ shape: Shape, mean: Double = 0, std: Double = 1, generator: Generator = .shared,
    dtype: DType = .float32, device: Device = .default, requiresGrad: Bool = false
  ) -> Tensor {
    drawn(
      "normal", shape, dtype, device, requiresGrad,
      float: { numbers throws(DrawError) in
        try generator.fillNormal(numbers, mean: mean, std: std, isRounded: dtype.isHalf)
      },
      double: { numbers throws(DrawError) in
        try generator.fillNormal(numbers, mean: mean, std: std)
      })
  }

  /// Random whole numbers from 0 up to `high`, which is not included, PyTorch's for the same seed:
  /// `torch.randint(high, size)`.
  ///
  ///     Tensor.randint(10, [3])    // three digits
  ///
  /// - Parameters:
  ///   - high: the bound, not one of the numbers.
  ///   - shape: the size of each axis.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: int64 if left out; PyTorch's numbers for int64, cast to any other.
  ///   - device: where the tensor lives.
  /// - Error: a bad shape; a bound below 1; numbers that the dtype cannot hold.
  public static func randint(
    _ high: Int, _ shape: Shape, generator: Generator = .shared, dtype: DType = .int64,
    device: Device = .default
  ) -> Tensor {
    randint(0, high, shape, generator: generator, dtype: dtype, device: device)
  }

  /// Random whole numbers of a range, PyTorch's for the same seed: `torch.randint`.
  ///
  ///     Tensor.randint(5..<10, [3])
  ///
  /// - Parameters:
  ///   - range: the numbers to draw from.
  ///   - shape: the size of each axis.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: int64 if left out; PyTorch's numbers for int64, cast to any other.
  ///   - device: where the tensor lives.
  /// - Error: a bad shape; an empty range; numbers that the dtype cannot hold.
  public static func randint(
    _ range: Range<Int>, _ shape: Shape, generator: Generator = .shared, dtype: DType = .int64,
    device: Device = .default
  ) -> Tensor {
    randint(
      range.lowerBound, range.upperBound, shape, generator: generator, dtype: dtype,
      device: device)
  }

  /// Random whole numbers from `low` up to `high`, which is not included, PyTorch's for the same
  /// seed: `torch.randint(low=low, high=high, size=size)`.
  ///
  /// - Parameters:
  ///   - low: the least number.
  ///   - high: the bound, not one of the numbers.
  ///   - shape: the size of each axis.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: int64 if left out; PyTorch's numbers for int64, cast to any other.
  ///   - device: where the tensor lives.
  /// - Error: a bad shape; a range without numbers, or with numbers that the dtype cannot hold.
  public static func randint(
    low: Int = 0, high: Int, _ shape: Shape, generator: Generator = .shared,
    dtype: DType = .int64, device: Device = .default
  ) -> Tensor {
    randint(low, high, shape, generator: generator, dtype: dtype, device: device)
  }

  /// Random whole numbers from `low` up to `high`, which is not included, PyTorch's for the same
  /// seed: `torch.randint(low, high, size)`.
  ///
  /// - Parameters:
  ///   - low: the least number.
  ///   - high: the bound, not one of the numbers.
  ///   - shape: the size of each axis.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: int64 if left out; PyTorch's numbers for int64, cast to any other.
  ///   - device: where the tensor lives.
  /// - Error: a bad shape; a range without numbers, or with numbers that the dtype cannot hold.
  public static func randint(
    _ low: Int, _ high: Int, _ shape: Shape, generator: Generator = .shared,
    dtype: DType = .int64, device: Device = .default
  ) -> Tensor {
    if let error = TensorError.badShape("randint", shape.sizes) { return Tensor(error: error) }
    for bound in [low, high &- 1] where low < high && !Scalar.integer(bound).fits(dtype) {
      return Tensor(
        error: TensorError(
          "randint", "\(bound) is not a value of \(dtype)", help: "write another range or dtype:"))
    }
    return Draws.tensor(shape, as: Int64.self, device: device) { numbers throws(TensorError) in
      try drawing("randint") { () throws(DrawError) in
        try generator.fillIntegers(numbers, from: Int64(low), to: Int64(high))
      }
    }.cast(to: dtype)
  }

  /// The whole numbers from 0 to `count - 1` in random order, PyTorch's for the same seed:
  /// `torch.randperm`.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - generator: where the order comes from; it is drawn at the call.
  ///   - dtype: int64 if left out.
  ///   - device: where the tensor lives.
  /// - Error: a negative count; more numbers than memory holds.
  public static func randperm(
    _ count: Int, generator: Generator = .shared, dtype: DType = .int64, device: Device = .default
  ) -> Tensor {
    if let error = TensorError.badShape("randperm", [count]) { return Tensor(error: error) }
    guard count == 0 || Scalar.integer(count - 1).fits(dtype) else {
      return Tensor(
        error: TensorError(
          "randperm", "\(count - 1) is not a value of \(dtype)", help: "write another dtype:"))
    }
    return Draws.tensor([count], as: Int64.self, device: device) { numbers throws(TensorError) in
      try drawing("randperm") { () throws(DrawError) in try generator.fillPermutation(numbers) }
    }.cast(to: dtype)
  }

  /// Ones with a probability, zeros elsewhere, PyTorch's for the same seed:
  /// `torch.Tensor.bernoulli_`.
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - probability: of a one, from 0 to 1.
  ///   - generator: where the numbers come from; they are drawn at the call.
  ///   - dtype: any; float32 if left out.
  ///   - device: where the tensor lives.
  /// - Error: a bad shape; a probability outside 0 to 1.
  public static func bernoulli(
    _ shape: Shape, probability: Double, generator: Generator = .shared,
    dtype: DType = .float32, device: Device = .default
  ) -> Tensor {
    if let error = TensorError.badShape("bernoulli", shape.sizes) { return Tensor(error: error) }
    return Draws.tensor(shape, as: Float.self, device: device) { numbers throws(TensorError) in
      try drawing("bernoulli") { () throws(DrawError) in
        try generator.fillBernoulli(numbers, probability: probability)
      }
    }.cast(to: dtype)
  }

  /// Ones with each element's probability, zeros elsewhere: `torch.bernoulli`.
  ///
  /// - Parameter generator: where the numbers come from; they are drawn at the call.
  /// - Returns: the shape and dtype of `self`. PyTorch's numbers for the same seed are others.
  /// - Gradient: none.
  /// - Error: a dtype that is not floating.
  public func bernoulli(generator: Generator = .shared) -> Tensor {
    if node.failure != nil { return self }
    if dtype.isComplex { return Tensor(error: .takesReals("bernoulli", [self])) }
    let drawn = Tensor.rand(
      shape, generator: generator, dtype: dtype == .float64 ? .float64 : .float32, device: device)
    return (drawn .< detached()).cast(to: dtype).named("bernoulli")
  }

  @inline(never)
  private static func drawn(
    _ op: String, _ shape: Shape, _ dtype: DType, _ device: Device, _ requiresGrad: Bool,
    float: @escaping @Sendable (UnsafeMutableBufferPointer<Float>) throws(DrawError) -> Void,
    double: @escaping @Sendable (UnsafeMutableBufferPointer<Double>) throws(DrawError) -> Void
  ) -> Tensor {
    if let error = TensorError.badShape(op, shape.sizes) { return Tensor(error: error) }
    let tensor: Tensor
    switch dtype {
    case .float32, .float16, .bfloat16:
      tensor = Draws.tensor(shape, as: Float.self, device: device) { numbers throws(TensorError) in
        try drawing(op) { () throws(DrawError) in try float(numbers) }
      }
    case .float64:
      tensor = Draws.tensor(shape, as: Double.self, device: device) { numbers throws(TensorError) in
        try drawing(op) { () throws(DrawError) in try double(numbers) }
      }
    default:
      return Tensor(
        error: TensorError(
          op, "draws floats, not \(dtype)",
          help: "draw float32 and write .cast(to: .\(dtype))"))
    }
    return tensor.made(dtype, requiresGrad: requiresGrad)
  }

  private static func drawing(
    _ op: String, _ draw: () throws(DrawError) -> Void
  ) throws(TensorError) {
    do throws(DrawError) { try draw() } catch {
      throw TensorError(op, error.rule, help: error.help)
    }
  }
}
