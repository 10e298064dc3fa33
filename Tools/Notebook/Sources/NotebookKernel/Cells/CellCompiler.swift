import CellRewriting
import Foundation

/// Makes dynamic modules of cells, one frontend call and one link each.
struct CellCompiler {
  let toolchain: Toolchain
  /// Where sources, modules and libraries of this session's cells are.
  let folder: String
  /// The last module that a new cell sees, and with it all before.
  private(set) var latest: String?
  private(set) var count = 0
  /// The module of each global variable.
  private(set) var variables: [String: String] = [:]
  /// The functions that cells have declared and that can be called.
  private var functions: [FunctionSignature] = []
  /// The cell that ended before it reached a name which no other cell has declared.
  private(set) var unreached: [String: String] = [:]

  init(toolchain: Toolchain, folder: String) throws {
    self.toolchain = toolchain
    self.folder = folder
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    try setBlankModules(CellCompiler.modulesOfC)
  }

  /// A cell on its way.
  struct Unit {
    var rewriter: CellRewriter
    var module: String { rewriter.module }
    /// Nil if the cell has syntax errors.
    var cell: RewrittenCell?
    var source: String
    var file: String
    var options: [String]
    /// The module that hides functions of earlier cells from this one and those that follow.
    var hiding: String?
  }

  /// Writes a cell's module down; `file` is what errors call it.
  ///
  /// - Parameter hidesReplaced: whether functions of earlier cells are hidden that the cell
  ///   declares with another result, `throws` or the like. It takes a module before the cell's.
  mutating func prepare(
    _ source: String, file: String, hidesReplaced: Bool = true
  ) throws -> Unit {
    count += 1
    var rewriter = CellRewriter(
      number: count, file: file, header: header(after: latest), earlier: variables)
    var cell = rewriter.rewrite(source)
    let new = cell?.names.compactMap(\.function) ?? []
    let replaced = hidesReplaced ? new.replaced(of: functions) : []
    let declarations = replaced.compactMap(\.hiding)
    let hiding = declarations.isEmpty ? nil : "Before_\(count)"
    if let hiding {
      let text = header(after: latest) + declarations.joined(separator: "\n")
      try text.write(toFile: "\(folder)/\(hiding).swift", atomically: false, encoding: .utf8)
      rewriter.header = header(after: hiding)
      cell = rewriter.rewrite(source)
    }
    let unit = Unit(
      rewriter: rewriter, cell: cell, source: source, file: file,
      options: CellCompiler.options(in: source), hiding: hiding)
    let text = cell?.text ?? "#sourceLocation(file: \"\(file)\", line: 1)\n\(source)\n"
    try text.write(toFile: path(unit, "swift"), atomically: false, encoding: .utf8)
    return unit
  }

  /// What a cell of this session begins with.
  var header: String { header(after: latest) }

  private func header(after module: String?) -> String {
    "@_exported import Blitz; @_exported import Notebook; "
      + (module.map { "@_exported import \($0)" } ?? "") + "\n"
  }

