// `dim` and `keepdim` where Blitz says `axis` and `keepDims`; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension Tensor {
  @available(*, unavailable, renamed: "sum(axis:)")
  public func sum(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "sum(axis:keepDims:)")
  public func sum(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, message: "write sum(axes: [0, 1], keepDims: true)")
  public func sum(dim: [Int], keepdim: Bool = false) -> Tensor { self }
  @available(*, unavailable, renamed: "mean(axis:)")
  public func mean(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "mean(axis:keepDims:)")
  public func mean(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, message: "write mean(axes: [0, 1], keepDims: true)")
  public func mean(dim: [Int], keepdim: Bool = false) -> Tensor { self }
  @available(*, unavailable, renamed: "max(axis:)")
  public func max(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "max(axis:keepDims:)")
  public func max(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, message: "write max(axes: [0, 1], keepDims: true)")
  public func max(dim: [Int], keepdim: Bool = false) -> Tensor { self }
  @available(*, unavailable, renamed: "min(axis:)")
  public func min(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "min(axis:keepDims:)")
  public func min(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, message: "write min(axes: [0, 1], keepDims: true)")
  public func min(dim: [Int], keepdim: Bool = false) -> Tensor { self }
  @available(*, unavailable, renamed: "prod(axis:)")
  public func prod(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "prod(axis:keepDims:)")
  public func prod(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, message: "write prod(axes: [0, 1], keepDims: true)")
  public func prod(dim: [Int], keepdim: Bool = false) -> Tensor { self }
  @available(*, unavailable, renamed: "std(axis:)")
  public func std(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "std(axis:keepDims:)")
  public func std(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, message: "write std(axes: [0, 1], keepDims: true)")
  public func std(dim: [Int], keepdim: Bool = false) -> Tensor { self }
  @available(*, unavailable, renamed: "all(axis:)")
  public func all(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "all(axis:keepDims:)")
  public func all(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, message: "write all(axes: [0, 1], keepDims: true)")
  public func all(dim: [Int], keepdim: Bool = false) -> Tensor { self }
  @available(*, unavailable, renamed: "any(axis:)")
  public func any(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "any(axis:keepDims:)")
  public func any(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, message: "write any(axes: [0, 1], keepDims: true)")
  public func any(dim: [Int], keepdim: Bool = false) -> Tensor { self }
  @available(*, unavailable, renamed: "argmax(axis:)")
  public func argmax(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "argmax(axis:keepDims:)")
  public func argmax(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "argmin(axis:)")
  public func argmin(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "argmin(axis:keepDims:)")
  public func argmin(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "logSumExp(axis:)")
  public func logSumExp(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "logSumExp(axis:keepDims:)")
  public func logSumExp(dim: Int, keepdim: Bool) -> Tensor { self }
  @available(*, unavailable, renamed: "softmax(axis:)")
  public func softmax(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "logSoftmax(axis:)")
  public func logSoftmax(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "cumsum(axis:)")
  public func cumsum(dim: Int) -> Tensor { self }
  @available(*, unavailable, renamed: "cumprod(axis:)")
  public func cumprod(dim: Int) -> Tensor { self }
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
