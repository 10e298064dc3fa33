@_spi(Loading) import BlitzTensor
import Synchronization

/// What cells and the host know of each other. The host fills in the hooks before the first
/// cell runs.
public enum CellSession {
  /// Set while somebody wants the running cell to stop.
  public static let isInterrupted = Atomic<Bool>(false)

  /// The cell that a task was started by; 0 in tasks that no cell started.
  @TaskLocal public static var cell = 0

  /// How many of its steps the running cell has done.
  fileprivate static let steps = Atomic<Int>(0)

  private static let running = Atomic<Int>(0)
  private static let ended = Mutex<Set<Int>>([])

  /// A cell begins.
  public static func begin(_ cell: Int) {
    isInterrupted.store(false, ordering: .relaxed)
    steps.store(0, ordering: .relaxed)
    running.store(cell, ordering: .relaxed)
    warned.withLock { $0 = [] }
  }

  /// The running cell ends before its end: nothing of it begins any more.
  ///
  /// - Returns: how many of its steps it has done.
  public static func end() -> String {
    _ = ended.withLock { $0.insert(running.load(ordering: .relaxed)) }
    return String(steps.load(ordering: .relaxed))
  }

  private static let warned = Mutex<Set<String>>([])

  /// Says on standard error that a value carries an error, once in a cell for each error.
  static func warn(_ error: TensorError, of name: String) {
    guard warned.withLock({ $0.insert("\(error)").inserted }) else { return }
    let text =
      "\(name) carries an error, thrown where its numbers are asked for:\n\(error)\n"
    send([Array("output".utf8), Array("stderr".utf8), Array(text.utf8)])
  }

  fileprivate static func hasEnded(_ cell: Int) -> Bool { ended.withLock { $0.contains(cell) } }

  /// The work of a cell that has been loaded and not yet run.
  public typealias Work = @Sendable () async throws -> Void

  private static let state = Mutex<(work: Work?, hooks: Hooks?)>((nil, nil))

  /// What the host does for cells.
  public struct Hooks: Sendable {
    /// Sends a message to the kernel: fields of bytes, the first of which names the message.
    let send: @Sendable ([[UInt8]]) -> Void
    /// The cell whose work the calling thread does.
    let cellAtWork: @Sendable () -> Int

    /// Both hooks.
    public init(
      send: @escaping @Sendable ([[UInt8]]) -> Void, cellAtWork: @escaping @Sendable () -> Int
    ) {
      self.send = send
      self.cellAtWork = cellAtWork
    }
  }

  /// Sets the hooks.
  public static func connect(_ hooks: Hooks) { state.withLock { $0.hooks = hooks } }

  static var cellAtWork: Int { state.withLock { $0.hooks }?.cellAtWork() ?? 0 }

  /// Takes the work that the last loaded cell left.
  public static func takeWork() -> Work? {
    state.withLock { state in
      defer { state.work = nil }
      return state.work
    }
  }

  static func leave(_ work: @escaping Work) { state.withLock { $0.work = work } }

  static func send(_ fields: [[UInt8]]) {
    state.withLock { $0.hooks }?.send(fields)
  }
}

/// Why a loop ends that was interrupted.
public struct CellInterrupted: Error, CustomStringConvertible {
  /// One line for the reader.
  public var description: String { "interrupted" }
}

// The names below are for the code that the kernel writes into cells.

/// Leaves a cell's work for the host.
public func __cellWork(_ work: @escaping @Sendable () async throws -> Void) {
  LoadedCode.changed()
  CellSession.leave(work)
}

/// Stops a loop that somebody has interrupted.
public func __cellPoll() throws {
  if CellSession.isInterrupted.load(ordering: .relaxed) { throw CellInterrupted() }
}

/// Notes that so many steps of the cell are done.
public func __cellDone(_ steps: Int) throws {
  CellSession.steps.store(steps, ordering: .relaxed)
  try __cellPoll()
}

/// A global's initial value, which is computed when the global is first used: in its turn, or
/// before by a function that needs it, but not once its cell has ended.
@inline(never) public func __cellInitial<Value: ~Copyable>(
  _ cell: Int, _ make: () -> Value
) -> Value {
  if CellSession.hasEnded(cell) { neverMade() }
  return make()
}

/// Makes a global compute its value now, where it stands in the cell, and tells of an error that a
/// tensor in it carries.
@inline(never) public func __cellTouch<Value>(_ value: Value, _ name: String) {
  guard let error = carriedError(value) else { return }
  CellSession.warn(error, of: name)
}

/// A value that cannot be copied is no tensor.
@_disfavoredOverload
@inline(never)
public func __cellTouch<Value: ~Copyable>(_ value: borrowing Value, _ name: String) {}

/// A global's initial value that can fail: computed in its turn, read through the global.
public final class __ThrowingValue<Value>: @unchecked Sendable {
  // Unchecked: `run` is called once, by the cell that the value belongs to, before any use.
  private let make: () throws -> Value
  private var made: Value?

  /// Keeps what makes the value.
  public init(_ make: @escaping () throws -> Value) { self.make = make }
  /// Makes the value.
  public func run() throws { made = try make() }
  /// The value, once made.
  public var value: Value {
    guard let made else { neverMade() }
    return made
  }
}

/// As `__ThrowingValue`, for a value that is awaited.
public final class __AwaitedValue<Value>: @unchecked Sendable {
  // Unchecked: as for `__ThrowingValue`.
  private let make: () async throws -> Value
  private var made: Value?

  /// Keeps what makes the value.
  public init(_ make: @escaping () async throws -> Value) { self.make = make }
  /// Makes the value.
  public func run() async throws { made = try await make() }
  /// The value, once made.
  public var value: Value {
    guard let made else { neverMade() }
    return made
  }
}

/// The value of a name that was declared without one.
public final class __LaterValue<Value>: @unchecked Sendable {
  // Unchecked: as safe as the variable that it stands for.
  private var given: Value?

  /// Nothing yet.
  public init() {}
  /// The value, once given.
  public var value: Value {
    get {
      guard let given else { neverGiven() }
      return given
    }
    set { given = newValue }
  }
}

private func neverGiven() -> Never {
  fatalError("this name has no value yet: it was declared without one, and none was assigned")
}

private func neverMade() -> Never {
  fatalError("this name has no value: its cell ended before it was reached; run that cell again")
}
