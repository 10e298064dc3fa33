/// Scaled dot-product attention: `torch.nn.functional.scaled_dot_product_attention`.
///
///     y = softmax(query keyᵀ * scale + mask) value
///
/// In float32 on the processor, the scores are never all in memory: a block of queries meets a
/// block of keys, forward and backward, so that memory grows with the length, not with its square.
/// Elsewhere, where the mask requires its gradient, and for gradients of gradients the scores are
/// held.
///
/// - Parameters:
///   - query: `[..., H, L, D]`; without heads `[L, D]`.
///   - key: `[..., G, S, D]`, where G divides H: each H / G heads in a row share keys and values
///     (PyTorch's `enable_gqa`).
///   - value: `[..., G, S, E]`.
///   - mask: broadcasts to `[..., H, L, S]`; bool, true where a query may attend to a key, or of
///     the query's dtype, added to the scores; `attn_mask` in PyTorch.
///   - isCausal: whether a query attends only to keys at its own position and before; it may come
///     with a mask.
///   - dropout: the probability that a weight is dropped, for training; block by block which ones
///     depends on one number of the generator, so they are not PyTorch's.
///   - scale: `1 / sqrt(D)` if nil.
///   - generator: the source of dropout.
/// - Returns: `[..., H, L, E]`, in the query's dtype. A query that may attend to no key has 0.
/// - Gradient: of the query, key, value and mask.
/// - Error: axes that do not fit each other, dtypes that differ or are not floats, a probability
///   outside 0 to 1.
public func scaledDotProductAttention(
  query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, isCausal: Bool = false,
  dropout: Double = 0, scale: Double? = nil, generator: Generator = .shared
) -> Tensor {
  let given = [query, key, value] + (mask.map { [$0] } ?? [])
  if let failed = given.first(where: { $0.error != nil }) { return failed }
  if Autocast.isOn {
    let operands = given.map { $0.dtype == .bool ? $0 : $0.downcast }
    return Autocast.off {
      scaledDotProductAttention(
        query: operands[0], key: operands[1], value: operands[2], mask: operands.dropFirst(3).first,
        isCausal: isCausal, dropout: dropout, scale: scale, generator: generator)
    }
  }
  let problem: AttentionProblem
  do throws(TensorError) {
    problem = try AttentionProblem(query, key, value, mask, isCausal, dropout, scale)
  } catch {
    return Tensor(error: error)
  }
  let answer = problem.attended(generator).viewed(as: problem.shape)
  if dropout > 0 { return answer }
  return answer.noted(
    .attention(
      scale: scale ?? 1 / Double(max(query.shape[query.rank - 1], 1)).squareRoot(),
      isCausal: isCausal), of: [query, key, value, mask])
}

/// Attention's operands, of rank 4.
struct AttentionProblem: Sendable {
  private static let name = "scaledDotProductAttention"
  /// `[N, H, L, D]`, `[N, G, S, D]` and `[N, G, S, E]`.
  private let query: Tensor
  private let key: Tensor
  private let value: Tensor
  /// What is added to the scores, `[N or 1, H or 1, L or 1, S]`.
  private let mask: Tensor?
  private let attention: Attention
  /// The result's, as the user sees it.
  let shape: Shape

