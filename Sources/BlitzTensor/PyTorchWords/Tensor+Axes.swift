// `dim` and `keepdim` where Blitz says `axis` and `keepDims`; see `Word.swift`. Each way to label a
// call has one function, for one axis and for several: with two the compiler tried all operators of
// a formula with both, for seconds.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension Tensor {
  @available(*, unavailable, renamed: "sum(axis:)", message: "or sum(axes: [0, 1])")
  public func sum<Axis>(dim: Axis) -> Tensor { self }
  @available(*, unavailable, renamed: "sum(axis:)")
  public func sum(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "sum(axis:keepDims:)")
  public func sum(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "sum(axis:keepDims:)")
  public func sum(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "sum(axis:keepDims:)", message: "or sum(axes:keepDims:)")
  public func sum<Axis>(dim: Axis, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "mean(axis:)", message: "or mean(axes: [0, 1])")
  public func mean<Axis>(dim: Axis) -> Tensor { self }
  @available(*, unavailable, renamed: "mean(axis:)")
  public func mean(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "mean(axis:keepDims:)")
  public func mean(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "mean(axis:keepDims:)")
  public func mean(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "mean(axis:keepDims:)", message: "or mean(axes:keepDims:)")
  public func mean<Axis>(dim: Axis, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "max(axis:)", message: "or max(axes: [0, 1])")
  public func max<Axis>(dim: Axis) -> Tensor { self }
  @available(*, unavailable, renamed: "max(axis:)")
  public func max(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "max(axis:keepDims:)")
  public func max(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "max(axis:keepDims:)")
  public func max(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "max(axis:keepDims:)", message: "or max(axes:keepDims:)")
  public func max<Axis>(dim: Axis, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "min(axis:)", message: "or min(axes: [0, 1])")
  public func min<Axis>(dim: Axis) -> Tensor { self }
  @available(*, unavailable, renamed: "min(axis:)")
  public func min(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "min(axis:keepDims:)")
  public func min(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "min(axis:keepDims:)")
  public func min(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "min(axis:keepDims:)", message: "or min(axes:keepDims:)")
  public func min<Axis>(dim: Axis, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "prod(axis:)", message: "or prod(axes: [0, 1])")
  public func prod<Axis>(dim: Axis) -> Tensor { self }
  @available(*, unavailable, renamed: "prod(axis:)")
  public func prod(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "prod(axis:keepDims:)")
  public func prod(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "prod(axis:keepDims:)")
  public func prod(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "prod(axis:keepDims:)", message: "or prod(axes:keepDims:)")
  public func prod<Axis>(dim: Axis, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "std(axis:)", message: "or std(axes: [0, 1])")
  public func std<Axis>(dim: Axis) -> Tensor { self }
  @available(*, unavailable, renamed: "std(axis:)")
  public func std(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "std(axis:keepDims:)")
  public func std(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "std(axis:keepDims:)")
  public func std(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "std(axis:keepDims:)", message: "or std(axes:keepDims:)")
  public func std<Axis>(dim: Axis, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "all(axis:)", message: "or all(axes: [0, 1])")
  public func all<Axis>(dim: Axis) -> Tensor { self }
  @available(*, unavailable, renamed: "all(axis:)")
  public func all(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "all(axis:keepDims:)")
  public func all(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "all(axis:keepDims:)")
  public func all(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "all(axis:keepDims:)", message: "or all(axes:keepDims:)")
  public func all<Axis>(dim: Axis, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "any(axis:)", message: "or any(axes: [0, 1])")
  public func any<Axis>(dim: Axis) -> Tensor { self }
  @available(*, unavailable, renamed: "any(axis:)")
  public func any(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "any(axis:keepDims:)")
  public func any(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "any(axis:keepDims:)")
  public func any(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "any(axis:keepDims:)", message: "or any(axes:keepDims:)")
  public func any<Axis>(dim: Axis, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "argmax(axis:)")
  public func argmax(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "argmax(axis:)")
  public func argmax(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "argmax(axis:keepDims:)")
  public func argmax(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "argmax(axis:keepDims:)")
  public func argmax(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "argmax(axis:keepDims:)")
  public func argmax(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "argmin(axis:)")
  public func argmin(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "argmin(axis:)")
  public func argmin(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "argmin(axis:keepDims:)")
  public func argmin(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "argmin(axis:keepDims:)")
  public func argmin(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "argmin(axis:keepDims:)")
  public func argmin(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "logSumExp(axis:)")
  public func logSumExp(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "logSumExp(axis:)")
  public func logSumExp(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "logSumExp(axis:keepDims:)")
  public func logSumExp(_ dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "logSumExp(axis:keepDims:)")
  public func logSumExp(axis: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "logSumExp(axis:keepDims:)")
  public func logSumExp(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "softmax(axis:)")
  public func softmax(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "softmax(axis:)")
  public func softmax(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "logSoftmax(axis:)")
  public func logSoftmax(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "logSoftmax(axis:)")
  public func logSoftmax(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "cumsum(axis:)")
  public func cumsum(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "cumsum(axis:)")
  public func cumsum(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "cumprod(axis:)")
  public func cumprod(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "cumprod(axis:)")
  public func cumprod(_ dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "cummax(axis:)")
  public func cummax(dim: Int) -> (values: Tensor, indices: Tensor) { (self, self) }
  @available(*, unavailable, renamed: "cummin(axis:)")
  public func cummin(dim: Int) -> (values: Tensor, indices: Tensor) { (self, self) }
  @available(*, unavailable, renamed: "sort(axis:)")
  public func sort(dim: Int) -> (values: Tensor, indices: Tensor) { (self, self) }
  @available(*, unavailable, renamed: "median(axis:)")
  public func median(dim: Int) -> (values: Tensor, indices: Tensor) { (self, self) }
  @available(*, unavailable, renamed: "mode(axis:)")
  public func mode(dim: Int) -> (values: Tensor, indices: Tensor) { (self, self) }
  @available(*, unavailable, message: "write norm(axis: 1, keepDims: true)")
  public func norm(dim: Int, keepdim: Bool = false) -> Tensor { self }
  @available(*, unavailable, renamed: "gather(axis:index:)")
  public func gather(dim: Int, index: Tensor) -> Tensor { self }
  @available(*, unavailable, message: "write split(count: 2, axis: 0), which counts the parts")
  public func split(_ size: Int, dim: Int = 0) -> [Tensor] { [] }
  @available(*, unavailable, renamed: "topK(_:axis:)")
  public func topK(_ k: Int, dim: Int) -> (values: Tensor, indices: Tensor) { (self, self) }
  @available(*, unavailable, renamed: "normalized(axis:)")
  public func normalized(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "oneHot(classCount:)")
  public func oneHot(numClasses: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "cast(to:)")
  public func to(_ dtype: DType) -> Tensor { self }
  @available(*, unavailable, message: "write to(.cuda) or to(.cpu)")
  public func to(_ device: String) -> Tensor { self }
  @available(*, unavailable, message: "write to(.cuda).cast(to: .float32)")
  public func to(_ device: Device, _ dtype: DType) -> Tensor { self }
}
