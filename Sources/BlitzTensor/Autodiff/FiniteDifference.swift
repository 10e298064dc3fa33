/// The slope of a function of one number by finite differences, and whether it has one there.
///
/// What `gradCheck` and `blitz train --check-gradients` compare gradients with.
package struct FiniteDifference: Sendable {
  /// The slope from a step below to a step above.
  package let slope: Double
  /// Whether the function has a kink there.
  package let isKink: Bool

  /// Calls the function four times.
  ///
  /// - Parameters:
  ///   - step: how far above and below.
  ///   - middle: the function's value there.
  ///   - value: its value at a distance.
  package init(
    step: Double = 1e-5, middle: Double, value: (_ offset: Double) throws -> Double
  ) rethrows {
    let (above, below) = (try value(step), try value(-step))
    slope = (above - below) / (2 * step)
    let closer = (try value(step / 2) - value(-step / 2)) / step
    let (right, left) = ((above - middle) / step, (middle - below) / step)
    // At a kink the slopes of the sides differ; where the slope itself bends, differences
    // of two distances do. Both are far above what a smooth function and rounding give.
    isKink =
      abs(right - left) > 0.05 * max(abs(right), abs(left), 0.05)
      || abs(slope - closer) > 1e-6 * max(1, abs(slope))
  }
}

extension GradCheckReport.Input {
  /// Counts an element, and keeps it if it is the worst so far.
  ///
  /// - Parameters:
  ///   - found: the reverse walk's gradient.
  ///   - difference: the finite difference there.
  ///   - element: the position in the flattened input.
  package mutating func compare(
    _ found: Double, with difference: FiniteDifference, at element: Int
  ) {
    if difference.isKink {
      kinks += 1
      return
    }
    compared += 1
    let error = abs(found - difference.slope) / max(abs(found), abs(difference.slope), 1e-3)
    // NaN is an error too.
    if !(error <= relativeError) {
      relativeError = error.isNaN ? .infinity : error
      worstElement = element
      (analytic, numeric) = (found, difference.slope)
    }
  }
}
