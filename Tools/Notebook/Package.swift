// swift-tools-version: 6.1
import Foundation
import PackageDescription

// The toolchain brings swift-syntax built, in the version of its compiler: seconds where the
// package takes five minutes. Its folder is no search path by itself, hence the flags; they
// are harmless here, since nobody depends on this package.
let syntax = toolchain() + "/lib/swift/host"
let seesSyntax: [SwiftSetting] = [.unsafeFlags(["-I", syntax])]

/// The `usr` folder of the toolchain that reads this manifest, which is linked with a library
/// of it.
func toolchain() -> String {
  let mark = "/lib/swift/pm/ManifestAPI/"
  // Read to the end: the file claims to be empty, and arrives page by page.
  let maps = FileHandle(forReadingAtPath: "/proc/self/maps")?.readDataToEndOfFile() ?? Data()
  for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
    guard let start = line.firstIndex(of: "/"), let end = line.range(of: mark) else { continue }
    return String(line[start..<end.lowerBound])
  }
  return "/usr"
}

let package = Package(
  name: "notebook",
  products: [
    .executable(name: "blitz-kernel", targets: ["KernelCommand"]),
    // One library holds Blitz and all that runs cells: a second copy would have types and
    // protocols of its own.
    .library(name: "NotebookHost", type: .dynamic, targets: ["NotebookHost", "Notebook"]),
    .executable(name: "blitz-cell-host", targets: ["CellHost"]),
  ],
  dependencies: [.package(name: "blitz", path: "../..")],
  targets: [
    // The kernel: speaks Jupyter's protocol, rewrites and compiles cells.
    .executableTarget(
      name: "KernelCommand", dependencies: ["NotebookKernel"], swiftSettings: seesSyntax),
    .target(
      name: "NotebookKernel", dependencies: ["CellRewriting", "CNotebookKernel", "CZeroMQ"],
      swiftSettings: seesSyntax),
    .target(
      name: "CellRewriting", swiftSettings: seesSyntax,
      linkerSettings: [
        .unsafeFlags(["-L", syntax, "-Xlinker", "-rpath", "-Xlinker", syntax]),
        .linkedLibrary("SwiftSyntax"), .linkedLibrary("SwiftParser"),
      ]),
    .target(name: "CNotebookKernel"),
    .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),

    // The host: the process that cells run in.
    .target(
      name: "Notebook",
      dependencies: [
        .product(name: "Blitz", package: "blitz"), .product(name: "BlitzPlot", package: "blitz"),
        .product(name: "BlitzLessons", package: "blitz"),
      ]),
    .target(name: "NotebookHost", dependencies: ["Notebook", "CNotebookHost"]),
    .target(name: "CNotebookHost"),
    .executableTarget(name: "CellHost"),

    .testTarget(
      name: "NotebookTests", dependencies: ["NotebookKernel", "CellRewriting", "CZeroMQ"],
      swiftSettings: seesSyntax),
  ],
  swiftLanguageModes: [.v6]
)
