import BlitzTensor

extension OpTable {
  /// Attention, and what goes with it.
  static let attention: [OpEntry] = [
    OpEntry(many: "Attention", since: 23) { try AttentionCall($0).results() },
    OpEntry("FlexAttention", domain: "ai.onnx.preview", flexAttention),
    OpEntry("RotaryEmbedding", since: 23, rotary),
    OpEntry(many: "LinearAttention", since: 27, linearAttention),
    OpEntry(many: "CausalConvWithState", since: 27) { call in
      let (x, weight) = (call[0], call[1])
      guard x.rank == 3, weight.rank == 3 else { throw call.failure("takes [n, channels, length]") }
      let k = weight.shape[2]
      let past =
        call.optional(3)
        ?? Tensor.zeros([x.shape[0], x.shape[1], k - 1], dtype: x.dtype)
      let all = concatenate([past, x], axis: 2)
      var y = all.conv1d(weight, groups: x.shape[1])
      if let bias = call.optional(2) { y = y + bias.perChannel(of: 3) }
      if ["silu", "swish"].contains(call.text("activation", "none")) { y = y.silu() }
      if let error = all.error { throw error }
      let length = all.shape[2]
      return [
        call.like(0, y), call.like(0, all.part(axis: 2, from: length - (k - 1), to: length)),
      ]
    },
  ]

  /// Attention whose scores and weights graphs may change.
  @Sendable private static func flexAttention(_ call: OpCall) throws -> Tensor {
    let (query, key, value) = (call[0], call[1], call[2])
    guard query.rank == 4, key.rank == 4, value.rank == 4, key.shape[1] > 0,
      query.shape[1] % key.shape[1] == 0
    else { throw call.failure("takes [batch, heads, length, size], and heads that are shared") }
    let shares = query.shape[1] / key.shape[1]
    func shared(_ x: Tensor) -> Tensor { shares == 1 ? x : x.repeatInterleave(shares, axis: 1) }
    func changed(_ x: Tensor, by name: String) throws -> Tensor {
      guard call.has(name) else { return x }
      guard let result = try call.run(call.graph(name), [Value(x)]).first?.tensor else {
        throw call.failure("\(name) gives no tensor")
      }
      return result
    }
    let scale = call.has("scale") ? call.float("scale") : 1 / Double(query.shape[3]).squareRoot()
    let half = scale.squareRoot()
    let dtype: DType =
      call.has("softmax_precision")
      ? try call.elementType("softmax_precision").carrier ?? .float32
      : query.dtype.isHalf ? .float32 : query.dtype
    let scores = (query * half).matmul((shared(key) * half).transposed(2, 3)).cast(to: dtype)
    let weights = try changed(changed(scores, by: "score_mod").softmax(axis: 3), by: "prob_mod")
    return weights.matmul(shared(value).cast(to: dtype)).cast(to: value.dtype)
  }

  @Sendable private static func rotary(_ call: OpCall) throws -> Tensor {
    let given = call[0]
    if let error = given.error { throw error }
    let heads = call.int("num_heads")
    guard given.rank == 4 || heads > 0 && given.rank == 3 else {
      throw call.failure("takes [batch, heads, length, size], or num_heads and three axes")
    }
    // [batch, length, heads, size]
    let x =
      given.rank == 4
      ? given.permuted([0, 2, 1, 3])
      : given.reshaped(to: Shape([given.shape[0], given.shape[1], heads, -1]))
    let asked = call.int("rotary_embedding_dim")
    let width = asked == 0 ? x.shape[3] : asked
    guard (0...x.shape[3]).contains(width), width % 2 == 0 else {
      throw call.failure("turns \(width) of \(x.shape[3])")
    }
    let (turned, rest) = (
      x.part(axis: 3, from: 0, to: width), x.part(axis: 3, from: width, to: x.shape[3])
    )
    func table(_ index: Int) -> Tensor {
      let table = call[index]
      let rows = call.optional(3).map {
        table.indexSelect(axis: 0, indices: $0.reshaped(to: [-1]))
          .reshaped(to: Shape($0.shape.sizes + [width / 2]))
      }
      return (rows ?? table).unsqueezed(axis: 2)
    }
    let (cos, sin) = (table(1), table(2))
    let isInterleaved = call.flag("interleaved")
    let (a, b) =
      isInterleaved
      ? (
        turned.part(axis: 3, from: 0, to: width, step: 2),
        turned.part(axis: 3, from: 1, to: width, step: 2)
      )
      : (
        turned.part(axis: 3, from: 0, to: width / 2),
        turned.part(axis: 3, from: width / 2, to: width)
      )
    let (real, imaginary) = (cos * a - sin * b, sin * a + cos * b)
    let joined =
      isInterleaved
      ? stack([real, imaginary], axis: 4).reshaped(to: turned.shape)
      : concatenate([real, imaginary], axis: 3)
    let y = concatenate([joined, rest], axis: 3)
    return given.rank == 4 ? y.permuted([0, 2, 1, 3]) : y.reshaped(to: given.shape)
  }

