import Foundation

/// Plays a step on many devices that are not equally fast, round by round.
struct Simulation {
  let machine: Machine
  private var state: UInt64

  init(_ machine: Machine, seed: UInt64 = 1) {
    self.machine = machine
    state = seed
  }

  /// SplitMix64, so that the page is the same wherever it is made.
  private mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) / 0x1p53
  }

  /// When each device has done its part: nobody is faster than the work takes.
  mutating func finishTimes(_ seconds: Double, _ count: Int) -> [Double] {
    (0..<count).map { _ in
      let normal = (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
      return seconds * (1 + machine.deviation * abs(normal))
    }
  }

  /// Rounds of a ring: each device takes from the one before when both are there.
  func ring(
    _ times: [Double], rounds: Int, bytes: Double, _ link: Machine.Link
  ) -> [Double] {
    let cost = link.latency + bytes / link.bandwidth
    var times = times
    for _ in 0..<rounds {
      var before = times[times.count - 1]
      for place in times.indices {
        let own = times[place]
        times[place] = max(own, before) + cost
        before = own
      }
    }
    return times
  }

  /// When a gradient of so many bytes is the same everywhere; as `Collective.hierarchical`.
  ///
  /// - Parameter times: when each device begins; a whole number of nodes, or part of one.
  func allReduce(_ bytes: Double, from times: [Double]) -> Double {
    let inside = min(times.count, machine.perNode)
    let nodes = times.count / inside
    let share = bytes / Double(inside)
    var ready = (0..<nodes).map { node in
      ring(
        Array(times[node * inside..<(node + 1) * inside]), rounds: inside - 1, bytes: share,
        machine.near
      ).max()!
    }
    if nodes > 1 {
      let far = machine.far
      if Collective.ring(share, nodes, far) <= Collective.tree(share, nodes, far) {
        ready = ring(ready, rounds: 2 * (nodes - 1), bytes: share / Double(nodes), far)
      } else {
        // Up to the root and down again: the last to come holds all up.
        let end = ready.max()! + Collective.tree(share, nodes, far)
        ready = ready.map { _ in end }
      }
    }
    return ready.max()! + Collective.half(bytes, inside, machine.near)
  }
}
