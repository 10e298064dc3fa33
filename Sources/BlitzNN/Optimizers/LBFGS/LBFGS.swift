import BlitzTensor

/// L-BFGS, `torch.optim.LBFGS`: steps along the gradient, bent by the curvature that the last steps
/// have shown. For small models and whole data sets.
///
///     let optimizer = LBFGS(model, lineSearch: .strongWolfe)
///     for _ in 0..<20 {
///       let loss = try optimizer.step { meanSquaredError(predictions: model(x), targets: y) }
///     }
///
/// A step computes the loss many times, so it is given the loss as a function, and calls
/// `backward()` itself. It reads numbers all along, so it is not for compiled steps. What it keeps
/// are the last `history` differences of weights and gradients: that many times the model's memory.
///
/// D. C. Liu and J. Nocedal, "On the limited memory BFGS method", 1989.
public final class LBFGS: ResumableOptimizer, CustomStringConvertible {
  /// How the length of a step is found.
  public enum LineSearch: Sendable, Hashable {
    /// Such that the loss and its slope fall enough; Nocedal and Wright, "Numerical optimization",
    /// chapter 3.
    case strongWolfe
  }

  /// The step size, 0 or more; `lr` in PyTorch.
  public var rate: Double
  /// The largest number of directions that a step follows; `max_iter` in PyTorch.
  public let iterations: Int
  /// The largest number of times that a step computes the loss; `max_eval` in PyTorch.
  public let evaluations: Int
  /// The largest gradient at which a step ends.
  public let gradientTolerance: Double
  /// The change of weights or loss at which a step ends.
  public let changeTolerance: Double
  /// The number of differences that are kept.
  public let history: Int
  /// How the length of a step is found; the rate is the length if nil.
  public let lineSearch: LineSearch?
  /// Whether steps go up instead of down; `maximize` in PyTorch.
  public var maximizes = false

  let parameters: [(name: String, parameter: Parameter)]
  var memory = LBFGSMemory()

  /// Trains all parameters of a model, which have one dtype.
  ///
  /// - Parameters:
  ///   - model: the module whose parameters are trained.
  ///   - rate: the step size, 0 or more; `lr` in PyTorch.
  ///   - iterations: the largest number of directions that a step follows; `max_iter` in PyTorch.
  ///   - evaluations: the largest number of times that a step computes the loss; a quarter more
  ///     than the directions if nil.
  ///   - gradientTolerance: the largest gradient at which a step ends.
  ///   - changeTolerance: the change of weights or loss at which a step ends.
  ///   - history: the number of differences that are kept.
  ///   - lineSearch: how the length of a step is found; the rate is the length if nil.
  public init(
    _ model: any Module, rate: Double = 1, iterations: Int = 20, evaluations: Int? = nil,
    gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, history: Int = 100,
    lineSearch: LineSearch? = nil
  ) {
    parameters = model.parameters
    self.rate = rate
    self.iterations = iterations
    self.evaluations = max(evaluations ?? min(max(iterations, 0), .max / 5) * 5 / 4, 0)
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.history = history
    self.lineSearch = lineSearch
  }

  /// `LBFGS(rate: 1.0, iterations: 20, history: 100)`
  public var description: String {
    "LBFGS(rate: \(rate), iterations: \(iterations), history: \(history))"
  }

  /// Makes a step: follows up to `iterations` directions.
  ///
  /// - Parameter loss: computes the loss, a single number, from the parameters as they are.
  /// - Returns: the loss before the step, computed.
  /// - Throws: what `loss` throws; `TensorError` for a model without parameters or with several
  ///   dtypes, a rate that is negative, a history without a place, or no gradient. Weights are then
  ///   where the last computation was.
  public func step(_ loss: @escaping () throws -> Tensor) throws -> Tensor {
    try check()
    let problem = LBFGSProblem(parameters.map(\.parameter), maximizes: maximizes, loss)
    let (first, start) = try problem.evaluate()
    try descend(problem, LBFGSPoint(loss: first.number, gradient: start))
    try eval(problem.weights)
    return first.tensor
  }

  /// What a step cannot use.
  private func check() throws(TensorError) {
    if !(rate >= 0) {
      throw TensorError("LBFGS", "rate is \(rate)", help: "write a finite number, 0 or more")
    }
    if history < 1 { throw TensorError("LBFGS", "history is \(history)", help: "keep 1 or more") }
    let trained = parameters.filter { !$0.parameter.isFrozen }.map(\.parameter.value)
    guard let first = trained.first else {
      throw TensorError(
        "LBFGS", "there are no parameters to train", help: "declare weights with @Parameter")
    }
    for weight in trained { if let error = weight.error { throw error } }
    if let other = trained.first(where: { $0.dtype != first.dtype }) {
      throw TensorError(
        "LBFGS", "parameters have several dtypes",
        operands: [("one", first.signature), ("another", other.signature)],
        help: "write model.cast(to: .\(first.dtype))")
    }
  }

  /// Follows directions until one of the bounds is met.
  private func descend(_ problem: LBFGSProblem, _ start: LBFGSPoint) throws {
    var point = start
    memory.evaluationCount += 1
    if try point.largest() <= gradientTolerance { return }
    var evaluated = 1
    for iteration in 1...max(iterations, 1) where iterations > 0 {
      try memory.turn(to: point.gradient, keeping: history)
      let before = point.loss
      let first = try memory.count == 1 ? point.gradient.abs().sum().number() : 1
      memory.length = min(1, 1 / first) * rate
      guard let direction = memory.direction else { return }
      let slope = try point.gradient.dot(direction).number()
      if slope > -changeTolerance { return }
      var count = 0
      if lineSearch == .strongWolfe {
        let line = LBFGSLine(problem: problem, direction: direction)
        (point, memory.length, count) = try line.search(
          from: point, length: memory.length, slope: slope, evaluations: evaluations - evaluated)
        problem.move(along: direction, by: memory.length)
      } else {
        problem.move(along: direction, by: memory.length)
        // In the last iteration nothing would be done with it.
        if iteration != iterations {
          let (loss, gradient) = try problem.evaluate()
          point = LBFGSPoint(loss: loss.number, gradient: gradient)
          count = 1
        }
      }
      evaluated += count
      memory.evaluationCount += count
      if iteration == iterations || evaluated >= evaluations { return }
      if try point.largest() <= gradientTolerance { return }
      if try (direction * memory.length).abs().max().number() <= changeTolerance { return }
      if abs(point.loss - before) < changeTolerance { return }
    }
  }
}
