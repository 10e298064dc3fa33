import Blitz

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures what it is asked for: reads the name of a row per line from standard input, and
/// answers each with one line of JSON on standard output.
///
/// `compare.py` holds one such process and one of `peers.py` and asks them in turn.
@main
struct Worker {
  static func main() throws {
    if CommandLine.arguments.dropFirst().first == "train-conv" {
      return try trainConvolutional(steps: 60)
    }
    var rows: [String: Row] = [:]
    while let name = readLine() {
      if rows[name] == nil {
        guard let make = makers[name] ?? table(named: name) ?? operation(named: name) else {
          print("{\"error\": \"there is no row \(name)\"}")
          continue
        }
        rows[name] = try make()
      }
      // A row that was made earlier keeps its tensors and plans: it is warm.
      let members = try rows[name]!().map { "\"\($0.0)\": \($0.1)" }
      print("{" + members.joined(separator: ", ") + "}")
      flush()
    }
  }

  /// One round of a row; the numbers it found, times in seconds.
  typealias Row = () throws -> [(String, Double)]

  /// What prepares a row when it is asked for first.
  static let makers: [String: @Sendable () throws -> Row] = [
    "autograd": autograd, "compiled": compiled, "mask": mask, "mask-in-place": maskInPlace,
    "chain": chain, "copy": copy, "limit": limit, "live-bytes": liveBytes,
    "mlp": mlp, "mlp-compiled": mlpCompiled, "conv": conv, "conv-compiled": convCompiled,
    "transformer": transformer, "lstm": lstm, "lstm-compiled": lstmCompiled, "gpt": gpt,
    "safetensors": safetensors, "attention-memory": attentionMemory,
    "steps": separateSteps, "loop": loop, "wide": wide,
    "dispatch": { try dispatch(isTiny: false) },
    "dispatch-tiny": { try dispatch(isTiny: true) },
    "dispatch-compiled": { try dispatchCompiled(isTiny: false) },
    "dispatch-compiled-tiny": { try dispatchCompiled(isTiny: true) },
  ]

  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// The median time of `count` calls in seconds, and the 10th and 90th percentile.
  static func median(of count: Int, _ body: () throws -> Void) rethrows -> [(String, Double)] {
    let clock = ContinuousClock()
    var times: [Double] = []
    times.reserveCapacity(count)
    for _ in 0..<count { times.append(try clock.measure(body) / .seconds(1)) }
    times.sort()
    func percentile(_ share: Double) -> Double { times[Int(share * Double(times.count - 1))] }
    return [
      ("seconds", times[times.count / 2]), ("low", percentile(0.1)), ("high", percentile(0.9)),
    ]
  }
}
