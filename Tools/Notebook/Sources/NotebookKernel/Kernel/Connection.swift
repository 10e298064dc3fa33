import CZeroMQ
import Foundation

/// The sockets of a kernel, as the connection file that Jupyter wrote says.
final class Connection {
  let shell: Socket
  let control: Socket
  let heartbeat: Socket
  let input: Socket
  private let publisher: Socket
  private let context: UnsafeMutableRawPointer
  let key: [UInt8]
  let session = UUID().uuidString

  init(file: String) throws {
    guard let bytes = FileManager.default.contents(atPath: file),
      let settings = JSON(bytes: Array(bytes))
    else { throw KernelFailure(description: "cannot read the connection file \(file)") }
    let scheme = settings["signature_scheme"].string ?? "hmac-sha256"
    guard scheme == "hmac-sha256" else {
      throw KernelFailure(description: "the signature scheme \(scheme) is not hmac-sha256")
    }
    key = Array((settings["key"].string ?? "").utf8)
    let context: UnsafeMutableRawPointer = zmq_ctx_new()
    self.context = context
    func bound(_ kind: Socket.Kind, _ name: String) throws -> Socket {
      let socket = Socket(kind, in: context)
      let transport = settings["transport"].string ?? "tcp"
      let separator = transport == "ipc" ? "-" : ":"
      try socket.bind(
        "\(transport)://\(settings["ip"].string ?? "127.0.0.1")\(separator)"
          + "\(settings[name].integer ?? 0)")
      return socket
    }
    shell = try bound(.router, "shell_port")
    control = try bound(.router, "control_port")
    input = try bound(.router, "stdin_port")
    heartbeat = try bound(.reply, "hb_port")
    publisher = try bound(.publish, "iopub_port")
  }

  /// Ends the connection once what was said has gone out.
  func close() {
    for socket in [shell, control, input, heartbeat, publisher] { socket.close() }
    zmq_ctx_term(context)
  }

  /// Tells everybody who listens.
  func publish(_ type: String, _ content: JSON, parent: Message?) {
    var message = Message(type, content, session: session)
    message.route = [Array(type.utf8)]
    publisher.send(message.frames(parent: parent?.headerBytes, key: key))
  }

  /// Answers whoever asked.
  ///
  /// - Returns: the message's identifier.
  @discardableResult
  func reply(_ type: String, _ content: JSON, to request: Message, on socket: Socket) -> String {
    var message = Message(type, content, session: session)
    message.route = request.route
    socket.send(message.frames(parent: request.headerBytes, key: key))
    return message.header["msg_id"].string ?? ""
  }

  /// The next request on a socket; what is not signed is passed over.
  func request(_ socket: Socket) -> Message? {
    while let frames = socket.receive() {
      if let message = Message(frames: frames, key: key) { return message }
    }
    return nil
  }
}
