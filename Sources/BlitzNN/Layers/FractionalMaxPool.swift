import BlitzTensor

/// The largest elements under windows that are nearly evenly spread,
/// `torch.nn.FractionalMaxPool2d`: their distances are one of two whole numbers, in an order that
/// is drawn.
///
/// - Shapes: input `[N, C, H_in, W_in]` or `[C, H_in, W_in]`, output with the sizes of `output`.
/// - Gradient: for the largest of each window, of several the first.
/// - Error: another number of axes; windows and outputs that do not fit the image; samples of
///   another shape; a dtype that is not floating.
/// - Source: B. Graham, "Fractional max-pooling", 2014.
public struct FractionalMaxPool2d: Layer, Sendable {
  /// The size of the window; `kernel_size` in PyTorch.
  public let size: Size2D
  /// The number of rows and columns of the output; nil if it is a share of the input's.
  public let output: Size2D?
  private let windows: DrawnWindows

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - size: of the window; `kernel_size` in PyTorch.
  ///   - output: the number of rows and columns; `output_size` in PyTorch.
  ///   - samples: where the windows are, `[N, C, 2]`, each from 0 to 1, of the width and of the
  ///     height; drawn anew for each call if nil. `_random_samples` in PyTorch.
  ///   - generator: the source of the samples.
  public init(
    _ size: Size2D, output: Size2D, samples: Tensor? = nil, generator: Generator = .shared
  ) {
    (self.size, self.output) = (size, output)
    windows = DrawnWindows(
      layer: "FractionalMaxPool2d", sizes: [size.height, size.width],
      outputs: .sizes([output.height, output.width]), order: [1, 0], samples: samples,
      generator: generator)
  }

  /// Makes a layer whose output is a share of the input, each rounded down.
  ///
  /// - Parameters:
  ///   - size: of the window.
  ///   - outputRatio: the shares of the rows and of the columns, between 0 and 1; `output_ratio` in
  ///     PyTorch.
  ///   - samples: where the windows are.
  ///   - generator: the source of the samples.
  public init(
    _ size: Size2D, outputRatio: (height: Double, width: Double), samples: Tensor? = nil,
    generator: Generator = .shared
  ) {
    (self.size, output) = (size, nil)
    windows = DrawnWindows(
      layer: "FractionalMaxPool2d", sizes: [size.height, size.width],
      outputs: .ratios([outputRatio.height, outputRatio.width]), order: [1, 0], samples: samples,
      generator: generator)
  }

  /// The largest element under each window.
  public func forward(_ input: Tensor) -> Tensor { withIndices(input).values }

  /// The largest element under each window, and where in the last axes, as if these were one, it
  /// is: `return_indices` in PyTorch.
  public func withIndices(_ input: Tensor) -> (values: Tensor, indices: Tensor) {
    windows.maximum(of: input)
  }
}

/// The largest elements under windows that are nearly evenly spread over a volume,
/// `torch.nn.FractionalMaxPool3d`; see ``FractionalMaxPool2d``.
///
/// - Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output with the sizes of `output`.
public struct FractionalMaxPool3d: Layer, Sendable {
  /// The size of the window; `kernel_size` in PyTorch.
  public let size: Size3D
  /// The depth, height and width of the output; nil if it is a share of the input's.
  public let output: Size3D?
  private let windows: DrawnWindows

  /// Makes a layer; it has no parameters. The parameters of the call are those of
  /// ``FractionalMaxPool2d``, with `[N, C, 3]` samples of the depth, the height and the width.
  public init(
    _ size: Size3D, output: Size3D, samples: Tensor? = nil, generator: Generator = .shared
  ) {
    (self.size, self.output) = (size, output)
    windows = DrawnWindows(
      layer: "FractionalMaxPool3d", sizes: size.all, outputs: .sizes(output.all),
      order: [0, 1, 2], samples: samples, generator: generator)
  }

  /// Makes a layer whose output is a share of the input, each rounded down.
  ///
  /// - Parameters:
  ///   - size: of the window.
  ///   - outputRatio: the shares of the depth, the height and the width, between 0 and 1.
  ///   - samples: where the windows are.
  ///   - generator: the source of the samples.
  public init(
    _ size: Size3D, outputRatio: (depth: Double, height: Double, width: Double),
    samples: Tensor? = nil, generator: Generator = .shared
  ) {
    (self.size, output) = (size, nil)
    windows = DrawnWindows(
      layer: "FractionalMaxPool3d", sizes: size.all,
      outputs: .ratios([outputRatio.depth, outputRatio.height, outputRatio.width]),
      order: [0, 1, 2], samples: samples, generator: generator)
  }

  /// The largest element under each window.
  public func forward(_ input: Tensor) -> Tensor { withIndices(input).values }

