import Blitz

extension Row {
  private static let unary: [Row] = [
    Row("Tensor.atan2(_:)") { $0.tensor().atan2($0.tensor()) },
    Row("Tensor.cumprod(axis:)") { $0.tensor().cumprod(axis: $0.int()) },
    Row("Tensor.contiguous()") { $0.tensor().contiguous() },
    Row("Tensor.multinomial(_:replacement:generator:)") {
      $0.tensor().multinomial($0.int(), replacement: $0.bool(), generator: $0.generator())
    },
    Row("Tensor.resultType(_:_:)") {
      Tensor.ones([1], dtype: Tensor.resultType($0.tensor(), $0.tensor()))
    },
    Row("DType.promoted(with:)") { Tensor.ones([1], dtype: $0.dtype().promoted(with: $0.dtype())) },
    Row("Tensor.abs()") { $0.tensor().abs() }, Row("Tensor.ceil()") { $0.tensor().ceil() },
    Row("Tensor.cos()") { $0.tensor().cos() }, Row("Tensor.erf()") { $0.tensor().erf() },
    Row("Tensor.exp()") { $0.tensor().exp() }, Row("Tensor.expm1()") { $0.tensor().expm1() },
    Row("Tensor.floor()") { $0.tensor().floor() },
    Row("Tensor.hardtanh(from:to:)") { $0.tensor().hardtanh(from: $0.double(), to: $0.double()) },
    Row("Tensor.rrelu(lower:upper:)") { $0.tensor().rrelu(lower: $0.double(), upper: $0.double()) },
    Row("Tensor.isFinite()") { $0.tensor().isFinite() },
    Row("Tensor.isInfinite()") { $0.tensor().isInfinite() },
    Row("Tensor.isNaN()") { $0.tensor().isNaN() }, Row("Tensor.log()") { $0.tensor().log() },
    Row("Tensor.log1p()") { $0.tensor().log1p() },
    Row("Tensor.reciprocal()") { $0.tensor().reciprocal() },
    Row("Tensor.relu()") { $0.tensor().relu() }, Row("Tensor.round()") { $0.tensor().round() },
    Row("Tensor.rsqrt()") { $0.tensor().rsqrt() },
    Row("Tensor.sigmoid()") { $0.tensor().sigmoid() },
    Row("Tensor.sign()") { $0.tensor().sign() }, Row("Tensor.silu()") { $0.tensor().silu() },
    Row("Tensor.sin()") { $0.tensor().sin() }, Row("Tensor.sqrt()") { $0.tensor().sqrt() },
    Row("Tensor.square()") { $0.tensor().square() }, Row("Tensor.tan()") { $0.tensor().tan() },
    Row("Tensor.tanh()") { $0.tensor().tanh() }, Row("Tensor.-(_:)") { -$0.tensor() },
    Row("Tensor..!(_:)") { .!$0.tensor() },
    Row("Tensor.clamp(min:max:)") { $0.tensor().clamp(min: $0.double(), max: $0.double()) },
    Row("Tensor.elu(alpha:)") { $0.tensor().elu(alpha: $0.double()) },
    Row("Tensor.gelu(approximate:)") { $0.tensor().gelu(approximate: $0.pick([.none, .tanh])) },
    Row("Tensor.leakyRelu(slope:)") { $0.tensor().leakyRelu(slope: $0.double()) },
    Row("Tensor.softplus(beta:threshold:)") {
      $0.tensor().softplus(beta: $0.double(), threshold: $0.double())
    },
  ]

