extension Tensor {
  /// A tensor of zeros: `torch.zeros`.
  ///
  ///     let w = Tensor.zeros([1000, 100], requiresGrad: true)
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - dtype: the type of the elements.
  ///   - device: where the tensor lives. They take no memory until they are needed.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a negative size; sizes whose product cannot be counted.
  public static func zeros(
    _ shape: Shape, dtype: DType = .float32, device: Device = .default, requiresGrad: Bool = false
  ) -> Tensor {
    filled("zeros", .integer(0), shape, dtype, device, requiresGrad)
  }

  /// A tensor of ones: `torch.ones`.
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - dtype: the type of the elements.
  ///   - device: where the tensor lives. They take no memory until they are needed.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a negative size; sizes whose product cannot be counted.
  public static func ones(
    _ shape: Shape, dtype: DType = .float32, device: Device = .default, requiresGrad: Bool = false
  ) -> Tensor {
    filled("ones", .integer(1), shape, dtype, device, requiresGrad)
  }

  /// A tensor with the same value everywhere: `torch.full`.
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - value: the number.
  ///   - dtype: the type of the elements, float32 for a whole number too.
  ///   - device: where the tensor lives. They take no memory until they are needed.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a negative size; sizes whose product cannot be counted; a number that the dtype
  ///   cannot hold.
  public static func full(
    _ shape: Shape, _ value: Double, dtype: DType = .float32, device: Device = .default,
    requiresGrad: Bool = false
  ) -> Tensor {
    filled("full", .real(value), shape, dtype, device, requiresGrad)
  }

  /// Zeros in the shape, dtype and device of another tensor: `torch.zeros_like`.
  public static func zeros(like other: Tensor) -> Tensor {
    if other.node.failure != nil { return other }
    return filled("zeros", .integer(0), other.shape, other.dtype, other.device, false)
  }

  /// Ones in the shape, dtype and device of another tensor: `torch.ones_like`.
  public static func ones(like other: Tensor) -> Tensor {
    if other.node.failure != nil { return other }
    return filled("ones", .integer(1), other.shape, other.dtype, other.device, false)
  }

  /// One value everywhere, in the shape, dtype and device of another tensor: `torch.full_like`.
  public static func full(like other: Tensor, _ value: Double) -> Tensor {
    if other.node.failure != nil { return other }
    return filled("full", .real(value), other.shape, other.dtype, other.device, false)
  }

  /// The identity matrix, or its first columns: `torch.eye`.
  ///
  /// - Parameters:
  ///   - rows: the number of rows.
  ///   - columns: the number of columns; as many as rows if left out.
  ///   - dtype: the type of the elements.
  ///   - device: where the tensor lives.
  ///   - requiresGrad: whether `backward()` computes the gradient.
  /// - Error: a negative size; sizes whose product cannot be counted.
  public static func eye(
    _ rows: Int, columns: Int? = nil, dtype: DType = .float32, device: Device = .default,
    requiresGrad: Bool = false
  ) -> Tensor {
    let columns = columns ?? rows
    if let error = TensorError.badShape("eye", [rows, columns]) { return Tensor(error: error) }
    let isDiagonal = Tensor.elementwise(
      .equal, Tensor.arange(rows, device: device).viewed(as: [rows, 1]),
      Tensor.arange(columns, device: device), .numeric, to: .bool)
    return isDiagonal.made(dtype, requiresGrad: requiresGrad)
  }

  /// The number of a dtype that none is greater than, or less: of floats the infinities.
  package static func extreme(_ dtype: DType, greatest: Bool) -> Tensor {
    guard let limits = dtype.limits else {
      return .full([], greatest ? .infinity : -.infinity, dtype: dtype, device: .cpu)
    }
    let number = greatest ? Tensor([limits.greatest], shape: []) : Tensor([limits.least], shape: [])
    return number.cast(to: dtype)
  }

  private static func filled(
    _ op: String, _ value: Scalar, _ shape: Shape, _ dtype: DType, _ device: Device,
    _ requiresGrad: Bool
  ) -> Tensor {
    if let error = TensorError.badShape(op, shape.sizes) { return Tensor(error: error) }
    guard value.fits(dtype) else {
      return Tensor(
        error: TensorError(
          op, "\(value) is not a value of \(dtype)", help: "write another number or dtype:"))
    }
    if dtype.isComplex {
      return Tensor.filled(op, value, shape, dtype.component, device, false)
        .made(dtype, requiresGrad: requiresGrad)
    }
    let number = Node(.scalar(value), shape: [], dtype: dtype, device: device)
    if shape.rank == 0 && !requiresGrad { return Tensor(node: number) }
    return Tensor(
      node: Node(.expand, Operands(number), shape: shape, dtype: dtype, device: device)
    ).made(nil, requiresGrad: requiresGrad)
  }
}
