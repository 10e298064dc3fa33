import BlitzSystem
import CPJRT

/// The libraries of NVIDIA's that a CUDA plugin loads by name when it first needs them.
struct CUDALibraries: Sendable {
  /// Whether the system's loader finds a library of a name.
  var isLoadable: @Sendable (String) -> Bool = { blz_library_exists($0) }

  /// The driver's library, which comes with the driver, not with CUDA.
  static let driver = "libcuda.so.1"

  /// What every program needs, by the major version of CUDA.
  private static let needed: [Int: [String]] = [
    12: [
      "libcudart.so.12", "libcublas.so.12", "libcublasLt.so.12", "libcudnn.so.9",
      "libcufft.so.11", "libcusolver.so.11", "libcusparse.so.12", "libnvJitLink.so.12",
    ],
    13: [
      "libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libcudnn.so.9",
      "libcufft.so.12", "libcusolver.so.12", "libcusparse.so.12", "libnvJitLink.so.13",
    ],
  ]

  /// The version of CUDA that a plugin was made for, as its folder says.
  static func version(of plugin: String) -> Int? {
    needed.keys.sorted().first { plugin.contains("cuda\($0)") }
  }

  /// The libraries that are neither beside the plugin nor known to the system.
  func missing(for plugin: String) -> [String] {
    guard let version = Self.version(of: plugin) else { return [] }
    let folders = Self.packageFolders(beside: plugin).map { $0 + "/lib" }
    return (Self.needed[version] ?? []).filter { library in
      !folders.contains { CUDALibraries.isWhole("\($0)/\(library)") } && !isLoadable(library)
    }
  }

  /// Whether a library is there, and not cut short, as by a full disk.
  private static func isWhole(_ path: String) -> Bool {
    FileSystem.facts(path).map { $0.size >= blz_library_size(path) } ?? false
  }

  var hasDriver: Bool { isLoadable(Self.driver) }

  /// The folder with `nvvm/libdevice` among the packages beside the plugin, which XLA's compiler
  /// is to be told of; nil if they are not there, XLA then looks where CUDA's installer puts it.
  static func dataFolder(beside plugin: String) -> String? {
    packageFolders(beside: plugin).first { FileSystem.exists($0 + "/nvvm/libdevice") }
  }

  /// The folders of NVIDIA's packages in the site-packages that a plugin lies in.
  private static func packageFolders(beside plugin: String) -> [String] {
    // site-packages/jax_plugins/xla_cuda13/xla_cuda_plugin.so
    let parts = plugin.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count > 3 else { return [] }
    let nvidia = parts.dropLast(3).joined(separator: "/") + "/nvidia"
    return FileSystem.names(in: nvidia).map { "\(nvidia)/\($0)" }
  }
}
