import BlitzSystem

/// The file of a plugin that was found but not loaded.
public struct FoundPlugin: Sendable, Hashable {
  /// The name of the plugin, `cpu` or `cuda`; nil if only its path was given.
  public let name: String?
  /// The path of the file.
  public let path: String
  /// The place where it was found, `BLITZ_PJRT_PLUGIN` or a folder.
  public let origin: String

  /// The kind of its devices, as in `Device(kind)`: `cuda`, `xla:cpu`.
  public var kind: String {
    let name = name ?? guessedName
    return name == "cuda" ? name : "xla:\(name)"
  }

  /// The platform in the name of the plugin or of its file, if there is one.
  var platform: String? {
    let platforms = PluginPlaces.platforms
    if let name, platforms.contains(name) { return name }
    let file = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    return platforms.first { file.contains($0) }
  }

  private var guessedName: String { platform ?? "plugin" }
}

/// The places where plugins are looked for, in order.
struct PluginPlaces {
  /// Kinds of devices that plugins name in their own words.
  static let platforms = ["cuda", "rocm", "tpu", "cpu"]

  /// Where the packages of Python's index put plugins, relative to site-packages.
  private static let packaged = [
    ("cuda", "jax_plugins/xla_cuda13/xla_cuda_plugin.so"),
    ("cuda", "jax_plugins/xla_cuda12/xla_cuda_plugin.so"),
    ("cpu", "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so"),
    ("cpu", "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so"),
  ]

  /// What was found, the first of a name being the one to use.
  private(set) var found: [FoundPlugin] = []
  /// What was looked at, for messages.
  private(set) var looked: [String] = []

  /// Looks at environment variables, then at folders.
  init(_ environment: (String) -> String?) {
    for variable in ["BLITZ_PJRT_PLUGIN", "PJRT_NAMES_AND_LIBRARY_PATHS"] {
      guard let value = environment(variable) else {
        looked.append("\(variable), which is not set")
        continue
      }
      looked.append("\(variable)=\(value)")
      for item in value.split(separator: ",") { add(item, from: variable) }
    }

    let home = environment("HOME")
    if let home {
      // Newest first: cuda13 before cuda12.
      let plugins = home + "/.blitz/plugins"
      looked.append(plugins)
      for name in FileSystem.names(in: plugins).reversed() {
        addPackages(in: "\(plugins)/\(name)")
        addLibraries(in: "\(plugins)/\(name)", named: name)
      }
    }

    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].compactMap { environment($0) }
    for prefix in active { addPythons(under: prefix + "/lib") }
    if active.isEmpty {
      if let home { addPythons(under: home + "/.local/lib") }
      addPythons(under: "/usr/local/lib")
      addPackages(in: "/usr/lib/python3/dist-packages")
    }
  }

  /// Looks at one folder only.
  init(folder: String) {
    addPackages(in: folder)
    addLibraries(in: folder, named: folder.split(separator: "/").last.map(String.init) ?? "")
  }

  /// An item of a variable: a path, or a name and a path with a colon between.
  private mutating func add(_ item: Substring, from variable: String) {
    let item = item.drop { $0 == " " }
    guard let colon = item.lastIndex(of: ":"), !item[..<colon].contains("/") else {
      found.append(FoundPlugin(name: nil, path: String(item), origin: variable))
      return
    }
    let name = item[..<colon].hasPrefix("xla:") ? item[..<colon].dropFirst(4) : item[..<colon]
    found.append(
      FoundPlugin(
        name: String(name), path: String(item[item.index(after: colon)...]), origin: variable))
  }

  private mutating func addPythons(under library: String) {
    let pythons = FileSystem.names(in: library).filter { $0.hasPrefix("python3") }
    if pythons.isEmpty { looked.append(library + "/python3*/site-packages") }
    for python in pythons.reversed() {
      for packages in ["site-packages", "dist-packages"] {
        let folder = "\(library)/\(python)/\(packages)"
        if FileSystem.exists(folder) { addPackages(in: folder) }
      }
    }
  }

  private mutating func addPackages(in folder: String) {
    if !looked.contains(where: { folder.hasPrefix($0) }) { looked.append(folder) }
    for (name, path) in Self.packaged where FileSystem.exists("\(folder)/\(path)") {
      found.append(FoundPlugin(name: name, path: "\(folder)/\(path)", origin: folder))
    }
  }

  /// Shared libraries that lie directly in a folder of `~/.blitz/plugins`.
  private mutating func addLibraries(in folder: String, named name: String) {
    let name = name.hasPrefix("cuda") ? "cuda" : name
    for file in FileSystem.names(in: folder) where file.hasSuffix(".so") {
      found.append(FoundPlugin(name: name, path: "\(folder)/\(file)", origin: folder))
    }
  }
}
