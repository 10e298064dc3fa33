import BlitzSystem

/// A TCP connection, or a port that waits for some. Calls wait, until a deadline if there is one.
///
/// The descriptor does not change, and the system lets several threads use it.
final class Socket: Sendable {
  let descriptor: Int32

  /// Takes over a descriptor: calls on it come back at once, and children do not inherit it.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }

  /// Connects, and tries again until the timeout while nobody listens there yet.
  static func connect(to endpoint: Endpoint, timeout: Duration) throws(ProcessError) -> Socket {
    let deadline = ContinuousClock.now + timeout
    while true {
      do throws(ProcessError) {
        return try attempt(endpoint, deadline)
      } catch {
        guard ContinuousClock.now + .milliseconds(100) < deadline else { throw error }
        usleep(100_000)
      }
    }
  }

  private static func attempt(
    _ endpoint: Endpoint, _ deadline: ContinuousClock.Instant
  ) throws(ProcessError) -> Socket {
    try open(endpoint, isPassive: false) { socket, address throws(ProcessError) in
      let status = connectSocket(
        socket.descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen)
      if status != 0 {
        guard errno == EINPROGRESS else { throw unreachable(endpoint, errno) }
        guard try socket.wait(for: Int16(POLLOUT), until: deadline) else {
          throw unreachable(endpoint, ETIMEDOUT)
        }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(socket.descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        guard code == 0 else { throw unreachable(endpoint, code) }
      }
    }
  }

  /// Waits for connections at one address of this machine and no other.
  static func listen(at endpoint: Endpoint) throws(ProcessError) -> Socket {
    try open(endpoint, isPassive: true) { socket, address throws(ProcessError) in
      guard bind(socket.descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0,
        listenAtSocket(socket.descriptor, 64) == 0
      else { throw unreachable(endpoint, errno) }
    }
  }

  private static func open(
    _ endpoint: Endpoint, isPassive: Bool,
    _ use: (Socket, UnsafeMutablePointer<addrinfo>) throws(ProcessError) -> Void
  ) throws(ProcessError) -> Socket {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV | (isPassive ? AI_PASSIVE : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(endpoint.host, "\(endpoint.port)", &hints, &list)
    guard status == 0, let first = list else {
      throw ProcessError(
        .unreachable, "\(endpoint): \(String(cString: gai_strerror(status)))")
    }
    defer { freeaddrinfo(first) }
    var failure = unreachable(endpoint, EADDRNOTAVAIL)
    var next: UnsafeMutablePointer<addrinfo>? = first
    while let address = next {
      next = address.pointee.ai_next
      let descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype, 0)
      guard descriptor >= 0 else { continue }
      let socket = Socket(descriptor)
      socket.sendAtOnce()
      do throws(ProcessError) {
        try use(socket, address)
        return socket
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private static func unreachable(_ endpoint: Endpoint, _ code: Int32) -> ProcessError {
    ProcessError(.unreachable, "\(endpoint): \(String(cString: strerror(code)))")
  }

  /// The next connection.
  func accept(until deadline: ContinuousClock.Instant) throws(ProcessError) -> Socket {
    while try wait(for: Int16(POLLIN), until: deadline) {
      let descriptor = acceptSocket(descriptor, nil, nil)
      guard descriptor >= 0 else { continue }
      let socket = Socket(descriptor)
      socket.sendAtOnce()
      return socket
    }
    throw ProcessError(.timedOut, "nobody has connected in time")
  }

  /// The address and port at this end, as numbers.
  var localEndpoint: Endpoint? {
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        guard getsockname(descriptor, pointer, &size) == 0 else { return Int32(-1) }
        return getnameinfo(
          pointer, size, &host, socklen_t(host.count), &port, socklen_t(port.count),
          NI_NUMERICHOST | NI_NUMERICSERV)
      }
    }
    guard status == 0 else { return nil }
    func text(_ characters: [CChar]) -> String {
      String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    guard let number = UInt16(text(port)) else { return nil }
    return Endpoint(host: text(host), port: number)
  }

  /// Small messages are not held back for larger ones.
  private func sendAtOnce() {
    var on: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Ends the connection: whoever waits for it goes on.
  func shut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  // MARK: Bytes

  /// Waits until something can be done.
  ///
  /// - Returns: false at the deadline.
  func wait(
    for events: Int16, until deadline: ContinuousClock.Instant?
  ) throws(ProcessError) -> Bool {
    while true {
      var entry = pollfd(fd: descriptor, events: events, revents: 0)
      var milliseconds: Int32 = -1
      if let deadline {
        let left = (deadline - ContinuousClock.now) / .milliseconds(1)
        milliseconds = Int32(max(0, min(left.rounded(.up), 1e9)))
      }
      let count = poll(&entry, 1, milliseconds)
      if count > 0 { return true }
      if count == 0 { return false }
      guard errno == EINTR else { throw broken(errno) }
    }
  }

  /// Sends what the connection takes now.
  ///
  /// - Returns: how many bytes it took; 0 if it takes none now.
  func sendSome(_ bytes: UnsafeRawBufferPointer) throws(ProcessError) -> Int {
    let count = sendBytes(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    if count >= 0 { return count }
    guard errno == EAGAIN || errno == EINTR else { throw broken(errno) }
    return 0
  }

  /// Receives what has come.
  ///
  /// - Returns: how many bytes; 0 if there are none now.
  func receiveSome(_ bytes: UnsafeMutableRawBufferPointer) throws(ProcessError) -> Int {
    let count = recv(descriptor, bytes.baseAddress, bytes.count, 0)
    if count > 0 { return count }
    if count == 0 { throw ProcessError(.lost, "the connection was closed at the other end") }
    guard errno == EAGAIN || errno == EINTR else { throw broken(errno) }
    return 0
  }

  private func broken(_ code: Int32) -> ProcessError {
    ProcessError(.lost, "the connection broke: \(String(cString: strerror(code)))")
  }

  // MARK: Messages

  /// Sends a message whole.
  func send(_ message: Message, until deadline: ContinuousClock.Instant?) throws(ProcessError) {
    let frame = message.frame
    var sent = 0
    while sent < frame.count {
      guard try wait(for: Int16(POLLOUT), until: deadline) else {
        throw ProcessError(.timedOut, "the other end has not taken a message in time")
      }
      do {
        sent += try frame.withUnsafeBytes { try sendSome(.init(rebasing: $0[sent...])) }
      } catch {
        throw error as? ProcessError ?? broken(EIO)
      }
    }
  }

  /// Receives a message whole.
  func receive(
    limit: Int = Message.frameLimit, until deadline: ContinuousClock.Instant?
  ) throws(ProcessError) -> Message {
    let head = try receive(count: 4, until: deadline)
    let count = head.reduce(0) { $0 << 8 | Int($1) }
    guard count <= limit else {
      throw ProcessError(.malformed, "a message of \(count) bytes came; \(limit) are allowed")
    }
    return try Message(receive(count: count, until: deadline))
  }

  private func receive(
    count: Int, until deadline: ContinuousClock.Instant?
  ) throws(ProcessError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      guard try wait(for: Int16(POLLIN), until: deadline) else {
        throw ProcessError(.timedOut, "no answer came in time")
      }
      do {
        received += try bytes.withUnsafeMutableBytes {
          try receiveSome(.init(rebasing: $0[received...]))
        }
      } catch {
        throw error as? ProcessError ?? broken(EIO)
      }
    }
    return bytes
  }
}

// The system's functions, which the methods of the same names would otherwise hide.
private let connectSocket = connect
private let acceptSocket = accept
private let listenAtSocket = listen
private let sendBytes = send
