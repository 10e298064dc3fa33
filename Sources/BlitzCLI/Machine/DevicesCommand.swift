import ArgumentParser
import BlitzSystem
import BlitzPlot

/// `blitz devices`: where programs can compute.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List the devices that --device can name.",
    discussion: """
      The processor, and the devices of every plugin that is found: in BLITZ_PJRT_PLUGIN, \
      PJRT_NAMES_AND_LIBRARY_PATHS, ~/.blitz/plugins and the active Python environment. \
      blitz doctor says why a plugin has none.
      """)

  @Flag(help: "Print one JSON object a line, for programs.")
  var json = false

  func run() throws {
    let machine = Machine()
    let failed = machine.plugins.filter { $0.failure != nil && machine.isUsed($0) }
    if json {
      for device in machine.devices { print(device.json) }
      for report in failed {
        print(
          JSONLine([
            "plugin": .string(report.plugin.path), "kind": .string(report.plugin.kind),
            "error": .string(report.failure?.line ?? ""),
          ]))
      }
      return
    }
    let rows = machine.devices.map { device in
      [device.name, device.about, device.memory?.inBytes ?? "", device.plugin ?? ""]
    }
    for line in aligned(rows) { print(line) }
    for report in failed {
      tell("no \(report.plugin.kind): \(report.failure?.line ?? "")")
    }
  }
}

extension Machine.Found {
  /// For programs; what is not known is left out.
  var json: JSONLine {
    var line = JSONLine(["device": .string(name), "about": .string(about)])
    if let memory { line.append("memory", .integer(memory)) }
    if let plugin { line.append("plugin", .string(plugin)) }
    return line
  }
}
