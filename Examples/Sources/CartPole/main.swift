// A network learns to balance a pole on a cart by trying: what went better than usual it does more
// often. 64 carts are pushed at a time, as rows of tensors.
//
// The cart is that of Barto, Sutton and Anderson (1983), with the numbers of OpenAI Gym's CartPole;
// the way to learn is REINFORCE by Williams (1992), compared with the mean of all carts.

import Blitz
import BlitzPlot
import ExampleSupport

/// Carts with poles: a row of the state is place, speed, angle and the angle's speed.
struct Carts {
  var state: Tensor
  /// Whether each still stands: 1 or 0.
  var stands: Tensor

  init(count: Int) {
    state = .uniform([count, 4], from: -0.05, to: 0.05)
    stands = .ones([count])
  }

  /// A push of each cart to the left (0) or right (1), for a fiftieth of a second.
  mutating func push(_ right: Tensor) {
    let (speed, angle, spin) = (state[0..., 1], state[0..., 2], state[0..., 3])
    let force = (2 * right - 1) * 10.0
    // Masses 1 (cart) and 0.1 (pole), half the pole's length 0.5, gravity 9.8.
    let (sine, cosine) = (angle.sin(), angle.cos())
    let pull = (force + 0.05 * spin.square() * sine) / 1.1
    let turn = (9.8 * sine - cosine * pull) / (0.5 * (4.0 / 3 - 0.1 * cosine.square() / 1.1))
    let push = pull - 0.05 * turn * cosine / 1.1
    state = state + 0.02 * stack([speed, push, spin, turn], axis: 1)
    let isInside = (state[0..., 0].abs() .< 2.4) .& (state[0..., 2].abs() .< 12 * Double.pi / 180)
    stands = stands * isInside.cast(to: .float32)
  }
}

/// Pushes carts until all have fallen or time is up.
///
/// - Returns: the states, the pushes and whether the cart stood, each of `[steps, carts, ...]`.
func play(
  _ policy: some Layer, carts count: Int, steps: Int
) throws -> (states: Tensor, pushes: Tensor, stands: Tensor) {
  var carts = Carts(count: count)
  var (states, pushes, stands): ([Tensor], [Tensor], [Tensor]) = ([], [], [])
  try noGrad {
    for _ in 0..<steps {
      let push = policy(carts.state).softmax(axis: 1).multinomial(1).squeezed(axis: 1)
      states.append(carts.state)
      pushes.append(push)
      stands.append(carts.stands)
      carts.push(push.cast(to: .float32))
      if try carts.stands.sum().item() == 0 { break }
    }
  }
  return (stack(states), stack(pushes), stack(stands))
}

manualSeed(0)
let policy = Sequential(Linear(4, 64), Tanh(), Linear(64, 2))
let optimizer = Adam(policy, rate: 1e-2)
let (rounds, most) = isFull ? (300, 500) : (60, 200)
var progress = ProgressLine(epochs: rounds, curves: ["steps"])
for _ in 1...rounds {
  let (states, pushes, stands) = try play(policy, carts: 64, steps: most)
  // How long each cart stands from here on, compared with the others at that time.
  let left = stands.flipped(axes: [0]).cumsum(axis: 0).flipped(axes: [0])
  let alive = stands.sum(axis: 1, keepDims: true).maximum(1)
  let better = (left - (left * stands).sum(axis: 1, keepDims: true) / alive) * stands
  let scale = (better.square().sum() / stands.sum()).sqrt() + 1e-6
  let logChances = policy(states).logSoftmax(axis: 2)
  let chosen = logChances.gather(axis: 2, index: pushes.unsqueezed(axis: 2)).squeezed(axis: 2)
  let loss = -(chosen * (better / scale).detached()).sum() / stands.sum()
  try loss.backward()
  optimizer.clipGradients(norm: 1)
  try optimizer.step()
  progress.endEpoch(["steps": try stands.sum(axis: 0).mean().item()])
}
progress.finish()

let (states, _, stands) = try play(policy, carts: 100, steps: most)
print(progress.plot)
try showPicture(
  Plot.line([
    "place of the cart": states[0..., 0, 0],
    "angle of the pole, ten times": 10 * states[0..., 0, 2],
  ]).labeled("the first cart", x: "step"))
report(
  "share of \(most) steps that carts stand", try stands.sum(axis: 0).mean().item() / Double(most))
