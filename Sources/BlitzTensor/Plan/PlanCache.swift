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

extension Op {
  /// The op and what its case holds, as numbers; scalars' values are arguments, not structure.
  func encode(into words: inout [Int]) {
    // Appending an array would make one first.
    func append(_ first: Int, _ second: Int) {
      words.append(first)
      words.append(second)
    }
    func append(_ first: Int, _ second: Int, _ third: Int) {
      append(first, second)
      words.append(third)
    }
    switch self {
    case .data: words.append(0)
    case .scalar: words.append(1)
    case .transfer: words.append(17)
    case .elementwise(let op): words.append(100 + Int(op.rawValue))
    case .reshape, .custom: words.append(2)
    case .permute(let axes):
      words.append(3)
      words.append(contentsOf: axes)
    case .expand: words.append(4)
    case .slice(let slices):
      words.append(5)
      for slice in slices { append(slice.start, slice.step, slice.count) }
    case .embed(let slices):
      words.append(6)
      for slice in slices { append(slice.start, slice.step, slice.count) }
    case .concatenate(let axis): append(7, axis)
    case .reduce(let kind, let axes):
      append(8, Int(kind.rawValue), axes.count)
      words.append(contentsOf: axes)
    case .argReduce(let greatest, let axis): append(9, greatest ? 1 : 0, axis)
    case .cumulativeSum(let axis): append(10, axis)
    case .argSort(let axis, let descending): append(11, axis, descending ? 1 : 0)
    case .matmul: words.append(12)
    case .gather(let axis, let reader): append(13, axis, Int(reader.rawValue))
    case .scatter(let axis, let adds, let reader):
      append(14, axis, Int(reader.rawValue) << 1 | (adds ? 1 : 0))
    case .convolution(let convolution):
      append(15, Int(convolution.role.rawValue), convolution.groups)
      convolution.window.encode(into: &words)
    case .windowMaximum(let window, let places):
      append(16, places ? 1 : 0)
      window.encode(into: &words)
    }
  }
}

extension Window {
  fileprivate func encode(into words: inout [Int]) {
    for size in [size, stride, padding, dilation] {
      words.append(size.height)
      words.append(size.width)
    }
  }
}
