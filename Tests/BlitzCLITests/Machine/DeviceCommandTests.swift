import Foundation
import Testing

@testable import BlitzCLI

@Suite("blitz: devices")
struct DeviceCommandTests {
  /// A machine on which no plugin is found: a home of its own, and an active environment of
  /// Python's without packages.
  private func run(_ line: String, home: TemporaryFolder, path: String? = nil) throws -> Command {
    var environment = ["HOME": home.path, "VIRTUAL_ENV": home.path + "/nothing"]
    if let path { environment["PATH"] = path }
    return try Command.run(
      line.split(separator: " ").map(String.init), environment: environment,
      without: [
        "BLITZ_PJRT_PLUGIN", "PJRT_NAMES_AND_LIBRARY_PATHS", "CONDA_PREFIX", "BLITZ_DEVICE",
      ])
  }

  /// A `python3` that does what the lines of a shell script say.
  private func python(_ script: String, in folder: TemporaryFolder) throws {
    let path = try folder.file("python3", "#!/bin/sh\n\(script)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  @Test("a missing device is an error that says what was looked for where")
  func missing() throws {
    let home = try TemporaryFolder()
    for command in ["train", "lesson tensors", "evaluate x", "predict x y", "doctor"] {
      let result = try run("\(command) --device cuda", home: home)
      #expect(result.status == 2)
      #expect(
        result.error
          == "blitz: --device: no plugin for cuda was found; looked in: BLITZ_PJRT_PLUGIN, which "
          + "is not set; PJRT_NAMES_AND_LIBRARY_PATHS, which is not set; "
          + "\(home.path)/.blitz/plugins; \(home.path)/nothing/lib/python3*/site-packages; "
          + "install one: blitz plugin install cuda13 (or cuda12)\n")
    }
  }

  @Test("devices lists the processor, also as JSON, and doctor has nothing else to test")
  func processorOnly() throws {
    let home = try TemporaryFolder()
    let objects = try run("devices --json", home: home).objects()
    #expect(objects.count == 1)
    #expect(objects[0]["device"] as? String == "cpu")
    #expect(try #require(objects[0]["memory"] as? Int) > 100_000_000)
    #expect(try run("devices", home: home).output.hasPrefix("cpu  "))

    let doctor = try run("doctor --json", home: home)
    #expect(doctor.status == 0)
    let report = try #require(try doctor.objects().first)
    let sets = ["avx512", "avx2", "portable"]
    #expect(sets.contains(report["instruction_set"] as? String ?? ""))
    #expect((report["threads"] as? Int ?? 0) > 0)
    #expect((report["plugins"] as? [Any])?.isEmpty == true)
    #expect((report["searched"] as? [String])?.contains("\(home.path)/.blitz/plugins") == true)
    let text = try run("doctor", home: home)
    #expect(text.output.contains("blitz plugin install cpu"))
    #expect(text.output.hasSuffix("self-test: there is no device beside the cpu to test\n"))
  }

  @Test("doctor shows a plugin that does not start, and why")
  func brokenPlugin() throws {
    let home = try TemporaryFolder()
    let folder = "\(home.path)/.blitz/plugins/mine"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("not a library".utf8).write(to: URL(fileURLWithPath: folder + "/mine.so"))
    let result = try run("doctor", home: home)
    #expect(result.status == 0)
    #expect(result.output.contains("xla:mine in \(folder)/mine.so"))
    #expect(result.output.contains("does not start: plugin: \(folder)/mine.so cannot be loaded"))
    #expect(
      try run("devices", home: home).output.contains("no xla:mine: plugin: \(folder)/mine.so"))
    let list = try run("plugin list", home: home)
    #expect(list.output.contains("mine    installed  your own"))
  }

