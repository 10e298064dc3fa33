import BlitzSystem
import Synchronization

/// Lets the rendezvous know every few seconds that this process lives, on a thread of its own, and
/// hears from it when another does not.
final class Heartbeat: Sendable {
  /// Why the job cannot go on, once it cannot.
  let loss = Mutex<String?>(nil)
  private let socket: Socket
  private let interval: Duration
  private let silence: Duration
  private let name: String
  private let hasEnded = Atomic(false)
  private let sending = Mutex(())
  private let onLoss: @Sendable (String) -> Void

  /// - Parameter socket: is connected and has said hello.
  init(
    _ socket: Socket, name: String, interval: Duration, silence: Duration,
    onLoss: @escaping @Sendable (String) -> Void
  ) {
    self.socket = socket
    self.name = name
    self.interval = interval
    self.silence = silence
    self.onLoss = onLoss
  }

  /// Starts the thread.
  func start() {
    Thread { self.run() }?.detach()
  }

  /// Says goodbye: this process has done its part and will not be missed.
  func end() {
    guard !hasEnded.exchange(true, ordering: .relaxed) else { return }
    try? send(.goodbye)
    socket.shut()
  }

  private func send(_ message: Message) throws(ProcessError) {
    try sending.withLock { _ throws(ProcessError) in
      try socket.send(message, until: .now + silence)
    }
  }

  private func run() {
    var heard = ContinuousClock.now
    do {
      while !hasEnded.load(ordering: .relaxed) {
        try send(.heartbeat)
        let next = ContinuousClock.now + interval
        while try socket.wait(for: Int16(POLLIN), until: next) {
          // A stranger cannot send here, and the rendezvous sends whole messages.
          switch try socket.receive(until: .now + silence) {
          case .lost(let text), .refused(let text): return lose(text)
          default: heard = .now
          }
        }
        if ContinuousClock.now - heard > silence {
          return lose("the rendezvous at \(name) has been silent for \(silence)")
        }
      }
    } catch {
      lose("the rendezvous at \(name) is gone: \(error)")
    }
  }

  private func lose(_ text: String) {
    guard !hasEnded.load(ordering: .relaxed) else { return }
    loss.withLock { $0 = $0 ?? text }
    onLoss(text)
  }
}