  /// A cell that begins with `// swiftc: -O` is compiled with those options.
  private static func options(in source: String) -> [String] {
    guard let line = source.split(separator: "\n").first,
      let match = line.firstMatch(of: #/^\s*//\s*swiftc:(.*)/#)
    else { return [] }
    let allowed: Set = ["-O", "-Onone", "-Osize", "-Ounchecked", "-enable-cmo-everything"]
    return match.1.split(separator: " ").map(String.init).filter(allowed.contains)
  }

  func path(_ unit: Unit, _ suffix: String) -> String {
    "\(folder)/\(suffix == "so" ? "lib" : "")\(unit.module).\(suffix)"
  }

  private var blankMap: String { folder + "/blank.modulemap" }

  /// Modules of C that Blitz is made with.
  static let modulesOfC = ["CKernels", "CPJRT", "CPNG", "CTurboJPEG", "CZlib"]

  /// The text of a module map with these modules, all empty. The compiler wants modules of C to
  /// exist when it reads Blitz, and looks at nothing in them: these spare it their headers.
  static func blankMap(_ names: [String]) -> String {
    names.map { "module \($0) {}\n" }.joined()
  }

  func setBlankModules(_ names: [String]) throws {
    try CellCompiler.blankMap(names).write(toFile: blankMap, atomically: true, encoding: .utf8)
  }

  /// What both the compiler and completion are told.
  var searchOptions: [String] {
    [
      "-I", folder, "-I", toolchain.build + "/Modules", "-swift-version", "5",
      "-enable-bare-slash-regex", "-module-cache-path", toolchain.cache + "/modules",
      "-package-name", "notebook", "-Xcc", "-fmodule-map-file=" + blankMap,
    ]
  }

  func compileCommand(_ unit: Unit) -> [String] {
    if unit.cell == nil {
      return [
        toolchain.frontend, "-parse", path(unit, "swift"), "-swift-version", "5",
        "-enable-bare-slash-regex", "-no-color-diagnostics", "-diagnostic-style", "llvm",
      ]
    }
    let plugins = toolchain.root + "/lib/swift/host"
    return [
      toolchain.frontend, "-c", path(unit, "swift"), "-o", path(unit, "o"),
      "-emit-module-path", path(unit, "swiftmodule"),
      "-emit-module-doc-path", path(unit, "swiftdoc"), "-g",
      "-in-process-plugin-server-path", plugins + "/libSwiftInProcPluginServer.so",
      "-plugin-path", plugins + "/plugins",
    ] + moduleOptions(unit.module) + unit.options
  }

  /// Makes a module without code, which only hides names: nothing calls what it declares.
  func hideCommand(_ module: String) -> [String] {
    [
      toolchain.frontend, "-emit-module", "\(folder)/\(module).swift",
      "-o", "\(folder)/\(module).swiftmodule",
    ] + moduleOptions(module)
  }

  private func moduleOptions(_ module: String) -> [String] {
    [
      "-module-name", module, "-parse-as-library", "-disable-objc-interop",
      "-empty-abi-descriptor", "-no-color-diagnostics", "-diagnostic-style", "llvm",
      "-suppress-warnings", "-enable-private-imports", "-disable-access-control",
    ] + searchOptions
  }

  /// Globals of cells begin by way of the host, which ends what a parked thread had begun; and a
  /// thread's calls are found by tables, not only by frame pointers.
  func linkCommand(_ unit: Unit) -> [String] {
    toolchain.linkCommand + [
      "-shared", "--wrap=swift_once", "--eh-frame-hdr", path(unit, "o"), toolchain.runtimeObject,
      "-o", path(unit, "so"),
    ]
  }

  /// Writes down a module that has of a cell what it reached before it ended, if that is not all
  /// that it declares. Names that were not reached are what they were before the cell.
  ///
  /// - Returns: the name of the module; nil if the cell's own will do.
  func narrowed(_ unit: Unit, reached steps: Int) throws -> String? {
    let names = unit.cell?.names ?? []
    let reached = names.filter { $0.steps <= steps }
    if reached.isEmpty || reached.count == names.count { return nil }
    let hiding = reached.compactMap(\.function).replaced(of: functions).compactMap(\.hiding)
    let imports = reached.compactMap { name in
      switch name.kind {
      case .module: name.name
      // A scoped import takes precedence over that of all cells before.
      case .unnamed: nil
      // Of operators there is none.
      case _ where name.name.allSatisfy { !$0.isLetter && $0 != "_" }: nil
      default: "@_exported import \(name.kind.rawValue) \(unit.module).\(name.name)"
      }
    }
    let module = "Part_\(unit.rewriter.number)"
    let text = header(after: latest) + (hiding + imports).joined(separator: "\n") + "\n"
    try text.write(toFile: "\(folder)/\(module).swift", atomically: false, encoding: .utf8)
    return module
  }

  /// The unit's names, as far as they were reached, are there for the cells to come.
  ///
  /// - Parameter part: the module that has them, if it is not the cell's own.
  mutating func keep(_ unit: Unit, reached steps: Int = .max, part: String? = nil) {
    for name in CellCompiler.unreached(unit, steps) where variables[name] == nil {
      unreached[name] = unit.file
    }
    let names = (unit.cell?.names ?? []).filter { $0.steps <= steps }
    // Each module that a cell sees costs it a third of a millisecond.
    if names.isEmpty { return }
    latest = part ?? unit.module
    for name in names where !name.name.isEmpty {
      variables[name.name] = name.kind == .variable ? unit.module : nil
      unreached[name.name] = nil
    }
    let new = names.compactMap(\.function)
    functions = new.kept(of: functions) + new
  }

  /// The names that a cell did not reach before it ended, each once.
  static func unreached(_ unit: Unit, _ steps: Int) -> [String] {
    let names = unit.cell?.names ?? []
    let reached = Set(names.filter { $0.steps <= steps }.map(\.name))
    var found: [String] = []
    for name in names where name.kind != .module && !name.name.isEmpty {
      if !reached.contains(name.name), !found.contains(name.name) { found.append(name.name) }
    }
    return found
  }

  /// What to do for a name that is missing because its cell ended before it.
  func hint(unreached name: String) -> String? {
    unreached[name].map { "\($0) ended before it reached '\(name)'; mend and run that cell again" }
  }

  /// A new host has none of the names.
  mutating func forget() {
    latest = nil
    variables = [:]
    functions = []
    unreached = [:]
  }

  /// Object files are not needed once linked; of modules the interface is.
  func discardObject(_ unit: Unit) { unlink(path(unit, "o")) }
}
