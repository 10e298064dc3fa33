import BlitzSystem
import BlitzTensor

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where installed plugins are: `~/.blitz/plugins`, a folder for each.
struct PluginFolder {
  /// `~/.blitz`.
  private let root: String
  /// The folder of all plugins.
  var path: String { root + "/plugins" }

  /// The folder in the user's home.
  ///
  /// - Throws: `RunFailure` if `HOME` is not set.
  init() throws {
    guard let home = Environment["HOME"] else {
      throw RunFailure.run("HOME is not set; plugins are installed in HOME/.blitz/plugins")
    }
    root = home + "/.blitz"
  }

  /// The folder of one plugin.
  func path(of name: String) -> String { "\(path)/\(name)" }

  /// The names of what is installed, sorted.
  var installed: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// Removes a plugin's folder.
  ///
  /// - Throws: `RunFailure` if that is refused.
  func remove(_ name: String) throws {
    // A plugin half gone would still be found: first it loses its place.
    let doomed = temporary(name)
    try move(path(of: name), to: doomed)
    try delete(doomed)
  }

  /// Makes a plugin's folder of what `fill` puts into an empty one; there is a folder of this name
  /// afterwards only if nothing went wrong. One that was there is replaced.
  func install(_ name: String, _ fill: (_ folder: String) throws -> Void) throws {
    removeLeftovers()
    let new = temporary(name)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try FileManager.default.createDirectory(atPath: new, withIntermediateDirectories: true)
    } catch {
      throw RunFailure.run("\(new): cannot be made; is \(root) yours to write to?")
    }
    defer { try? FileManager.default.removeItem(atPath: new) }
    try fill(new)
    let old = temporary("old-" + name)
    let isReplacing = FileManager.default.fileExists(atPath: path(of: name))
    if isReplacing { try move(path(of: name), to: old) }
    try move(new, to: path(of: name))
    if isReplacing { try delete(old) }
  }

  /// A folder of this process beside that of all plugins, where nobody looks for one.
  private func temporary(_ name: String) -> String { "\(root)/.installing-\(getpid())-\(name)" }

  /// Removes what processes that were killed have left.
  private func removeLeftovers() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    for name in names where name.hasPrefix(".installing-") {
      guard let process = name.split(separator: "-").dropFirst().first.flatMap({ pid_t($0) }),
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      try? FileManager.default.removeItem(atPath: "\(root)/\(name)")
    }
  }

  private func move(_ from: String, to target: String) throws {
    guard rename(from, target) == 0 else {
      throw RunFailure.run(
        "\(from): cannot be moved to \(target): \(String(cString: strerror(errno)))")
    }
  }

  private func delete(_ folder: String) throws {
    do {
      try FileManager.default.removeItem(atPath: folder)
    } catch {
      throw RunFailure.run("\(folder): cannot be removed; remove it yourself")
    }
  }
}

/// Lends a folder that is gone afterwards.
func withTemporaryFolder<R>(_ body: (_ folder: String) throws -> R) throws -> R {
  let base = Environment["TMPDIR"] ?? "/tmp"
  let folder = "\(base)/blitz-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  do {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  } catch {
    throw RunFailure.run("\(folder): cannot be made; set TMPDIR to a folder that can be written to")
  }
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}
