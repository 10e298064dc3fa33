import Synchronization

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
  /// The scalars of the last run on the device: mostly those of the next one too.
  private let packed = Lock(Packed())
  /// Whether a run has gone well, so that the memory is known to be large enough.
  private let hasRun = Atomic(false)

  private struct Packed {
    var scalars: [Scalar] = []
    var arrays: [DeviceArray] = []
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
    if !packs.isEmpty {
      let last = packed.withLock { $0 }
      if last.arrays.count == packs.count, last.scalars == scalars {
        arrays += last.arrays
      } else {
        var uploaded: [DeviceArray] = []
        for pack in packs { uploaded.append(try upload(pack, scalars)) }
        let new = Packed(scalars: scalars, arrays: uploaded)
        packed.withLock { $0 = new }
        arrays += uploaded
      }
    }
    let results =
      hasRun.load(ordering: .relaxed)
      ? try loaded.run(arrays, keeping: kept) : try firstRun(arrays, keeping: kept)
    return resultPlaces.map { .array(results[$0]) }
  }

  /// Runs it for the first time, when a batch may turn out to be too large for the memory: what it
  /// would overwrite is kept until all is computed, so that after an error training goes on with a
  /// smaller one. Not where the arguments fill much of the memory: copies of them may not fit.
  private func firstRun(
    _ arguments: [DeviceArray], keeping kept: [Int]
  ) throws(TensorError) -> [DeviceArray] {
    let byteCount = arguments.reduce(0) { $0 + $1.shape.elementCount * $1.dtype.byteCount }
    let hasRoom = loaded.memoryLimit.map { byteCount <= $0 / 8 } ?? true
    let results = try loaded.run(arguments, keeping: hasRoom ? Array(arguments.indices) : kept)
    for result in results { try result.wait() }
    hasRun.store(true, ordering: .relaxed)
    return results
  }

  /// Starts moving the scalars of one dtype to the device.
  private func upload(
    _ pack: LoweredGraph.ScalarPack, _ scalars: [Scalar]
  ) throws(TensorError) -> DeviceArray {
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
    return try uploaded.get()
  }
}

/// What is said of compilations: accelerators take long over them, so each is counted, and printed
/// if `BLITZ_LOG` holds `compile` (or `program`, for the text).
enum CompileLog {
  private static let count = Lock(0)

  static func compiling(
    _ program: Program, for device: Device,
    _ compile: () throws(TensorError) -> any LoadedProgram
  ) throws(TensorError) -> any LoadedProgram {
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
        "compile \(number) for \(device), \(Int(milliseconds.rounded())) ms"
          + "\(answer.wasKept ? ", kept from an earlier run" : ""): (\(shapes))")
    }
    return answer
  }
}