  /// A state that each step decays, corrects and reads.
  @Sendable private static func linearAttention(_ call: OpCall) throws -> [Value] {
    let (query, heads, keyHeads) = (call[0], call.int("q_num_heads"), call.int("kv_num_heads"))
    let rule = call.text("update_rule", "gated_delta")
    guard query.rank == 3, call[1].rank == 3, call[2].rank == 3, keyHeads > 0, heads > 0,
      heads % keyHeads == 0
    else { throw call.failure("takes packed heads, and \(heads) heads of \(keyHeads)") }
    guard ["linear", "gated", "delta", "gated_delta"].contains(rule) else {
      throw call.failure("there is no update_rule \(rule)")
    }
    let (batch, steps) = (query.shape[0], query.shape[1])
    /// As [batch, heads, steps, size] in float32.
    func unpacked(_ x: Tensor, _ heads: Int) -> Tensor {
      x.cast(to: .float32).reshaped(to: Shape([batch, steps, heads, -1])).permuted([0, 2, 1, 3])
    }
    let (q, k, v) = (
      unpacked(query, heads), unpacked(call[1], keyHeads), unpacked(call[2], keyHeads)
    )
    if let error = [q, k, v].lazy.compactMap(\.error).first { throw error }
    let isGated = rule.hasPrefix("gated")
    let decay = isGated ? unpacked(call[4], keyHeads) : nil
    let beta =
      rule.hasSuffix("delta") ? unpacked(call[5], call[5].shape.last == 1 ? 1 : keyHeads) : nil
    var state =
      call.optional(3)?.cast(to: .float32)
      ?? Tensor.zeros([batch, keyHeads, k.shape[3], v.shape[3]])
    let asked = call.float("scale")
    let scale = asked == 0 ? 1 / Double(q.shape[3]).squareRoot() : asked
    var outputs: [Tensor] = []
    for time in 0..<steps {
      func now(_ x: Tensor) -> Tensor { x[0..., 0..., time] }
      if let decay { state = state * now(decay).exp().unsqueezed(axis: 3) }
      var value = now(v)
      if let beta {
        let known = now(k).unsqueezed(axis: 2).matmul(state).squeezed(axis: 2)
        value = now(beta) * (value - known)
      }
      state = state + now(k).unsqueezed(axis: 3) * value.unsqueezed(axis: 2)
      let read = heads == keyHeads ? state : state.repeatInterleave(heads / keyHeads, axis: 1)
      outputs.append(now(q).unsqueezed(axis: 2).matmul(read).squeezed(axis: 2) * scale)
    }
    let y =
      outputs.isEmpty
      ? Tensor.zeros(Shape([batch, 0, heads * v.shape[3]]))
      : stack(outputs, axis: 1).reshaped(to: Shape([batch, steps, -1]))
    return [
      call.like(0, y.cast(to: query.dtype)),
      Value(state.cast(to: call.optional(3)?.dtype ?? query.dtype)),
    ]
  }
}

/// The op `Attention`.
private struct AttentionCall {
  let call: OpCall
  let query: Tensor
  let key: Tensor
  let value: Tensor
  let isPacked: Bool

  init(_ call: OpCall) throws {
    self.call = call
    let inputs = (0..<3).map { call[$0] }
    if let error = inputs.lazy.compactMap(\.error).first { throw error }
    isPacked = inputs[0].rank == 3
    let (heads, keyHeads) = (call.int("q_num_heads"), call.int("kv_num_heads"))
    guard inputs.allSatisfy({ $0.rank == inputs[0].rank }), isPacked || inputs[0].rank == 4,
      !isPacked || heads > 0 && keyHeads > 0
    else {
      throw call.failure("takes [batch, heads, length, size], or packed heads and their numbers")
    }
    let isPacked = isPacked
    func unpacked(_ x: Tensor, _ heads: Int) -> Tensor {
      isPacked
        ? x.reshaped(to: Shape([x.shape[0], x.shape[1], heads, -1])).permuted([0, 2, 1, 3]) : x
    }
    func joined(_ past: Int, _ x: Tensor) -> Tensor {
      call.optional(past).map { concatenate([$0, x], axis: 2) } ?? x
    }
    query = unpacked(inputs[0], heads)
    key = joined(4, unpacked(inputs[1], keyHeads))
    value = joined(5, unpacked(inputs[2], keyHeads))
    if let error = [query, key, value].lazy.compactMap(\.error).first { throw error }
  }

