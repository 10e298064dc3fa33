import BlitzTensor

/// Finds plugins, and makes a backend of one when its device is first used.
///
/// It looks in `BLITZ_PJRT_PLUGIN` (a path, or `name:path` with commas between), JAX's
/// `PJRT_NAMES_AND_LIBRARY_PATHS`, `~/.blitz/plugins`, and the site-packages of the active Python
/// environment, else the system's. Nothing is loaded before it is used.
public final class PluginFinder: BackendSource {
  /// The finder that `Device` uses.
  public static let shared = PluginFinder()

  private let environment: @Sendable (String) -> String?
  private let libraries: CUDALibraries
  private let cache: ProgramCache?
  private let made = Lock<[String: XLABackend]>([:])

  init(
    environment: @escaping @Sendable (String) -> String? = { Environment[$0] },
    libraries: CUDALibraries = CUDALibraries(), cache: ProgramCache? = .standard
  ) {
    self.environment = environment
    self.libraries = libraries
    self.cache = cache
  }

  /// The plugins found, the preferred ones first.
  public var plugins: [FoundPlugin] { PluginPlaces(environment).found }

  /// The kinds of devices for which a plugin was found; reading it loads nothing.
  public var kinds: [String] {
    var kinds: [String] = []
    for plugin in plugins where !kinds.contains(plugin.kind) { kinds.append(plugin.kind) }
    return kinds
  }

  /// The backend of a kind of device, made at the first call.
  ///
  /// - Throws: `TensorError` if there is no plugin for it, with the places searched, or if the
  ///   plugin does not start, with what to do.
  package func backend(for kind: String) throws(TensorError) -> any Backend {
    try made.withLock { made throws(TensorError) in
      if let backend = made[kind] { return backend }
      let backend = try make(kind)
      made[kind] = backend
      return backend
    }
  }

  private func make(_ kind: String) throws(TensorError) -> XLABackend {
    let name = kind.hasPrefix("xla:") ? String(kind.dropFirst(4)) : kind
    guard kind == "cuda" || (kind.hasPrefix("xla:") && !name.isEmpty && name != "cuda") else {
      throw TensorError(
        "device", "there is no kind of device \"\(kind)\"",
        help: "devices are cpu, cuda for NVIDIA GPUs, and xla:NAME for other plugins, as xla:cpu")
    }
    let places = PluginPlaces(environment)
    guard let plugin = places.found.first(where: { $0.kind == kind }) else {
      throw TensorError(
        "device", "no plugin for \(kind) was found",
        operands: places.looked.map { ("looked in", $0) },
        help: name == "cuda" || name == "cpu"
          ? "install one: blitz plugin install \(name == "cpu" ? "cpu" : "cuda13 (or cuda12)")"
          : "say where it is: BLITZ_PJRT_PLUGIN=\(name):/path/to/plugin.so")
    }
    return try make(plugin, named: name, kind: kind)
  }

  /// Starts a plugin's devices.
  private func make(
    _ found: FoundPlugin, named name: String, kind: String
  ) throws(TensorError) -> XLABackend {
    let isCUDA = name == "cuda" || found.platform == "cuda"
    // Without a driver the plugin says so itself; with one, it would stop half-way.
    if isCUDA, libraries.hasDriver {
      let missing = libraries.missing(for: found.path)
      guard missing.isEmpty else { throw lacks(missing, found) }
    }
    let plugin = try Plugin.load(found.path)
    let client: Client
    do {
      client = try PluginFinder.client(
        of: plugin, kind: kind, platform: isCUDA ? "cuda" : found.platform)
    } catch {
      throw failure(error, found, kind: kind, isCUDA: isCUDA)
    }
    guard !PluginPlaces.platforms.contains(name) || client.platform.lowercased() == name else {
      throw TensorError(
        "device",
        "\(kind) was asked for, but \(found.path) drives \"\(client.platform)\"",
        help: "\(found.origin) names it; give the path of a plugin for \(name)")
    }
    guard !client.devices.isEmpty else {
      throw TensorError("device", "\(found.path) found no device that it can drive")
    }
    var options: [(name: String, value: CompilerOption)] = []
    if isCUDA, let folder = CUDALibraries.dataFolder(beside: found.path) {
      options.append(("xla_gpu_cuda_data_dir", .string(folder)))
    }
    if client.platform.lowercased() == "cpu" {
      // The larger of a number and NaN is NaN, as everywhere else.
      options.append(("xla_cpu_enable_fast_min_max", .bool(false)))
    }
    return XLABackend(client, cache: cache, options: options)
  }

