import BlitzData
import BlitzPlot
import BlitzSystem

/// Watches the processes of a job: passes on what they print, and ends all when one fails.
struct Launcher {
  /// A process and the beginnings of its lines.
  private struct Member {
    let child: ChildProcess
    let name: String
    var end: ChildProcess.End?
    var isOpen = [true, true]
    var unfinished: [[UInt8]] = [[], []]
  }

  private var members: [Member]
  private let clock = ContinuousClock()
  /// The first process that failed, and when.
  private var failure: (member: Int, time: ContinuousClock.Instant)?
  private var signalsSent = 0

  /// How long the others may take to end by themselves after one has failed, which writes more
  /// about it than a signal would. After twice as long they are killed: with the silence after
  /// which a process counts as lost, all have ended within 30 seconds.
  static let patience = Duration.seconds(3)

  init(_ children: [ChildProcess]) {
    members = children.enumerated().map { Member(child: $1, name: "[\($0)] ") }
  }

  /// Waits for all.
  ///
  /// - Parameter interruptions: how often the user has asked to stop.
  /// - Returns: 0, or how the first process that failed ended, as shells count.
  mutating func run(interruptions: () -> Int32) -> Int32 {
    while members.contains(where: { $0.end == nil || $0.isOpen.contains(true) }) {
      readOutput()
      collect()
      pass(interruptions())
      endOthers()
    }
    guard let failure, let end = members[failure.member].end else { return 0 }
    let how =
      switch end {
      case .code(let code): "ended with exit code \(code)"
      case .signal(let signal):
        "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
      }
    // Ctrl-C is no failure to explain.
    if interruptions() == 0 {
      let others = members.count == 1 ? "" : "; the others were ended"
      writeError("blitz: process \(failure.member) of \(members.count) \(how)\(others)\n")
    }
    return end.status
  }

  private mutating func readOutput() {
    var entries: [pollfd] = []
    var places: [(member: Int, stream: Int)] = []
    for (index, member) in members.enumerated() {
      for stream in 0...1 where member.isOpen[stream] {
        let file = stream == 0 ? member.child.output : member.child.error
        entries.append(pollfd(fd: file, events: Int16(POLLIN), revents: 0))
        places.append((index, stream))
      }
    }
    guard poll(&entries, nfds_t(entries.count), 50) > 0 else { return }
    var bytes = [UInt8](repeating: 0, count: 65536)
    for (entry, place) in zip(entries, places) where entry.revents != 0 {
      let count = read(entry.fd, &bytes, bytes.count)
      if count > 0 {
        write(bytes[..<count], place.member, place.stream)
      } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
        if !members[place.member].unfinished[place.stream].isEmpty {
          write([UInt8(ascii: "\n")], place.member, place.stream)
        }
        members[place.member].isOpen[place.stream] = false
      }
    }
  }

  /// Writes whole lines, with the process's number before each.
  private mutating func write(_ bytes: ArraySlice<UInt8>, _ index: Int, _ stream: Int) {
    var text = members[index].unfinished[stream] + bytes
    let newline = UInt8(ascii: "\n")
    let end = text.lastIndex(of: newline).map { $0 + 1 } ?? 0
    members[index].unfinished[stream] = Array(text[end...])
    text.removeSubrange(end...)
    let name = Array(members[index].name.utf8)
    var output: [UInt8] = []
    for line in text.split(separator: newline, omittingEmptySubsequences: false).dropLast() {
      output += name + line + [newline]
    }
    var written = 0
    while written < output.count {
      let count = output.withUnsafeBytes {
        writeBytes(
          stream == 0 ? STDOUT_FILENO : STDERR_FILENO, $0.baseAddress! + written, $0.count - written
        )
      }
      if count < 0, errno != EINTR { return }
      written += max(count, 0)
    }
  }

  private mutating func collect() {
    var failed: [Int] = []
    for index in members.indices where members[index].end == nil {
      guard let end = members[index].child.end() else { continue }
      members[index].end = end
      if end != .code(0) { failed.append(index) }
    }
    guard failure == nil, let first = failed.first else { return }
    // Of those that ended together, one that a signal ended has taken the others with it.
    let cause = failed.first { if case .signal = members[$0].end { true } else { false } }
    failure = (cause ?? first, clock.now)
  }

  /// Passes Ctrl-C on: the first as a request, the second as an order.
  private mutating func pass(_ count: Int32) {
    guard count > signalsSent else { return }
    signalsSent = Int(count)
    for member in members where member.end == nil {
      member.child.send(count == 1 ? SIGINT : SIGKILL)
    }
  }

  private mutating func endOthers() {
    guard let failure else { return }
    let waited = clock.now - failure.time
    for member in members where member.end == nil {
      if waited > Launcher.patience * 2 {
        member.child.send(SIGKILL)
      } else if waited > Launcher.patience {
        member.child.send(SIGTERM)
      }
    }
    // A grandchild may keep a pipe open after all are gone.
    if waited > Launcher.patience * 3 {
      for index in members.indices { members[index].isOpen = [false, false] }
    }
  }
}

/// The system's `write`, which the method would otherwise hide.
private let writeBytes = write
