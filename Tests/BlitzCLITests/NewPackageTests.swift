import Foundation
import Testing

@testable import BlitzCLI

/// `.ci/new` builds and runs what is made.
@Suite("blitz new")
struct NewPackageTests {
  @Test("makes a package whose module has the folder's name")
  func makes() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run(["new", "\(folder.path)/deep/my-first_net/"])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("cd \(folder.path)/deep/my-first_net\n"))
    let made = FileManager.default.enumerator(atPath: "\(folder.path)/deep/my-first_net")
    let files = (made?.allObjects as? [String] ?? []).filter {
      $0.contains(".") || $0 == "Dockerfile"
    }
    #expect(
      files.sorted() == [
        ".dockerignore", ".gitignore", "Dockerfile", "Package.swift",
        "Sources/MyFirstNet/Classifier.swift", "Sources/MyFirstNet/main.swift",
        "Tests/MyFirstNetTests/ClassifierTests.swift",
      ])
  }

  @Test("makes a server of the example's files, under the package's names")
  func makesServer() throws {
    let folder = try TemporaryFolder()
    let place = "\(folder.path)/my-server"
    let result = try Command.run(["new", place, "--server"])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("swift run -c release MyServer model.onnx"))
    let home = try Checkout.home(having: "Examples/Server")
    let expected = [
      ("Package.swift", "Package.swift", "executableTarget(\n      name: \"MyServer\""),
      ("Package.swift", "Package.swift", "path: \"\(home)\""),
      ("Sources/Server/main.swift", "Sources/MyServer/main.swift", "usage: MyServer model.onnx"),
      ("Dockerfile", "Dockerfile", "RUN cp \"$(/static . MyServer)\" /MyServer"),
      ("Dockerfile", "Dockerfile", "\"\(home)/Sources\""),
      ("server.service", "my-server.service", "ExecStart=/usr/local/bin/MyServer /srv/model.onnx"),
    ]
    for (from, to, part) in expected {
      let text = try String(contentsOfFile: "\(place)/\(to)", encoding: .utf8)
      let example = try String(contentsOfFile: "\(home)/Examples/Server/\(from)", encoding: .utf8)
      #expect(text.contains(part), "\(to)")
      // Nothing else of the example is left, but the words of Swift and FlyingFox.
      #expect(!text.contains("../..") && !text.contains("Examples/Server"), "\(to)")
      #expect(text.split(separator: "\n").count == example.split(separator: "\n").count, "\(to)")
    }
  }

  @Test("leaves what is there alone")
  func keeps() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("precious", "text")
    let refused = try Command.run(["new", folder.path])
    #expect(refused.status == 2)
    // The folder's own name has hyphens and hexadecimal digits.
    #expect(
      refused.error == "blitz: \(folder.path): has files already; name a folder that is not there, "
        + "which is made\n")
    let occupied = try Command.run(["new", file])
    #expect(occupied.error == "blitz: \(file): is not a folder; choose another name\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["precious"])
  }

  @Test("writes a path with quotes as Swift and Docker read it")
  func quotes() throws {
    let package = try NewPackage("net", home: #"/a "b"\c"#)
    let files = Dictionary(uniqueKeysWithValues: package.files.map { ($0.name, $0.text) })
    #expect(files["Package.swift"]?.contains(#"path: "/a \"b\"\\c")"#) == true)
    #expect(files["Dockerfile"]?.contains(#"["Sources", "/a \"b\"\\c/Sources"]"#) == true)
    let program = try #require(files["Sources/Net/main.swift"])
    #expect(program.split(separator: "\n", omittingEmptySubsequences: false).count < 40)
    #expect(program.contains(#"print("epoch \(epoch): test accuracy \(try accuracy())")"#))
  }

  @Test("a release program in a build folder of the sources tells it; any other does not")
  func scratch() throws {
    let folder = try TemporaryFolder()
    let program = "\(folder.path)/.build/linux/release/blitz"
    #expect(ToolPackage.scratch(of: program, in: folder.path) == nil)
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/.build", withIntermediateDirectories: true)
    _ = try folder.file(".build/workspace-state.json", "{}")
    #expect(ToolPackage.scratch(of: program, in: folder.path)?.hasSuffix("/.build") == true)
    #expect(ToolPackage.scratch(of: program, in: "/other") == nil)
    // `swift test` locks the folder of its debug build, in which launch would wait for ever.
    let debugged = "\(folder.path)/.build/linux/debug/blitz"
    #expect(ToolPackage.scratch(of: debugged, in: folder.path) == nil)
    #expect(ToolPackage.scratch(of: nil, in: folder.path) == nil)
  }
}
