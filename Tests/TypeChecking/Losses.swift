// Twenty expressions, in four files, of the kind that people write. They are never run: a
// test measures how long the compiler takes to type-check each of them.
import BlitzTensor
import Foundation

func binaryCrossEntropy(_ y: Tensor, _ p: Tensor, _ w: Tensor) -> Tensor {
  let loss =
    -(y * (p + 1e-7).log() + (1 - y) * (1 - p + 1e-7).log()).mean() + 0.5 * 1e-4 * (w * w).sum()
  return loss
}

// cs231n: margins of all classes but the right one, and a penalty on the weights.
func hinge(_ scores: Tensor, _ y: Tensor, _ w: Tensor, _ reg: Double) -> Tensor {
  let n = Double(scores.shape[0])
  let correct = scores.gather(axis: 1, index: y.unsqueezed(axis: 1))
  let loss = (scores - correct + 1).clamp(min: 0).sum() / n - 1 + 0.5 * reg * (w * w).sum()
  return loss
}

func crossEntropy(_ logits: Tensor, _ targets: Tensor) -> Tensor {
  let shifted = logits - logits.max(axis: 1, keepDims: true)
  let loss =
    -(targets * (shifted - shifted.exp().sum(axis: 1, keepDims: true).log())).sum() / 64
    + 1e-3 * shifted.square().mean()
  return loss
}

func focal(_ y: Tensor, _ p: Tensor, _ gamma: Double) -> Tensor {
  let loss =
    -0.25 * (1 - p).pow(gamma) * y * (p + 1e-9).log() - 0.75 * p.pow(gamma) * (1 - y)
    * (1 - p + 1e-9).log()
  return loss.sum() / Double(y.shape[0])
}

func divergence(_ mu: Tensor, _ logVariance: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor {
  let loss =
    -0.5 * (1 + logVariance - mu * mu - logVariance.exp()).sum() / 128
    + ((x - y) * (x - y)).sum(axis: -1).mean() * 0.5
  return loss
}
