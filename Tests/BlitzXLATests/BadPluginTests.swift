import BlitzTensor
import Foundation
import Testing

@testable import BlitzXLA

/// Plugins that are none, too old, half-installed or out of something: what the user is told.
@Suite("Bad plugins")
struct BadPluginTests {
  @Test("a file that is no library says so, with the system's reason")
  func text() throws {
    let path = FakePlugin.folder.appending(path: "text.so").path
    try Data("not a library".utf8).write(to: URL(filePath: path))
    let message = try message { _ = try Plugin.load(path) }
    #expect(message.hasPrefix("plugin: \(path) cannot be loaded\n  system: "))
    #expect(message.contains("help:   a PJRT plugin is a shared library made for this machine's"))
  }

  @Test("a path with nothing behind it says so")
  func nothing() throws {
    let message = try message { _ = try Plugin.load("/nowhere/plugin.so") }
    #expect(message.hasPrefix("plugin: there is no file /nowhere/plugin.so\n"))
  }

  @Test("a library without GetPjrtApi is no plugin")
  func otherLibrary() throws {
    let path = FakePlugin.folder.appending(path: "empty.so").path
    try #require(FakePlugin.compile(["-x", "c", "/dev/null"], to: path))
    let message = try message { _ = try Plugin.load(path) }
    #expect(message.contains("is a shared library, but not a PJRT plugin: it has no GetPjrtApi"))
  }

  @Test(
    "a plugin that was cut short is not loaded, which would end the process", arguments: [2, 100])
  func cutShort(divisor: Int) throws {
    let whole = try Data(contentsOf: URL(filePath: FakePlugin.path("whole")))
    let path = FakePlugin.folder.appending(path: "short\(divisor).so").path
    try whole.prefix(whole.count / divisor).write(to: URL(filePath: path))
    let message = try message { _ = try Plugin.load(path) }
    #expect(
      message.hasPrefix("plugin: \(path) was cut short: it has \(whole.count / divisor) of "))
    #expect(message.contains("fetch it again"))
  }

  @Test("a path without a folder is one in the current folder")
  func relative() async {
    await #expect(processExitsWith: .success) {
      let path = try FakePlugin.path("relative")
      #expect(FileManager.default.changeCurrentDirectoryPath(FakePlugin.folder.path))
      #expect(try Plugin.load("relative.so").version == Plugin.load(path).version)
    }
  }

  @Test(
    "versions that do not fit are refused before anything is called",
    arguments: [
      ("old", "is too old: it speaks PJRT 0.40, Blitz needs PJRT 0.81"),
      ("short", "is too old: its table of functions has 200 bytes of 624, Blitz needs PJRT 0.81"),
      ("major", "speaks PJRT 1.81, Blitz speaks version 0"),
      ("broken", "did not start\n  xla: internalError: the licence server does not answer"),
    ])
  func version(mode: String, words: String) throws {
    let path = try FakePlugin.path(mode)
    #expect(try message { _ = try Plugin.load(path) }.hasPrefix("plugin: \(path) \(words)"))
  }

  @Test(
    "clients that do not start say why and what to do",
    arguments: [
      (
        "nogpu-cuda", "cuda", "device: no NVIDIA GPU can be used\n",
        "xla:    failedPrecondition: No visible GPU devices.", "nvidia-smi must list the GPU"
      ),
      (
        "nolibraries-cuda", "cuda", "could not load CUDA's libraries\n",
        "Could not load library libcudnn.so.9", "blitz plugin install cuda13 (or cuda12)"
      ),
      (
        "busy-cuda", "cuda", "the memory of cuda is taken, perhaps by another process\n",
        "CUDA_ERROR_OUT_OF_MEMORY", "BLITZ_XLA_MEMORY_FRACTION=0.4"
      ),
      (
        "good-cuda", "cpu", "xla:cpu was asked for, but ", "drives \"cuda\"",
        "BLITZ_PJRT_PLUGIN names it"
      ),
      ("nodevice", "fake", "device: ", "found no device that it can drive", "nodevice.so"),
    ])
  func client(mode: String, name: String, rule: String, words: String, help: String) throws {
    let finder = try FakePlugin.finder(mode, as: name)
    let kind = name == "cuda" ? "cuda" : "xla:\(name)"
    let message = try message { _ = try finder.backend(for: kind) }
    #expect(message.contains(rule))
    #expect(message.contains(words))
    #expect(message.contains(help))
  }

  @Test("without the driver, the driver is what is missing")
  func driver() throws {
    let finder = try FakePlugin.finder(
      "nogpu-cuda", as: "cuda", libraries: .init { _ in false })
    let message = try message { _ = try finder.backend(for: "cuda") }
    #expect(message.contains("the driver's libcuda.so.1 was not found"))
    #expect(message.contains("install NVIDIA's driver"))
  }

  @Test("a plugin beside which CUDA's libraries are missing is not loaded; they are listed")
  func halfInstalled() throws {
    // site-packages with the plugin and one of the libraries.
    let site = FakePlugin.folder.appending(path: "half")
    let plugin = site.appending(path: "jax_plugins/xla_cuda13/xla_cuda_plugin.so")
    let libraries = site.appending(path: "nvidia/cu13/lib")
    for folder in [plugin.deletingLastPathComponent(), libraries] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    try Data("never loaded".utf8).write(to: plugin)
    try Data().write(to: libraries.appending(path: "libcublas.so.13"))
    // One that was cut short is as good as missing.
    let whole = try Data(contentsOf: URL(filePath: FakePlugin.path("whole")))
    try whole.prefix(1000).write(to: libraries.appending(path: "libcusparse.so.12"))
    let finder = PluginFinder(
      environment: { $0 == "BLITZ_PJRT_PLUGIN" ? plugin.path : nil },
      libraries: .init { $0 == "libcuda.so.1" || $0 == "libcufft.so.12" }, cache: nil)
    let message = try message { _ = try finder.backend(for: "cuda") }
    #expect(message.hasPrefix("device: \(plugin.path) lacks 6 of CUDA's libraries\n"))
    #expect(message.contains("missing: libcudart.so.13, libcublasLt.so.13, libcudnn.so.9"))
    #expect(!message.contains("libcufft"))
    #expect(message.contains("blitz plugin install cuda13"))
  }

  @Test("a client gets the options of its platform only")
  func options() throws {
    let cuda = try Plugin.load(FakePlugin.path("options-cuda"))
    let cases = [
      ("cpu", "options: cpu_device_count=1"), ("cuda", "options: preallocate=0"),
      ("tpu", "options:"),
    ]
    for (platform, words) in cases {
      #expect {
        _ = try PluginFinder.client(of: cuda, kind: nil, platform: platform)
      } throws: {
        ($0 as? XLAError)?.message == words
      }
    }
  }
}

