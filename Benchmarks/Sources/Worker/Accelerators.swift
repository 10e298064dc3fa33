import Blitz

/// Rows for the device that `BLITZ_DEVICE` names: what its compiled programs and this machine's
/// part in them take.
extension Worker {
  /// The page's network and its data, on the device.
  private struct Page {
    let x: Tensor
    let y: Tensor
    var weights: [Tensor]

    /// - Parameter isTiny: whether all sizes are so small that computing takes no time.
    init(requiresGrad: Bool = false, isTiny: Bool = false) throws {
      let generator = Generator(seed: 0)
      let (rows, inputs, hidden, outputs) = isTiny ? (4, 8, 4, 2) : (64, 1000, 100, 10)
      x = .randn([rows, inputs], generator: generator)
      y = .randn([rows, outputs], generator: generator)
      weights = [[inputs, hidden], [hidden, outputs]].map {
        Tensor.randn($0, generator: generator, requiresGrad: requiresGrad)
      }
      try wait()
    }

    /// Until the device has nothing left to do.
    func wait() throws { for tensor in [x, y] + weights { try tensor.wait() } }
  }

  private static func pageStep(_ weights: inout [Tensor], _ batch: [Tensor]) -> Tensor {
    let (loss, gradients) = valueAndGradients(at: weights) { w in
      (batch[0].matmul(w[0]).clamp(min: 0).matmul(w[1]) - batch[1]).square().sum()
    }
    for index in weights.indices { weights[index] -= rate * gradients[index] }
    return loss
  }

  /// Compiled steps one after another, the losses read when all are on their way: per step.
  static func separateSteps() throws -> Row {
    let step = compile { (weights: inout [Tensor], batch: [Tensor]) in pageStep(&weights, batch) }
    return {
      var page = try Page()
      return try perStep {
        var losses: [Tensor] = []
        for _ in 0..<steps { losses.append(try step(&page.weights, page.x, page.y)) }
        for loss in losses { _ = try loss.item() }
      }
    }
  }

  /// All steps as one program, the losses read at the end: per step.
  static func loop() throws -> Row {
    let train = compile(steps: steps) { (weights: inout [Tensor], batch: [Tensor]) in
      pageStep(&weights, batch)
    }
    return {
      var page = try Page()
      return try perStep { _ = try train(&page.weights, page.x, page.y).scalars(as: Float.self) }
    }
  }

  private static func perStep(_ body: () throws -> Void) rethrows -> [(String, Double)] {
    [("seconds", try ContinuousClock().measure(body) / .seconds(1) / Double(steps))]
  }

  /// This machine's part of a compiled step, the device idle when it begins: the median.
  static func dispatchCompiled(isTiny: Bool) throws -> Row {
    let step = compile { (weights: inout [Tensor], batch: [Tensor]) in pageStep(&weights, batch) }
    return {
      var page = try Page(isTiny: isTiny)
      return try dispatched {
        _ = try step(&page.weights, page.x, page.y)
      } finish: {
        try page.wait()
      }
    }
  }

  /// This machine's part of a step define-by-run: the graph, its gradients, the key of the program,
  /// the call.
  static func dispatch(isTiny: Bool) throws -> Row {
    return {
      var page = try Page(requiresGrad: true, isTiny: isTiny)
      return try dispatched {
        let yPred = page.x.matmul(page.weights[0]).clamp(min: 0).matmul(page.weights[1])
        let loss = (yPred - page.y).square().sum()
        try loss.backward()
        noGrad {
          page.weights[0] -= rate * page.weights[0].grad
          page.weights[1] -= rate * page.weights[1].grad
        }
        try eval([loss] + page.weights)
      } finish: {
        try page.wait()
      }
    }
  }

  private static func dispatched(
    _ body: () throws -> Void, finish: () throws -> Void
  ) throws -> [(String, Double)] {
    let clock = ContinuousClock()
    var (times, waits): ([Double], [Double]) = ([], [])
    for _ in 0..<2000 {
      times.append(try clock.measure(body) / .seconds(1))
      waits.append(try clock.measure(finish) / .seconds(1))
    }
    times.sort()
    waits.sort()
    return [("seconds", times[times.count / 2]), ("wait", waits[waits.count / 2])]
  }

  /// A training step of a wide network of two layers in bfloat16, its weights kept in float32; the
  /// loss is read in each. `BLITZ_BENCH_SMALL=1` makes it narrow.
  static func wide() throws -> Row {
    let isSmall = environment("BLITZ_BENCH_SMALL") == "1"
    let (rows, inputs, hidden, classes) = isSmall ? (256, 128, 128, 100) : (8192, 4096, 4096, 1000)
    let step = compile { (weights: inout [Tensor], batch: [Tensor]) in
      let (loss, gradients) = valueAndGradients(at: weights) { w in
        let logits = autocast(to: .bfloat16) { batch[0].matmul(w[0]).relu().matmul(w[1]) }
        return crossEntropy(logits: logits.cast(to: .float32), labels: batch[1])
      }
      for index in weights.indices { weights[index] -= 0.01 * gradients[index] }
      return loss
    }
    let generator = Generator(seed: 0)
    let x = Tensor.randn([rows, inputs], generator: generator).cast(to: .bfloat16)
    let labels = Tensor.randint(0, classes, [rows], generator: generator)
    var weights = [[inputs, hidden], [hidden, classes]].map {
      Tensor.randn($0, generator: generator) * 0.02
    }
    try eval([x, labels] + weights)
    return { try median(of: 20) { _ = try step(&weights, x, labels).item() } }
  }
}