  init(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, _ mask: Tensor?, _ isCausal: Bool,
    _ dropout: Double, _ scale: Double?
  ) throws(TensorError) {
    let all = [query, key, value]
    func refusal(_ rule: String, help: String) -> TensorError {
      var operands = zip(["query", "key", "value"], all).map { ($0, $1.signature) }
      if let mask { operands.append(("mask", mask.signature)) }
      return TensorError(Self.name, rule, operands: operands, help: help)
    }
    let fits = "query is [..., H, L, D], key [..., G, S, D] and value [..., G, S, E]"
    guard all.allSatisfy({ $0.dtype == query.dtype && $0.dtype.isFloating }) else {
      throw refusal("the dtypes are not one float's", help: "cast all to one, such as .float32")
    }
    guard query.rank >= 2, all.allSatisfy({ $0.rank == query.rank }) else {
      throw refusal("the operands have other numbers of axes, or fewer than 2", help: fits)
    }
    guard dropout >= 0, dropout <= 1, scale?.isFinite ?? true else {
      throw refusal(
        "the dropout is \(dropout), the scale \(scale ?? 0)",
        help: "a dropout is from 0 to 1, and a scale is a finite number")
    }
    let shapes = all.map { Shape([Int](repeating: 1, count: max(0, 3 - $0.rank)) + $0.shape.sizes) }
    let (q, k, v) = (shapes[0], shapes[1], shapes[2])
    let rank = q.rank
    guard q[rank - 1] == k[rank - 1], k[rank - 2] == v[rank - 2], k[rank - 3] == v[rank - 3] else {
      throw refusal("sizes of the last three axes do not fit each other", help: fits)
    }
    guard k[rank - 3] > 0 ? q[rank - 3] % k[rank - 3] == 0 : q[rank - 3] == 0 else {
      throw refusal(
        "\(k[rank - 3]) heads of keys do not divide \(q[rank - 3]) of queries", help: fits)
    }
    var front = Shape(Array(q.sizes.dropLast(3)))
    for other in [k, v] {
      guard let both = Shape.broadcast(front, Shape(Array(other.sizes.dropLast(3)))) else {
        throw refusal("the axes in front do not broadcast", help: fits)
      }
      front = both
    }
    let batch = front.elementCount
    let ranked = zip(all, shapes).map { tensor, shape in
      let last = Array(shape.sizes.suffix(3))
      return tensor.viewed(as: shape).broadcastCopy(to: Shape(front.sizes + last))
        .viewed(as: Shape([batch] + last))
    }
    let scores = Shape(front.sizes + [q[rank - 3], q[rank - 2], k[rank - 2]])
    var added: Tensor?
    if let mask {
      guard mask.dtype == .bool || mask.dtype == query.dtype, mask.rank <= scores.rank,
        Shape.broadcast(mask.shape, scores) == scores
      else {
        throw refusal(
          "the mask is not bool or \(query.dtype), or does not broadcast to \(scores)",
          help: "of bool, true is for keys that a query may attend to")
      }
      added = Self.added(mask, scores, query.dtype)
    }
    (self.query, self.key, self.value, self.mask) = (ranked[0], ranked[1], ranked[2], added)
    attention = Attention(
      scale: scale ?? 1 / Double(max(q[rank - 1], 1)).squareRoot(), isCausal: isCausal,
      dropout: dropout, hasMask: mask != nil, isBackward: false)
    shape = Shape(Array(query.shape.sizes.dropLast()) + [v[rank - 1]]).withFront(front)
  }

  private func replacing(_ operands: [Tensor]) -> AttentionProblem {
    AttentionProblem(
      operands[0], operands[1], operands[2], mask: operands.count > 3 ? operands[3] : mask,
      attention, shape)
  }

  private init(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor?, _ attention: Attention,
    _ shape: Shape
  ) {
    (self.query, self.key, self.value, self.mask) = (query, key, value, mask)
    (self.attention, self.shape) = (attention, shape)
  }

  /// A mask as numbers to add, of rank 4 and with a column for each key.
  private static func added(_ mask: Tensor, _ scores: Shape, _ dtype: DType) -> Tensor {
    let numbers: Tensor =
      mask.dtype == .bool
      ? .where(mask, Tensor.zeros([], dtype: dtype, device: mask.device), -Double.infinity) : mask
    var sizes = [Int](repeating: 1, count: scores.rank - mask.rank) + mask.shape.sizes
    sizes[scores.rank - 1] = scores[scores.rank - 1]
    let front = sizes.dropLast(3)
    var whole = numbers.broadcastCopy(to: Shape(sizes))
    let batch = scores.sizes.dropLast(3)
    if front.contains(where: { $0 != 1 }) {
      whole = whole.broadcastCopy(to: Shape(batch + sizes.suffix(3)))
      return whole.viewed(as: Shape([batch.reduce(1, *)] + sizes.suffix(3)))
    }
    return whole.viewed(as: Shape([1] + sizes.suffix(3)))
  }
}

// MARK: Computing

extension AttentionProblem {
  private var operands: [Tensor] { [query, key, value] + (mask.map { [$0] } ?? []) }

  /// Whether it can be done block by block.
  private var isBlockwise: Bool {
    operands.allSatisfy { $0.dtype == .float32 && $0.device == .cpu && $0.shape.elementCount > 0 }
      && attention.dropout < 1 && !(mask?.requiresGrad ?? false)
  }

  /// `[N, H, L, E]`.
  func attended(_ generator: Generator) -> Tensor {
    if query.dtype.isHalf {
      let wide = replacing(operands.map { $0.cast(to: .float32) })
      return wide.attended(generator).cast(to: query.dtype)
    }
    guard isBlockwise else { return plain(generator) }
    var more = mask.map { [$0] } ?? []
    if attention.dropout > 0 {
      more.append(.randint(0, Int.max, [1], generator: generator, device: .cpu))
    }
    return blockwise(more.map { $0.detached() })
  }

