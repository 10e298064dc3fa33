import Blitz
import BlitzData
import BlitzNN

extension Trainer {
  /// A step of a process of a job: forward pass and gradients of its own rows, the sums of all
  /// processes' and, with the last batch of a group, the update.
  ///
  /// Gradients leave the device between the two, so the step is not planned as a whole.
  func makeStep(
    _ exchange: any GradientExchange, _ clipping: Clipping?
  ) -> (_ batch: Batch, _ place: Int, _ size: Int) throws -> Tensor {
    return { [self] batch, place, size in
      if let error = batch.error { throw error }
      follow()
      let rows = exchange.rows(of: batch.count)
      // Nobody may stay away: a process without rows takes one, and gives it no weight.
      let own = batch.rows(rows.isEmpty ? 0..<1 : rows).to(device)
      let share =
        rows.isEmpty ? 0 : network.isUnscaled ? 1 : Double(rows.count) / Double(batch.count)
      let loss = autocast(to: experiment.precision) {
        network.loss(of: model(own.inputs), own.labels) * share
      }
      let part = network.isUnscaled ? loss : loss / Double(size)
      try (scaler?.scale(part) ?? part).backward(accumulate: true)
      try eval([loss] + model.parameters.map { $0.parameter.value.grad })
      let numbers = [Float(try loss.item()), wantsToStop ? 1 : 0]
      let sums: [Float]
      if place == size {
        sums = try optimizer.exchangeGradients(exchange, adding: numbers)
        try update(clipping)
      } else {
        sums = try exchange.sum(numbers)
      }
      // Who is asked to stop asks the others: all make the same steps.
      if sums[1] > 0 { hasAgreedToStop = true }
      return Tensor([sums[0]], device: .cpu).sum()
    }
  }

  /// Begins with the weights of process 0 in all processes.
  func shareState() throws { try exchange?.shareState(of: model) }

  /// A number that process 0 knows.
  func shared(_ number: Double) throws -> Double {
    guard let exchange else { return number }
    // A double as two floats.
    let high = Float(number)
    let halves = exchange.process == 0 ? [high, Float(number - Double(high))] : [0, 0]
    let sums = try exchange.sum(halves)
    return Double(sums[0]) + Double(sums[1])
  }
}
