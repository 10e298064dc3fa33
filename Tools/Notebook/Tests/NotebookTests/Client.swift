import CZeroMQ
import Foundation
import NotebookKernel

/// A notebook without a screen: starts a kernel as Jupyter does, and speaks its protocol.
final class Client {
  private let process = Process()
  private let context: UnsafeMutableRawPointer = zmq_ctx_new()
  private let shell: Socket
  private let control: Socket
  private let input: Socket
  private let heartbeat: Socket
  private let published: Socket
  private let file: String
  private let key = Array("a key for tests".utf8)

  /// What came of a cell.
  struct Result {
    var status = ""
    var count = 0
    var output = ""
    var errors = ""
    /// The pieces of standard output, as they came.
    var pieces: [String] = []
    /// The last value, by format.
    var value: [String: String] = [:]
    /// The types of the messages with rich output.
    var shown: [String] = []
    var error = ""
    var trace = ""
    /// From sending the cell to the kernel's "idle".
    var duration = Duration.zero
  }

  struct Silence: Error {}

  init() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let ports = try Client.freePorts(5)
    file = "\(folder)/kernel-\(UUID().uuidString).json"
    let names = ["shell_port", "control_port", "stdin_port", "hb_port", "iopub_port"]
    var settings: [String: JSON] = [
      "ip": "127.0.0.1", "transport": "tcp", "signature_scheme": "hmac-sha256",
      "key": .string(String(decoding: key, as: UTF8.self)),
    ]
    for (name, port) in zip(names, ports) { settings[name] = .integer(port) }
    try Data(JSON.object(settings).bytes).write(to: URL(fileURLWithPath: file))
    process.executableURL = URL(fileURLWithPath: Client.kernel)
    process.arguments = [file]
    // Else whoever reads the tests' output would wait for the kernel to end too.
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The kernel asks the one whose cell it is.
    shell = Socket(.dealer, in: context, identity: "reader")
    input = Socket(.dealer, in: context, identity: "reader")
    control = Socket(.dealer, in: context)
    heartbeat = Socket(.request, in: context)
    published = Socket(.subscribe, in: context)
    for (socket, port) in [
      (shell, ports[0]), (control, ports[1]), (input, ports[2]), (heartbeat, ports[3]),
      (published, ports[4]),
    ] {
      try socket.connect("tcp://127.0.0.1:\(port)")
    }
    // What is published before the subscription has arrived is lost: ask until it has.
    var isHeard = false
    for _ in 0..<100 where !isHeard {
      let id = send("kernel_info_request", [:], on: shell)
      isHeard = wait(published, 300) { $0.parent["msg_id"].string == id } != nil
    }
    guard isHeard else { throw Silence() }
  }

  deinit {
    send("shutdown_request", ["restart": false], on: control)
    _ = wait(control, 3000) { $0.type == "shutdown_reply" }
    process.waitUntilExit()
    for socket in [shell, control, input, heartbeat, published] { socket.close() }
    zmq_ctx_term(context)
    try? FileManager.default.removeItem(atPath: file)
  }

  /// The kernel beside the test program.
  static let kernel: String = {
    let folder = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      .map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    let built =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path + "/.build/release"
    return [folder ?? "", built].map { $0 + "/blitz-kernel" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    } ?? "blitz-kernel"
  }()

  /// Ports that nobody listens on, all different.
  private static func freePorts(_ count: Int) throws -> [Int] {
    let descriptors = (0..<count).map { _ in socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
    // Held until all are there, else the system may give one twice.
    defer { for descriptor in descriptors { close(descriptor) } }
    return try descriptors.map { descriptor in
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = inet_addr("127.0.0.1")
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let bound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
        }
      }
      guard bound else { throw Silence() }
      return Int(UInt16(bigEndian: address.sin_port))
    }
  }

  // MARK: Messages

  @discardableResult
  private func send(_ type: String, _ content: JSON, on socket: Socket, key: [UInt8]? = nil)
    -> String
  {
    let message = Message(type, content, session: "tests")
    socket.send(message.frames(parent: nil, key: key ?? self.key))
    return message.header["msg_id"].string ?? ""
  }

  private func wait(_ socket: Socket, _ milliseconds: Int, for isRight: (Message) -> Bool)
    -> Message?
  {
    let end = ContinuousClock.now + .milliseconds(milliseconds)
    while ContinuousClock.now < end {
      if let frames = socket.receive() {
        if let message = Message(frames: frames, key: key), isRight(message) { return message }
        continue
      }
      var item = zmq_pollitem_t(
        socket: socket.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
      zmq_poll(&item, 1, 20)
    }
    return nil
  }

  // MARK: What a reader does

  /// Sends a cell without waiting for it.
  func start(
    _ code: String, stopsOnError: Bool = true, takesInput: Bool = false, key: [UInt8]? = nil
  ) -> String {
    send(
      "execute_request",
      [
        "code": .string(code), "silent": false, "store_history": true,
        "allow_stdin": .bool(takesInput),
        "stop_on_error": .bool(stopsOnError), "user_expressions": [:],
      ], on: shell, key: key)
  }

  /// Runs a cell to its end.
  ///
  /// - Parameter onOutput: called with what the cell has printed so far.
  func run(
    _ code: String, within seconds: Int = 60, onOutput: (String) -> Void = { _ in }
  ) throws -> Result {
    let begin = ContinuousClock.now
    let id = start(code)
    return try finish(id, begin: begin, within: seconds, onOutput: onOutput)
  }

  /// Waits for the end of a cell that was started.
  func finish(
    _ id: String, begin: ContinuousClock.Instant = .now, within seconds: Int = 60,
    onOutput: (String) -> Void = { _ in }
  ) throws -> Result {
    var result = Result()
    let end = wait(published, seconds * 1000) { message in
      guard message.parent["msg_id"].string == id else {
        keep(message)
        return false
      }
      let content = message.content
      switch message.type {
      case "stream":
        let text = content["text"].string ?? ""
        if content["name"].string == "stdout" {
          result.output += text
          result.pieces.append(text)
          onOutput(result.output)
        } else {
          result.errors += text
        }
      case "execute_result", "display_data", "update_display_data":
        result.shown.append(message.type)
        if case .object(let data) = content["data"] {
          result.value = data.compactMapValues(\.string)
        }
      case "error":
        result.error = content["ename"].string ?? ""
        result.trace = content["traceback"].array.compactMap(\.string).joined(separator: "\n")
          .replacing(#/\x1B\[\d+m/#, with: "")
      case "status": return content["execution_state"].string == "idle"
      default: break
      }
      return false
    }
    result.duration = .now - begin
    guard end != nil, let reply = wait(shell, 60_000, for: { $0.parent["msg_id"].string == id })
    else { throw Silence() }
    result.status = reply.content["status"].string ?? ""
    result.count = reply.content["execution_count"].integer ?? 0
    return result
  }

  /// What cells have printed while others were waited for, and after their ends.
  private var late: [String: String] = [:]

  private func keep(_ message: Message) {
    guard message.type == "stream", let id = message.parent["msg_id"].string else { return }
    late[id, default: ""] += message.content["text"].string ?? ""
  }

  /// What a cell has printed, also since its end, once it is so much.
  ///
  /// - Parameter output: what it had printed at its end.
  func lateOutput(_ id: String, after output: String, until text: String) -> String {
    func all() -> String { output + (late[id] ?? "") }
    if !all().contains(text) {
      _ = wait(published, 10_000) { message in
        keep(message)
        return all().contains(text)
      }
    }
    return all()
  }

  /// Waits for a cell to ask for a line, and answers.
  ///
  /// - Parameter question: which question the answer is to; the one that was asked, if nil.
  func answer(_ id: String, _ line: String, to question: JSON? = nil) throws -> JSON {
    guard let asked = wait(input, 60_000, for: { $0.type == "input_request" }),
      asked.parent["msg_id"].string == id
    else { throw Silence() }
    reply(line, to: question ?? asked.header)
    return asked.header
  }

  /// Sends a line to a question, whether or not somebody waits for it.
  func reply(_ line: String, to question: JSON) {
    let message = Message("input_reply", ["value": .string(line)], session: "tests")
    input.send(message.frames(parent: question.bytes, key: key))
  }

  /// Presses the stop button.
  func interrupt() { send("interrupt_request", [:], on: control) }

  /// Asks something on the shell.
  func ask(_ type: String, _ content: JSON) throws -> JSON {
    let id = send(type, content, on: shell)
    guard let reply = wait(shell, 60_000, for: { $0.parent["msg_id"].string == id }) else {
      throw Silence()
    }
    return reply.content
  }

  /// Whether the kernel's heart answers.
  func beats() -> Bool {
    heartbeat.send([Array("ping".utf8)])
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      if let frames = heartbeat.receive() { return frames == [Array("ping".utf8)] }
      usleep(10_000)
    }
    return false
  }

  /// The process that runs the cells, a child of the kernel.
  private var host: Int? {
    let path = "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children"
    let children = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return children.split(separator: " ").compactMap { Int($0) }.first { child in
      let status = (try? String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8)) ?? ""
      return status.hasPrefix("Name:\tblitz-cell-host")
    }
  }

  /// Memory that the host has in use, in KiB.
  func hostMemory() throws -> Int {
    guard let host else { throw Silence() }
    let status = try String(contentsOfFile: "/proc/\(host)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return Int(line.split(whereSeparator: { !$0.isNumber }).first ?? "") ?? 0
  }

  /// Processor time that the kernel, the compilers that it ran and the host have taken.
  func processorTime() throws -> Duration {
    guard let host else { throw Silence() }
    let ticks = try [Int(process.processIdentifier), host].map { id in
      // proc(5): fields 14 to 17 are utime, stime, cutime, cstime; a name in () is the second.
      let text = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
      let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
      guard fields.count > 14 else { throw Silence() }
      return fields[11...14].compactMap { Int($0) }.reduce(0, +)
    }
    return .seconds(ticks.reduce(0, +)) / sysconf(Int32(_SC_CLK_TCK))
  }
}