  private func blockwise(_ more: [Tensor]) -> Tensor {
    let given = [query, key, value]
    let attention = attention
    let shape = Shape(Array(query.shape.sizes[..<3]) + [value.shape[3]])
    let flat = noGrad { Tensor.attention(attention, given.map { $0.detached() } + more) }
    let result = flat.sliced(axis: 0, from: 0, count: shape.elementCount).viewed(as: shape)
    guard given.contains(where: \.requiresGrad), GradientMode.isOn else { return result }
    let rule = CustomRule(name: Self.name) { inputs, _, gradient in
      // The first is the value itself, the last two what the gradients need.
      let (given, more) = (Array(inputs[1...3]), Array(inputs[5...]))
      if GradientMode.isOn, given.contains(where: \.requiresGrad) {
        return [nil] + self.replacing(given).walked(gradient) + inputs[4...].map { _ in nil }
      }
      let slopes = Tensor.attentionGradients(attention, given + [inputs[4], gradient] + more)
      return [nil] + slopes + inputs[4...].map { _ in nil }
    }
    return .make(
      .custom(rule), [result] + given + [flat] + more, shape: shape, dtype: .float32)
  }

  /// The gradients that the reverse walk finds through the scores, which can be differentiated in
  /// their turn.
  private func walked(_ gradient: Tensor) -> [Tensor?] {
    if attention.dropout > 0 {
      let error = TensorError(
        Self.name, "with dropout there is no gradient of the gradient",
        help: "differentiate twice in evaluation mode, or with a dropout of 0")
      return [Tensor(error: error), nil, nil]
    }
    let points = [query, key, value].map { $0.waypoint() }
    let tracked = points.filter(\.requiresGrad)
    let total = (replacing(points).plain(.shared) * gradient).sum()
    var found = gradients(of: total, wrt: tracked, createGraph: true)[...]
    return points.map { $0.requiresGrad ? found.removeFirst() : nil }
  }

  /// With all scores in memory.
  private func plain(_ generator: Generator) -> Tensor {
    let (batch, groups) = (query.shape[0], key.shape[1])
    let (heads, length, keys) = (query.shape[1], query.shape[2], key.shape[2])
    let each = groups == 0 ? 1 : heads / groups
    // Heads that share keys are an axis of their own.
    func grouped(_ tensor: Tensor) -> Tensor {
      let sizes = tensor.shape.sizes
      let split = sizes[1] == heads && heads != 1 ? [groups, each] : [sizes[1], 1]
      return tensor.viewed(as: Shape([sizes[0]] + split + sizes[2...]))
    }
    let q = query.viewed(as: [batch, groups, each, length, query.shape[3]])
    var scores = q.matmul(key.unsqueezed(axis: 2).transposed(-1, -2)) * attention.scale
    if let mask { scores = scores + grouped(mask) }
    if attention.isCausal {
      let seen = Tensor.ones([length, keys], device: query.device).tril() .> 0
      scores = .where(seen, scores, -Double.infinity)
    }
    var weights = scores.softmaxOrNothing()
    if attention.dropout > 0 {
      let kept = 1 - attention.dropout
      let noise = Tensor.bernoulli(
        weights.shape, probability: kept, generator: generator, dtype: weights.dtype,
        device: weights.device)
      weights = kept == 0 ? weights * 0 : weights * noise / kept
    }
    return weights.matmul(value.unsqueezed(axis: 2))
      .viewed(as: [batch, heads, length, value.shape[3]])
  }
}

extension Shape {
  /// The shape with other axes before the last three, or as it is if it has fewer.
  fileprivate func withFront(_ front: Shape) -> Shape {
    rank < 3 ? self : Shape(front.sizes + sizes.suffix(3))
  }
}

extension Tensor {
  /// Softmax along the last axis, but zeros, not NaN, where all elements are minus infinity.
  package func softmaxOrNothing() -> Tensor {
    // Without keys there is nothing to heed.
    if error != nil || shape[rank - 1] == 0 { return self }
    let wide = widened
    let greatest = noGrad { wide.max(axis: -1, keepDims: true) }
    let powers = (wide - Tensor.where(greatest .== -Double.infinity, 0, greatest)).exp()
    let total = powers.sum(axis: -1, keepDims: true)
    return (powers / Tensor.where(total .== 0, 1, total)).cast(to: dtype)
  }
}
