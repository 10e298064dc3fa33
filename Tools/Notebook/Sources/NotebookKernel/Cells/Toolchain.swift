import Foundation

/// Where the compiler, the library of Blitz and the kernel's own files are.
struct Toolchain {
  /// The `usr` folder of the Swift toolchain.
  var root: String
  /// The folder of this executable: the host, its library and the modules are beside it.
  var build: String
  /// Where the compiler keeps what it has read of the system's modules.
  var cache: String

  init() throws {
    // The parser's library is part of the toolchain that built this kernel.
    guard let library = Toolchain.parserLibrary,
      let end = library.range(of: "/lib/swift/host/")
    else {
      throw KernelFailure(description: "the toolchain that built this kernel is gone")
    }
    root = String(library[..<end.lowerBound])
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    build = (executable as NSString).deletingLastPathComponent
    let environment = ProcessInfo.processInfo.environment
    let caches =
      environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "/tmp").appending("/.cache")
    cache = caches + "/blitz/notebook"
    try FileManager.default.createDirectory(
      atPath: cache + "/modules", withIntermediateDirectories: true)
    guard FileManager.default.isExecutableFile(atPath: frontend) else {
      throw KernelFailure(description: "there is no compiler at \(frontend)")
    }
  }

  var frontend: String { root + "/bin/swift-frontend" }
  var symbolizer: String { root + "/bin/llvm-symbolizer" }
  var libraries: String { root + "/lib/swift/linux" }
  var hostLibrary: String { build + "/libNotebookHost.so" }
  var hostExecutable: String { build + "/blitz-cell-host" }
  var sourceKit: String { root + "/lib/libsourcekitdInProc.so" }

  #if arch(x86_64)
    static let architecture = "x86_64"
  #else
    static let architecture = "aarch64"
  #endif

  /// The object that makes a library's types known to the runtime.
  var runtimeObject: String { "\(libraries)/\(Toolchain.architecture)/swiftrt.o" }

  /// GNU ld's gold where there is one: it takes half the time of the toolchain's own linker.
  let linker: [String] = {
    let usual = ["/usr/bin/ld.gold", "/usr/bin/ld.bfd"]
    return usual.first { FileManager.default.isExecutableFile(atPath: $0) }.map { [$0] } ?? []
  }()

  var linkCommand: [String] { linker.isEmpty ? [root + "/bin/ld.lld"] : linker }

  private static var parserLibrary: String? {
    let maps = FileHandle(forReadingAtPath: "/proc/self/maps")?.readDataToEndOfFile() ?? Data()
    for line in String(decoding: maps, as: UTF8.self).split(separator: "\n")
    where line.hasSuffix("/libSwiftSyntax.so") {
      if let start = line.firstIndex(of: "/") { return String(line[start...]) }
    }
    return nil
  }
}
