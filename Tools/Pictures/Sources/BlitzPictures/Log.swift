import Foundation

/// What Blitz logs of a training step, read back: `BLITZ_LOG=graph,plan,profile`.
struct Log {
  /// One value of the graph.
  struct Value {
    /// `argument`, `scalar`, or an op.
    let word: String
    let operands: [Int]
    let dtype: String
    let shape: [Int]
    let isResult: Bool
  }
  /// One kernel of the plan, with the buffers that it reads and writes.
  struct Kernel {
    let summary: String
    let reads: [Int]
    let writes: [Int]
  }
  /// One buffer of the plan.
  struct Buffer {
    let isArgument: Bool
    let byteCount: Int
    let holdsResult: Bool
  }
  /// How long a kernel takes.
  struct Time {
    let kernel: String
    let microseconds: Double
  }

  /// The graph, as it was printed.
  let graph: String
  /// The plan, as it was printed.
  let plan: String
  let values: [Value]
  let kernels: [Kernel]
  let buffers: [Buffer]
  let times: [Time]

  /// Trains in a process of its own, and reads what it logs.
  static func ofTraining() throws -> Log {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = ["--train"]
    var environment = ProcessInfo.processInfo.environment
    environment["BLITZ_LOG"] = "graph,plan,profile"
    // One thread: the times of short kernels then do not depend on what else the machine does.
    environment["BLITZ_NUM_THREADS"] = "1"
    process.environment = environment
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw PictureError("training failed: \(text)") }
    return try Log(text)
  }

  /// The step's graph is the largest that is logged; others make the random numbers.
  init(_ text: String) throws {
    var blocks: [[String]] = []
    for line in text.split(separator: "\n").map(String.init) {
      if line.hasPrefix("  ") && !blocks.isEmpty {
        blocks[blocks.count - 1].append(line)
      } else {
        blocks.append([line])
      }
    }
    func largest(_ kind: String) throws -> [String] {
      let found = blocks.filter { $0[0].hasPrefix(kind + ":") }
      guard let block = found.max(by: { $0.count < $1.count }) else {
        throw PictureError("there is no \(kind) in the log: \(text)")
      }
      return block
    }
    let graph = try largest("graph")
    let plan = try largest("plan")
    self.graph = graph.joined(separator: "\n")
    self.plan = plan.joined(separator: "\n")
    values = try graph.dropFirst().map(Log.value)
    let isBuffer = { (line: String) in line.hasPrefix("  buffer ") }
    kernels = try plan.dropFirst().filter { !isBuffer($0) }.map(Log.kernel)
    buffers = try plan.filter(isBuffer).map(Log.buffer)
    // The first line is the sum, the others a kernel each.
    times = try largest("profile").dropFirst().map(Log.time)
  }

  /// "  0: matmul 64x1000x100 c = a b; 0, 2 -> 5; 681600 bytes, 12800000 flops"
  private static func kernel(_ line: String) throws -> Kernel {
    let pattern = #/  \d+: (.*); ([\d, ]*) ?-> ([\d, ]+); \d+ bytes, \d+ flops/#
    guard let match = try pattern.wholeMatch(in: line) else {
      throw PictureError("this is not a kernel of a plan: \(line)")
    }
    func buffers(_ list: Substring) -> [Int] {
      list.split(separator: ", ").compactMap { Int($0.trimmingPrefix(" ")) }
    }
    return Kernel(
      summary: String(match.1), reads: buffers(match.2), writes: buffers(match.3))
  }

  /// "  buffer 2: argument 2, 400000 bytes, result 1"
  private static func buffer(_ line: String) throws -> Buffer {
    let pattern = #/  buffer \d+: (argument|new|temporary).*?, (\d+) bytes(, result \d+.*)?/#
    guard let match = try pattern.wholeMatch(in: line), let byteCount = Int(match.2) else {
      throw PictureError("this is not a buffer of a plan: \(line)")
    }
    return Buffer(
      isArgument: match.1 == "argument", byteCount: byteCount, holdsResult: match.3 != nil)
  }

  /// "  12.3 %  2000 x 14.2 us  5.1 GB/s  100.0 GFLOP/s  matmul 64x1000x100 c = a b"
  private static func time(_ line: String) throws -> Time {
    let pattern = #/ +[\d.]+ % +\d+ x ([\d.]+) us +[\d.]+ GB/s +[\d.]+ GFLOP/s +(.*)/#
    guard let match = try pattern.wholeMatch(in: line), let time = Double(match.1) else {
      throw PictureError("this is not a line of a profile: \(line)")
    }
    return Time(kernel: String(match.2), microseconds: time)
  }

  /// "  %5 = matmul(%0, %1) float32 [64x100], a result"
  private static func value(_ line: String) throws -> Value {
    let pattern = #/  %\d+ = (\w+)(?:\(([^)]*)\))? (\w+) \[([\dx]*)\](, a result)?/#
    guard let match = try pattern.wholeMatch(in: line) else {
      throw PictureError("this is not a line of a graph: \(line)")
    }
    return Value(
      word: String(match.1),
      operands: (match.2 ?? "").split(separator: ", ").compactMap { Int($0.dropFirst()) },
      dtype: String(match.3), shape: match.4.split(separator: "x").compactMap { Int($0) },
      isResult: match.5 != nil)
  }
}

/// What keeps a picture from being drawn.
struct PictureError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
