import BlitzTensor

/// The results of the search for plugins, for `blitz doctor`.
extension PluginFinder {
  /// The places that are searched for plugins, in order, and which of them do not exist.
  public static var searched: [String] { PluginPlaces { Environment[$0] }.looked }

  /// The plugins in a folder of `~/.blitz/plugins`.
  ///
  /// - Parameter folder: the path of a plugin's folder, wherever it is.
  public static func libraries(in folder: String) -> [String] {
    PluginPlaces(folder: folder).found.map(\.path)
  }

  /// Whether the system's loader finds the NVIDIA driver's library, `libcuda.so.1`.
  public static var hasNVIDIADriver: Bool { CUDALibraries().hasDriver }
}

extension FoundPlugin {
  /// The major version of CUDA that the plugin was made for, if it is one for NVIDIA's GPUs.
  public var cudaVersion: Int? { platform == "cuda" ? CUDALibraries.version(of: path) : nil }

  /// The CUDA libraries that it needs and that are neither beside it nor known to the system.
  public var missingCUDALibraries: [String] {
    platform == "cuda" ? CUDALibraries().missing(for: path) : []
  }
}
