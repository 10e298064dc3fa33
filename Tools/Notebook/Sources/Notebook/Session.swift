@_spi(Loading) import BlitzTensor
import Synchronization

/// What cells and the host know of each other. The host fills in the hooks before the first
/// cell runs.
public enum CellSession {
  /// Set while somebody wants the running cell to stop.
  public static let isInterrupted = Atomic<Bool>(false)

  /// The work of a cell that has been loaded and not yet run.
  public typealias Work = @Sendable () async throws -> Void

  private static let state = Mutex<(work: Work?, send: (@Sendable ([[UInt8]]) -> Void)?)>(
    (nil, nil))

  /// Where messages for the kernel go: fields of bytes, the first of which names the message.
  public static func connect(_ send: @escaping @Sendable ([[UInt8]]) -> Void) {
    state.withLock { $0.send = send }
  }

  /// Takes the work that the last loaded cell left.
  public static func takeWork() -> Work? {
    state.withLock { state in
      defer { state.work = nil }
      return state.work
    }
  }

  static func leave(_ work: @escaping Work) { state.withLock { $0.work = work } }

  static func send(_ fields: [[UInt8]]) {
    let send = state.withLock { $0.send }
    send?(fields)
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

/// Makes a global compute its value now, where it stands in the cell.
@inline(never) public func __cellTouch<Value: ~Copyable>(_ value: borrowing Value) {}

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
  public var value: Value { made ?? neverMade() }
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
  public var value: Value { made ?? neverMade() }
}

/// The value of a name that was declared without one.
public final class __LaterValue<Value>: @unchecked Sendable {
  // Unchecked: as safe as the variable that it stands for.
  private var given: Value?

  /// Nothing yet.
  public init() {}
  /// The value, once given.
  public var value: Value {
    get { given ?? neverGiven() }
    set { given = newValue }
  }
}

private func neverGiven<Value>() -> Value {
  fatalError("this name has no value yet: it was declared without one, and none was assigned")
}

private func neverMade<Value>() -> Value {
  fatalError("this name has no value: its cell failed before it was reached; run that cell again")
}
