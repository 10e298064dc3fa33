import Blitz

/// One row of the table that every op is tested by: a Swift expression by its own text, which is
/// also the name of PyTorch's results in Reference/ops.json.
struct OpRow: Sendable {
  let name: String
  let function: @Sendable ([Tensor]) -> [Tensor]

  init(_ name: String, _ function: @escaping @Sendable ([Tensor]) -> [Tensor]) {
    self.name = name
    self.function = function
  }
}

/// All rows: `x`, `y` and `z` in a row's name are the inputs 0, 1 and 2; what starts with a word
/// is applied to `x`.
enum OpTable {
  static let rows =
    unary + activation + pair + reduction + product + shape + index + window

  static func row(_ name: String) -> OpRow? { byName[name] }

  private static let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

  private static func pair(_ result: (values: Tensor, indices: Tensor)) -> [Tensor] {
    [result.values, result.indices]
  }
}

extension OpTable {
  /// The ops of one operand, and of one with a number.
  static let unary: [OpRow] = [
    OpRow("-x") { [-$0[0]] },
    OpRow("abs()") { [$0[0].abs()] },
    OpRow("sign()") { [$0[0].sign()] },
    OpRow("floor()") { [$0[0].floor()] },
    OpRow("ceil()") { [$0[0].ceil()] },
    OpRow("round()") { [$0[0].round()] },
    OpRow("exp()") { [$0[0].exp()] },
    OpRow("log()") { [$0[0].log()] },
    OpRow("log1p()") { [$0[0].log1p()] },
    OpRow("expm1()") { [$0[0].expm1()] },
    OpRow("sqrt()") { [$0[0].sqrt()] },
    OpRow("rsqrt()") { [$0[0].rsqrt()] },
    OpRow("sin()") { [$0[0].sin()] },
    OpRow("cos()") { [$0[0].cos()] },
    OpRow("tan()") { [$0[0].tan()] },
    OpRow("tanh()") { [$0[0].tanh()] },
    OpRow("sigmoid()") { [$0[0].sigmoid()] },
    OpRow("erf()") { [$0[0].erf()] },
    OpRow("isNaN()") { [$0[0].isNaN()] },
    OpRow("isFinite()") { [$0[0].isFinite()] },
    OpRow("isInfinite()") { [$0[0].isInfinite()] },
    OpRow("square()") { [$0[0].square()] },
    OpRow("reciprocal()") { [$0[0].reciprocal()] },
    OpRow("clamp(min: -1, max: 1)") { [$0[0].clamp(min: -1, max: 1)] },
    OpRow("clamp(min: 0)") { [$0[0].clamp(min: 0)] },
    OpRow("clamp(max: 0.5)") { [$0[0].clamp(max: 0.5)] },
    OpRow("clamp(min: 1, max: 0)") { [$0[0].clamp(min: 1, max: 0)] },
    OpRow("pow(0)") { [$0[0].pow(0)] },
    OpRow("pow(1)") { [$0[0].pow(1)] },
    OpRow("pow(2)") { [$0[0].pow(2)] },
    OpRow("pow(3)") { [$0[0].pow(3)] },
    OpRow("pow(5)") { [$0[0].pow(5)] },
    OpRow("pow(-2)") { [$0[0].pow(-2)] },
    OpRow("pow(1.5)") { [$0[0].pow(1.5)] },
    OpRow("x + 2") { [$0[0] + 2] },
    OpRow("2.5 - x") { [2.5 - $0[0]] },
    OpRow("x - 1") { [$0[0] - 1] },
    OpRow("3 * x") { [3 * $0[0]] },
    OpRow("x / 4") { [$0[0] / 4] },
    OpRow("2 / x") { [2 / $0[0]] },
    OpRow("x % 2") { [$0[0] % 2] },
  ]
}

