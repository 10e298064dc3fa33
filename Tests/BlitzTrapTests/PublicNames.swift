import Foundation

/// The public functions, initialisers and subscripts of the library, as the compiler lists them.
enum PublicNames {
  /// What a user of `Blitz` and `BlitzPlot` calls.
  static let modules = [
    "BlitzTensor", "BlitzNN", "BlitzData", "Blitz", "BlitzPlot", "BlitzDistributions",
    "BlitzLinearAlgebra", "BlitzONNX", "BlitzModels",
  ]

  /// Public, but not called with numbers and tensors by who trains a network.
  static let exempt: [(prefix: String, reason: String)] = [
    ("Memory.", "counters of memory, without arguments"),
    ("GradientExchange", "messages between processes"),
    ("Optimizer.exchangeGradients", "messages between processes"),
    ("Mean.init(from:)", "from a coder"),
    ("CSV.Layout.init(from:)", "from a coder"), ("CSV.Layout.Label.init(from", "from a coder"),
    ("CSV.Layout.Column.init(from", "from a coder"),
    ("CSV.Layout.Kind.init(from", "from a coder"), ("CSV.Missing.init(raw", "by the compiler"),
    ("NestedElements", "pointers, which the caller vouches for"),
    ("Array.read", "pointers"), ("Array.write", "pointers"),
    ("Shape.subscript", "a collection's subscript, which traps as every one in Swift does"),
    ("DType.init(rawValue", "made by the compiler"), ("Precision.init(raw", "by the compiler"),
    ("FourierNorm.init(raw", "by the compiler"), ("QuantileRule.init(raw", "by the compiler"),
    ("QRMode.init(raw", "by the compiler"),
    ("ResumableOptimizer", "what the optimizers do"),
    ("Muon.RateRatio.init(raw", "by the compiler"),
    ("EmbeddingBag.Mode.init(raw", "by the compiler"),
    ("UpdateRule", "what the optimizers' rules are"),
    ("Generator.State.encode", "to a coder"), ("Generator.State.init", "from a coder"),
    ("noGrad(isolation", "the same for async code"),
    ("autocast(to:isolation", "the same for async code"), ("Display.init", "strings"),
  ]

  /// Every name, `Tensor.reshaped(to:)`, once.
  static func all() throws -> Set<String> {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "blitz-symbols-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for module in modules { try extract(module, to: folder) }
    var names: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    {
      let graph = try JSONDecoder().decode(Graph.self, from: Data(contentsOf: file))
      for symbol in graph.symbols where symbol.isCalled {
        names.insert(symbol.pathComponents.joined(separator: "."))
      }
    }
    return names
  }

  private static func extract(_ module: String, to folder: URL) throws {
    let built = try modulesFolder().deletingLastPathComponent()
    let sources = URL(filePath: #filePath).appending(path: "../../../Sources").standardized
    let maps =
      try [built, sources].flatMap {
        try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
      }
      .filter {
        FileManager.default.fileExists(atPath: $0.appending(path: "module.modulemap").path)
      }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      [
        "swift", "symbolgraph-extract", "-module-name", module, "-target", target,
        "-minimum-access-level", "public", "-skip-synthesized-members", "-output-dir", folder.path,
        "-I", built.appending(path: "Modules").path,
      ] + maps.flatMap { ["-I", $0.path] }
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw CocoaError(.executableLoad) }
  }

  private static let target: String = {
    #if arch(x86_64)
      "x86_64-unknown-linux-gnu"
    #else
      "aarch64-unknown-linux-gnu"
    #endif
  }()

  /// Where the build put the modules: beside the test bundle.
  private static func modulesFolder() throws -> URL {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let modules = folder.appending(path: "Modules")
      let module = modules.appending(path: "BlitzTensor.swiftmodule")
      if FileManager.default.fileExists(atPath: module.path) { return modules }
      folder.deleteLastPathComponent()
    }
    throw CocoaError(.fileNoSuchFile)
  }

  private struct Graph: Decodable {
    let symbols: [Symbol]
  }

  private struct Symbol: Decodable {
    let kind: Kind
    let pathComponents: [String]

    struct Kind: Decodable {
      let identifier: String
    }

    var isCalled: Bool {
      ["method", "init", "func", "subscript"].contains { kind.identifier.contains($0) }
    }
  }
}
