import Foundation
import HTTP
import PlayServer
import Playing

/// Prints a line on standard error and ends.
func stop(_ message: String, code: Int32) -> Never {
  FileHandle.standardError.write(Data("blitz play: \(message)\n".utf8))
  exit(code)
}

var port: UInt16 = 0
var opensBrowser = true
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--port":
    guard let text = arguments.popFirst(), let number = UInt16(text) else {
      stop("--port takes a number from 0 to 65535", code: 2)
    }
    port = number
  case "--no-browser": opensBrowser = false
  case "--print-program", "--print-accuracy":
    // Of settings given as JSON: the Swift that is shown, and what the page has after as many steps
    // as that makes. For the tests that compile and compare them.
    guard let text = arguments.popFirst() else { stop("\(argument) takes settings", code: 2) }
    do {
      let json = Data(text.utf8)
      let studio = try Studio()
      try await studio.change(by: json)
      if argument == "--print-program" {
        print(await studio.everyControl)
      } else {
        await studio.make(steps: 1000)
        print(await studio.frame.accuracy[1])
      }
      exit(0)
    } catch {
      stop("\(error)", code: 2)
    }
  default: stop("there is no option \(argument); there are --port and --no-browser", code: 2)
  }
}

/// Opens the page where the system has a command for that.
func open(_ address: String) {
  #if os(macOS)
    let command = "open"
  #else
    // Without a display xdg-open would start a browser in this terminal.
    let environment = ProcessInfo.processInfo.environment
    guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else { return }
    let command = "xdg-open"
  #endif
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [command, address]
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try? process.run()
}

let server: Server
do {
  server = try Site(studio: Studio()).server(port: port)
} catch let error as SystemUnfit {
  stop("\(error)", code: 1)
} catch {
  stop("cannot listen on 127.0.0.1:\(port): \(error); choose another --port", code: 1)
}
let address = "http://127.0.0.1:\(server.port)/"
print("\(address)  (stop with Control-C)")
fflush(nil)
if opensBrowser { open(address) }
try await server.run()
