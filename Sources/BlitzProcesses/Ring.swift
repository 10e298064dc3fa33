import BlitzSystem
import Synchronization

/// Adds up numbers over the processes of a job, over TCP connections from each process to the next.
///
/// Each array is cut into as many pieces as there are processes. In n - 1 rounds every process
/// sends a piece on and adds the one that it receives; then each process holds the sum of one
/// piece, and n - 1 more rounds pass the sums on. A process sends `2 (n - 1) / n` times the array,
/// and all get the same bits.
///
/// The connections carry the job's token but are not encrypted, as those of MPI and NCCL are not:
/// use them in trusted networks only.
///
/// - Source: P. Patarasuk, X. Yuan, "Bandwidth optimal all-reduce algorithms for clusters of
///   workstations", 2009.
public final class Ring: Sendable {
  /// The index of this process, from 0.
  public let process: Int
  /// The number of processes.
  public let processCount: Int
  private let rendezvous: Rendezvous
  private let next: Socket
  private let previous: Socket
  /// What has been sent; locked while a sum is under way, since the connections carry one at a
  /// time.
  private let traffic = Mutex(ExchangeTraffic(bytes: 0))

  /// Connects all processes of a job; each of them has to make this call.
  ///
  /// - Parameters:
  ///   - rendezvous: the rendezvous of a job of two processes or more.
  ///   - timeout: the time to wait for the others.
  /// - Throws: `ProcessError` if one of them does not come.
  public init(_ rendezvous: Rendezvous, timeout: Duration = .seconds(60)) throws(ProcessError) {
    let place = rendezvous.place
    (process, processCount) = (place.process, place.processCount)
    self.rendezvous = rendezvous
    let deadline = ContinuousClock.now + timeout
    let port = try Socket.listen(at: Endpoint(host: rendezvous.localHost, port: 0))
    guard let here = port.localEndpoint else {
      throw ProcessError(.unreachable, "the system gives no port to listen at")
    }
    try rendezvous.put("ring/\(process)", Array("\(here)".utf8))
    let following = (process + 1) % processCount
    let address = try rendezvous.get("ring/\(following)", timeout: timeout)
    next = try Socket.connect(
      to: Endpoint(String(decoding: address, as: UTF8.self)), timeout: timeout)
    try next.send(
      .hello(
        version: Message.version, role: .requests, process: process, processCount: processCount,
        token: place.token), until: deadline)
    previous = try Ring.previous(at: port, place, deadline)
  }

  /// The connection of the process before; those of strangers are closed.
  private static func previous(
    at port: Socket, _ place: JobPlace, _ deadline: ContinuousClock.Instant
  ) throws(ProcessError) -> Socket {
    let count = place.processCount
    let expected = Message.hello(
      version: Message.version, role: .requests, process: (place.process + count - 1) % count,
      processCount: count, token: place.token)
    while true {
      let socket = try port.accept(until: deadline)
      let hello = try? socket.receive(
        limit: Message.helloLimit, until: min(deadline, .now + .seconds(5)))
      if hello == expected { return socket }
    }
  }

  /// The cost of the sums so far.
  public var total: ExchangeTraffic { traffic.withLock { $0 } }

  /// Replaces each number by its sum over all processes, all of which call this with as many
  /// numbers.
  ///
  /// - Throws: `ProcessError` if a process is lost; the numbers are then undefined.
  public func sum(_ numbers: UnsafeMutableBufferPointer<Float>) throws(ProcessError) {
    try traffic.withLock { traffic throws(ProcessError) in
      let start = ContinuousClock.now
      let count = processCount
      func piece(_ number: Int) -> UnsafeMutableBufferPointer<Float> {
        let place = (number % count + count) % count
        return .init(
          rebasing: numbers[
            place * numbers.count / count..<(place + 1) * numbers.count / count])
      }
      var arrived = [Float](repeating: 0, count: (numbers.count + count - 1) / count)
      for round in 0..<count - 1 {
        let (sent, added) = (piece(process - round), piece(process - round - 1))
        try arrived.withUnsafeMutableBufferPointer { (room) throws(ProcessError) in
          try pass(
            UnsafeRawBufferPointer(sent),
            UnsafeMutableRawBufferPointer(.init(rebasing: room[0..<added.count])))
        }
        for place in added.indices { added[place] += arrived[place] }
        traffic.bytes! += sent.count * 4
      }
      for round in 0..<count - 1 {
        let (sent, taken) = (piece(process + 1 - round), piece(process - round))
        try pass(UnsafeRawBufferPointer(sent), UnsafeMutableRawBufferPointer(taken))
        traffic.bytes! += sent.count * 4
      }
      traffic.add(numbers.count, since: start)
    }
  }

  /// Sends to the next process and receives from the one before, both at once: with large pieces
  /// neither ends before the other begins.
  private func pass(
    _ sent: UnsafeRawBufferPointer, _ received: UnsafeMutableRawBufferPointer
  ) throws(ProcessError) {
    var (gone, come) = (0, 0)
    while gone < sent.count || come < received.count {
      var entries = [
        pollfd(
          fd: gone < sent.count ? next.descriptor : -1, events: Int16(POLLOUT), revents: 0),
        pollfd(
          fd: come < received.count ? previous.descriptor : -1, events: Int16(POLLIN), revents: 0),
      ]
      // How long another takes for its step is its own affair, but not whether it lives.
      poll(&entries, 2, 500)
      if let loss = rendezvous.loss { throw ProcessError(.lost, loss) }
      do throws(ProcessError) {
        if entries[0].revents != 0 { gone += try next.sendSome(.init(rebasing: sent[gone...])) }
        if entries[1].revents != 0 {
          come += try previous.receiveSome(.init(rebasing: received[come...]))
        }
      } catch {
        throw lost(entries[0].revents & Int16(POLLERR | POLLHUP) != 0, error)
      }
    }
  }

  /// Waits a moment for the rendezvous to say which process died: the connection breaks first.
  private func lost(_ isNext: Bool, _ error: ProcessError) -> ProcessError {
    for _ in 0..<20 {
      if let loss = rendezvous.loss { return ProcessError(.lost, loss) }
      usleep(50_000)
    }
    let other = (process + (isNext ? 1 : processCount - 1)) % processCount
    return ProcessError(.lost, "process \(other) is gone: \(error)")
  }
}
