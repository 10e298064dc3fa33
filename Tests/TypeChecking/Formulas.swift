import BlitzTensor
import Foundation

func rational(_ x: Tensor) -> Tensor {
  let y = 2 * x * x - 3 * x + 1 / (x * x + 1)
  return y
}

func polynomial(_ x: Tensor, _ a: Double, _ b: Double, _ c: Double, _ d: Int) -> Tensor {
  return a * x * x * x - b * x * x + c * x - Double(d) + 3 * a * b / (2 * x - 1) - d * x
}

func horner(_ t: Tensor) -> Tensor {
  return 1
    - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t
      + 0.254829592) * t * (-t * t).exp()
}

func normal(_ x: Tensor, _ mu: Tensor, _ sigma: Tensor) -> Tensor {
  let density = (-0.5 * ((x - mu) / sigma) * ((x - mu) / sigma)).exp() / (sigma * 2.506628)
  let mask = (x .> mu - 2 * sigma) .& (x .< mu + 2 * sigma) .| (density .>= 0.5 * 1e-3 + 1e-6)
  return Tensor.where(mask, density * 2 - 1, 0.1 * density + 1 - x / 3)
}

func boxes(_ a: Tensor, _ b: Tensor) -> Tensor {
  let overlap =
    (a[.ellipsis, 2].minimum(b[.ellipsis, 2]) - a[.ellipsis, 0].maximum(b[.ellipsis, 0])).clamp(
      min: 0)
    * (a[.ellipsis, 3].minimum(b[.ellipsis, 3]) - a[.ellipsis, 1].maximum(b[.ellipsis, 1])).clamp(
      min: 0)
  return overlap
    / ((a[.ellipsis, 2] - a[.ellipsis, 0]) * (a[.ellipsis, 3] - a[.ellipsis, 1])
      + (b[.ellipsis, 2] - b[.ellipsis, 0])
      * (b[.ellipsis, 3] - b[.ellipsis, 1]) - overlap + 1e-6)
}
