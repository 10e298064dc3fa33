/// Plans and programs that were made, by the structure of the graphs they were made for.
struct PlanCache {
  private var steps: [PlanKey: Step] = [:]

  /// A program with more shapes than this makes some plans again.
  private static let capacity = 1024

  /// The plan of a pending graph, made ready by the device's backend.
  mutating func step(for pending: borrowing Pending) throws(TensorError) -> Step {
    let key = PlanKey(pending)
    if let step = steps[key] { return step }
    let step = try Step(planning: copy pending)
    if steps.count >= PlanCache.capacity { steps.removeAll() }
    steps[key] = step
    return step
  }
}

/// The structure of a pending graph as a list of numbers: equal for graphs that the same
/// plan computes.
struct PlanKey: Hashable, Sendable {
  private let words: [Int]
  private let hash: Int

  init(_ pending: borrowing Pending) {
    words = pending.structure
    // Keys are compared whole, so the hash need only be quick: a multiplication for each word.
    hash = words.reduce(words.count) { ($0 ^ $1) &* 0x9e37_79b9_7f4a_7c1 ^ $0 >> 29 }
  }

  static func == (left: PlanKey, right: PlanKey) -> Bool {
    left.hash == right.hash && left.words == right.words
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