extension OpTable {
  /// Activations and softmax.
  static let activation: [OpRow] = [
    OpRow("relu()") { [$0[0].relu()] },
    OpRow("leakyRelu()") { [$0[0].leakyRelu()] },
    OpRow("elu(alpha: 1.5)") { [$0[0].elu(alpha: 1.5)] },
    OpRow("gelu()") { [$0[0].gelu()] },
    OpRow("gelu(approximate: .tanh)") { [$0[0].gelu(approximate: .tanh)] },
    OpRow("silu()") { [$0[0].silu()] },
    OpRow("softplus()") { [$0[0].softplus()] },
    OpRow("hardtanh()") { [$0[0].hardtanh()] },
    OpRow("softmax(axis: -1)") { [$0[0].softmax(axis: -1)] },
    OpRow("softmax(axis: 0)") { [$0[0].softmax(axis: 0)] },
    OpRow("logSoftmax(axis: -1)") { [$0[0].logSoftmax(axis: -1)] },
    OpRow("logSumExp()") { [$0[0].logSumExp()] },
    OpRow("logSumExp(axis: -1)") { [$0[0].logSumExp(axis: -1)] },
    OpRow("logSumExp(axis: 0, keepDims: true)") { [$0[0].logSumExp(axis: 0, keepDims: true)] },
  ]
}

extension OpTable {
  /// The elementwise ops of two or three operands.
  static let pair: [OpRow] = [
    OpRow("x + y") { [$0[0] + $0[1]] },
    OpRow("x - y") { [$0[0] - $0[1]] },
    OpRow("x * y") { [$0[0] * $0[1]] },
    OpRow("x / y") { [$0[0] / $0[1]] },
    OpRow("x % y") { [$0[0] % $0[1]] },
    OpRow("atan2(x)") { [$0[0].atan2($0[1])] },
    OpRow("pow(y)") { [$0[0].pow($0[1])] },
    OpRow("minimum(y)") { [$0[0].minimum($0[1])] },
    OpRow("maximum(y)") { [$0[0].maximum($0[1])] },
    OpRow("minimum(1)") { [$0[0].minimum(1)] },
    OpRow("maximum(0)") { [$0[0].maximum(0)] },
    OpRow("x .< y") { [$0[0] .< $0[1]] },
    OpRow("x .<= y") { [$0[0] .<= $0[1]] },
    OpRow("x .> y") { [$0[0] .> $0[1]] },
    OpRow("x .>= y") { [$0[0] .>= $0[1]] },
    OpRow("x .== y") { [$0[0] .== $0[1]] },
    OpRow("x .!= y") { [$0[0] .!= $0[1]] },
    OpRow("x .< 0") { [$0[0] .< 0] },
    OpRow("0.5 .>= x") { [0.5 .>= $0[0]] },
    OpRow("x .& y") { [$0[0] .& $0[1]] },
    OpRow("x .| y") { [$0[0] .| $0[1]] },
    OpRow("x .^ y") { [$0[0] .^ $0[1]] },
    OpRow(".!x") { [.!$0[0]] },
    OpRow("where(fixed mask, x, y)") {
      [Tensor.where(Tensor([[true], [false], [true]]), $0[0], $0[1])]
    },
    OpRow("where(x .> 0, x, 0)") { [Tensor.where($0[0] .> 0, $0[0], 0)] },
    OpRow("where(x, 1, 0)") { [Tensor.where($0[0], 1.0, 0.0)] },
    OpRow("x += y") { inputs in
      var x = inputs[0] * 1
      x += inputs[1]
      return [x]
    },
    OpRow("x -= y") { inputs in
      var x = inputs[0] * 1
      x -= inputs[1]
      return [x]
    },
    OpRow("x *= y") { inputs in
      var x = inputs[0] * 1
      x *= inputs[1]
      return [x]
    },
    OpRow("x /= y") { inputs in
      var x = inputs[0] * 1
      x /= inputs[1]
      return [x]
    },
  ]
}

