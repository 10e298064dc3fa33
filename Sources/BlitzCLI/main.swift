import Blitz

let x = Tensor([[1, 2], [3, 4]])
print((x * 2.0 + 1.0).sum())
print(x.matmul(x.transposed()))
manualSeed(0)
let a = Tensor.randn([64, 1000]), y = Tensor.randn([64, 10])
var w1 = Tensor.randn([1000, 100]).requiringGrad(), w2 = Tensor.randn([100, 10]).requiringGrad()
let clock = ContinuousClock()
var times: [Duration] = []
for t in 0..<500 {
  let start = clock.now
  let loss = (a.matmul(w1).clamp(min: 0).matmul(w2) - y).square().sum()
  let l = try loss.item()
  if t < 5 { print(t, l) }
  try loss.backward()
  noGrad {
    w1 -= 1e-6 * w1.grad
    w2 -= 1e-6 * w2.grad
  }
  times.append(clock.now - start)
}
times.sort()
print(times[250], times[5], Memory.liveBytes, Memory.peakBytes)
