import Testing

@testable import BlitzTensor

@Suite("Operands") struct OperandsTests {
  private func nodes(_ count: Int) -> [Node] {
    (0..<count).map { Node(.scalar(.integer($0)), shape: [], dtype: .int64) }
  }

  @Test("are walked, read and given up in order", arguments: 0...5)
  func keepsOrder(count: Int) {
    let nodes = nodes(count)
    var operands = Operands(nodes)
    #expect(operands.count == count)
    #expect(operands.all.map(\.id) == nodes.map(\.id))
    var walked: [Int] = []
    operands.forEach { walked.append($0.id) }
    #expect(walked == nodes.map(\.id))
    var popped: [Int] = []
    while let node = operands.popLast() { popped.append(node.id) }
    #expect(popped == nodes.map(\.id).reversed())
    let isEmpty = operands.isEmpty
    #expect(isEmpty)
  }

  @Test("hold their nodes as long as they are there", arguments: 1...5)
  func holdsNodes(count: Int) {
    weak var last: Node?
    func hold() {
      let operands: Operands
      do {
        let nodes = nodes(count)
        last = nodes.last
        operands = Operands(nodes)
      }
      #expect(last != nil)
      withExtendedLifetime(operands.count) {}
      _ = operands.all
    }
    hold()
    #expect(last == nil)
  }

  @Test("let go of long chains of nodes without recursion")
  func letsGoOfChains() {
    var node: Node? = Node(.scalar(.integer(0)), shape: [], dtype: .int64)
    weak let first = node
    for _ in 0..<500_000 {
      node = Node(.reshape, Operands(node!), shape: [], dtype: .int64)
    }
    #expect(first != nil)
    node = nil
    #expect(first == nil)
  }
}
