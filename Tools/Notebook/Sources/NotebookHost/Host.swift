import CNotebookHost
import Glibc
import Notebook
import Synchronization

/// The process that cells run in. Its main thread reads commands, loads libraries and serves the
/// main queue; cells run on a thread of their own.
///
/// Commands: `load CELL PATH ENTRY LIBRARIES`, `interrupt`. Events: `done`, `failed STEPS TYPE TEXT
/// FRAMES`, `trapped STEPS SIGNAL FRAMES`, `interrupted STEPS FRAMES`, `unloadable TEXT`, and what
/// cells print, show and ask for, which begins `KIND CELL`. STEPS is how many of its steps the cell
/// has done.
@MainActor
final class Host {
  private var executor = CellExecutor()
  private var task: Task<Void, Never>?
  private var interruptedAt: UInt64?
  private let trapPipe: (read: Int32, write: Int32)

  /// How long a cell has to stop at a loop or an `await` of its own, and then until it is stopped
  /// wherever it is; nanoseconds.
  private static let patience: UInt64 = 400_000_000
  private static let morePatience: UInt64 = 3_000_000_000

  init() {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { fatalError("no pipe: \(String(cString: strerror(errno)))") }
    trapPipe = (ends[0], ends[1])
    guard channel_open() == 0 else { fatalError("no streams: \(String(cString: strerror(errno)))") }
    cell_handlers_install(ends[1])
    cell_ask_tasks(cellOfTask)
    CellSession.connect(
      CellSession.Hooks {
        Channel.send([$0[0], Array("\(cell_at_work())".utf8)] + $0.dropFirst())
      } cellAtWork: {
        Int(cell_at_work())
      })
    startThread()
  }

  private func startThread() {
    guard executor.start() else { fatalError("no thread for cells") }
  }

  /// Serves until the kernel closes the pipe.
  func run() {
    let queue = cell_main_queue_descriptor()
    Channel.send("ready")
    while true {
      var waits = [Channel.commands, trapPipe.read, queue].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      _ = poll(&waits, nfds_t(waits.count), interruptedAt != nil ? 10 : -1)
      if waits[2].revents != 0 { cell_main_queue_run() }
      if waits[1].revents != 0 { trapped() }
      if waits[0].revents != 0 {
        guard let command = Channel.receive() else { return }
        obey(command)
      }
      insist()
    }
  }

  private func obey(_ command: [String]) {
    switch command.first {
    case "load" where command.count >= 4:
      // A library that cannot be loaded is missed by name when the cell's own is.
      for name in command[4...] { dlopen("lib\(name).so", RTLD_NOW | RTLD_GLOBAL) }
      load(Int(command[1]) ?? 0, command[2], entry: command[3])
    case "interrupt":
      guard let task, interruptedAt == nil else { return }
      CellSession.isInterrupted.store(true, ordering: .relaxed)
      task.cancel()
      interruptedAt = monotonicNanoseconds()
    default: Channel.send("unloadable", "unknown command \(command)")
    }
  }

  private func load(_ cell: Int, _ path: String, entry: String) {
    guard let library = dlopen(path, RTLD_NOW | RTLD_GLOBAL), let address = dlsym(library, entry)
    else {
      Channel.send("unloadable", String(cString: dlerror()))
      return
    }
    // A library without an entry only brings names.
    cell_code_add(address, Int64(cell))
    channel_forget_input()
    unsafeBitCast(address, to: (@convention(c) () -> Void).self)()
    guard let work = CellSession.takeWork() else {
      Channel.send("done")
      return
    }
    CellSession.begin(cell)
    cell_forget_throw()
    task = Task(executorPreference: executor) {
      var outcome = ["done"]
      do {
        try await CellSession.$cell.withValue(cell) { try await work() }
        // A loop over a stream that was cancelled ends without an error.
        if CellSession.isInterrupted.load(ordering: .relaxed) {
          outcome = ["interrupted", CellSession.end()]
        }
      } catch {
        outcome = Host.report(error)
      }
      let message = outcome
      Task { @MainActor in self.finish(message) }
    }
  }

  private nonisolated static func report(_ error: any Error) -> [String] {
    var frames = [UInt](repeating: 0, count: cell_frame_limit)
    let count = cell_last_throw(&frames)
    let places = places(frames.prefix(Int(count)))
    if error is CellInterrupted || CellSession.isInterrupted.load(ordering: .relaxed) {
      return ["interrupted", CellSession.end()] + places
    }
    // A description is the user's code, and can itself fail: it is asked for on this thread.
    let text = describe(error)
    return ["failed", CellSession.end(), "\(type(of: error))", text] + places
  }

  private nonisolated static func describe(_ error: any Error) -> String {
    error is any CustomStringConvertible ? "\(error)" : String(reflecting: error)
  }

  /// `PATH OFFSET` of each frame.
  private nonisolated static func places(_ frames: some Sequence<UInt>) -> [String] {
    frames.compactMap { frame in
      var offset: UInt = 0
      guard let path = cell_library(frame - 1, &offset) else { return nil }
      return "\(offset) \(String(cString: path))"
    }
  }

  private func finish(_ outcome: [String]) {
    guard task != nil else { return }
    settle()
    Channel.send(outcome.map { Array($0.utf8) })
  }

  private func settle() {
    task = nil
    interruptedAt = nil
    CellSession.isInterrupted.store(false, ordering: .relaxed)
  }

  private func trapped() {
    var trap = cell_trap()
    guard read(trapPipe.read, &trap, MemoryLayout<cell_trap>.size) == MemoryLayout<cell_trap>.size
    else { return }
    let frames = withUnsafeBytes(of: trap.frames) { Array($0.bindMemory(to: UInt.self)) }
    settle()
    executor = CellExecutor()
    startThread()
    let places = Host.places(frames.prefix(Int(trap.frame_count)))
    let steps = CellSession.end()
    let head = trap.signal == 0 ? ["interrupted", steps] : ["trapped", steps, "\(trap.signal)"]
    Channel.send((head + places).map { Array($0.utf8) })
  }

  /// Parks a cell that does not stop when asked.
  private func insist() {
    guard let interruptedAt, task != nil else { return }
    let waited = monotonicNanoseconds() - interruptedAt
    if waited > Host.patience { cell_thread_park(waited > Host.morePatience ? 1 : 0) }
  }
}

// Called on any thread.
private func cellOfTask() -> Int64 { Int64(CellSession.cell) }

private func monotonicNanoseconds() -> UInt64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}

/// What the launcher calls, on the main thread.
@_cdecl("blitz_cell_host_main")
public func blitzCellHostMain() -> Int32 {
  MainActor.assumeIsolated { Host().run() }
  return 0
}
