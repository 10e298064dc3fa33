import BlitzCPU
import BlitzSystem
import BlitzXLA

/// What there is to compute with on this machine, and what is missing.
struct Machine {
  let processor = Processor.current
  /// Bytes of memory.
  let memory = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
  /// What loops and products use: `avx512`, `avx2` or `portable`.
  let instructionSet = CPUFacts.instructionSet
  let hasByteProducts = CPUFacts.hasByteProducts
  let threadCount = CPUFacts.threadCount
  /// Every plugin that was found, tried; of those for one kind of device, the first is used.
  let plugins: [PluginReport]
  /// Where plugins were looked for.
  let searched = PluginFinder.searched
  let hasNVIDIADriver = PluginFinder.hasNVIDIADriver
  /// What `nvidia-smi` says of each GPU, `NVIDIA H100 80GB HBM3, 580.65.06`; nil if there is no
  /// such program, or it fails.
  let gpus: [String]?

  init() {
    plugins = PluginFinder.shared.reports()
    gpus = Machine.lines(
      of: "nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null")
  }

  /// Whether a plugin is the one that answers for its kind of device.
  func isUsed(_ report: PluginReport) -> Bool {
    plugins.first { $0.plugin.kind == report.plugin.kind }?.plugin == report.plugin
  }

  /// The devices of the plugins that are used.
  var devices: [Found] {
    let own = Found(
      name: "cpu", about: "\(processor.name ?? "processor"), \(processor.coreCount) cores",
      memory: memory, plugin: nil)
    return [own]
      + plugins.filter(isUsed).flatMap { report in
        report.devices.map {
          Found(name: $0.name, about: $0.kind, memory: $0.memory, plugin: report.plugin.path)
        }
      }
  }

  /// A device that can be named.
  struct Found {
    /// What `--device` takes.
    let name: String
    /// What it is: `NVIDIA H100 80GB HBM3`.
    let about: String
    /// Bytes; nil if it does not say.
    let memory: Int?
    /// The path of the plugin that drives it; nil for the processor itself.
    let plugin: String?
  }

  /// What to do to compute on more devices, in words.
  var advice: [String] {
    var advice: [String] = []
    for report in plugins where isUsed(report) {
      if let help = report.failure?.help { advice.append("\(report.plugin.kind): \(help)") }
    }
    let hasCUDA = plugins.contains { $0.plugin.kind == "cuda" }
    if hasNVIDIADriver && !hasCUDA {
      advice.append(
        "there is NVIDIA's driver, but no plugin for it: blitz plugin install cuda13 "
          + "(cuda12 for a driver that nvidia-smi says has CUDA 12)")
    }
    if !hasNVIDIADriver && !hasCUDA {
      advice.append(
        "for an NVIDIA GPU: install its driver, then blitz plugin install cuda13")
    }
    if plugins.isEmpty {
      advice.append(
        "to try on this machine what programs do on an accelerator: blitz plugin install cpu")
    }
    return advice
  }

  /// What a command prints, by lines; nil if there is no such program, or it fails.
  private static func lines(of command: String) -> [String]? {
    guard let stream = popen(command, "r") else { return nil }
    var lines: [String] = []
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, Int32(buffer.count), stream) != nil {
      let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
      lines.append(String(decoding: bytes, as: UTF8.self))
    }
    return pclose(stream) == 0 ? lines : nil
  }
}

/// Rows as lines whose columns begin under each other.
func aligned(_ rows: [[String]]) -> [String] {
  var widths: [Int] = []
  for row in rows {
    for (column, text) in row.enumerated() {
      if column == widths.count { widths.append(0) }
      widths[column] = max(widths[column], text.count)
    }
  }
  return rows.map { row in
    let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
