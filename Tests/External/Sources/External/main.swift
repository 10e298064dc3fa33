// The network of the README in a package of its own: what a user has is enough to train it.
import Blitz

let generator = Generator(seed: 0)
let x = Tensor.randn([64, 1000], generator: generator)
let y = Tensor.randn([64, 10], generator: generator)
var w1 = Tensor.randn([1000, 100], generator: generator, requiresGrad: true)
var w2 = Tensor.randn([100, 10], generator: generator, requiresGrad: true)

var losses: [Double] = []
for _ in 0..<500 {
  let yPred = x.matmul(w1).relu().matmul(w2)
  let loss = (yPred - y).square().sum()
  losses.append(try loss.item())
  try loss.backward()
  noGrad {
    w1 -= 1e-6 * w1.grad
    w2 -= 1e-6 * w2.grad
  }
}

print("the loss went from \(losses[0]) to \(losses[499])")
// 500 steps fit 64 random rows: about 3e7 becomes less than 1. NaN fails too.
guard losses[0] > 1e6, losses[499] < 1e-6 * losses[0] else {
  fatalError("the network did not learn: \(losses[0]) became \(losses[499])")
}
