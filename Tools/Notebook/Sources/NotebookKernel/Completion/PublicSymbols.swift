import Foundation

/// The symbols that the modules of Blitz make public, as the compiler names them. The list is
/// made once for a build, in a second or two, and kept in the cache.
struct PublicSymbols {
  private let symbols: Set<Substring>

  /// What notebooks import. The backends are not among them: they are made with modules of C, which
  /// are blank here, and their list could not be made.
  private static let modules = [
    "Blitz", "BlitzData", "BlitzLessons", "BlitzNN", "BlitzPlot", "BlitzTensor",
  ]

  init(_ toolchain: Toolchain) {
    let modules = toolchain.build + "/Modules"
    let stamps = PublicSymbols.modules.map { name -> String in
      var status = stat()
      stat("\(modules)/\(name).swiftmodule", &status)
      return "\(name) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    }
    let stamp = modules + " " + stamps.joined(separator: " ")
    let list = toolchain.cache + "/public-symbols"
    if let text = try? String(contentsOfFile: list, encoding: .utf8),
      text.hasPrefix(stamp + "\n")
    {
      symbols = Set(text.split(separator: "\n").dropFirst())
      return
    }
    symbols = PublicSymbols.extract(from: modules, toolchain)
    try? (stamp + "\n" + symbols.joined(separator: "\n"))
      .write(toFile: list, atomically: true, encoding: .utf8)
  }

  func contains(_ symbol: String) -> Bool { symbols.isEmpty || symbols.contains(symbol[...]) }

  private static func extract(from build: String, _ toolchain: Toolchain) -> Set<Substring> {
    let folder = FileManager.default.temporaryDirectory.path + "/blitz-symbols-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? CellCompiler.blankMap(CellCompiler.modulesOfC)
      .write(toFile: folder + "/blank.modulemap", atomically: true, encoding: .utf8)
    let children = modules.map { name in
      try? Child.start(
        [
          toolchain.root + "/bin/swift-symbolgraph-extract", "-module-name", name,
          "-I", build, "-target", "\(Toolchain.architecture)-unknown-linux-gnu",
          "-minimum-access-level", "public", "-output-dir", folder,
          "-module-cache-path", toolchain.cache + "/modules", "-skip-inherited-docs",
          "-Xcc", "-fmodule-map-file=" + folder + "/blank.modulemap",
        ],
        // What the completion's process sets is for SourceKit.
        environment: ProcessInfo.processInfo.environment.filter { $0.key != "LD_LIBRARY_PATH" },
        descriptors: [0, 2, 2])
    }
    for child in children { _ = child?.wait() }
    var found: Set<Substring> = []
    for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where file.hasSuffix(".symbols.json") {
      guard let text = try? String(contentsOfFile: folder + "/" + file, encoding: .utf8) else {
        continue
      }
      let mark = #""precise":""#
      var rest = text[...]
      while let range = rest.utf8.firstRange(of: mark.utf8) {
        rest = rest[range.upperBound...]
        found.insert(rest.prefix { $0 != "\"" })
      }
    }
    return found
  }
}
