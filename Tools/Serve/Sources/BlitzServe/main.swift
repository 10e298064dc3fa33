import CArguments
import Foundation
import HTTP
import Serving

/// Prints a line on standard error and ends.
func stop(_ message: String, code: Int32) -> Never {
  FileHandle.standardError.write(Data("blitz serve: \(message)\n".utf8))
  exit(code)
}

let usage = """
  usage: blitz-serve MODEL.onnx [--host 127.0.0.1] [--port 8080] [--batch 64] [--wait 0]
                     [--queue 256] [--body 16] [--name NAME]
  --wait is in milliseconds, --body in megabytes
  """
var (path, name): (String?, String?)
var (host, port) = ("127.0.0.1", UInt16(8080))
var settings = Service.Settings()
// Not `CommandLine.arguments`, which are empty where /proc is not mounted.
var arguments = (1..<max(1, blz_argument_count()))
  .compactMap { blz_argument($0).map { String(cString: $0) } }[...]

/// The number after an option, if it is in range.
nonisolated func number(_ option: String, _ text: String?, _ range: ClosedRange<Int>) -> Int {
  guard let text, let number = Int(text), range.contains(number) else {
    let given = text.map { " is \($0); it" } ?? ""
    stop("\(option)\(given) takes \(range.lowerBound) to \(range.upperBound)", code: 2)
  }
  return number
}

while let argument = arguments.popFirst() {
  switch argument {
  case "--help", "-h":
    print(usage)
    exit(0)
  case "--host", "--name":
    guard let text = arguments.popFirst() else { stop("\(argument) takes a text", code: 2) }
    if argument == "--host" { host = text } else { name = text }
  case "--port": port = UInt16(number(argument, arguments.popFirst(), 0...65_535))
  case "--batch": settings.batch = number(argument, arguments.popFirst(), 1...4096)
  case "--wait": settings.wait = .milliseconds(number(argument, arguments.popFirst(), 0...1000))
  case "--queue": settings.queue = number(argument, arguments.popFirst(), 1...100_000)
  case "--body": settings.body = number(argument, arguments.popFirst(), 1...1024) << 20
  case let option where option.hasPrefix("-"):
    stop("there is no option \(option)\n\(usage)", code: 2)
  default:
    guard path == nil else { stop("\(argument): one model is served\n\(usage)", code: 2) }
    path = argument
  }
}
guard let path else { stop("names no model\n\(usage)", code: 2) }

let service: Service
do {
  service = try Service(ServedModel(path: path, name: name), settings: settings)
} catch {
  stop("\(error)", code: 1)
}
let server: Server
do {
  server = try service.server(host: host, port: port)
} catch let error as SystemUnfit {
  stop("\(error)", code: 1)
} catch {
  stop("cannot listen on \(host):\(port): \(error); choose another --port or --host", code: 1)
}
print("http://\(host):\(server.port)/  (stop with Control-C)")
fflush(nil)

// Both ask to end: what is being answered is answered.
var sources: [any DispatchSourceSignal] = []
for number in [SIGINT, SIGTERM] {
  signal(number, SIG_IGN)
  let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
  source.setEventHandler { server.stop() }
  source.resume()
  sources.append(source)
}
// Without `await` here: an asynchronous main program ends the main thread, for which the C library
// loads libgcc_s.so.1, and where that is not there the program is aborted.
let isDone = DispatchSemaphore(value: 0)
Task.detached {
  do {
    try await server.run()
  } catch {
    stop("\(error)", code: 1)
  }
  isDone.signal()
}
isDone.wait()
