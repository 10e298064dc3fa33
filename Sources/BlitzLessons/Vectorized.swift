import Blitz

/// Lesson `vectorized`: the derivative of ReLU three times, and how long each takes.
///
/// ReLU is max(x, 0). Backwards, the gradient passes where x was positive and is stopped where it
/// was negative. At exactly 0 there is no derivative, and the page that these lessons follow
/// writes it in three ways that choose differently:
///
///     loop      if x > 0 { dx = g } else { dx = 0 }      stops it at 0
///     formula   dx = g * (x >= 0)                         passes it at 0
///     mask      dx = g; dx[x < 0] = 0                     passes it at 0
///
/// All three are right: any value from 0 to 1 is a subgradient there. It hardly matters for random
/// numbers, which are never exactly 0; it does for images, most of whose pixels are. Blitz's
/// `relu()` stops the gradient at 0, as in PyTorch and JAX; `clamp(min: 0)` passes it, as the
/// mask does.
func vectorized(_ run: LessonRun) throws {
  let generator = Generator(seed: run.seed)
  let count = 1_000_000
  let x = Tensor.randn([count], generator: generator, device: run.device)
  let g = Tensor.randn([count], generator: generator, device: run.device)
  try eval(x, g)

  // The loop needs the numbers in arrays; a compiled loop is not slow, but it is long.
  let xs = try x.scalars(as: Float.self)
  let gs = try g.scalars(as: Float.self)
  func loop(_ x: [Float], _ g: [Float]) -> [Float] {
    var dx = [Float](repeating: 0, count: x.count)
    for i in x.indices {
      if x[i] > 0 { dx[i] = g[i] }
    }
    return dx
  }

  func formula(_ x: Tensor, _ g: Tensor) -> Tensor {
    g * (x .>= 0).cast(to: .float32)
  }

  func mask(_ x: Tensor, _ g: Tensor) -> Tensor {
    var dx = g
    dx[x .< 0] = 0
    return dx
  }

  // What each says at 0, for a gradient of 1.
  let zero = Tensor.zeros([1], device: run.device)
  let one = Tensor.ones([1], device: run.device)
  let atZero = (
    loop: loop([0], [1])[0],
    formula: try formula(zero, one).sum().item(),
    mask: try mask(zero, one).sum().item()
  )

  // The first call plans the ops; the best of ten tells what the work itself takes.
  func best(of body: () throws -> Void) rethrows -> Double {
    var best = Duration.seconds(1_000)
    for _ in 0..<10 { best = min(best, try ContinuousClock().measure(body)) }
    return best / .milliseconds(1)
  }
  let times = (
    loop: best { _ = loop(xs, gs) },
    formula: try best { try formula(x, g).wait() },
    mask: try best { try mask(x, g).wait() }
  )

  run.report(version: "loop", atZero: Double(atZero.loop), milliseconds: times.loop)
  run.report(version: "formula", atZero: atZero.formula, milliseconds: times.formula)
  run.report(version: "mask", atZero: atZero.mask, milliseconds: times.mask)
}