  @Test("training on a plugin whose compiler refuses the program keeps XLA's words")
  func refused() throws {
    let folder = try TemporaryFolder()
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let plugin = "\(folder.path)/refuses.so"
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = [
      "clang", "-shared", "-fPIC", "-I", root.appending(path: "Sources/CPJRT/include").path,
      root.appending(path: "Tests/BlitzXLATests/FakePlugin/fake_plugin.c").path, "-o", plugin,
    ]
    try compiler.run()
    compiler.waitUntilExit()
    try #require(compiler.terminationStatus == 0)
    let result = try Command.run(
      ["train", "--device", "xla:fake", "--epochs", "1"],
      environment: ["BLITZ_PJRT_PLUGIN": "fake:\(plugin)", "BLITZ_CACHE": "off"])
    #expect(result.status == 1)
    #expect(
      result.error
        == "blitz: compile: the compiler of xla:fake refuses the program; xla: invalidArgument: "
        + "1:2: error: unknown op \"stablehlo.guess\"; BLITZ_LOG=program prints its text; please "
        + "report it with the message\n")
  }

  @Test("doctor does not compare the processor with itself")
  func processorItself() throws {
    let result = try run("doctor --device cpu", home: try TemporaryFolder())
    #expect(result.status == 2)
    #expect(result.error.hasPrefix("blitz: --device: the cpu is what the others are compared with"))
  }

  @Test("installing puts the plugin in its place, and leaves nothing else")
  func install() throws {
    let home = try TemporaryFolder()
    let bin = try TemporaryFolder()
    // A pip that writes what the wheel would have, and its arguments.
    try python(
      """
      case "$*" in
        *install*)
          while [ "$1" != --target ]; do shift; done
          mkdir -p "$2/xla_plugins/xla_cpu_pjrt"
          echo "$@" > "$2/xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so" ;;
      esac
      """, in: bin)
    for _ in 0..<2 {
      let result = try run("plugin install cpu", home: home, path: "\(bin.path):/usr/bin:/bin")
      #expect(result.status == 0)
      #expect(
        result.output
          == "installed cpu in \(home.path)/.blitz/plugins/cpu; use it with --device xla:cpu, test "
          + "it with blitz doctor\n")
    }
    let written = try String(
      contentsOfFile: "\(home.path)/.blitz/plugins/cpu/xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
      encoding: .utf8)
    #expect(written.hasSuffix("xla-cpu-pjrt==0.0.1\n"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: home.path + "/.blitz") == ["plugins"])

    let removed = try run("plugin remove cpu", home: home)
    #expect(removed.output == "removed \(home.path)/.blitz/plugins/cpu\n")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: home.path + "/.blitz/plugins").isEmpty)
    let again = try run("plugin remove cpu", home: home)
    #expect(again.status == 2)
    #expect(
      again.error
        == "blitz: \"cpu\" is not installed in \(home.path)/.blitz/plugins; nothing is\n")
  }

  @Test("a Python without pip makes an environment that has it")
  func environment() throws {
    let home = try TemporaryFolder()
    let bin = try TemporaryFolder()
    try python(
      """
      case "$*" in
        "-m pip"*) exit 1 ;;
        "-m venv"*)
          mkdir -p "$3/bin"
          printf '%s\\n' '#!/bin/sh' 'while [ "$1" != --target ]; do shift; done' \
            'mkdir -p "$2"; echo > "$2/plugin.so"' > "$3/bin/python3"
          chmod +x "$3/bin/python3" ;;
      esac
      """, in: bin)
    let result = try run("plugin install cpu", home: home, path: "\(bin.path):/usr/bin:/bin")
    #expect(result.status == 0, "\(result.error)")
    #expect(FileManager.default.fileExists(atPath: home.path + "/.blitz/plugins/cpu/plugin.so"))
  }

  @Test(
    "what goes wrong leaves no folder behind",
    arguments: [
      ("exit 1", "there is no python3, which fetches plugins"),
      ("case \"$*\" in -m*) exit 1 ;; esac", "python3 has neither pip nor a venv that works"),
      (
        "case \"$*\" in *install*) mkdir -p half; exit 1 ;; esac",
        "pip could not fetch xla-cpu-pjrt==0.0.1, for the reason above; nothing was installed"
      ),
      ("exit 0", "the wheels of cpu have no plugin in the place that it is known to be in"),
      ("case \"$*\" in *install*) kill -INT $$ ;; esac", "interrupted; nothing was installed"),
    ])
  func failures(script: String, message: String) throws {
    let home = try TemporaryFolder()
    let bin = try TemporaryFolder()
    try python("cd '\(bin.path)'\n\(script)", in: bin)
    let result = try run("plugin install cpu", home: home, path: "\(bin.path):/usr/bin:/bin")
    #expect(result.status == 1)
    #expect(result.error.contains("blitz: \(message)"), "\(result.error)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: home.path + "/.blitz") == ["plugins"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: home.path + "/.blitz/plugins").isEmpty)
  }

  @Test("pins a version of every wheel")
  func pins() {
    for package in PluginPackage.all {
      #expect(!package.wheels.isEmpty)
      for wheel in package.wheels {
        let parts = wheel.split(separator: "=", omittingEmptySubsequences: true)
        #expect(parts.count == 2 && parts[1].first?.isNumber == true, "\(wheel)")
      }
    }
  }
}
