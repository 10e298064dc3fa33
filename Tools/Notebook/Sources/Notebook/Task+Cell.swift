// Tasks know their cell by a task-local value, which detached ones do not inherit. The compiler
// takes these for the standard library's, as it does with whatever a module declares of the same
// type.

extension Task where Failure == Never {
  /// Runs an operation as a new task of no other task's, whose output is shown below this cell.
  @discardableResult
  public static func detached(
    name: String? = nil, priority: TaskPriority? = nil,
    operation: sending @escaping @isolated(any) () async -> Success
  ) -> Task<Success, Never> {
    let cell = CellSession.cellAtWork
    return detached(name: name, executorPreference: nil, priority: priority) {
      await CellSession.$cell.withValue(cell) { await operation() }
    }
  }
}

extension Task where Failure == any Error {
  /// Runs an operation as a new task of no other task's, whose output is shown below this cell.
  @discardableResult
  public static func detached(
    name: String? = nil, priority: TaskPriority? = nil,
    operation: sending @escaping @isolated(any) () async throws -> Success
  ) -> Task<Success, any Error> {
    let cell = CellSession.cellAtWork
    return detached(name: name, executorPreference: nil, priority: priority) {
      try await CellSession.$cell.withValue(cell) { try await operation() }
    }
  }
}
