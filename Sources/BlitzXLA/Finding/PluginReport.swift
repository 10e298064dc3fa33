import BlitzTensor

/// The results of trying a plugin, for `blitz doctor`.
public struct PluginReport: Sendable {
  /// The file, and where it was found.
  public let plugin: FoundPlugin
  /// The version of the PJRT interface, `0.81`; nil if it could not be loaded.
  public var interface: String?
  /// The newest StableHLO version that it reads; nil if it does not say.
  public var stableHLO: String?
  /// The platform and its version, `cpu`; nil if its devices did not start.
  public var platform: String?
  /// Its devices: name, model, and bytes of memory if it says.
  public var devices: [(name: String, kind: String, memory: Int?)] = []
  /// The error in loading or starting it; nil if there was none.
  public var failure: TensorError?
}

extension PluginFinder {
  /// Loads each plugin that was found, and starts its devices.
  public func reports() -> [PluginReport] {
    plugins.map { found in
      var report = PluginReport(plugin: found)
      do throws(TensorError) {
        let plugin = try Plugin.load(found.path)
        report.interface = "\(plugin.version.major).\(plugin.version.minor)"
        report.stableHLO = plugin.stableHLOVersion
        let client = try client(of: found)
        let (platform, version) = (client.platform, client.platformVersion)
        report.platform = platform == version ? platform : "\(platform) \(version)"
        report.devices = client.devices.map {
          (client.name($0.index), $0.kind, $0.memory?.limit)
        }
      } catch {
        report.failure = error
      }
      return report
    }
  }
}
