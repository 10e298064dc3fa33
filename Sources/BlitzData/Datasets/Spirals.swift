import BlitzSystem
import BlitzTensor

/// Points in the plane on spiral arms, with a class for each arm: no line separates them.
///
///     let data = try Spirals(generator: Generator(seed: 0))       // 3 arms of 100 points
///
/// The toy data of Stanford's cs231n notes ("Putting it together: minimal neural network case
/// study"), made here by formula. Point i of n on arm k:
///
///     r = i / (n - 1),  t = 4 k + 4 r + noise * z,  z ~ N(0, 1)
///     x = r sin t,  y = r cos t
///
/// A batch has inputs float32 `[count, 2]` and labels int64 `[count]`.
public struct Spirals: Dataset {
  /// x and y of each point, arm after arm: row-major `[count, 2]`.
  public let points: [Float]
  /// The arm of each point.
  public let labels: [Int]
  /// "arm 0" and so on.
  public let classNames: [String]
  /// The number of points.
  public var count: Int { labels.count }

  /// Draws the points.
  ///
  /// - Parameters:
  ///   - armCount: the number of arms.
  ///   - pointsPerArm: the number of points on each arm.
  ///   - noise: the standard deviation of the angle, in radians.
  ///   - generator: the source of the noise, for each arm in turn the numbers of
  ///     `torch.randn(pointsPerArm, dtype=torch.float64)`.
  /// - Throws: `TensorError` for fewer than one arm or point, or for noise that is negative or not
  ///   finite.
  public init(
    armCount: Int = 3, pointsPerArm: Int = 100, noise: Double = 0.2,
    generator: Generator = .shared
  ) throws(TensorError) {
    guard armCount >= 1, pointsPerArm >= 1, armCount <= 1_000_000_000 / pointsPerArm else {
      throw TensorError(
        "Spirals", "\(armCount) arms of \(pointsPerArm) points",
        help: "give 1 or more of both, and at most 1,000,000,000 points in all")
    }
    guard noise >= 0, noise.isFinite else {
      throw TensorError("Spirals", "the noise is \(noise)", help: "give a deviation of 0 or more")
    }
    var points: [Float] = []
    var labels: [Int] = []
    for arm in 0..<armCount {
      let z = try Tensor.randn([pointsPerArm], generator: generator, dtype: .float64)
        .scalars(as: Double.self)
      for i in 0..<pointsPerArm {
        let r = pointsPerArm == 1 ? 0 : Double(i) / Double(pointsPerArm - 1)
        let t = 4 * Double(arm) + 4 * r + noise * z[i]
        points += [Float(r * sin(t)), Float(r * cos(t))]
        labels.append(arm)
      }
    }
    self.points = points
    self.labels = labels
    classNames = (0..<armCount).map { "arm \($0)" }
  }

  /// The points at these indices.
  public func examples(at indices: [Int]) throws -> Examples {
    try Examples(rows: indices, of: points, shape: [2], labels: labels)
  }
}
