import Glibc
import NotebookKernel

/// Ends with one line on standard error.
func stop(_ message: String, code: Int32) -> Never {
  let line = Array("blitz-kernel: \(message)\n".utf8)
  _ = write(2, line, line.count)
  exit(code)
}

// The kernel starts itself a second time for completion.
if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--completion" {
  exit(serveCompletion(sourceKit: CommandLine.arguments[2]) ? 0 : 1)
}
// `blitz notebook` does this, so that readers wait neither for a first cell nor for a first Tab.
if CommandLine.arguments.dropFirst() == ["--prepare"] {
  do {
    try prepareCaches()
    exit(0)
  } catch {
    stop("\(error)", code: 1)
  }
}
guard CommandLine.arguments.count == 2 else {
  stop("takes one argument, the connection file; Jupyter starts it", code: 2)
}
do {
  try Kernel(connectionFile: CommandLine.arguments[1]).run()
} catch {
  stop("\(error)", code: 1)
}
