import Foundation

/// The symbols that the modules of Blitz make public, as the compiler names them. The list is
/// made once for a build, in a second or two, and kept in the cache.
struct PublicSymbols {
  private let symbols: Set<Substring>

  init(_ toolchain: Toolchain) {
    let modules = toolchain.build + "/Modules"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: modules)) ?? []
    let names = files.filter { $0.hasPrefix("Blitz") && $0.hasSuffix(".swiftmodule") }.sorted()
    let stamps = names.map { name -> String in
      var status = stat()
      stat(modules + "/" + name, &status)
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
    symbols = PublicSymbols.extract(names, from: modules, toolchain)
    try? (stamp + "\n" + symbols.joined(separator: "\n"))
      .write(toFile: list, atomically: true, encoding: .utf8)
  }

  func contains(_ symbol: String) -> Bool { symbols.isEmpty || symbols.contains(symbol[...]) }

  private static func extract(
    _ names: [String], from modules: String, _ toolchain: Toolchain
  ) -> Set<Substring> {
    let folder = FileManager.default.temporaryDirectory.path + "/blitz-symbols-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? CellCompiler.blankMap(CellCompiler.modulesOfC)
      .write(toFile: folder + "/blank.modulemap", atomically: true, encoding: .utf8)
    for name in names {
      let child = try? Child.start(
        [
          toolchain.root + "/bin/swift-symbolgraph-extract",
          "-module-name", String(name.dropLast(".swiftmodule".count)),
          "-I", modules, "-target", "\(Toolchain.architecture)-unknown-linux-gnu",
          "-minimum-access-level", "public", "-output-dir", folder,
          "-module-cache-path", toolchain.cache + "/modules", "-skip-inherited-docs",
          "-Xcc", "-fmodule-map-file=" + folder + "/blank.modulemap",
        ],
        // What the completion's process sets is for SourceKit.
        environment: ProcessInfo.processInfo.environment.filter { $0.key != "LD_LIBRARY_PATH" },
        descriptors: [0, 2, 2])
      _ = child?.wait()
    }
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
