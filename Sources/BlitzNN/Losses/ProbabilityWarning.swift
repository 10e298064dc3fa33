import BlitzTensor

/// The warning that `crossEntropy` was given probabilities in the place of logits.
///
/// Softmax twice trains, only badly, so nobody notices. Looking at the numbers would force an
/// evaluation where the library defers it, in every step; so this looks at the op that the logits
/// come from, which costs a comparison: a sigmoid, or exponentials divided by their sum. Numbers
/// are looked at only where they are in memory anyway, and only in the first calls of a process.
enum ProbabilityWarning {
  private struct State {
    var isDone = false
    /// How many calls may still look at numbers.
    var looks = 3
  }

  private static let state = Lock(State())

  static func check(_ logits: Tensor) {
    let looks = state.withLock { state -> Bool? in
      if state.isDone { return nil }
      let looks = state.looks > 0
      if logits.isComputed { state.looks = max(0, state.looks - 1) }
      return looks
    }
    guard let looks, let reason = reason(logits, looksAtNumbers: looks) else { return }
    let isFirst = state.withLock { state in
      defer { state.isDone = true }
      return !state.isDone
    }
    if isFirst { Environment.log("warning: \(reason)") }
  }

  /// Why the logits look like probabilities; nil if they do not.
  static func reason(_ logits: Tensor, looksAtNumbers: Bool) -> String? {
    let advice = "leave it out: crossEntropy takes logits and applies softmax itself"
    if let word = logits.squashedBy {
      return "crossEntropy: the logits come from \(word); \(advice)"
    }
    guard looksAtNumbers, logits.isComputed, logits.rank >= 2, logits.elementCount > 0,
      logits.shape[1] > 1, sumsAreOne(logits)
    else { return nil }
    return "crossEntropy: the logits look like probabilities (0 to 1, each row sums to 1); if "
      + "softmax made them, \(advice)"
  }

  private static func sumsAreOne(_ logits: Tensor) -> Bool {
    guard let numbers = try? logits.detached().cast(to: .float64).scalars(as: Double.self) else {
      return false
    }
    let classCount = logits.shape[1]
    let inner = logits.shape.dropFirst(2).reduce(1, *)
    if numbers.contains(where: { !($0 >= 0 && $0 <= 1) }) { return false }
    for row in 0..<logits.shape[0] {
      for place in 0..<inner {
        var sum = 0.0
        for index in 0..<classCount { sum += numbers[(row * classCount + index) * inner + place] }
        if abs(sum - 1) > 1e-4 { return false }
      }
    }
    return true
  }
}
