import CNotebookKernel
import Foundation

/// SourceKit, in a process of its own: it takes 300 MB, and a crash of it must not end the kernel.
final class Completion {
  private let toolchain: Toolchain
  private var child: Child?
  private var requests: Int32 = -1
  private var answers: Int32 = -1
  /// How many answers nobody waits for.
  private var unread = 0
  /// Symbols of Blitz that a reader may use; nil until they were asked for.
  private lazy var publicSymbols = PublicSymbols(toolchain)

  init(toolchain: Toolchain) { self.toolchain = toolchain }

  /// Ends the process.
  func stop() {
    guard let child else { return }
    child.kill()
    _ = child.wait()
    close(requests)
    close(answers)
    self.child = nil
    unread = 0
  }

  /// Asks something without waiting for the answer: the first question takes seconds, and
  /// JupyterLab waits for one.
  func prepare(_ request: @autoclosure () -> JSON) {
    guard child == nil, (try? start()) != nil, send(request()) else { return }
    unread += 1
  }

  /// Whether completion may offer a symbol of a module: cells are compiled so that internal names
  /// can be seen, which is right for other cells and wrong for libraries.
  func offers(_ symbol: String?, of module: String) -> Bool {
    guard module.hasPrefix("Blitz"), let symbol else { return true }
    return publicSymbols.contains(symbol)
  }

  /// Asks SourceKit.
  ///
  /// - Parameter wait: called until the answer begins to arrive; false gives up.
  func ask(_ request: JSON, wait: (Int32) -> Bool) -> JSON? {
    do {
      try start()
    } catch {
      return nil
    }
    if send(request) {
      while wait(answers), let size = Completion.read(answers, 4),
        let answer = Completion.read(answers, size.reversed().reduce(0) { $0 << 8 | Int($1) })
      {
        if unread == 0 { return JSON(bytes: answer) }
        unread -= 1
      }
    }
    stop()
    return nil
  }

  private func send(_ request: JSON) -> Bool {
    let text = Array(Completion.yaml(request).utf8)
    let bytes = withUnsafeBytes(of: UInt32(text.count).littleEndian, Array.init) + text
    return write(requests, bytes, bytes.count) == bytes.count
  }

  private func start() throws {
    if child != nil { return }
    let (input, output) = (try Pipe(), try Pipe())
    var environment = ProcessInfo.processInfo.environment
    environment["LD_LIBRARY_PATH"] = toolchain.root + "/lib/swift/host/compiler"
    let null = open("/dev/null", O_WRONLY | O_CLOEXEC)  // it prints what is wrong with half a line
    defer { close(null) }
    child = try Child.start(
      [toolchain.build + "/blitz-kernel", "--completion", toolchain.sourceKit],
      environment: environment, descriptors: [input.read, output.write, null])
    close(input.read)
    close(output.write)
    (requests, answers) = (input.write, output.read)
  }

  /// JSON is YAML, but keys that name SourceKit's identifiers go without quotes, as do values.
  private static func yaml(_ value: JSON) -> String {
    switch value {
    case .object(let members):
      return "{" + members.map { "\($0): \(yaml($1))" }.joined(separator: ", ") + "}"
    case .array(let values): return "[" + values.map(yaml).joined(separator: ", ") + "]"
    case .string(let text) where text.hasPrefix("source."): return text
    default:
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "0"
    }
  }

  fileprivate static func read(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress! + filled, count - filled)
      }
      if got < 0 && errno == EINTR { continue }
      if got <= 0 { return nil }
      filled += got
    }
    return bytes
  }
}

/// The process beside the kernel: answers requests on standard input until it is closed.
public func serveCompletion(sourceKit path: String) -> Bool {
  guard sourcekit_open(path) == 0 else { return false }
  // Makes the list if there is none, so that the kernel finds it.
  _ = (try? Toolchain()).map(PublicSymbols.init)
  while let size = Completion.read(0, 4),
    let request = Completion.read(0, size.reversed().reduce(0) { $0 << 8 | Int($1) })
  {
    let answer = sourcekit_ask(String(decoding: request, as: UTF8.self))
    let text = answer.map { Array(String(cString: $0).utf8) } ?? Array("{}".utf8)
    free(answer)
    let bytes = withUnsafeBytes(of: UInt32(text.count).littleEndian, Array.init) + text
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { write(1, $0.baseAddress! + sent, bytes.count - sent) }
      if count <= 0 { return true }
      sent += count
    }
  }
  return true
}

/// Fills the caches that the first cell and the first completion on a machine would wait for.
public func prepareCaches() throws {
  let toolchain = try Toolchain()
  _ = PublicSymbols(toolchain)
  let folder = FileManager.default.temporaryDirectory.path + "/blitz-notebook-\(getpid())"
  defer { try? FileManager.default.removeItem(atPath: folder) }
  var compiler = try CellCompiler(toolchain: toolchain, folder: folder)
  let unit = try compiler.prepare("import Foundation\nTensor(1.0)", file: "In[0]")
  _ = try Child.start(
    compiler.compileCommand(unit), environment: ProcessInfo.processInfo.environment,
    descriptors: [0, 2, 2]
  ).wait()
}
