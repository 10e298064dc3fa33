import BlitzTensor

/// What `blitz doctor` tells of the search for plugins.
extension PluginFinder {
  /// Where plugins are looked for, in order, and what of it is not there.
  public static var searched: [String] { PluginPlaces { Environment[$0] }.looked }

  /// The plugins in a folder of `~/.blitz/plugins`.
  ///
  /// - Parameter folder: its path, whatever the folder above it is.
  public static func libraries(in folder: String) -> [String] {
    PluginPlaces(folder: folder).found.map(\.path)
  }

  /// Whether the system's loader finds the NVIDIA driver's library, `libcuda.so.1`.
  public static var hasNVIDIADriver: Bool { CUDALibraries().hasDriver }
}

extension FoundPlugin {
  /// The major version of CUDA that the plugin was made for, if it is one for NVIDIA's GPUs.
  public var cudaVersion: Int? { platform == "cuda" ? CUDALibraries.version(of: path) : nil }

  /// The libraries of CUDA's that it will ask for and that are neither beside it nor known to the
  /// system.
  public var missingCUDALibraries: [String] {
    platform == "cuda" ? CUDALibraries().missing(for: path) : []
  }
}
