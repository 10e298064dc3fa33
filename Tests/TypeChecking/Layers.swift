import BlitzTensor
import Foundation

func softmaxByHand(_ x: Tensor) -> Tensor {
  let y =
    (x - x.max(axis: -1, keepDims: true)).exp()
    / (x - x.max(axis: -1, keepDims: true)).exp().sum(axis: -1, keepDims: true)
  return y
}

func layerNormByHand(_ x: Tensor, _ g: Tensor, _ b: Tensor) -> Tensor {
  return (x - x.mean(axis: -1, keepDims: true))
    / (x.variance(axis: -1, correction: 0, keepDims: true) + 1e-5).sqrt() * g + b
}

func geluByHand(_ x: Tensor) -> Tensor {
  return 0.5 * x * (1 + ((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)).tanh())
}

func attention(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Tensor) -> Tensor {
  return
    (q.matmul(k.transposed(-1, -2)) / Double(q.shape[q.rank - 1]).squareRoot() + (1 - mask)
      * -1e9)
    .softmax(axis: -1).matmul(v) * 2 - 1
}

func lstm(_ a: Tensor, _ c: Tensor, _ n: Int) -> Tensor {
  let next =
    a[.ellipsis, n..<2 * n].sigmoid() * c + a[.ellipsis, 0..<n].sigmoid()
    * a[.ellipsis, 3 * n..<4 * n].tanh()
  return a[.ellipsis, 2 * n..<3 * n].sigmoid() * (next - 0.5 * next * next + 1e-3).tanh()
}
