import BlitzTensor
import Foundation
import Testing

@testable import BlitzXLA

/// The plugin in `FakePlugin`, which goes wrong as asked.
enum FakePlugin {
  static let sources = URL(filePath: #filePath).deletingLastPathComponent()

  /// The compiled library, made once for the process.
  private static let library: String? = {
    let include = sources.appending(path: "../../Sources/CPJRT/include").standardized.path
    let source = sources.appending(path: "FakePlugin/fake_plugin.c").path
    let library = folder.appending(path: "built.so").path
    return compile(["-O1", "-I", include, source], to: library) ? library : nil
  }()

  /// Makes a shared library with the C compiler that there is; one comes with Swift.
  static func compile(_ arguments: [String], to library: String) -> Bool {
    ["cc", "clang"].contains { compiler in
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [compiler, "-shared", "-fPIC"] + arguments + ["-o", library]
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return false }
      process.waitUntilExit()
      return process.terminationStatus == 0
    }
  }

  /// A folder for this process's files, removed when it ends.
  static let folder: URL = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "blitz-fake-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: FakePlugin.folder) }
    return folder
  }()

  private static let copying = Lock(())

  /// The path of a plugin of a mode, a file of its own name.
  static func path(_ name: String) throws -> String {
    try copying.withLock { _ in
      let copy = folder.appending(path: "\(name).so")
      if !FileManager.default.fileExists(atPath: copy.path) {
        try FileManager.default.copyItem(atPath: #require(library), toPath: copy.path)
      }
      return copy.path
    }
  }

  /// A finder that finds a plugin of a mode only, on a machine with or without NVIDIA's driver.
  static func finder(
    _ mode: String, as name: String = "fake", libraries: CUDALibraries = .init { _ in true }
  ) throws -> PluginFinder {
    let path = try path(mode)
    return PluginFinder(
      environment: { $0 == "BLITZ_PJRT_PLUGIN" ? "\(name):\(path)" : nil }, libraries: libraries,
      cache: nil)
  }

  static func backend(_ mode: String) throws -> XLABackend {
    try #require(try finder(mode).backend(for: "xla:fake") as? XLABackend)
  }
}

/// A real plugin that drives this machine's processor, where one is installed.
enum RealPlugin {
  static let path: String? = PluginFinder.shared.plugins.first { $0.platform == "cpu" }?.path
  static let isFound = path != nil

  /// A client of its own, with as many devices as asked for.
  static func client(devices: Int = 1) throws -> Client {
    try Client(
      Plugin.load(#require(path)), options: [("cpu_device_count", .int(Int64(devices)))])
  }

  static func backend(devices: Int = 1, cache: ProgramCache? = nil) throws -> XLABackend {
    XLABackend(try client(devices: devices), cache: cache)
  }
}

extension Client {
  func upload<T: BitwiseCopyable & TensorElement>(
    _ values: [T], _ shape: Shape, to device: Int = 0
  ) throws -> XLAArray {
    try values.withUnsafeBytes {
      try upload($0, shape: shape, dtype: T.dtype, to: device)
    }
  }
}

extension DeviceArray {
  func values<T: BitwiseCopyable & TensorElement>(_ type: T.Type = Float.self) throws -> [T] {
    let count = shape.elementCount
    return try [T](unsafeUninitializedCapacity: count) { target, filled in
      try read(into: UnsafeMutableRawBufferPointer(target))
      filled = count
    }
  }
}

extension Program.Value {
  static func float(_ shape: Shape) -> Program.Value { .init(shape: shape, dtype: .float32) }
}

/// The message of the error that a call throws.
func message(of body: () throws -> Void) throws -> String {
  do {
    try body()
  } catch let error as TensorError {
    return error.message
  }
  throw NothingThrown()
}

struct NothingThrown: Error {}