  /// The largest element under each window, and where it is; see ``FractionalMaxPool2d``.
  public func withIndices(_ input: Tensor) -> (values: Tensor, indices: Tensor) {
    windows.maximum(of: input)
  }
}

/// Windows that begin at places which follow from a sample for each axis.
private struct DrawnWindows: Sendable {
  let layer: String
  let sizes: [Int]
  let outputs: Outputs
  /// Which of the samples is that of each axis.
  let order: [Int]
  let samples: Tensor?
  let generator: Generator

  /// How many windows there are along each axis.
  enum Outputs {
    case sizes([Int])
    /// Shares of the input's.
    case ratios([Double])

    func along(_ lengths: [Int]) -> [Int] {
      switch self {
      case .sizes(let sizes): sizes
      case .ratios(let ratios):
        zip(lengths, ratios).map { length, ratio in
          ratio > 0 && ratio < 1 ? Int(Double(length) * ratio) : 0
        }
      }
    }
  }

  func maximum(of input: Tensor) -> (values: Tensor, indices: Tensor) {
    if input.error != nil { return (input, input) }
    func refused(_ rule: String, _ help: String) -> (Tensor, Tensor) {
      let refusal = input.refused(
        by: "\(layer)(\(sizes), output: \(outputs))", rule, help: help)
      return (refusal, refusal)
    }
    let axes = sizes.count
    let lengths = Array(input.shape.sizes.suffix(axes))
    let outputs = outputs.along(lengths)
    guard input.dtype.isFloating, input.rank == axes + 2 || input.rank == axes + 1 else {
      return refused("takes floats [N, channels, ...]", "channels have \(axes) axes behind them")
    }
    let fits = zip(zip(sizes, outputs), lengths).allSatisfy { pair, length in
      let (size, output) = pair
      return size > 0 && output > 0 && size <= length && output - 1 <= length - size
    }
    let batch = input.rank == axes + 2 ? input.shape[0] : 1
    let channels = input.shape[input.rank - axes - 1]
    guard fits, lengths.allSatisfy({ $0 < 1 << 16 }), lengths.reduce(1, *) < 1 << 24,
      batch < 1 << 12, channels < 1 << 12
    else {
      return refused("the windows do not fit \(lengths)", "give smaller windows or outputs")
    }
    let drawn =
      samples
      ?? Tensor.rand([batch, channels, axes], generator: generator, dtype: input.dtype)
    guard drawn.error == nil, drawn.shape == [batch, channels, axes] else {
      return refused(
        "the samples are \(drawn.signature)", "give [\(batch), \(channels), \(axes)]")
    }
    do throws(TensorError) {
      let numbers = try drawn.cast(to: .float64).scalars(as: Double.self)
      let planes = batch * channels
      let index = (0..<planes).flatMap { plane in
        places(Array(numbers.dropFirst(plane * axes).prefix(axes)), in: lengths, outputs)
      }
      let (count, area) = (outputs.reduce(1, *), sizes.reduce(1, *))
      let flat = input.reshaped(to: [planes, lengths.reduce(1, *)])
      let candidates = Tensor(index, shape: [planes, count * area], device: input.device)
      let under = flat.gather(axis: 1, index: candidates).reshaped(to: [planes, count, area])
      let best = under.detached().argmax(axis: -1, keepDims: true)
      let shape = Shape(input.shape.sizes.dropLast(axes) + outputs)
      return (
        under.gather(axis: -1, index: best).reshaped(to: shape).named(layer),
        candidates.reshaped(to: [planes, count, area]).gather(axis: -1, index: best)
          .reshaped(to: shape).named(layer)
      )
    } catch {
      let failed = Tensor(error: error).named(layer)
      return (failed, failed)
    }
  }

  /// Where the elements of all windows of a plane are, window after window.
  private func places(_ samples: [Double], in lengths: [Int], _ outputs: [Int]) -> [Int] {
    var windows = [[0]]
    for (axis, length) in lengths.enumerated() {
      let starts = starts(samples[order[axis]], length, sizes[axis], outputs[axis])
      windows = windows.flatMap { window in
        starts.map { start in
          window.flatMap { place in (0..<sizes[axis]).map { place * length + start + $0 } }
        }
      }
    }
    return windows.flatMap { $0 }
  }

  /// Where the windows along an axis begin.
  private func starts(_ sample: Double, _ length: Int, _ size: Int, _ count: Int) -> [Int] {
    let last = length - size
    if count == 1 { return [last] }
    let step = Double(last) / Double(count - 1)
    // Samples beyond 0 to 1 only move the places, as in PyTorch.
    let sample = abs(sample) < 1e6 ? sample : 0
    let first = (sample * step).rounded(.towardZero)
    return (0..<count - 1).map { place in
      let start = ((Double(place) + sample) * step).rounded(.towardZero) - first
      return min(max(Int(start), 0), last)
    } + [last]
  }
}
