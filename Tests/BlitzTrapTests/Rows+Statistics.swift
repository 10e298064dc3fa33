import Blitz

extension Row {
  private static func both(_ pair: (values: Tensor, indices: Tensor)) -> [Tensor] {
    [pair.values, pair.indices]
  }

  private static let scans: [Row] = [
    Row("Tensor.cummax(axis:)", "Tensor.cummin(axis:)") {
      let x = $0.tensor()
      return both(x.cummax(axis: $0.int())) + both(x.cummin(axis: $0.int()))
    },
    Row("Tensor.logCumSumExp(axis:)") { $0.tensor().logCumSumExp(axis: $0.int()) },
    Row("Tensor.diff(_:axis:prepending:appending:)") {
      $0.tensor().diff(
        $0.int(), axis: $0.int(), prepending: $0.maybeTensor(), appending: $0.maybeTensor())
    },
    Row("Tensor.trapezoid(step:axis:)", "Tensor.trapezoid(at:axis:)") {
      let x = $0.tensor()
      return [
        x.trapezoid(step: $0.double(), axis: $0.int()),
        x.trapezoid(at: $0.tensor(), axis: $0.int()),
      ]
    },
    Row("Tensor.cumulativeTrapezoid(step:axis:)", "Tensor.cumulativeTrapezoid(at:axis:)") {
      let x = $0.tensor()
      return [
        x.cumulativeTrapezoid(step: $0.double(), axis: $0.int()),
        x.cumulativeTrapezoid(at: $0.tensor(), axis: $0.int()),
      ]
    },
  ]

  private static let order: [Row] = [
    Row("Tensor.kthValue(_:axis:keepDims:)") {
      both($0.tensor().kthValue($0.int(), axis: $0.int(), keepDims: $0.bool()))
    },
    Row("Tensor.median()", "Tensor.median(axis:keepDims:)") {
      let x = $0.tensor()
      return both(x.median(axis: $0.int(), keepDims: $0.bool())) + [x.median()]
    },
    Row("Tensor.nanmedian()", "Tensor.nanmedian(axis:keepDims:)") {
      let x = $0.tensor()
      return both(x.nanmedian(axis: $0.int(), keepDims: $0.bool())) + [x.nanmedian()]
    },
    Row("Tensor.mode(axis:keepDims:)") {
      both($0.tensor().mode(axis: $0.int(), keepDims: $0.bool()))
    },
    Row("Tensor.quantile(_:axis:keepDims:rule:)") {
      let (x, axis, rule) = ($0.tensor(), $0.int(), $0.pick(QuantileRule.allCases))
      return [
        x.quantile($0.double(), axis: axis, keepDims: $0.bool(), rule: rule),
        x.quantile($0.tensor(), axis: $0.bool() ? nil : axis, rule: rule),
      ]
    },
    Row("Tensor.nanquantile(_:axis:keepDims:rule:)") {
      let (x, axis, rule) = ($0.tensor(), $0.int(), $0.pick(QuantileRule.allCases))
      return [
        x.nanquantile($0.double(), axis: axis, keepDims: $0.bool(), rule: rule),
        x.nanquantile($0.tensor(), axis: $0.bool() ? nil : axis, rule: rule),
      ]
    },
    Row("Tensor.unique(axis:)") {
      let found = $0.tensor().unique(axis: $0.int())
      return [found.values, found.inverse, found.counts]
    },
    Row("Tensor.uniqueConsecutive(axis:)") {
      let found = $0.tensor().uniqueConsecutive(axis: $0.int())
      return [found.values, found.inverse, found.counts]
    },
    Row("Tensor.unique()", "Tensor.uniqueConsecutive()") {
      let (a, b) = ($0.tensor().unique(), $0.tensor().uniqueConsecutive())
      return [a.values, a.inverse, a.counts, b.values, b.inverse, b.counts]
    },
  ]

  private static let counting: [Row] = [
    Row("Tensor.bincount(weights:minLength:)") {
      $0.labels().bincount(weights: $0.maybeTensor(), minLength: $0.int())
    },
    Row("Tensor.histogram(edges:weights:density:)") {
      let x = $0.tensor()
      return x.histogram(
        edges: $0.bool() ? $0.tensor() : Tensor([0.0, 1, 2]), weights: $0.maybeTensor(),
        density: $0.bool())
    },
    Row("Tensor.histogramOfPoints(edges:weights:density:)") {
      let x = $0.tensor()
      return x.histogramOfPoints(
        edges: $0.bool() ? $0.tensors() : [Tensor([0.0, 1, 2]), Tensor([-1.0, 1])],
        weights: $0.maybeTensor(), density: $0.bool())
    },
    Row(
      "Tensor.numericGradient(axes:spacing:edgeOrder:)",
      "Tensor.numericGradient(at:axes:edgeOrder:)"
    ) {
      let x = $0.tensor()
      return x.numericGradient(
        axes: $0.ints(), spacing: $0.bool() ? [] : [$0.double()], edgeOrder: $0.int())
        + x.numericGradient(at: $0.tensors(), axes: $0.ints(), edgeOrder: $0.pick([1, 2]))
    },
    Row("Tensor.histogram(bins:from:to:weights:density:)") {
      let found = $0.tensor().histogram(
        bins: $0.int(), from: $0.double(), to: $0.double(), weights: $0.maybeTensor(),
        density: $0.bool())
      return [found.counts, found.edges]
    },
    Row("Tensor.searchSorted(_:right:sorter:)") {
      $0.tensor().searchSorted($0.tensor(), right: $0.bool(), sorter: $0.maybeTensor())
    },
    Row("Tensor.bucketize(_:right:)") { $0.tensor().bucketize($0.tensor(), right: $0.bool()) },
    Row("Tensor.cov(correction:counts:weights:)") {
      $0.tensor().cov(
        correction: $0.int(), counts: $0.maybeTensor(), weights: $0.maybeTensor())
    },
    Row("Tensor.corrcoef()") { $0.tensor().corrcoef() },
    Row("Tensor.nansum(axes:keepDims:)", "Tensor.nanmean(axes:keepDims:)") {
      let x = $0.tensor()
      return [
        x.nansum(axes: $0.ints(), keepDims: $0.bool()),
        x.nanmean(axes: $0.ints(), keepDims: $0.bool()),
      ]
    },
    Row("Tensor.countNonzero(axes:)") { $0.tensor().countNonzero(axes: $0.ints()) },
    Row("Tensor.cdist(_:p:)") { $0.tensor().cdist($0.tensor(), p: $0.double()) },
    Row("Tensor.normalized(p:axis:epsilon:)") {
      $0.tensor().normalized(p: $0.double(), axis: $0.int(), epsilon: $0.double())
    },
    Row("Tensor.renorm(p:axis:most:)") {
      $0.tensor().renorm(p: $0.double(), axis: $0.int(), most: $0.double())
    },
  ]

  static let statistics = scans + order + counting
}
