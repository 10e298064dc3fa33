import Blitz

extension Row {
  private static let placing: [Row] = [
    Row("Tensor.takeAlong(axis:_:)") { $0.tensor().takeAlong(axis: $0.int(), $0.labels()) },
    Row("Tensor.take(_:)") { $0.tensor().take($0.labels()) },
    Row("Tensor.put(_:_:accumulate:)") {
      $0.tensor().put($0.labels(), $0.tensor(), accumulate: $0.bool())
    },
    Row("Tensor.scatterReduce(axis:index:updates:_:includingSelf:)") {
      $0.tensor().scatterReduce(
        axis: $0.int(), index: $0.labels(), updates: $0.tensor(),
        $0.pick(ScatterReduction.allCases), includingSelf: $0.bool())
    },
    Row("Tensor.indexReduce(axis:indices:updates:_:includingSelf:)") {
      $0.tensor().indexReduce(
        axis: $0.int(), indices: $0.labels(), updates: $0.tensor(),
        $0.pick(ScatterReduction.allCases), includingSelf: $0.bool())
    },
    Row("Tensor.indexAdd(axis:indices:updates:)") {
      $0.tensor().indexAdd(axis: $0.int(), indices: $0.labels(), updates: $0.tensor())
    },
    Row("Tensor.indexCopy(axis:indices:updates:)") {
      $0.tensor().indexCopy(axis: $0.int(), indices: $0.labels(), updates: $0.tensor())
    },
    Row("Tensor.indexFill(axis:indices:value:)") {
      $0.tensor().indexFill(axis: $0.int(), indices: $0.labels(), value: $0.tensor())
    },
    Row("Tensor.indexPut(_:_:accumulate:)") {
      $0.tensor().indexPut([$0.labels(), $0.labels()], $0.tensor(), accumulate: $0.bool())
    },
    Row("Tensor.maskedScatter(_:_:)") {
      $0.tensor().maskedScatter($0.tensor() .> 0, $0.tensor())
    },
    Row("Tensor.unraveled(in:)") { $0.labels().unraveled(in: $0.shape()) },
  ]

  private static let diagonals: [Row] = [
    Row("Tensor.diagonal(offset:_:_:)") {
      $0.tensor().diagonal(offset: $0.int(), $0.int(), $0.int())
    },
    Row("Tensor.diagEmbed(offset:_:_:)") {
      $0.tensor().diagEmbed(offset: $0.int(), $0.int(), $0.int())
    },
    Row("Tensor.diag(_:)") { $0.tensor().diag($0.int()) },
    Row("Tensor.diagonalScatter(_:offset:_:_:)") {
      $0.tensor().diagonalScatter($0.tensor(), offset: $0.int(), $0.int(), $0.int())
    },
    Row("Tensor.trilIndices(_:_:diagonal:)", "Tensor.triuIndices(_:_:diagonal:)") {
      [
        Tensor.trilIndices($0.size(), $0.size(), diagonal: $0.int()),
        .triuIndices($0.size(), $0.size(), diagonal: $0.int()),
      ]
    },
  ]

  private static let grids: [Row] = [
    Row("meshGrid(_:rowsFirst:)") { meshGrid($0.tensors(), rowsFirst: $0.bool()) },
    Row("cartesianProduct(_:)") { cartesianProduct([$0.tensor(), $0.tensor()]) },
    Row("blockDiagonal(_:)") { blockDiagonal([$0.tensor(), $0.tensor()]) },
    Row("Tensor.combinations(_:repeating:)") {
      $0.labels().combinations($0.int(), repeating: $0.bool())
    },
    Row("Tensor.repeatInterleave(_:axis:)") {
      let x = $0.tensor()
      return [
        x.repeatInterleave($0.int(), axis: $0.int()), x.repeatInterleave($0.labels()),
        x.repeatInterleave($0.labels(), axis: $0.int()), x.repeatInterleave($0.size()),
      ]
    },
    Row("Tensor.movedAxes(_:to:)") { $0.tensor().movedAxes($0.ints(), to: $0.ints()) },
    Row("Tensor.unflattened(axis:to:)") {
      $0.tensor().unflattened(axis: $0.int(), to: $0.ints())
    },
    Row("Tensor.atLeast1d()", "Tensor.atLeast2d()", "Tensor.atLeast3d()") {
      [$0.tensor().atLeast1d(), $0.tensor().atLeast2d(), $0.tensor().atLeast3d()]
    },
    Row("Tensor.tensorSplit(count:axis:)", "Tensor.tensorSplit(at:axis:)") {
      $0.tensor().tensorSplit(count: $0.int(), axis: $0.int())
        + $0.tensor().tensorSplit(at: $0.ints(), axis: $0.int())
    },
    Row("Tensor.rot90(_:axes:)") { $0.tensor().rot90($0.int(), axes: $0.ints()) },
    Row("Tensor.unfolded(axis:size:step:)") {
      $0.tensor().unfolded(axis: $0.int(), size: $0.int(), step: $0.int())
    },
    Row("Tensor.padded(_:mode:)") { values in
      let x = values.tensor()
      let widths = (0..<x.rank).map { _ in (low: values.int(), high: values.int()) }
      return x.padded(widths, mode: values.pick(PaddingMode.allCases))
    },
    Row("Tensor.pixelShuffle(_:)") { $0.pictures().pixelShuffle($0.int()) },
    Row("Tensor.pixelUnshuffle(_:)") { $0.pictures().pixelUnshuffle($0.int()) },
    Row("Tensor.channelShuffle(_:)") { $0.pictures().channelShuffle($0.int()) },
  ]