extension OpTable {
  /// Reductions, and running sums.
  static let reduction: [OpRow] = [
    OpRow("sum()") { [$0[0].sum()] },
    OpRow("mean()") { [$0[0].mean()] },
    OpRow("prod()") { [$0[0].prod()] },
    OpRow("norm()") { [$0[0].norm()] },
    OpRow("norm(1)") { [$0[0].norm(1)] },
    OpRow("norm(3)") { [$0[0].norm(3)] },
    OpRow("norm(0)") { [$0[0].norm(0)] },
    OpRow("max()") { [$0[0].max()] },
    OpRow("min()") { [$0[0].min()] },
    OpRow("norm(.infinity)") { [$0[0].norm(.infinity)] },
    OpRow("norm(-.infinity)") { [$0[0].norm(-.infinity)] },
    OpRow("argmax()") { [$0[0].argmax()] },
    OpRow("argmin()") { [$0[0].argmin()] },
    OpRow("any()") { [($0[0] .> 1).any()] },
    OpRow("all()") { [($0[0] .> -3).all()] },
    OpRow("sum(axis: -1)") { [$0[0].sum(axis: -1)] },
    OpRow("sum(axis: 0, keepDims: true)") { [$0[0].sum(axis: 0, keepDims: true)] },
    OpRow("mean(axis: -1)") { [$0[0].mean(axis: -1)] },
    OpRow("prod(axis: -1)") { [$0[0].prod(axis: -1)] },
    OpRow("cumsum(axis: -1)") { [$0[0].cumsum(axis: -1)] },
    OpRow("cumprod(axis: -1)") { [$0[0].cumprod(axis: -1)] },
    OpRow("cumprod(axis: 0)") { [$0[0].cumprod(axis: 0)] },
    OpRow("fft().viewAsReal()") { [$0[0].fft().viewAsReal()] },
    OpRow("irfft(count: 5).rfft().viewAsReal()") { [$0[0].irfft(count: 5).rfft().viewAsReal()] },
    OpRow("cumsum(axis: 0)") { [$0[0].cumsum(axis: 0)] },
    OpRow("max(axis: -1)") { [$0[0].max(axis: -1)] },
    OpRow("min(axis: -1, keepDims: true)") { [$0[0].min(axis: -1, keepDims: true)] },
    OpRow("argmax(axis: -1)") { [$0[0].argmax(axis: -1)] },
    OpRow("argmin(axis: -1, keepDims: true)") { [$0[0].argmin(axis: -1, keepDims: true)] },
    OpRow("norm(axis: -1)") { [$0[0].norm(axis: -1)] },
    OpRow("variance(axis: -1, correction: 0)") { [$0[0].variance(axis: -1, correction: 0)] },
    OpRow("variance()") { [$0[0].variance()] },
    OpRow("std()") { [$0[0].std()] },
    OpRow("std(axis: 0, keepDims: true)") { [$0[0].std(axis: 0, keepDims: true)] },
    OpRow("sum(axes: [0, -1])") { [$0[0].sum(axes: [0, -1])] },
    OpRow("mean(axes: [-1, 0])") { [$0[0].mean(axes: [-1, 0])] },
    OpRow("max(axes: [0, -1])") { [$0[0].max(axes: [0, -1])] },
    OpRow("norm(axes: [-2, -1])") { [$0[0].norm(axes: [-2, -1])] },
    OpRow("any(axis: 0)") { [($0[0] .> 1).any(axis: 0)] },
    OpRow("all(axis: -1)") { [($0[0] .> -1).all(axis: -1)] },
  ]
}

