import CZeroMQ
import CellRewriting
import Foundation

/// A Jupyter kernel for Swift. One thread serves everything: while a cell compiles or runs, the
/// same loop goes on to serve interrupts, heartbeats and output.
public final class Kernel {
  let connection: Connection
  let toolchain: Toolchain
  var compiler: CellCompiler
  var host: HostProcess
  let completion: Completion
  /// The cell that runs now.
  var running: Execution?
  /// The sources of the cells that ran well since the host was started, for `%rerun`.
  var history: [String] = []
  /// The sources of the cells whose names went with a host.
  var lost: [String] = []
  var executionCount = 0
  /// Where the output of each cell belongs.
  var origins: [Int: Origin] = [:]
  /// The last cell that ran: what nobody can tell the cell of is shown below it.
  var latest = 0
  /// What was written past the C library's streams, by another process perhaps.
  var outputText = TextStream()
  var errorText = TextStream()
  /// By stream and cell.
  var texts: [String: TextStream] = [:]
  /// The line that a cell waits for.
  var asking: Asking?
  /// Set by an interrupt while there is no cell in the host yet: the compiler is at work.
  var isInterrupted = false
  private var isDone = false
  /// What had arrived when a cell failed: cells that were sent along with it are turned away.
  private var waiting: [Message] = []
  private let parent = getppid()
  private let folder: String

  /// A kernel that listens as the connection file says.
  public init(connectionFile: String) throws {
    // Whoever started this may have had signals blocked, SIGTERM among them.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    signal(SIGPIPE, SIG_IGN)
    signal(SIGINT, SIG_IGN)  // Jupyter sends a message; a terminal's Ctrl-C is meant for it
    toolchain = try Toolchain()
    folder = FileManager.default.temporaryDirectory.path + "/blitz-notebook-\(getpid())"
    compiler = try CellCompiler(toolchain: toolchain, folder: folder)
    host = try HostProcess(toolchain)
    completion = Completion(toolchain: toolchain)
    connection = try Connection(file: connectionFile)
    connection.publish("status", ["execution_state": "starting"], parent: nil)
  }

  /// Serves until it is told to shut down.
  public func run() {
    warmUp()
    while !isDone {
      pump(waiting: [], milliseconds: 1000, withShell: true)
      // Whoever started the kernel is gone: nobody can ask it anything any more.
      if getppid() != parent { break }
      while !isDone, let request = connection.request(connection.shell) {
        serve(request, on: connection.shell)
        abortWaiting()
        // The reader reads what the cell has answered.
        if request.type == "execute_request" { prepareCompletion() }
      }
    }
    completion.stop()
    host.kill()
    connection.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  // MARK: The loop

  /// Waits for something to happen, and sees to all but what readers ask on the shell.
  ///
  /// - Parameter waiting: descriptors of the caller's, which end the wait too.
  func pump(waiting: [Int32], milliseconds: Int, withShell: Bool = false) {
    var items = [connection.control, connection.heartbeat, connection.input].map {
      zmq_pollitem_t(socket: $0.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
    }
    for descriptor in [host.output, host.errors, host.events] + waiting {
      items.append(
        zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
    }
    if withShell {
      items.append(
        zmq_pollitem_t(
          socket: connection.shell.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
    }
    zmq_poll(&items, Int32(items.count), milliseconds)
    if let beat = connection.heartbeat.receive() { connection.heartbeat.send(beat) }
    while let request = connection.request(connection.control) {
      serve(request, on: connection.control)
    }
    readInput()
    readHost()
  }

  /// Runs a program to its end and answers what it printed on both streams.
  ///
  /// - Parameter yields: whether an interrupt ends it.
  func run(_ command: [String], yields: Bool = true) -> (status: Int32, output: String) {
    guard let pipe = try? Pipe() else { return (-1, "") }
    defer { close(pipe.read) }
    let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(null) }
    let child = try? Child.start(
      command, environment: ProcessInfo.processInfo.environment,
      descriptors: [null, pipe.write, pipe.write])
    close(pipe.write)
    guard let child else { return (-1, "cannot start \(command[0])") }
    var output: [UInt8] = []
    while let bytes = available(pipe.read) {
      output += bytes
      if yields && isInterrupted { child.kill() }
      if bytes.isEmpty { pump(waiting: [pipe.read], milliseconds: 100) }
    }
    return (child.wait(), String(decoding: output, as: UTF8.self))
  }

  // MARK: Requests

  private func serve(_ request: Message, on socket: Socket) {
    connection.publish("status", ["execution_state": "busy"], parent: request)
    defer { connection.publish("status", ["execution_state": "idle"], parent: request) }
    func reply(_ content: JSON) {
      let type = request.type.replacing("_request", with: "_reply")
      connection.reply(type, content, to: request, on: socket)
    }
    switch request.type {
    case "kernel_info_request": reply(Kernel.information)
    case "execute_request":
      execute(request) { content in
        // Before the answer: what comes after it was sent by somebody who knows of the failure.
        if content["status"].string == "error", request.content["stop_on_error"].bool ?? true {
          while let next = connection.request(connection.shell) { waiting.append(next) }
        }
        reply(content)
      }
    case "complete_request": reply(complete(request.content))
    case "inspect_request": reply(inspect(request.content))
    case "is_complete_request":
      let wholeness = CellRewriter.wholeness(of: request.content["code"].string ?? "")
      reply(["status": .string(wholeness.rawValue), "indent": "  "])
    case "interrupt_request":
      interrupt()
      reply(["status": "ok"])
    case "shutdown_request":
      isDone = true
      running = nil
      reply(["status": "ok", "restart": .bool(request.content["restart"].bool ?? false)])
    case "comm_info_request": reply(["status": "ok", "comms": [:]])
    case "history_request": reply(["status": "ok", "history": []])
    default: break  // comm_open and its like: nothing here speaks them
    }
  }

  /// After a failure, the cells that were sent along are not run.
  private func abortWaiting() {
    let requests = waiting
    waiting = []
    for request in requests {
      guard request.type == "execute_request" else {
        serve(request, on: connection.shell)
        continue
      }
      connection.publish("status", ["execution_state": "busy"], parent: request)
      connection.reply(
        "execute_reply",
        ["status": "aborted", "execution_count": .integer(executionCount)],
        to: request, on: connection.shell)
      connection.publish("status", ["execution_state": "idle"], parent: request)
    }
  }

  private func interrupt() {
    isInterrupted = true
    if running != nil { host.interrupt() }
    running?.interruptedAt = running?.interruptedAt ?? .now
  }

  private static let information: JSON = [
    "status": "ok", "protocol_version": "5.3", "implementation": "blitz",
    "implementation_version": "0.1.0", "banner": "Swift, with Blitz",
    "language_info": [
      "name": "swift", "version": "6", "mimetype": "text/x-swift", "file_extension": ".swift",
      "pygments_lexer": "swift", "codemirror_mode": "swift",
    ],
    "help_links": [],
  ]
}
