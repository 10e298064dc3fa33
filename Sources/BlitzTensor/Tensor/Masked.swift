/// A tensor of which only the elements that a mask chooses count: `torch.masked`.
///
///     let mean = x.masked(isThere).mean(axes: [1])     // of what is there, in each row
///
/// What is left out takes part in nothing; where all of a row is, a sum is 0, a product 1, and what
/// has no value is NaN or an infinity.
public struct MaskedTensor: Sendable {
  private let values: Tensor
  private let mask: Tensor?

  fileprivate init(_ values: Tensor, _ mask: Tensor?) { (self.values, self.mask) = (values, mask) }

  /// The elements, with a number in place of those that do not count.
  ///
  /// - Error: a mask whose shape does not broadcast with the tensor's; a number that the dtype does
  ///   not hold.
  public func filled(_ number: Double) -> Tensor {
    guard let mask else { return values }
    return Tensor.where(mask, values, Tensor.full(like: values, number))
  }

  /// The same, of whole numbers in float32.
  private var floats: MaskedTensor { MaskedTensor(values.wholeAsFloats ?? values, mask) }

  /// The elements, with the dtype's least or greatest value in place of those that do not count.
  private func bounded(_ greatest: Bool) -> Tensor {
    guard values.dtype.isInteger, let mask else {
      return filled(greatest ? .infinity : -.infinity)
    }
    let bound = Tensor.extreme(values.dtype, greatest: greatest).to(values.device)
    return Tensor.where(mask, values, bound)
  }

  /// How many elements count along axes.
  private func count(_ axes: [Int], _ keepDims: Bool) -> Tensor {
    let all = Tensor.full(values.shape, 1, dtype: .bool, device: values.device)
    return (mask?.expanded(to: values.shape) ?? all).sum(axes: axes, keepDims: keepDims)
  }
}

extension Tensor {
  /// The tensor with a mask of the elements that count: `torch.masked`.
  ///
  /// - Parameter mask: bool, of a shape that broadcasts to that of `self`; true where an element
  ///   counts. Without one all of them do.
  public func masked(_ mask: Tensor?) -> MaskedTensor { MaskedTensor(self, mask) }
}

extension MaskedTensor {
  /// The sum along axes: `torch.masked.sum`.
  public func sum(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    filled(0).sum(axes: axes, keepDims: keepDims)
  }

  /// The product along axes: `torch.masked.prod`.
  public func prod(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    filled(1).prod(axes: axes, keepDims: keepDims)
  }

  /// The greatest along axes; the dtype's least value where none counts: `torch.masked.amax`.
  public func max(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    bounded(false).max(axes: axes, keepDims: keepDims)
  }

  /// The least along axes; the dtype's greatest value where none counts: `torch.masked.amin`.
  public func min(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    bounded(true).min(axes: axes, keepDims: keepDims)
  }

  /// The mean along axes, float32 of whole numbers; NaN where none counts: `torch.masked.mean`.
  public func mean(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    let sum = sum(axes: axes, keepDims: keepDims)
    let total = sum.wholeAsFloats ?? sum
    return total / count(axes, keepDims).cast(to: total.dtype)
  }

  /// The variance along axes: `torch.masked.var`.
  ///
  /// - Parameters:
  ///   - axes: all if none is named.
  ///   - correction: what is taken from the count that the squares are divided by.
  ///   - keepDims: whether the axes stay, with size 1.
  public func variance(axes: [Int] = [], correction: Int = 1, keepDims: Bool = false) -> Tensor {
    let apart = values - mean(axes: axes, keepDims: true)
    let squares = MaskedTensor(apart.abs().square(), mask).sum(axes: axes, keepDims: keepDims)
    return squares / (count(axes, keepDims) - correction).cast(to: squares.dtype).clamp(min: 0)
  }

  /// The standard deviation along axes: `torch.masked.std`.
  ///
  /// - Parameters:
  ///   - axes: all if none is named.
  ///   - correction: what is taken from the count that the squares are divided by.
  ///   - keepDims: whether the axes stay, with size 1.
  public func std(axes: [Int] = [], correction: Int = 1, keepDims: Bool = false) -> Tensor {
    variance(axes: axes, correction: correction, keepDims: keepDims).sqrt()
  }

  /// The logarithm of the sum of exponentials along axes: `torch.masked.logsumexp`.
  public func logSumExp(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    floats.filled(-.infinity).logSumExp(axes: axes, keepDims: keepDims)
  }

  /// The norm along axes: `torch.masked.norm`; see `norm(_:axes:keepDims:)`.
  public func norm(_ p: Double = 2, axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    floats.filled(p == -.infinity ? .infinity : 0).norm(p, axes: axes, keepDims: keepDims)
  }

  /// Where the greatest is, along an axis or of all: `torch.masked.argmax`.
  public func argmax(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    bounded(false).argmax(axis: axis, keepDims: keepDims)
  }

  /// Where the least is, along an axis or of all: `torch.masked.argmin`.
  public func argmin(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    bounded(true).argmin(axis: axis, keepDims: keepDims)
  }

  /// The median along an axis, the lesser of two: `torch.masked.median`.
  public func median(axis: Int, keepDims: Bool = false) -> Tensor {
    floats.filled(.nan).nanmedian(axis: axis, keepDims: keepDims).values
  }

  /// The median of all that count, the lesser of two: `torch.masked.median`.
  public func median() -> Tensor { floats.filled(.nan).nanmedian() }

  /// The running sums along an axis: `torch.masked.cumsum`.
  public func cumsum(axis: Int) -> Tensor { filled(0).cumsum(axis: axis) }

  /// The running products along an axis: `torch.masked.cumprod`.
  public func cumprod(axis: Int) -> Tensor { filled(1).cumprod(axis: axis) }

  /// The shares of exponentials along an axis, 0 for what does not count: `torch.masked.softmax`.
  public func softmax(axis: Int) -> Tensor { floats.filled(-.infinity).softmax(axis: axis) }

  /// The logarithms of the shares of exponentials along an axis: `torch.masked.log_softmax`.
  public func logSoftmax(axis: Int) -> Tensor { floats.filled(-.infinity).logSoftmax(axis: axis) }

  /// The shares of the exponentials of the negatives along an axis: `torch.masked.softmin`.
  public func softmin(axis: Int) -> Tensor { (-floats.filled(.infinity)).softmax(axis: axis) }

  /// Vectors along an axis, of length 1, 0 for what does not count: `torch.masked.normalize`.
  public func normalized(p: Double = 2, axis: Int = 1, epsilon: Double = 1e-12) -> Tensor {
    filled(0).normalized(p: p, axis: axis, epsilon: epsilon)
  }

  /// The logarithm of a sum of two exponentials, of which those that do not count are 0:
  /// `torch.masked.logaddexp`.
  public func logAddExp(_ other: MaskedTensor) -> Tensor {
    floats.filled(-.infinity).logAddExp(other.floats.filled(-.infinity))
  }
}