  private static let products: [Row] = [
    Row("Tensor.inner(_:)") { $0.tensor().inner($0.tensor()) },
    Row("Tensor.tensorDot(_:axes:)", "Tensor.tensorDot(_:axes:_:)") {
      let x = $0.tensor()
      return [
        x.tensorDot($0.tensor(), axes: $0.int()),
        x.tensorDot($0.tensor(), axes: $0.ints(), $0.ints()),
      ]
    },
    Row("Tensor.kron(_:)") { $0.tensor().kron($0.tensor()) },
    Row("Tensor.cross(_:axis:)") { $0.tensor().cross($0.tensor(), axis: $0.int()) },
    Row("Tensor.matrixPower(_:)") { $0.tensor().matrixPower($0.int()) },
    Row("Tensor.maxPool1d(_:stride:padding:dilation:ceil:)") {
      $0.sequence().maxPool1d(
        $0.size(), stride: $0.bool() ? nil : $0.size(), padding: $0.int(), dilation: $0.size(),
        ceil: $0.bool())
    },
    Row("Tensor.avgPool1d(_:stride:padding:ceil:countsPadding:divisor:)") {
      $0.sequence().avgPool1d(
        $0.size(), stride: $0.bool() ? nil : $0.size(), padding: $0.int(), ceil: $0.bool(),
        countsPadding: $0.bool())
    },
    Row("Tensor.adaptiveAvgPool1d(_:)") { $0.sequence().adaptiveAvgPool1d($0.size()) },
    Row("Tensor.patches(_:stride:padding:dilation:)") {
      $0.pictures().patches(
        $0.size2D(), stride: $0.size2D(), padding: $0.size2D(), dilation: $0.size2D())
    },
    Row(
      "Tensor.resized(to:mode:alignedCorners:antialias:)",
      "Tensor.resized(by:mode:alignedCorners:antialias:)"
    ) {
      let (x, mode) = ($0.pictures(), $0.pick(ResizingMode.allCases))
      return [
        x.resized(
          to: [$0.size(), $0.size()], mode: mode, alignedCorners: $0.bool(), antialias: $0.bool()),
        x.resized(
          by: [$0.double(), $0.double()], mode: mode, alignedCorners: $0.bool(),
          antialias: $0.bool()),
      ]
    },
    Row("Tensor.localResponseNorm(size:alpha:beta:k:)") {
      $0.pictures().localResponseNorm(
        size: $0.size(), alpha: $0.double(), beta: $0.double(), k: $0.double())
    },
    Row("Tensor.window(_:count:periodic:dtype:device:)") {
      let window: SignalWindow = $0.pick([
        .bartlett, .blackman, .cosine, .exponential(decay: $0.double()),
        .gaussian(std: $0.double()), .hamming, .hann, .kaiser(beta: $0.double()), .nuttall,
        .generalHamming(alpha: $0.double()), .cosines([$0.double(), $0.double()]),
      ])
      return Tensor.window(window, count: $0.int(), periodic: $0.bool(), dtype: $0.dtype())
    },
    Row("Tensor.logspace(_:_:count:base:dtype:device:)") {
      Tensor.logspace(
        $0.double(), $0.double(), count: $0.int(), base: $0.double(), dtype: $0.dtype())
    },
    Row("Tensor.vandermonde(columns:)") { $0.tensor().vandermonde(columns: $0.int()) },
  ]

  static let arranging = placing + diagonals + grids + products
}