  private static let binary: [Row] = [
    Row("Tensor.+(_:_:)", "TensorOperand.+(_:_:)", "Tensor.+=(_:_:)") {
      var (x, y) = ($0.tensor(), $0.tensor())
      let z = x
      x += $0.tensor()
      y += $0.double()
      return [x, y, z + $0.tensor(), z + $0.int(), $0.double() + z]
    },
    Row("Tensor.-(_:_:)", "TensorOperand.-(_:_:)", "Tensor.-=(_:_:)") {
      var (x, y) = ($0.tensor(), $0.tensor())
      let z = x
      x -= $0.tensor()
      y -= $0.double()
      return [x, y, z - $0.tensor(), z - $0.int(), $0.double() - z]
    },
    Row("Tensor.*(_:_:)", "TensorOperand.*(_:_:)", "Tensor.*=(_:_:)") {
      var (x, y) = ($0.tensor(), $0.tensor())
      let z = x
      x *= $0.tensor()
      y *= $0.double()
      return [x, y, z * $0.tensor(), z * $0.int(), $0.double() * z]
    },
    Row("Tensor./(_:_:)", "TensorOperand./(_:_:)", "Tensor./=(_:_:)") {
      var (x, y) = ($0.tensor(), $0.tensor())
      let z = x
      x /= $0.tensor()
      y /= $0.int()
      return [x, y, z / $0.tensor(), z / $0.double(), $0.int() / z]
    },
    Row("Tensor.%(_:_:)", "TensorOperand.%(_:_:)") {
      let x = $0.tensor()
      return [x % $0.tensor(), x % $0.int(), x % $0.double(), $0.int() % x]
    },
    Row("Tensor.pow(_:)") {
      let x = $0.tensor()
      return [x.pow($0.tensor()), x.pow($0.double()), x.pow($0.int())]
    },
    Row("Tensor..<(_:_:)", "Tensor..<=(_:_:)", "Tensor..==(_:_:)") {
      let x = $0.tensor()
      return [
        x .< $0.tensor(), x .< $0.int(), $0.double() .< x, x .<= $0.tensor(), x .<= $0.double(),
        $0.int() .<= x, x .== $0.tensor(), x .== $0.int(),
      ]
    },
    Row("Tensor..>(_:_:)", "Tensor..>=(_:_:)", "Tensor..!=(_:_:)") {
      let x = $0.tensor()
      return [
        x .> $0.tensor(), x .> $0.int(), $0.double() .> x, x .>= $0.tensor(), x .>= $0.double(),
        $0.int() .>= x, x .!= $0.tensor(), x .!= $0.int(),
      ]
    },
    Row("Tensor..&(_:_:)", "Tensor..|(_:_:)", "Tensor..^(_:_:)") {
      let (x, y) = ($0.tensor() .> 0, $0.tensor() .> 0)
      return [x .& y, x .| y, x .^ y, x .& $0.tensor(), $0.tensor() .| x]
    },
    Row("Tensor.maximum(_:)", "Tensor.minimum(_:)") {
      let (x, y) = ($0.tensor(), $0.tensor())
      return [x.maximum(y), x.minimum(y), x.maximum($0.double()), x.minimum($0.int())]
    },
    Row("Tensor.where(_:_:_:)") {
      let mask = $0.tensor() .> 0
      return [
        Tensor.where(mask, $0.tensor(), $0.tensor()), .where($0.tensor(), $0.tensor(), $0.int()),
        .where(mask, $0.double(), $0.tensor()), .where(mask, $0.double(), $0.double()),
      ]
    },
    Row("Tensor.maskedFill(_:_:)") {
      [
        $0.tensor().maskedFill($0.tensor() .> 0, $0.tensor()),
        $0.tensor().maskedFill($0.tensor(), $0.double()),
      ]
    },
    Row("Tensor.matmul(_:)") { $0.tensor().matmul($0.tensor()) },
    Row("Tensor.dot(_:)") { $0.tensor().dot($0.tensor()) },
    Row("Tensor.outer(_:)") { $0.tensor().outer($0.tensor()) },
    Row("einsum(_:_:)") {
      let equation = $0.pick(["ij,jk->ik", "i,j", "ii->", "ij->ji", "->", "i?", "...i,i", "", ","])
      return [einsum(equation, $0.tensor(), $0.tensor()), einsum(equation, $0.tensor())]
    },
  ]

  static let arithmetic = unary + binary

  /// Reductions along one axis and along several.
  private static func reduction(
    _ name: String, _ one: @escaping @Sendable (Tensor, Int, Bool) -> Tensor,
    _ several: @escaping @Sendable (Tensor, [Int], Bool) -> Tensor
  ) -> Row {
    Row("Tensor.\(name)(axis:keepDims:)", "Tensor.\(name)(axes:keepDims:)") {
      let x = $0.tensor()
      return [one(x, $0.int(), $0.bool()), several(x, $0.ints(), $0.bool()), several(x, [], false)]
    }
  }

