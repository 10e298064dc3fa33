import BlitzProcesses
import RendezvousServer

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

let usage = """
  usage: BLITZ_TOKEN=... blitz-rendezvous --processes N [--address 127.0.0.1] [--port 0] \
  [--silence 20] [--until-input-ends]

  The place where the processes of one job meet. It prints "listening at ADDRESS:PORT" and serves
  until it is ended, or with --until-input-ends until standard input is closed.

  """

func stop(_ text: String, _ code: Int32) -> Never {
  _ = text.utf8CString.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count - 1) }
  exit(code)
}

/// The value of an option, read with `parse`, or what it is without the option.
func option<Value>(_ name: String, _ fallback: Value?, _ parse: (String) -> Value?) -> Value {
  guard let place = CommandLine.arguments.firstIndex(of: name) else {
    guard let fallback else { stop("blitz-rendezvous: \(name) is missing\n\(usage)", 2) }
    return fallback
  }
  let text = CommandLine.arguments.dropFirst(place + 1).first ?? ""
  guard let value = parse(text) else {
    stop("blitz-rendezvous: \(name) cannot be \"\(text)\"\n\(usage)", 2)
  }
  return value
}

if CommandLine.arguments.contains("--help") {
  print(usage, terminator: "")
  exit(0)
}
let processes = option("--processes", nil) { Int($0).flatMap { $0 >= 1 ? $0 : nil } }
let address = option("--address", "127.0.0.1") { $0.isEmpty ? nil : $0 }
let port = option("--port", 0) { UInt16($0) }
let silence = option("--silence", 20) { Double($0).flatMap { $0 > 0.1 ? $0 : nil } }
// Not an argument: those of all processes are there for everybody to read.
guard let token = getenv("BLITZ_TOKEN").map({ String(cString: $0) }), token.utf8.count >= 16 else {
  stop(
    "blitz-rendezvous: BLITZ_TOKEN has fewer than 16 characters; set it to a long random text, "
      + "such as that of: openssl rand -hex 16\n", 2)
}

do {
  let server = try Server(
    Endpoint(host: address, port: port), processCount: processes, token: token, silence: silence)
  print("listening at \(server.endpoint)")
  fflush(nil)
  if CommandLine.arguments.contains("--until-input-ends") {
    while readLine() != nil {}
    try server.shutDown()
  } else {
    while true { pause() }
  }
} catch {
  stop("blitz-rendezvous: \(address):\(port): \(error)\n", 1)
}
