import BlitzTensor

extension Optimizer {
  /// Sets the rate of each group to the schedule's at a step, starting from the rate that the group
  /// was made with.
  public func follow(_ schedule: Schedule, at step: Int) {
    for index in groups.indices {
      groups[index].rate = schedule.rate(at: step, base: groups[index].initialRate)
    }
  }

  /// The same, and sets each group's momentum, or Adam's `beta1`: high where the rate is low, as
  /// PyTorch's `OneCycleLR` and `CyclicLR` do.
  ///
  ///     optimizer.follow(.oneCycle(over: 1_000), at: step, momentum: 0.85...0.95)
  ///
  /// - Parameters:
  ///   - schedule: `oneCycle`, `cyclic` or a sequence of them; others leave the momentum alone.
  ///   - step: the number of steps made before.
  ///   - momentum: from `base_momentum` to `max_momentum`. Make the optimizer with a momentum, too.
  public func follow(_ schedule: Schedule, at step: Int, momentum: ClosedRange<Double>) {
    follow(schedule, at: step)
    guard let momentum = schedule.momentum(at: step, in: momentum) else { return }
    for index in groups.indices { groups[index].momentum = momentum }
  }

  /// Sets the rate of each group to a factor of the rate that the group was made with,
  /// `torch.optim.lr_scheduler.LambdaLR`.
  ///
  ///     optimizer.follow(at: epoch) { epoch in 1 / Double(1 + epoch) }
  public func follow(at step: Int, factor: (Int) -> Double) {
    let factor = factor(step)
    for index in groups.indices { groups[index].rate = groups[index].initialRate * factor }
  }

  /// Multiplies the rate of each group; once a step, `torch.optim.lr_scheduler.MultiplicativeLR`.
  public func multiplyRates(by factor: Double) {
    for index in groups.indices { groups[index].rate *= factor }
  }
}
