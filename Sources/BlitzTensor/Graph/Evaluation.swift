import Synchronization

/// Turns the pending part of a graph into numbers.
enum Evaluation {
  /// Chains longer than this are computed without being asked for, so that graphs and the
  /// buffers they hold stay bounded.
  static let deepestChain = 2000

  /// Computes a node at once if its chain of pending ops has grown too long, or if every op
  /// should be computed at once.
  static func bound(_ node: Node) {
    if node.depth.load(ordering: .relaxed) < deepestChain && !isEager { return }
    // An error shows again, and can be thrown, when somebody asks for the numbers.
    try? evaluate([node])
  }

  private static let isEager = false

  /// Makes sure that the numbers of the nodes are known.
  ///
  /// - Throws: the error that a node carries, or what went wrong while computing.
  static func evaluate(_ roots: [Node]) throws(TensorError) {
  }
}
