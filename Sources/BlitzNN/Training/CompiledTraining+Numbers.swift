import BlitzTensor

/// The scalars that a compiled step is given: rates and bias corrections, which change from step to
/// step without changing the ops.
extension CompiledTraining {
  /// Which scalars the step needs, and for each parameter of the optimizer which of them.
  func scalarSets() -> ([Optimizer.ScalarSet], [Int]) {
    var sets: [Optimizer.ScalarSet] = []
    var places: [Int] = []
    for (index, group) in optimizer.groups.enumerated() {
      for slot in group.slots {
        let set = Optimizer.ScalarSet(group: index, step: slot.count + 1)
        if let place = sets.lastIndex(of: set) {
          places.append(place)
        } else {
          places.append(sets.count)
          sets.append(set)
        }
      }
    }
    return (sets, places)
  }

  /// The scalars of each step of a call, step by step.
  func scalars(of sets: [Optimizer.ScalarSet]) -> [Double] {
    (0..<(steps ?? 1)).flatMap { step in
      sets.flatMap { optimizer.groups[$0.group].rule.scalarValues(step: $0.step + step) }
    }
  }

  /// The place of each set among the scalars of a step, and how many these are.
  func ranges(
    of sets: [Optimizer.ScalarSet]
  ) -> (starts: [Optimizer.ScalarSet: Range<Int>], count: Int) {
    var starts: [Optimizer.ScalarSet: Range<Int>] = [:]
    var count = 0
    for set in sets {
      let size = optimizer.groups[set.group].rule.scalarValues(step: set.step).count
      starts[set] = count..<count + size
      count += size
    }
    return (starts, count)
  }

  /// The scalars of many updates in memory, a row for each. Which row a step uses is known only
  /// when the scaler has judged the steps before it; the first of the two tensors counts the
  /// updates.
  static func table(_ scalars: [Double], rows: Int, on device: Device) -> [Tensor] {
    let count = Tensor([0]).reshaped(to: []).to(device)
    return [
      count,
      Tensor(
        scalars, shape: [rows, scalars.count / rows], dtype: .float64, device: device),
    ]
  }

  /// The scalars at some places of the row of the next update.
  func listed(_ places: Range<Int>, _ dtype: DType) -> [Tensor] {
    let row = updates[1].indexSelect(axis: 0, indices: updates[0].reshaped(to: [1]))
      .cast(to: dtype)
    return places.map { row[0, $0] }
  }
}
