import BlitzData
import BlitzSystem

/// A package to begin with: its names, and its files.
struct NewPackage {
  /// The folder, as the user wrote it.
  let folder: String
  /// The folder of Blitz's sources.
  let home: String
  /// The package's name, the last part of the folder.
  let name: String
  /// The program's name, which is a module: `MyNet` for `my-net`.
  var module: String { NewPackage.module(of: name) }

  /// Takes a name.
  ///
  /// - Throws: `RunFailure` for a name that SwiftPM or Swift does not take.
  init(_ path: String, home: String) throws {
    var folder = path
    while folder.count > 1 && folder.hasSuffix("/") { folder.removeLast() }
    let name = folder.split(separator: "/").last.map(String.init) ?? ""
    (self.folder, self.home, self.name) = (folder, home, name)
    let isPlain = name.wholeMatch(of: /[A-Za-z][A-Za-z0-9_-]*/) != nil
    try require(
      isPlain,
      "\(JSONText.quoted(path)): a package's name has letters, digits, - and _, and starts with a "
        + "letter, as my-net")
    let taken = NewPackage.taken.first { $0.lowercased() == module.lowercased() }
    try require(
      taken == nil,
      "\(JSONText.quoted(name)) would be a module \(module), but there is \(taken ?? "") already; "
        + "take another name, as my-\(name.lowercased())")
  }

  /// `my-net` is `MyNet`.
  private static func module(of name: String) -> String {
    name.split { $0 == "-" || $0 == "_" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined()
  }

  /// The modules that the program has, and those that it may want to import.
  private static let taken = [
    "ArgumentParser", "Blitz", "BlitzCLI", "BlitzCPU", "BlitzData", "BlitzLessons",
    "BlitzLinearAlgebra", "BlitzMPI",
    "BlitzNN", "BlitzONNX", "BlitzPlot", "BlitzProcesses", "BlitzSystem", "BlitzTensor", "BlitzXLA",
    "CKernels",
    "CLAPACK", "CMPI", "CPJRT", "CPNG", "CTIFF", "CTurboJPEG", "CWebP", "CZlib", "Dispatch",
    "Distributed", "FlyingFox", "FlyingSocks",
    "Foundation", "FoundationEssentials", "FoundationNetworking", "Glibc", "Musl", "Observation",
    "PackageDescription", "Runtime", "Swift", "Synchronization", "Testing", "XCTest",
  ]

  /// Writes files.
  ///
  /// - Throws: `RunFailure` if there is something already, `DataError` if the folder cannot be
  ///   made.
  func write(_ files: [(name: String, text: String)]) throws {
    try require(
      FileSystem.names(in: folder).isEmpty,
      "\(folder): has files already; name a folder that is not there, which is made")
    try File.prepareFolder(folder)
    for (name, text) in files {
      let path = "\(folder)/\(name)"
      try File.prepareFolder(String(path[..<path.lastIndex(of: "/")!]))
      try File.replace(path, with: text)
    }
  }
}
