import BlitzProcesses

extension XLA {
  /// Makes this process one of several whose GPUs work together, and tells it where they meet.
  ///
  ///     let place = try JobPlace(environment: ProcessInfo.processInfo.environment)
  ///     let rendezvous = try Rendezvous(place!) { message in print(message); exit(1) }
  ///     XLA.join(rendezvous)
  public static func join(_ rendezvous: Rendezvous) {
    join(
      process: rendezvous.place.process, of: rendezvous.place.processCount,
      store: RendezvousStore(rendezvous))
  }
}

/// The rendezvous of a job, as plugins ask for it.
struct RendezvousStore: KeyValueStore {
  private let rendezvous: Rendezvous

  init(_ rendezvous: Rendezvous) { self.rendezvous = rendezvous }

  // Plugins and Blitz's own use of the rendezvous do not meet.
  private func name(_ key: String) -> String { "xla/\(key)" }

  func get(_ key: String, timeout: Duration) throws(XLAError) -> [UInt8] {
    do throws(ProcessError) {
      return try rendezvous.get(name(key), timeout: timeout)
    } catch { throw XLAError(error) }
  }

  func tryGet(_ key: String) throws(XLAError) -> [UInt8]? {
    do throws(ProcessError) { return try rendezvous.tryGet(name(key)) } catch {
      throw XLAError(error)
    }
  }

  func put(_ key: String, _ value: [UInt8]) throws(XLAError) {
    do throws(ProcessError) { try rendezvous.put(name(key), value) } catch { throw XLAError(error) }
  }
}

extension XLAError {
  /// A failure of the rendezvous, as plugins know it.
  fileprivate init(_ error: ProcessError) {
    let code: Code =
      switch error.kind {
      case .unreachable, .lost: .unavailable
      case .refused: .permissionDenied
      case .timedOut: .deadlineExceeded
      case .malformed: .invalidArgument
      }
    self.init(code: code, message: error.description)
  }
}