  /// The client of a plugin: the one in use if it is, else a new one.
  func client(of found: FoundPlugin) throws(TensorError) -> Client {
    let used = made.withLock { made in
      made.values.first { $0.client.plugin.path == found.path }?.client
    }
    if let used { return used }
    let name = found.kind == "cuda" ? "cuda" : String(found.kind.dropFirst(4))
    return try make(found, named: name, kind: found.kind).client
  }

  /// Starts a plugin's devices with the options that its platform knows: `cpu_device_count` for
  /// `cpu`, `preallocate` and others for `cuda`, none for the rest.
  static func client(
    of plugin: Plugin, kind: String?, platform: String?
  ) throws(XLAError) -> Client {
    var options: [(name: String, value: Client.Option)] = []
    var store: (any KeyValueStore)?
    switch platform {
    case "cpu": options = [("cpu_device_count", .int(Int64(XLA.hostDeviceCount)))]
    case "cuda":
      options = [("preallocate", .bool(XLA.preallocates))]
      if let fraction = XLA.memoryFraction {
        options.append(("memory_fraction", .float(fraction)))
      }
      if let job = XLA.job {
        options.append(("node_id", .int(Int64(job.process))))
        options.append(("num_nodes", .int(Int64(job.processCount))))
        store = job.store
      }
    default: break
    }
    return try Client(plugin, kind: kind, options: options, store: store)
  }

  private func lacks(_ missing: [String], _ found: FoundPlugin) -> TensorError {
    let version = CUDALibraries.version(of: found.path).map { "\($0)" } ?? "13"
    return TensorError(
      "device", "\(found.path) lacks \(missing.count) of CUDA's libraries",
      operands: [("missing", missing.joined(separator: ", "))],
      help: "install them beside it: blitz plugin install cuda\(version)")
  }

  /// Why a plugin did not start, and what to do.
  private func failure(
    _ error: XLAError, _ found: FoundPlugin, kind: String, isCUDA: Bool
  ) -> TensorError {
    let words = [("xla", "\(error)"), ("plugin", found.path)]
    if error.isOutOfMemory {
      return TensorError(
        "device", "the memory of \(kind) is taken, perhaps by another process", operands: words,
        help: "end the other process (nvidia-smi lists them), or give each a share of the memory: "
          + "BLITZ_XLA_MEMORY_FRACTION=0.4")
    }
    guard isCUDA else {
      return TensorError("device", "the plugin for \(kind) did not start", operands: words)
    }
    if !libraries.hasDriver {
      return TensorError(
        "device", "no NVIDIA GPU can be used: the driver's \(CUDALibraries.driver) was not found",
        operands: words, help: "install NVIDIA's driver; nvidia-smi must list the GPU")
    }
    let missing = libraries.missing(for: found.path)
    if !missing.isEmpty { return lacks(missing, found) }
    if error.message.contains("lib"), error.message.contains(".so") {
      return TensorError(
        "device", "\(found.path) could not load CUDA's libraries", operands: words,
        help: "install them beside it: blitz plugin install cuda13 (or cuda12)")
    }
    return TensorError(
      "device", "no NVIDIA GPU can be used", operands: words,
      help: "nvidia-smi must list the GPU, with a driver that is new enough for this plugin's "
        + "CUDA; CUDA_VISIBLE_DEVICES must not hide it")
  }
}

/// Called by a constructor in CPJRT before `main`, so that a program that links this module finds
/// plugins without naming it.
@c(blz_register_xla_plugins)
package func registerXLAPlugins() {
  Backends.register(source: PluginFinder.shared)
}