extension OpTable {
  /// Products of vectors and matrices.
  static let product: [OpRow] = [
    OpRow("matmul(y)") { [$0[0].matmul($0[1])] },
    OpRow("matmul of transposes") { [$0[0].transposed().matmul($0[1].transposed())] },
    OpRow("matmul of a transposed batch") { [$0[0].transposed(0, 1).matmul($0[1])] },
    OpRow("dot(y)") { [$0[0].dot($0[1])] },
    OpRow("outer(y)") { [$0[0].outer($0[1])] },
    OpRow("trace()") { [$0[0].trace()] },
    OpRow("scaledDotProductAttention(query: x, key: y, value: z)") {
      [scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2])]
    },
    OpRow("scaledDotProductAttention(query: x, key: y, value: z, isCausal: true)") {
      [scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2], isCausal: true)]
    },
    OpRow("affineGrid([2, 3])") { [$0[0].affineGrid([2, 3])] },
    OpRow(#"einsum("ij,jk->ik", x, y)"#) { [einsum("ij,jk->ik", $0[0], $0[1])] },
    OpRow(#"einsum("bij,bjk->bik", x, y)"#) { [einsum("bij,bjk->bik", $0[0], $0[1])] },
    OpRow(#"einsum("i,j", x, y)"#) { [einsum("i,j", $0[0], $0[1])] },
    OpRow(#"einsum("ij,ij", x, y)"#) { [einsum("ij,ij", $0[0], $0[1])] },
    OpRow(#"einsum("bhid,bhjd->bhij", x, y)"#) { [einsum("bhid,bhjd->bhij", $0[0], $0[1])] },
    OpRow(#"einsum("...ij,jk->...ik", x, y)"#) { [einsum("...ij,jk->...ik", $0[0], $0[1])] },
    OpRow(#"einsum("...i,...i->...", x, y)"#) { [einsum("...i,...i->...", $0[0], $0[1])] },
    OpRow(#"einsum("ij,kj", x, y)"#) { [einsum("ij,kj", $0[0], $0[1])] },
    OpRow(#"einsum("ij,k->i", x, y)"#) { [einsum("ij,k->i", $0[0], $0[1])] },
    OpRow(#"einsum("i,i->i", x, y)"#) { [einsum("i,i->i", $0[0], $0[1])] },
    OpRow(#"einsum("ba,bc->ca", x, y)"#) { [einsum("ba,bc->ca", $0[0], $0[1])] },
    OpRow(#"einsum("ij->ji", x)"#) { [einsum("ij->ji", $0[0])] },
    OpRow(#"einsum("ii->i", x)"#) { [einsum("ii->i", $0[0])] },
    OpRow(#"einsum("ii", x)"#) { [einsum("ii", $0[0])] },
    OpRow(#"einsum("ij->", x)"#) { [einsum("ij->", $0[0])] },
    OpRow(#"einsum("...ii->...i", x)"#) { [einsum("...ii->...i", $0[0])] },
    OpRow(#"einsum("iji->j", x)"#) { [einsum("iji->j", $0[0])] },
    OpRow(#"einsum("ba", x)"#) { [einsum("ba", $0[0])] },
    OpRow(#"einsum("ij,jk,kl->il", x, y, z)"#) { [einsum("ij,jk,kl->il", $0[0], $0[1], $0[2])] },
  ]
}

extension OpTable {
  /// Ops that move elements, and casts.
  static let shape: [OpRow] = [
    OpRow("reshaped(to: [3, -1])") { [$0[0].reshaped(to: [3, -1])] },
    OpRow("transposed()") { [$0[0].transposed()] },
    OpRow("transposed(0, -1)") { [$0[0].transposed(0, -1)] },
    OpRow("permuted([2, 0, 1])") { [$0[0].permuted([2, 0, 1])] },
    OpRow("expanded(to: [4, -1, 5, -1])") { [$0[0].expanded(to: [4, -1, 5, -1])] },
    OpRow("squeezed()") { [$0[0].squeezed()] },
    OpRow("squeezed(axis: 1)") { [$0[0].squeezed(axis: 1)] },
    OpRow("unsqueezed(axis: -1)") { [$0[0].unsqueezed(axis: -1)] },
    OpRow("flattened()") { [$0[0].flattened()] },
    OpRow("flattened(from: 1)") { [$0[0].flattened(from: 1)] },
    OpRow("concatenate([x, y], axis: 1)") { [concatenate([$0[0], $0[1]], axis: 1)] },
    OpRow("stack([x, y], axis: -1)") { [stack([$0[0], $0[1]], axis: -1)] },
    OpRow("split(count: 3, axis: 1)") { $0[0].split(count: 3, axis: 1) },
    OpRow("split(sizes: [1, 2], axis: 1)") { $0[0].split(sizes: [1, 2], axis: 1) },
    OpRow("padded([(1, 0), (0, 2)], value: 7)") { [$0[0].padded([(1, 0), (0, 2)], value: 7)] },
    OpRow("tiled([2, 3])") { [$0[0].tiled([2, 3])] },
    OpRow("flipped()") { [$0[0].flipped()] },
    OpRow("flipped(axes: [1])") { [$0[0].flipped(axes: [1])] },
    OpRow("rolled(by: 1, axis: 1)") { [$0[0].rolled(by: 1, axis: 1)] },
    OpRow("tril()") { [$0[0].tril()] },
    OpRow("triu(diagonal: 1)") { [$0[0].triu(diagonal: 1)] },
    OpRow("cast(to: .int32)") { [$0[0].cast(to: .int32)] },
    OpRow("cast(to: .float64)") { [$0[0].cast(to: .float64)] },
    OpRow("cast(to: .bool)") { [$0[0].cast(to: .bool)] },
  ]
}

extension OpTable {
  /// Subscripts, gathering and sorting.
  static let index: [OpRow] = [
    OpRow("x[1]") { [$0[0][1]] },
    OpRow("x[-1, 2]") { [$0[0][-1, 2]] },
    OpRow("x[1..<3]") { [$0[0][1..<3]] },
    OpRow("x[..., 0]") { [$0[0][..., 0]] },
    OpRow("x[..., 1...]") { [$0[0][..., 1...]] },
    OpRow("x[.slice(by: -1)]") { [$0[0][.slice(by: -1)]] },
    OpRow("x[.slice(from: 0, to: 3, by: 2), .newAxis]") {
      [$0[0][.slice(from: 0, to: 3, by: 2), .newAxis]]
    },
    OpRow("x[[0, 2, 0]]") { [$0[0][[0, 2, 0]]] },
    OpRow("x[x .> 0]") { [$0[0][$0[0] .> 0]] },
    OpRow("assign x[x .< 0] = 0") { inputs in
      var x = inputs[0] * 1
      x[x .< 0] = 0
      return [x]
    },
    OpRow("assign x[1] = y") { inputs in
      var x = inputs[0] * 1
      x[1] = inputs[1]
      return [x]
    },
    OpRow("gather(axis: 1, index: y)") { [$0[0].gather(axis: 1, index: $0[1])] },
    OpRow("scatter(axis: 1, index: y, updates: z)") {
      [$0[0].scatter(axis: 1, index: $0[1], updates: $0[2])]
    },
    OpRow("scatterAdd(axis: 1, index: y, updates: z)") {
      [$0[0].scatterAdd(axis: 1, index: $0[1], updates: $0[2])]
    },
    OpRow("indexSelect(axis: 1, indices: y)") { [$0[0].indexSelect(axis: 1, indices: $0[1])] },
    OpRow("oneHot(classCount: 4)") { [$0[0].oneHot(classCount: 4)] },
    OpRow("nonzero()") { [$0[0].nonzero()] },
    OpRow("sort()") { pair($0[0].sort()) },
    OpRow("sort(axis: 0, descending: true)") { pair($0[0].sort(axis: 0, descending: true)) },
    OpRow("argSort()") { [$0[0].argSort()] },
    OpRow("topK(2)") { pair($0[0].topK(2)) },
    OpRow("topK(3, axis: 0, largest: false)") { pair($0[0].topK(3, axis: 0, largest: false)) },
  ]
}

extension OpTable {
  /// Windows that slide over images.
  static let window: [OpRow] = [
    OpRow("conv2d(y)") { [$0[0].conv2d($0[1])] },
    OpRow("conv2d(y, stride: [2, 1], padding: [1, 2], dilation: [1, 2])") {
      [$0[0].conv2d($0[1], stride: [2, 1], padding: [1, 2], dilation: [1, 2])]
    },
    OpRow("conv2d(y, padding: [1, 2], dilation: [1, 2])") {
      [$0[0].conv2d($0[1], padding: [1, 2], dilation: [1, 2])]
    },
    OpRow("conv2d(y, padding: 1)") { [$0[0].conv2d($0[1], padding: 1)] },
    OpRow("conv2d(y, padding: 1, groups: 2)") { [$0[0].conv2d($0[1], padding: 1, groups: 2)] },
    OpRow("conv1d(y, stride: 2, padding: 1)") { [$0[0].conv1d($0[1], stride: 2, padding: 1)] },
    OpRow("convTranspose2d(y)") { [$0[0].convTranspose2d($0[1])] },
    OpRow("convTranspose2d(y, stride: 2, padding: 1, outputPadding: 1, groups: 2)") {
      [$0[0].convTranspose2d($0[1], stride: 2, padding: 1, outputPadding: 1, groups: 2)]
    },
    OpRow("maxPool2d(2)") { [$0[0].maxPool2d(2)] },
    OpRow("maxPool2d([3, 2], stride: [2, 1], padding: 1, dilation: [1, 2])") {
      [$0[0].maxPool2d([3, 2], stride: [2, 1], padding: 1, dilation: [1, 2])]
    },
    OpRow("maxPool2d(3, stride: 2, padding: 1, ceil: true)") {
      [$0[0].maxPool2d(3, stride: 2, padding: 1, ceil: true)]
    },
    OpRow("avgPool2d(2)") { [$0[0].avgPool2d(2)] },
    OpRow("avgPool2d(3, stride: 2, padding: 1, ceil: true)") {
      [$0[0].avgPool2d(3, stride: 2, padding: 1, ceil: true)]
    },
    OpRow("avgPool2d(3, stride: 2, padding: 1, countsPadding: false)") {
      [$0[0].avgPool2d(3, stride: 2, padding: 1, countsPadding: false)]
    },
    OpRow("adaptiveAvgPool2d(1)") { [$0[0].adaptiveAvgPool2d(1)] },
    OpRow("adaptiveAvgPool2d([2, 3])") { [$0[0].adaptiveAvgPool2d([2, 3])] },
  ]
}
