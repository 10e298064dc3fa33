import Foundation

/// One line of a reader's that was on the way to an error.
struct TraceLine {
  var file: String
  var line: Int
  var function: String
}

/// What llvm-symbolizer says of one frame, the innermost inlined call first.
private struct SymbolizedFrame: Decodable {
  struct Call: Decodable {
    // The names are llvm-symbolizer's.
    var FileName: String
    var FunctionName: String
    var Line: Int
  }
  var Symbol: [Call]
}

/// The lines that return addresses in cells stand for.
struct Trace {
  private(set) var lines: [TraceLine] = []
  /// What the compiler noted beside the instruction that trapped, `arithmetic overflow`.
  private(set) var reason: String?

  /// - Parameter frames: `OFFSET PATH` of each, innermost first.
  /// - Parameter run: runs a command and answers what it printed.
  init(_ frames: [String], toolchain: Toolchain, run: ([String]) -> String) {
    let places = frames.compactMap { frame -> (offset: String, path: String)? in
      let parts = frame.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, parts[1].contains("/libCell_") else { return nil }
      guard let offset = UInt(parts[0]) else { return nil }
      return ("0x" + String(offset, radix: 16), String(parts[1]))
    }
    addLines(of: places, toolchain, run)
    // What the compiler makes of an implicit unwrap has no line of its own: that of the code
    // before it, then.
    if lines.isEmpty { addLines(of: places, toolchain, run, options: ["--skip-line-zero"]) }
  }

  private mutating func addLines(
    of places: [(offset: String, path: String)], _ toolchain: Toolchain,
    _ run: ([String]) -> String, options: [String] = []
  ) {
    var start = 0
    while start < places.count {
      let path = places[start].path
      let end = places[start...].firstIndex { $0.path != path } ?? places.count
      let output = run(
        [
          toolchain.symbolizer, "--obj=" + path, "--output-style=JSON", "--functions=linkage",
        ] + options + places[start..<end].map(\.offset))
      let frames =
        (try? JSONDecoder().decode([SymbolizedFrame].self, from: Data(output.utf8))) ?? []
      for frame in frames { add(frame) }
      start = end
    }
  }

  private mutating func add(_ frame: SymbolizedFrame) {
    for call in frame.Symbol {
      let mark = "Swift runtime failure: "
      if call.FunctionName.hasPrefix(mark) {
        if reason == nil { reason = String(call.FunctionName.dropFirst(mark.count)) }
        continue
      }
      let file = call.FileName.split(separator: "/").last.map(String.init) ?? ""
      guard file.hasPrefix("In["), call.Line > 0 else { continue }
      lines.append(
        TraceLine(file: file, line: call.Line, function: Trace.readable(call.FunctionName)))
    }
  }

  /// The reader's name of a function; the kernel's own, and those that make the value of a global,
  /// stand for the cell.
  private static func readable(_ symbol: String) -> String {
    let name = withoutModules(demangled(symbol)).replacing(#/\b(?:Swift|Blitz\w*)\./#, with: "")
    let own = ["__step_", "__run_", "__value_"]
    let globals = ["variable initialization expression", "one-time init", "unsafeMutableAddressor"]
    return (own + globals).contains(where: name.contains) ? "" : name
  }

  /// `at In[1]:4 in sub(_:)`, innermost first; equal ones once.
  var rendered: [String] {
    var rows: [String] = []
    for line in lines.prefix(20) {
      let place = "  at \(line.file):\(line.line)"
      let row = line.function.isEmpty ? place : "\(place) in \(line.function)"
      if rows.last != row { rows.append(row) }
    }
    return rows
  }
}

@_silgen_name("swift_demangle")
private func runtimeDemangle(
  _ name: UnsafePointer<CChar>?, _ length: UInt, _ buffer: UnsafeMutablePointer<CChar>?,
  _ size: UnsafeMutablePointer<UInt>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?

/// A symbol as Swift writes it.
func demangled(_ symbol: String) -> String {
  guard let text = runtimeDemangle(symbol, UInt(symbol.utf8.count), nil, nil, 0) else {
    return symbol
  }
  defer { free(text) }
  return String(cString: text)
}
