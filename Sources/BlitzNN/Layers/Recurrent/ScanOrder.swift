import BlitzTensor

/// The steps of a sequence in the order in which a recurrent network takes them.
struct ScanOrder {
  let count: Int
  let isReversed: Bool

  /// The places of the steps, the first taken first.
  var steps: [Int] { isReversed ? Array((0..<count).reversed()) : Array(0..<count) }
  /// The place of the step that is taken last.
  var last: Int { isReversed ? 0 : count - 1 }

  /// The steps of `[L, N, ...]`, by place.
  static func parts(_ sequence: Tensor) -> [Tensor] {
    sequence.split(count: sequence.shape[0]).map { $0.squeezed(axis: 0) }
  }

  /// The gradient of the hidden weights: the sum over the steps of each one's slopes times the
  /// hidden state before it, of all steps but the first in one product.
  ///
  /// - Parameters:
  ///   - slopes: `[L, N, rows]`
  ///   - hidden: `[L, N, size]` or more; only the states of the steps are read.
  ///   - initial: the state before the first step, `[N, size]`, or nil for zeros.
  func weightGradient(_ slopes: Tensor, _ hidden: Tensor, initial: Tensor?) -> Tensor {
    let later = isReversed ? slopes[..<(count - 1)] : slopes[1...]
    let earlier = isReversed ? hidden[1..<count] : hidden[..<(count - 1)]
    let tall = (count - 1) * slopes.shape[1]
    let product = later.reshaped(to: [tall, slopes.shape[2]]).transposed()
      .matmul(earlier.reshaped(to: [tall, hidden.shape[2]]))
    guard let initial else { return product }
    return product + slopes[isReversed ? count - 1 : 0].transposed().matmul(initial)
  }
}
