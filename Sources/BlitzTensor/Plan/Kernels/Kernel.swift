/// One piece of work of a plan.
public enum Kernel: Sendable {
  /// A loop.
  case fused(FusedKernel)
  /// Matrix products.
  case matmul(MatMulKernel)
  /// Elements at positions.
  case gather(GatherKernel)
  /// Elements put at positions.
  case scatter(ScatterKernel)
  /// Running sums.
  case scan(ScanKernel)
  /// Positions of extremes.
  case argReduce(ArgReduceKernel)
  /// Positions that sort.
  case argSort(ArgSortKernel)
  /// Filters that slide over images.
  case convolution(ConvolutionKernel)
  /// The largest under windows.
  case windowMaximum(WindowMaximumKernel)
}