/// Devices that run out of memory or break while a program is under way.
@Suite("Bad devices")
struct BadDeviceTests {
  static let program = Program(
    text: "module { func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> }",
    arguments: [.float([64, 1024])], results: [.float([64, 1024])])

  /// A quarter of the memory of a fake device.
  static let quarter = [Float](repeating: 1, count: 64 * 1024)

  @Test("out of memory says how many bytes are alive, and the program goes on with less")
  func full() throws {
    let backend = try FakePlugin.backend("full")
    let device = backend.client.devices[0]
    var held: [XLAArray] = []
    for _ in 0..<4 { held.append(try backend.client.upload(Self.quarter, [64, 1024])) }
    #expect(device.liveBytes == 1 << 20)

    let compiled = try backend.compile(Self.program, on: .single(0))
    let text = try message { _ = try compiled.run([held[0]], keeping: []) }
    #expect(
      text == """
        run: xla:fake is out of memory: 1.0 MB of tensors are alive there, 1.0 MB in use of 1.0 MB
          xla:  resourceExhausted: Out of memory while trying to allocate.
          help: use a smaller batch, or let go of tensors; what is alive can still be read
        """)
    #expect(try held[0].values() == Self.quarter)

    held.removeLast()
    let results = try compiled.run([held[0]], keeping: [])
    #expect(try results[0].values() == Self.quarter)
    #expect(device.liveBytes == 1 << 20)
  }

  @Test("an upload that finds no room says so")
  func upload() throws {
    let client = try FakePlugin.backend("full").client
    #expect {
      _ = try client.upload([Float](repeating: 0, count: 1 << 19), [1 << 19])
    } throws: {
      ($0 as? XLAError)?.code == .resourceExhausted
    }
    #expect(client.devices[0].liveBytes == 0)
  }

  @Test("an error that comes late is thrown by the read", arguments: [false, true])
  func late(prefetched: Bool) throws {
    let array = try FakePlugin.backend("late").client.upload([Float(1)], [1])
    if prefetched { array.prefetch() }
    let text = try message { _ = try array.values() as [Float] }
    #expect(text.hasPrefix("read: xla:fake is out of memory: 4 bytes of tensors are alive there"))
    #expect(text.contains("Out of memory while computing."))
  }

  @Test("a lost device says so at once and at every later call")
  func lost() throws {
    let backend = try FakePlugin.backend("lost")
    let array = try backend.client.upload(Self.quarter, [64, 1024])
    let compiled = try backend.compile(Self.program, on: .single(0))
    for _ in 0..<2 {
      let text = try message { _ = try compiled.run([array], keeping: []) }
      #expect(text.hasPrefix("run: xla:fake was lost while it computed"))
      #expect(text.contains("xla:  internalError: CUDA_ERROR_ILLEGAL_ADDRESS"))
      #expect(text.contains("last checkpoint"))
    }
    #expect(try message { _ = try array.values() as [Float] }.contains("was lost"))
  }

  @Test("a program that is refused keeps XLA's message and says how to see its text")
  func refused() throws {
    let backend = try FakePlugin.backend("refuses")
    #expect(
      try message { _ = try backend.compile(Self.program, on: .single(0)) } == """
        compile: the compiler of xla:fake refuses the program
          xla:  invalidArgument: 1:2: error: unknown op "stablehlo.guess"
          help: BLITZ_LOG=program prints its text; please report it with the message
        """)
  }

  @Test("a program with another number of results than named is not run")
  func resultCount() throws {
    let backend = try FakePlugin.backend("twofold")
    #expect(
      try message { _ = try backend.compile(Self.program, on: .single(0)) }
        .contains("the program returns 2 results, not 1"))
  }

  @Test("a store of keys answers the plugin's calls, and its errors come back")
  func store() throws {
    final class Store: KeyValueStore {
      let values = Lock<[String: [UInt8]]>([:])
      func get(_ key: String, timeout: Duration) throws(XLAError) -> [UInt8] {
        if let value = try tryGet(key) { return value }
        throw XLAError(code: .deadlineExceeded, message: "\(key) did not come in \(timeout)")
      }
      func tryGet(_ key: String) throws(XLAError) -> [UInt8]? { values.withLock { $0[key] } }
      func put(_ key: String, _ value: [UInt8]) throws(XLAError) {
        values.withLock { $0[key] = value }
      }
    }
    let plugin = try Plugin.load(FakePlugin.path("store"))
    #expect {
      _ = try Client(plugin, store: Store())
    } throws: {
      let error = $0 as? XLAError
      return error?.code == .deadlineExceeded
        && error?.message == "nobody did not come in 0.01 seconds"
    }
  }

  @Test("every object of the plugin's is destroyed once, whatever happened")
  func objects() throws {
    typealias Count = @convention(c) () -> Int
    let path = try FakePlugin.path("counted")
    let plugin = try Plugin.load(path)
    let symbol = try #require(dlsym(dlopen(path, RTLD_NOW | RTLD_NOLOAD), "fake_objects"))
    let count = unsafeBitCast(symbol, to: Count.self)
    let before = count()
    do {
      let client = try Client(plugin)
      var program = Self.program
      program.text = program.text.replacing("f32>)", with: "f32> {tf.aliasing_output = 0 : i32})")
      program.donated = [0]
      let compiled = try client.compile(program, on: .single(0))
      var array: any AnyObject & Sendable = try client.upload(Self.quarter, [64, 1024])
      for step in 0..<10 {
        let given = array as! XLAArray
        let results = try compiled.run([given], keeping: step % 2 == 0 ? [0] : [])
        #expect(given.isConsumed == (step % 2 == 1))
        if given.isConsumed {
          #expect(try !message { _ = try compiled.run([given], keeping: []) }.isEmpty)
        }
        results[0].prefetch()
        if step % 3 == 0 { #expect(try results[0].values() == Self.quarter) }
        #expect(try !message { _ = try compiled.run([], keeping: []) }.isEmpty)
        #expect(throws: XLAError.self) { _ = try compiled.serialized() }
        array = results[0]
      }
      #expect(client.devices[0].liveBytes == Self.quarter.count * 4)
      #expect(count() > before)
    }
    #expect(count() == before)
  }
}
