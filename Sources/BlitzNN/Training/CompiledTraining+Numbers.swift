import BlitzTensor

/// The numbers that a compiled step is given: rates and bias corrections, which change from step to
/// step without changing the ops.
extension CompiledTraining {
  /// Which numbers the step needs, and for each parameter of the optimizer which of them.
  func numberSets() -> ([Optimizer.NumberSet], [Int]) {
    var sets: [Optimizer.NumberSet] = []
    var places: [Int] = []
    for (index, group) in optimizer.groups.enumerated() {
      for slot in group.slots {
        let set = Optimizer.NumberSet(group: index, step: slot.count + 1)
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

  /// The numbers of each step of a call, one step's behind the other's.
  func numbers(of sets: [Optimizer.NumberSet]) -> [Double] {
    (0..<(steps ?? 1)).flatMap { step in
      sets.flatMap { optimizer.groups[$0.group].rule.numbers(step: $0.step + step) }
    }
  }

  /// Where each set is among the numbers of a step, and how many these are.
  func ranges(
    of sets: [Optimizer.NumberSet]
  ) -> (starts: [Optimizer.NumberSet: Range<Int>], count: Int) {
    var starts: [Optimizer.NumberSet: Range<Int>] = [:]
    var count = 0
    for set in sets {
      let size = optimizer.groups[set.group].rule.numbers(step: set.step).count
      starts[set] = count..<count + size
      count += size
    }
    return (starts, count)
  }

  /// The numbers of many steps in memory, a row for each. Which step is how manieth update is known
  /// only when the scaler has judged those before it; the first of the two tensors counts.
  static func table(_ numbers: [Double], rows: Int, on device: Device) -> [Tensor] {
    let count = Tensor([0]).reshaped(to: []).to(device)
    return [count, Tensor(numbers, shape: [rows, numbers.count / rows], device: device)]
  }

  /// The numbers at some places of the row that the update has come to.
  func listed(_ places: Range<Int>, _ dtype: DType) -> [Tensor] {
    let row = updates[1].indexSelect(axis: 0, indices: updates[0].reshaped(to: [1]))
      .cast(to: dtype)
    return places.map { row[0, $0] }
  }
}
