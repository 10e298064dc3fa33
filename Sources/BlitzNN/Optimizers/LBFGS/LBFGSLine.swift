import BlitzTensor

/// A search along a direction for a place where the loss has fallen enough and its slope, too: the
/// strong conditions of Wolfe. It is PyTorch's, which is that of Mark Schmidt's minFunc.
struct LBFGSLine {
  let problem: LBFGSProblem
  let direction: Tensor
  /// How much of the fall that the slope promises must come, and what may be left of the slope.
  private let fall = 1e-4
  private let slopeLeft = 0.9
  private let changeTolerance = 1e-9

  init(problem: LBFGSProblem, direction: Tensor) {
    self.problem = problem
    self.direction = direction
  }

  /// A place on the line: how far along, and what is there.
  private struct Place {
    var length: Double
    var point: LBFGSPoint
    var slope: Double
  }

  /// Where the search ends, how far along that is, and how often the loss was computed.
  func search(
    from start: LBFGSPoint, length: Double, slope: Double, evaluations: Int
  ) throws -> (LBFGSPoint, Double, Int) {
    let origin = Place(length: 0, point: start, slope: slope)
    let largest = try direction.abs().max().number()
    var new = try place(length)
    var before = origin
    var found: [Place] = []
    var (count, isDone) = (0, false)
    // Longer and longer steps, until there is a good place, or one on either side of it.
    while count < evaluations, found.isEmpty {
      let isHigher = count > 1 && new.point.loss >= before.point.loss
      if new.point.loss > bound(origin, new.length) || isHigher {
        found = [before, new]
      } else if abs(new.slope) <= -slopeLeft * slope {
        isDone = true
        found = [new, new]
      } else if new.slope >= 0 {
        found = [before, new]
      } else {
        let least = new.length + 0.01 * (new.length - before.length)
        let next = Self.least(before, new, in: (least, new.length * 10))
        before = new
        new = try place(next)
        count += 1
      }
    }
    // In the order in which they came: the interpolation depends on it.
    var bracket = found.isEmpty ? [origin, new] : found
    var (best, other) = bracket[0].point.loss <= bracket[1].point.loss ? (0, 1) : (1, 0)
    var isStuck = false
    while !isDone, count < evaluations {
      let ends = bracket.map(\.length).sorted()
      if (ends[1] - ends[0]) * largest < changeTolerance { break }
      var length = Self.least(bracket[0], bracket[1], in: (ends[0], ends[1]))
      // A place at the edge is no progress: go a tenth inwards, the second time or at once.
      let margin = 0.1 * (ends[1] - ends[0])
      if min(ends[1] - length, length - ends[0]) < margin {
        if isStuck || length >= ends[1] || length <= ends[0] {
          let isUpper = abs(length - ends[1]) < abs(length - ends[0])
          length = isUpper ? ends[1] - margin : ends[0] + margin
          isStuck = false
        } else {
          isStuck = true
        }
      } else {
        isStuck = false
      }
      let new = try place(length)
      count += 1
      if new.point.loss > bound(origin, length) || new.point.loss >= bracket[best].point.loss {
        bracket[other] = new
        (best, other) = bracket[0].point.loss <= bracket[1].point.loss ? (0, 1) : (1, 0)
        continue
      }
      if abs(new.slope) <= -slopeLeft * slope {
        isDone = true
      } else if new.slope * (bracket[other].length - bracket[best].length) >= 0 {
        bracket[other] = bracket[best]
      }
      bracket[best] = new
    }
    return (bracket[best].point, bracket[best].length, count + 1)
  }

  /// What the loss may be at a place.
  private func bound(_ origin: Place, _ length: Double) -> Double {
    origin.point.loss + fall * length * origin.slope
  }

  /// Looks at a place; the weights stay.
  private func place(_ length: Double) throws -> Place {
    let weights = problem.weights
    defer { problem.weights = weights }
    problem.move(along: direction, by: length)
    let (loss, gradient) = try problem.evaluate()
    return Place(
      length: length, point: LBFGSPoint(loss: loss.number, gradient: gradient),
      slope: try gradient.dot(direction).number())
  }

  /// Where the cubic through two places with these slopes is least, within bounds; the middle of
  /// them if it is nowhere.
  private static func least(
    _ one: Place, _ two: Place, in range: (least: Double, most: Double)
  ) -> Double {
    let (low, high) = one.length <= two.length ? (one, two) : (two, one)
    let first =
      one.slope + two.slope
      - 3 * (one.point.loss - two.point.loss) / (one.length - two.length)
    let square = first * first - one.slope * two.slope
    guard square >= 0 else { return (range.least + range.most) / 2 }
    let second = square.squareRoot()
    let part = (high.slope + second - first) / (high.slope - low.slope + 2 * second)
    let place = high.length - (high.length - low.length) * part
    return min(max(place, range.least), range.most)
  }
}
