import Blitz

extension Row {
  private static let blockwise: [Row] = [
    Row("scaledDotProductAttention(query:key:value:mask:isCausal:dropout:scale:generator:)") {
      let (q, k) = ($0.sequence(), $0.sequence())
      return [
        scaledDotProductAttention(
          query: q, key: k, value: $0.bool() ? k : $0.tensor(), mask: $0.maybeTensor(),
          isCausal: $0.bool(), dropout: $0.double(), scale: $0.bool() ? nil : $0.double(),
          generator: $0.generator()),
        scaledDotProductAttention(query: q, key: q, value: q, isCausal: $0.bool()),
        scaledDotProductAttention(query: $0.pictures(), key: $0.pictures(), value: $0.tensor()),
      ]
    }
  ]

  private static let overPictures: [Row] = [
    Row("Tensor.folded(to:_:stride:padding:dilation:)") {
      let (x, picture) = ($0.sequence(), $0.size2D())
      return x.folded(
        to: picture, $0.size2D(), stride: $0.size2D(), padding: $0.size2D(),
        dilation: $0.size2D())
    },
    Row("Tensor.maxPoolWithIndices(_:stride:padding:dilation:ceil:)") {
      let (x, size) = ($0.pictures(), [$0.size(), $0.size()])
      let found = x.maxPoolWithIndices(
        $0.bool() ? size : $0.ints(), stride: $0.bool() ? nil : $0.ints(),
        padding: $0.bool() ? nil : [$0.size(), $0.size()],
        dilation: $0.bool() ? nil : [$0.size(), $0.size()], ceil: $0.bool())
      return [found.values, found.indices]
    },
    Row("Tensor.maxUnpooled(_:to:)") {
      let found = $0.pictures().maxPoolWithIndices([2, 2])
      return [
        found.values.maxUnpooled(found.indices, to: [$0.size(), $0.size()]),
        $0.tensor().maxUnpooled($0.labels(), to: $0.ints()),
      ]
    },
    Row(
      "Tensor.gridSampled(at:mode:padding:alignedCorners:)", "Tensor.affineGrid(_:alignedCorners:)"
    ) {
      let x = $0.pictures()
      let n = x.error == nil && x.rank == 4 ? x.shape[0] : 1
      let maps = n < 100 ? Tensor.full([n, 2, 3], $0.double()) : $0.tensor()
      let grid = maps.affineGrid([$0.size(), $0.size()], alignedCorners: $0.bool())
      let (mode, padding) = ($0.pick(ResizingMode.allCases), $0.pick(GridPadding.allCases))
      return [
        x.gridSampled(at: grid, mode: mode, padding: padding, alignedCorners: $0.bool()),
        x.gridSampled(at: $0.tensor(), mode: mode, padding: padding),
        $0.tensor().affineGrid($0.ints()),
      ]
    },
  ]

  private static let numbers: [Row] = [
    Row("Tensor.gcd(_:)", "Tensor.lcm(_:)") {
      let (x, y) = ($0.labels(), $0.labels())
      return [x.gcd(y), x.lcm($0.tensor()), $0.tensor().gcd(y)]
    },
    Row("Tensor.nextAfter(_:)") { $0.tensor().nextAfter($0.tensor()) },
    Row("Tensor.igamma(_:)", "Tensor.igammac(_:)") {
      let (x, y) = ($0.tensor(), $0.tensor())
      return [x.igamma(y), x.igammac(y)]
    },
  ]

  private static let derivatives: [Row] = [
    Row("Tensor.onGradient(_:)") { $0.tensor().requiringGrad().onGradient { $0 * 2 } },
    Row("jacobian(at:createGraph:_:)") {
      let (x, w) = ($0.tensor(), $0.tensor())
      if x.error == nil && x.elementCount > 100 { return 0 }
      return jacobian(at: x, createGraph: $0.bool()) { $0 * w }
    },
    Row("hessian(at:createGraph:_:)") {
      let (x, w) = ($0.tensor(), $0.tensor())
      if x.error == nil && x.elementCount > 100 { return 0 }
      return [
        hessian(at: x, createGraph: $0.bool()) { ($0 * w).square().sum() }, hessian(at: x) { $0 },
      ]
    },
    Row("vmap(_:axis:_:)") {
      let (x, y, axis) = ($0.tensor(), $0.tensor(), $0.int())
      if x.error == nil && x.elementCount > 1000 { return 0 }
      return [vmap(x, axis: axis) { $0.sum() }, vmap([x, y], axis: axis) { $0[0] + $0[1] }]
    },
  ]

  private static let trained: [Row] = [
    Row("Layer.hooked(before:after:gradient:)", "Hooked.forward(_:)") {
      let other = $0.tensor()
      let layer = Linear(2, 2).hooked(
        before: { $0 + 1 }, after: { _, output in output + other }, gradient: { $0 * 2 })
      return layer($0.tensor())
    },
    Row("Layer.checkpointed(generator:)", "Checkpointed.forward(_:)") {
      let layer = Sequential2(first: Linear(2, $0.size()), second: Dropout($0.double()))
      return layer.checkpointed()($0.tensor().requiringGrad())
    },
    Row(
      "WeightAverage.init(_:decay:)", "WeightAverage.update()", "WeightAverage.exchange()"
    ) {
      let model = Linear(2, $0.size())
      let average = WeightAverage(model, decay: $0.bool() ? nil : $0.double())
      model.weight = $0.tensor()
      average.exchange()
      try? average.update()
      average.exchange()
      return [model.weight]
    },
    Row("Pruning.init(_:share:together:)", "Pruning.apply()") {
      let model = Linear(2, $0.size())
      if $0.bool() { model.weight = $0.tensor() }
      let pruning = try Pruning(model, share: $0.double(), together: $0.bool())
      pruning.apply()
      return [model.weight]
    },
    layer(
      "Conv2d", "init(_:_:size:padding:dilation:groups:bias:generator:)", input: .pictures
    ) {
      Conv2d(
        $0.size(), $0.size(), size: $0.size2D(), padding: .same, dilation: $0.size2D(),
        groups: $0.size())
    },
    layer(
      "Conv1d", "init(_:_:size:padding:dilation:groups:bias:generator:)", input: .sequence
    ) {
      Conv1d(
        $0.size(), $0.size(), size: $0.size(), padding: .same, dilation: $0.size(),
        groups: $0.size())
    },
    Row("Conv3d.init(_:_:size:padding:dilation:groups:bias:generator:)") {
      let (size, gap) = ($0.size(), $0.size())
      let layer = Conv3d(
        $0.size(), $0.size(), size: Size3D(size), padding: .same, dilation: Size3D(gap))
      return layer($0.pictures())
    },
  ]

  static let vocabulary = blockwise + overPictures + numbers + derivatives + trained
}

/// A chain that may go to other tasks.
private struct Sequential2: Layer, Sendable {
  let first: Linear
  let second: Dropout
  func forward(_ input: Tensor) -> Tensor { second(first(input)) }
}
