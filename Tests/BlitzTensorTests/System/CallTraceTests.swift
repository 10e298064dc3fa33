import Foundation
import Testing

@testable import BlitzTensor

@Suite("The place of an error")
struct CallTraceTests {
  @Test("is the line of the caller, found by return addresses alone")
  func caller() throws {
    let trace = CallTrace()
    let line = #line - 1
    let place = try #require(trace.userLocation)
    #expect(place.file == "CallTraceTests.swift")
    #expect(place.line == line)
  }

  @Test("is never what no file holds, nor a file of the library's")
  func callsThroughTheLibrary() throws {
    // A witness of a protocol is code that the compiler wrote.
    let failed = [3, 1].lazy.map { Tensor.zeros([2]).matmul(.zeros([$0])) }[1]
    let place = try #require(failed.error?.location)
    #expect(place.file == "CallTraceTests.swift")
  }

  @Test("is found in code without frame pointers, as plain swiftc -O makes it")
  func withoutFramePointers() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "blitz-place-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appending(path: "main.swift")
    try Self.program.write(to: source, atomically: true, encoding: .utf8)
    let modules = try TypeCheckingTests.modules()
    let built = modules.appending(path: "../BlitzTensor.build").standardized
    // The folder keeps objects of sources that are gone.
    let sources = FileManager.default.enumerator(
      at: TypeCheckingTests.package.appending(path: "Sources/BlitzTensor"),
      includingPropertiesForKeys: nil)
    let objects = (sources?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
      .map { built.appending(path: "\($0.lastPathComponent).o") }
    let program = folder.appending(path: "program").path
    let compiled = try Self.run(
      ["swiftc", "-O", "-gline-tables-only", "-I", modules.path, source.path, "-o", program]
        + objects.map(\.path))
    try #require(compiled.status == 0, "\(compiled.output)")
    let ran = try Self.run([program])
    #expect(ran.status == 0)
    #expect(ran.output.hasSuffix("at:    main.swift:6\n"), "\(ran.output)")
  }

  /// With numbers in every register, that of the frame pointer too, while a tensor is asked for.
  private static let program = """
    import BlitzTensor
    @inline(never) func call(_ x: Tensor, _ i: Int) -> Tensor {
      var a = i, b = i &* 3, c = i ^ 5, d = i &+ 9, e = i << 2, f = ~i
      for k in 0..<i { a &+= b; b ^= c; c &*= d &+ k; d = e ^ a; e &-= f; f &+= a }
      a &<<= 5; b &<<= 5; c &<<= 5; d &<<= 5; e &<<= 5; f &<<= 5
      let y = x.matmul(Tensor.zeros([5]))
      if a == 7 || b == 9 && c &+ d == e { print(a, b, c, d, e, f, i) }
      sink = (a, b, c, d, e, f)
      return y
    }
    nonisolated(unsafe) var sink = (0, 0, 0, 0, 0, 0)
    for i in 0..<99 { if call(.zeros([2, 3]), i).error == nil { print("no error") } }
    print(call(.zeros([2, 3]), 4).error!)

    """

  private static func run(_ command: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
