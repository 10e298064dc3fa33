import Foundation

/// The process that cells run in, seen from the kernel.
final class HostProcess {
  private let child: Child
  let output: Int32
  let errors: Int32
  let events: Int32
  private let commands: Int32
  private let input: Int32
  private var received: [UInt8] = []
  /// Libraries that cells asked for and the host has been told of.
  private var libraries: Set<String> = []

  init(_ toolchain: Toolchain) throws {
    let (output, errors) = (try Pipe(), try Pipe())
    let (commands, events, input) = (try Pipe(), try Pipe(), try Pipe())
    let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
    var environment = ProcessInfo.processInfo.environment
    let search = environment["LD_LIBRARY_PATH"].map { ":" + $0 } ?? ""
    environment["LD_LIBRARY_PATH"] = toolchain.libraries + search
    // Without its backtracer the runtime prints raw addresses; our handlers come before both.
    environment["SWIFT_BACKTRACE"] = "enable=yes"
    let theirs = [null, output.write, errors.write, commands.read, events.write, input.read]
    child = try Child.start(
      [toolchain.hostExecutable, toolchain.hostLibrary], environment: environment,
      descriptors: theirs)
    for descriptor in theirs { close(descriptor) }
    (self.output, self.errors) = (output.read, errors.read)
    (self.commands, self.events, self.input) = (commands.write, events.read, input.write)
  }

  deinit {
    child.kill()
    _ = child.wait()
    for descriptor in [output, errors, events, commands, input] { close(descriptor) }
  }

  /// Sends a command of fields.
  func send(_ fields: [String]) {
    var body: [UInt8] = []
    for field in fields { body += HostProcess.length(field.utf8.count) + Array(field.utf8) }
    let bytes = HostProcess.length(body.count) + body
    _ = bytes.withUnsafeBytes { write(commands, $0.baseAddress, $0.count) }
  }

  /// Runs the library of a cell, after those that it needs.
  func load(_ cell: Int, _ path: String, entry: String, needs: [String]) {
    let new = needs.filter { libraries.insert($0).inserted }
    send(["load", "\(cell)", path, entry] + new)
  }

  /// Answers a cell that asks for a line.
  func type(_ line: String) { put(Array((line + "\n").utf8)) }

  /// Tells a cell that asks for a line that there is none.
  func endInput() { put([4]) }

  /// No more than the pipe holds: nobody may read it any more.
  private func put(_ bytes: [UInt8]) {
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    _ = write(input, bytes, bytes.count)
  }

  func interrupt() { send(["interrupt"]) }

  /// Ends it, however busy it is.
  func kill() { child.kill() }

  private static func length(_ count: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
  }

  /// The events that have arrived; nil once the process is gone and all were read.
  func receive() -> [[[UInt8]]]? {
    guard let bytes = available(events) else { return nil }
    received += bytes
    var messages: [[[UInt8]]] = []
    func number(_ place: Int) -> Int {
      received[place..<(place + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    var place = 0
    while received.count >= place + 4, received.count >= place + 4 + number(place) {
      let end = place + 4 + number(place)
      var fields: [[UInt8]] = []
      var field = place + 4
      while field + 4 <= end {
        let size = number(field)
        fields.append(Array(received[(field + 4)..<(field + 4 + size)]))
        field += 4 + size
      }
      messages.append(fields)
      place = end
    }
    received.removeFirst(place)
    return messages
  }

  /// What ended the process.
  func ending() -> String {
    let code = child.wait()
    if code >= 0 { return "it called exit(\(code))" }
    return "signal \(-code), \(String(cString: strsignal(-code)))"
  }
}

/// Text from a stream of bytes: the start of a character waits for its end.
struct TextStream {
  private var rest: [UInt8] = []
  /// Whether no character has begun and not ended.
  var isAtEnd: Bool { rest.isEmpty }

  mutating func text(_ bytes: [UInt8]) -> String {
    var bytes = rest + bytes
    var tail = 0
    for back in 1...4 where back <= bytes.count {
      let byte = bytes[bytes.count - back]
      if byte & 0xC0 == 0x80 { continue }
      let need = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      if need > back { tail = back }
      break
    }
    rest = Array(bytes.suffix(tail))
    bytes.removeLast(tail)
    return String(decoding: bytes, as: UTF8.self)
  }
}
