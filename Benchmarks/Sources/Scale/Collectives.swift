import Foundation

/// What collectives cost, by formula: latency a, bandwidth b, n devices, B bytes on each.
///
/// - Source: R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication
///   operations in MPICH", 2005; P. Patarasuk, X. Yuan, 2009, for the ring; P. Sanders, J. Speck,
///   J. L. Träff, "Two-tree algorithms for full bandwidth broadcast, reduction and scan", 2009.
enum Collective {
  /// Bytes that each device sends: 2 (n - 1) / n B. No algorithm needs fewer.
  static func allReduceBytes(_ bytes: Double, _ count: Int) -> Double {
    2 * Double(count - 1) / Double(count) * bytes
  }

  /// 2 (n - 1) a + 2 (n - 1) / n B / b
  static func ring(_ bytes: Double, _ count: Int, _ link: Machine.Link) -> Double {
    2 * Double(count - 1) * link.latency + allReduceBytes(bytes, count) / link.bandwidth
  }

  /// 2 log2(n) a + 2 B / b, with two trees that each carry half.
  static func tree(_ bytes: Double, _ count: Int, _ link: Machine.Link) -> Double {
    guard count > 1 else { return 0 }
    return 2 * log2(Double(count)).rounded(.up) * link.latency + 2 * bytes / link.bandwidth
  }

  /// An all-gather or a reduce-scatter in a ring: half of an all-reduce.
  static func half(_ bytes: Double, _ count: Int, _ link: Machine.Link) -> Double {
    ring(bytes, count, link) / 2
  }

  /// An all-reduce within each node and then between nodes, as NCCL does it: each device reduces
  /// its share over the nodes, by the ring or the trees, whichever is faster.
  static func hierarchical(_ bytes: Double, _ count: Int, _ machine: Machine) -> Double {
    let inside = min(count, machine.perNode)
    let nodes = (count + inside - 1) / inside
    let between = bytes / Double(inside)
    return ring(bytes, inside, machine.near)
      + min(ring(between, nodes, machine.far), tree(between, nodes, machine.far))
  }
}
