import BlitzTensor

/// A weight over its greatest singular value, `torch.nn.utils.parametrizations.spectral_norm`.
///
/// The singular value is that of two vectors, which each use in training brings nearer to the
/// weight's own.
///
/// - Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks",
///   arXiv:1802.05957.
struct SpectralNorm: Parametrization {
  /// How many steps each use can make.
  private static let most = 0...1000

  let axis: Int
  let iterations: Int
  let epsilon: Double
  let mode = Mode()
  /// The vectors to the left and to the right, if the weight is a matrix or more.
  let left: Buffer?
  let right: Buffer?

  init(_ weight: Tensor, axis: Int, iterations: Int, epsilon: Double, _ generator: Generator) {
    (self.axis, self.iterations, self.epsilon) = (axis, iterations, epsilon)
    guard weight.error == nil, weight.rank > 1, weight.shape.resolve(axis: axis) != nil,
      SpectralNorm.most.contains(iterations)
    else {
      (left, right) = (nil, nil)
      return
    }
    let matrix = SpectralNorm.matrix(weight.detached(), axis)
    let drawn = matrix.shape.sizes.map { size in
      Tensor.randn([size], generator: generator, dtype: weight.dtype).to(weight.device)
        .normalized(axis: 0, epsilon: epsilon)
    }
    let start = noGrad {
      // PyTorch uses the weight once when it is registered.
      SpectralNorm.nearer(
        matrix, drawn[0], drawn[1], times: 15 + iterations, epsilon)
    }
    left = Buffer(wrappedValue: start.left, name: "_u")
    right = Buffer(wrappedValue: start.right, name: "_v")
  }

  var members: [(name: String, value: Any)] {
    [left, right].compactMap { $0 }.map { ($0.name ?? "", $0) } + [("mode", mode)]
  }

  func value(of originals: [Tensor]) -> Tensor {
    let weight = originals[0]
    if weight.error != nil { return weight }
    guard SpectralNorm.most.contains(iterations) else {
      return weight.refused(
        by: "spectralNormed", "there are \(iterations) iterations at each use",
        help: "give a number from 0 to \(SpectralNorm.most.upperBound)")
    }
    if weight.rank == 1 { return weight.normalized(axis: 0, epsilon: epsilon) }
    guard let left, let right, weight.shape.resolve(axis: axis) != nil else {
      return Tensor(error: .axis("spectralNormed", axis, of: weight))
    }
    let matrix = SpectralNorm.matrix(weight, axis)
    let sizes = [left, right].map(\.wrappedValue.elementCount)
    guard matrix.shape == Shape(sizes) else {
      return weight.refused(
        by: "spectralNormed", "the weight is a matrix \(matrix.shape), its vectors are \(sizes)",
        help: "set a weight of the shape that it had")
    }
    if mode.isTraining {
      noGrad {
        (left.wrappedValue, right.wrappedValue) = SpectralNorm.nearer(
          matrix.detached(), left.wrappedValue, right.wrappedValue, times: iterations, epsilon)
      }
    }
    return weight / left.wrappedValue.dot(matrix.matmul(right.wrappedValue))
  }

  /// The weight as a matrix, whose rows are the slices along an axis.
  private static func matrix(_ weight: Tensor, _ axis: Int) -> Tensor {
    weight.movedAxes([axis], to: [0]).flattened(from: 1)
  }

  /// The vectors after some steps of the power method.
  private static func nearer(
    _ matrix: Tensor, _ left: Tensor, _ right: Tensor, times: Int, _ epsilon: Double
  ) -> (left: Tensor, right: Tensor) {
    var (left, right) = (left, right)
    for _ in 0..<times {
      left = matrix.matmul(right).normalized(axis: 0, epsilon: epsilon)
      right = matrix.transposed().matmul(left).normalized(axis: 0, epsilon: epsilon)
    }
    return (left, right)
  }
}

extension Module {
  /// Divides a weight by its greatest singular value at each use:
  /// `torch.nn.utils.parametrizations.spectral_norm`.
  ///
  ///     let layer = Linear(20, 40).spectralNormed()
  ///
  ///     w = original / (uᵀ W v),  W the weight as a matrix
  ///
  /// Each use in training brings u and v (buffers, `_u` and `_v`) nearer to the singular vectors; a
  /// weight of one axis is divided by its length.
  ///
  /// - Parameters:
  ///   - name: the parameter's name, as ``parameters`` has it.
  ///   - iterations: how many steps of the power method each use in training makes;
  ///     `n_power_iterations` in PyTorch.
  ///   - epsilon: the least length that is divided by.
  ///   - axis: the axis of the outputs; 0 if nil, of transposed convolutions 1.
  ///   - generator: the source of the first u and v, PyTorch's for the same seed.
  /// - Returns: the module itself; make the optimizer afterwards.
  /// - Error: a name that is not there: all parameters carry it; an axis that is not there;
  ///   iterations below 0 or above 1000.
  /// - Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks",
  ///   arXiv:1802.05957.
  @discardableResult
  public func spectralNormed(
    _ name: String = "weight", iterations: Int = 1, epsilon: Double = 1e-12, axis: Int? = nil,
    generator: Generator = .shared
  ) -> Self {
    change(name, "spectralNormed") { parameter, owner in
      let isTransposed =
        owner is ConvTranspose1d || owner is ConvTranspose2d || owner is ConvTranspose3d
      parameter.parametrize(
        by: SpectralNorm(
          parameter.value, axis: axis ?? (isTransposed ? 1 : 0), iterations: iterations,
          epsilon: epsilon, generator))
    }
  }
}
