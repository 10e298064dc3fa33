/// The operands of a node: up to three in place, as nearly all ops have, further ones in an array.
///
/// A training step makes, walks and lets go of the same few dozen nodes over and over. So they cost
/// no array each, and `forEach` counts no references: that is why these are counted by hand, here
/// and nowhere else. There is one owner, as it cannot be copied, and letting go of it lets go of
/// the nodes.
struct Operands: ~Copyable, @unchecked Sendable {
  private(set) var count: Int
  private var first: Unmanaged<Node>?
  private var second: Unmanaged<Node>?
  private var third: Unmanaged<Node>?
  private var further: [Node]?

  init() { count = 0 }

  init(_ first: Node) {
    self.first = .passRetained(first)
    count = 1
  }

  init(_ first: Node, _ second: Node) {
    self.first = .passRetained(first)
    self.second = .passRetained(second)
    count = 2
  }

  init(_ first: Node, _ second: Node, _ third: Node) {
    self.first = .passRetained(first)
    self.second = .passRetained(second)
    self.third = .passRetained(third)
    count = 3
  }

  init(_ nodes: [Node]) {
    count = nodes.count
    if nodes.count > 0 { first = .passRetained(nodes[0]) }
    if nodes.count > 1 { second = .passRetained(nodes[1]) }
    if nodes.count > 2 { third = .passRetained(nodes[2]) }
    if nodes.count > 3 { further = Array(nodes[3...]) }
  }

  deinit {
    first?.release()
    second?.release()
    third?.release()
  }

  var isEmpty: Bool { count == 0 }

  subscript(place: Int) -> Node {
    switch place {
    case 0: first!.takeUnretainedValue()
    case 1: second!.takeUnretainedValue()
    case 2: third!.takeUnretainedValue()
    default: further![place - 3]
    }
  }

  /// All of them.
  var all: [Node] { (0..<count).map { self[$0] } }

  /// Calls `body` with each in turn.
  @inline(__always)
  func forEach(_ body: (Node) -> Void) {
    guard let first else { return }
    first._withUnsafeGuaranteedRef(body)
    guard let second else { return }
    second._withUnsafeGuaranteedRef(body)
    guard let third else { return }
    third._withUnsafeGuaranteedRef(body)
    if let further { further.forEach(body) }
  }

  /// Gives up the last one.
  mutating func popLast() -> Node? {
    if count == 0 { return nil }
    count -= 1
    switch count {
    case 0: return first.take()!.takeRetainedValue()
    case 1: return second.take()!.takeRetainedValue()
    case 2: return third.take()!.takeRetainedValue()
    default: return further!.removeLast()
    }
  }
}