  func results() throws -> [Value] {
    let dtype = query.dtype
    let (heads, keyHeads) = (query.shape[1], key.shape[1])
    guard keyHeads > 0, heads % keyHeads == 0 else {
      throw call.failure("\(heads) heads do not share \(keyHeads)")
    }
    func shared(_ x: Tensor) -> Tensor {
      heads == keyHeads ? x : x.repeatInterleave(heads / keyHeads, axis: 1)
    }
    let (keys, values) = (shared(key), shared(value))
    let scale = call.has("scale") ? call.float("scale") : 1 / Double(query.shape[3]).squareRoot()
    let half = scale.squareRoot()
    var scores = (query * half).cast(to: dtype).matmul(
      (keys * half).cast(to: dtype).transposed(2, 3))
    let mode = call.int("qk_matmul_output_mode")
    var shown = scores
    let cap = call.float("softcap")
    if cap != 0 {
      scores = ((scores / cap).tanh() * cap).cast(to: dtype)
      if mode == 1 { shown = scores }
    }
    let bias = try bias()
    if let bias { scores = scores + bias }
    if mode == 2 { shown = scores }
    let precise =
      call.has("softmax_precision")
      ? try call.elementType("softmax_precision").carrier ?? dtype : dtype
    var weights = scores.cast(to: precise).softmax(axis: 3)
    if let bias {
      // A row that may look at nothing is 0.
      let hasNone = bias.max(axis: -1, keepDims: true) .== -.infinity
      weights = .where(hasNone, Tensor.zeros([], dtype: precise), weights)
    }
    weights = weights.cast(to: dtype)
    if mode == 3 { shown = weights }
    var y = weights.matmul(values)
    if let error = y.error { throw error }
    if isPacked {
      y = y.permuted([0, 2, 1, 3]).reshaped(to: Shape([y.shape[0], y.shape[2], -1]))
    }
    return [call.like(0, y), call.like(1, key), call.like(2, value), call.like(0, shown)]
  }

  /// What is added to the scores: 0 where a query may look, -infinity elsewhere, and the mask.
  private func bias() throws -> Tensor? {
    let dtype = query.dtype
    let (length, total) = (query.shape[2], key.shape[2])
    let zero = Tensor.zeros([], dtype: dtype)
    let never = Tensor.full([], -.infinity, dtype: dtype)
    var bias: Tensor?
    func add(_ more: Tensor) { bias = bias.map { $0 + more } ?? more }
    if let given = call.optional(3) {
      var mask = given.dtype == .bool ? Tensor.where(given, zero, never) : given.cast(to: dtype)
      let missing = total - (mask.shape.last ?? total)
      if missing > 0 {
        var widths = Array(repeating: (low: 0, high: 0), count: mask.rank)
        widths[mask.rank - 1].high = missing
        mask = mask.edged(widths, fill: never)
      }
      add(mask)
    }
    let columns = Tensor.arange(total)
    let rows = Tensor.arange(length).unsqueezed(axis: 1)
    let lengths = call.optional(6)?.cast(to: .int64).reshaped(to: [-1, 1, 1, 1])
    // How many keys come before the first query.
    let before: Tensor
    if let past = call.optional(4) {
      before = Tensor([past.shape[2]], shape: [])
    } else if let lengths {
      before = lengths - length
    } else {
      before = Tensor([0], shape: [])
    }
    let (left, right) = (call.int("left_window_size", -1), call.int("right_window_size", -1))
    var rules: [Tensor] = []
    if call.flag("is_causal") { rules.append(columns .<= rows + before) }
    if left >= 0 { rules.append(columns .>= rows + before - left) }
    if right >= 0 { rules.append(columns .<= rows + before + right) }
    if let lengths { rules.append(columns .< lengths) }
    for rule in rules { add(.where(rule, zero, never)) }
    return bias
  }
}
