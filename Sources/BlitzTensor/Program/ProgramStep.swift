/// A graph compiled for an accelerator, ready to run.
final class ProgramStep: Sendable {
  let program: Program
  private let loaded: any LoadedProgram
  private let backend: any ProgramBackend
  private let device: Device
  private let packs: [LoweredGraph.ScalarPack]
  private let resultPlaces: [Int]
  /// How many times a run repeats the graph; nil if it is just run.
  private let steps: Int?
  private let scalarCount: Int
  /// The scalars of the last run, for each pack: most are the same in every run.
  private let packed: Lock<[Packed?]>

  private struct Packed {
    var bytes: [UInt8]
    var array: DeviceArray
  }

  /// Compiles a graph.
  ///
  /// - Parameter repetition: how the graph is run many times as one program, if it is.
  init(
    _ graph: PlanGraph, repeating repetition: Repetition? = nil, _ backend: any ProgramBackend,
    _ device: Device
  ) throws(TensorError) {
    let lowered: LoweredGraph
    if let repetition {
      lowered = try graph.lowered(repeating: repetition)
    } else {
      lowered = try graph.lowered()
    }
    steps = repetition?.steps
    scalarCount = graph.scalarCount
    program = lowered.program
    packs = lowered.scalarPacks
    resultPlaces = lowered.resultPlaces
    packed = Lock([Packed?](repeating: nil, count: lowered.scalarPacks.count))
    self.backend = backend
    self.device = device
    loaded = try CompileLog.compiling(program, for: device) { () throws(TensorError) in
      try backend.compile(lowered.program, for: device)
    }
  }

  /// Starts a run.
  ///
  /// - Parameter scalars: those of the graph, or those of each step one behind the other.
  /// - Returns: the graph's results; of a repetition, what it carries and what it stacks.
  func run(
    _ arguments: [Numbers], _ scalars: [Scalar], keeping kept: [Int]
  ) throws(TensorError) -> [Numbers] {
    var arrays: [DeviceArray] = []
    arrays.reserveCapacity(arguments.count + packs.count)
    for argument in arguments {
      guard case .array(let array) = argument else {
        throw TensorError("evaluate", "numbers in memory are given to a program of \(device)")
      }
      arrays.append(array)
    }
    for place in packs.indices { arrays.append(try pack(place, scalars)) }
    let results = try loaded.run(arrays, keeping: kept)
    return resultPlaces.map { .array(results[$0]) }
  }

  /// The scalars of one dtype on the device.
  private func pack(_ place: Int, _ scalars: [Scalar]) throws(TensorError) -> DeviceArray {
    let pack = packs[place]
    let size = pack.dtype.byteCount
    let byteCount = (steps ?? 1) * pack.scalars.count * size
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, count in
      for step in 0..<(steps ?? 1) {
        for scalar in pack.scalars {
          let value = scalars[step * scalarCount + scalar]
          value.write(to: bytes.baseAddress! + count, as: pack.dtype)
          count += size
        }
      }
    }
    let known = packed.withLock { $0[place] }
    if let known, known.bytes == bytes { return known.array }
    let uploaded: Result<DeviceArray, TensorError> = bytes.withUnsafeBytes { buffer in
      do throws(TensorError) {
        return .success(
          try backend.upload(
            buffer, shape: Shape((steps.map { [$0] } ?? []) + [pack.scalars.count]),
            dtype: pack.dtype, to: device, sharding: .replicated))
      } catch {
        return .failure(error)
      }
    }
    let array = try uploaded.get()
    packed.withLock { $0[place] = Packed(bytes: bytes, array: array) }
    return array
  }
}

/// What is said of compilations: accelerators take long over them, so each is counted, and printed
/// if `BLITZ_LOG` holds `compile` (or `program`, for the text).
enum CompileLog {
  private static let count = Lock(0)

  static func compiling<Answer>(
    _ program: Program, for device: Device, _ compile: () throws(TensorError) -> Answer
  ) throws(TensorError) -> Answer {
    let number = count.withLock { count in
      count += 1
      return count
    }
    if Environment.logsPrograms { Environment.log(program.text) }
    let start = ContinuousClock.now
    let answer = try compile()
    if Environment.logsCompilations {
      let shapes = program.arguments.map { "\($0.dtype)\($0.shape)" }.joined(separator: ", ")
      let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
      Environment.log(
        "compile \(number) for \(device), \(Int(milliseconds.rounded())) ms: (\(shapes))")
    }
    return answer
  }
}