  static let reductions: [Row] = [
    reduction(
      "sum", { $0.sum(axis: $1, keepDims: $2) }, { $0.sum(axes: $1, keepDims: $2) }),
    reduction(
      "mean", { $0.mean(axis: $1, keepDims: $2) }, { $0.mean(axes: $1, keepDims: $2) }),
    reduction(
      "prod", { $0.prod(axis: $1, keepDims: $2) }, { $0.prod(axes: $1, keepDims: $2) }),
    reduction("max", { $0.max(axis: $1, keepDims: $2) }, { $0.max(axes: $1, keepDims: $2) }),
    reduction("min", { $0.min(axis: $1, keepDims: $2) }, { $0.min(axes: $1, keepDims: $2) }),
    reduction("any", { $0.any(axis: $1, keepDims: $2) }, { $0.any(axes: $1, keepDims: $2) }),
    reduction("all", { $0.all(axis: $1, keepDims: $2) }, { $0.all(axes: $1, keepDims: $2) }),
    reduction(
      "logSumExp", { $0.logSumExp(axis: $1, keepDims: $2) },
      { $0.logSumExp(axes: $1, keepDims: $2) }),
    Row(
      "Tensor.variance(axis:correction:keepDims:)", "Tensor.variance(axes:correction:keepDims:)"
    ) {
      let x = $0.tensor()
      return [
        x.variance(axis: $0.int(), correction: $0.int(), keepDims: $0.bool()),
        x.variance(axes: $0.ints(), correction: $0.int()), x.variance(correction: $0.int()),
      ]
    },
    Row("Tensor.std(axis:correction:keepDims:)", "Tensor.std(axes:correction:keepDims:)") {
      let x = $0.tensor()
      return [
        x.std(axis: $0.int(), correction: $0.int(), keepDims: $0.bool()),
        x.std(axes: $0.ints(), correction: $0.int()), x.std(correction: $0.int()),
      ]
    },
    Row("Tensor.norm(_:axis:keepDims:)", "Tensor.norm(_:axes:keepDims:)") {
      let x = $0.tensor()
      return [
        x.norm($0.double(), axis: $0.int()), x.norm($0.double(), axes: $0.ints()),
        x.norm($0.double()),
      ]
    },
    Row("Tensor.argmax(axis:keepDims:)", "Tensor.argmin(axis:keepDims:)") {
      let x = $0.tensor()
      return [x.argmax(axis: $0.int()), x.argmax(), x.argmin(axis: $0.int()), x.argmin()]
    },
    Row("Tensor.softmax(axis:)") { $0.tensor().softmax(axis: $0.int()) },
    Row("Tensor.logSoftmax(axis:)") { $0.tensor().logSoftmax(axis: $0.int()) },
    Row("Tensor.cumsum(axis:)") { $0.tensor().cumsum(axis: $0.int()) },
    Row("Tensor.trace()") { $0.tensor().trace() },
  ]

  static let windows: [Row] = [
    Row("Tensor.conv1d(_:bias:stride:padding:dilation:groups:)") {
      $0.sequence().conv1d(
        $0.sequence(), bias: $0.bool() ? nil : $0.tensor(), stride: $0.size(), padding: $0.int(),
        dilation: $0.size(), groups: $0.size())
    },
    Row("Tensor.conv2d(_:bias:stride:padding:dilation:groups:)") {
      $0.pictures().conv2d(
        $0.pictures(), bias: $0.bool() ? nil : $0.tensor(), stride: $0.size2D(),
        padding: $0.size2D(), dilation: $0.size2D(), groups: $0.size())
    },
    Row("Tensor.convTranspose2d(_:bias:stride:padding:outputPadding:dilation:groups:)") {
      $0.pictures().convTranspose2d(
        $0.pictures(), bias: $0.bool() ? nil : $0.tensor(), stride: $0.size2D(),
        padding: $0.size2D(), outputPadding: $0.size2D(), dilation: $0.size2D(),
        groups: $0.size())
    },
    Row("Tensor.maxPool2d(_:stride:padding:dilation:ceil:)") {
      $0.pictures().maxPool2d(
        $0.size2D(), stride: $0.bool() ? nil : $0.size2D(), padding: $0.size2D(),
        dilation: $0.size2D(), ceil: $0.bool())
    },
    Row("Tensor.avgPool2d(_:stride:padding:ceil:countsPadding:divisor:)") {
      $0.pictures().avgPool2d(
        $0.size2D(), stride: $0.bool() ? nil : $0.size2D(), padding: $0.size2D(),
        ceil: $0.bool(), countsPadding: $0.bool(), divisor: $0.bool() ? nil : $0.int())
    },
    Row("Tensor.adaptiveAvgPool2d(_:)") { $0.pictures().adaptiveAvgPool2d($0.size2D()) },
  ]
}
