import ArgumentParser
import Blitz
import BlitzPlot
import BlitzSystem
import BlitzTensor
import BlitzXLA

/// `blitz doctor`: what there is, what is missing, and whether it computes what it should.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look at this machine's devices, and test every op on each of them.",
    discussion: """
      The self-test computes every primitive on every device and compares it with what the \
      processor computes: 0 is the same number, else the largest difference over the greater of 1 \
      and the number. The exit code is 1 if one is too large or cannot be computed.
      """)

  @Option(
    help: ArgumentHelp(
      "Test this device only.", valueName: "cuda|cuda:N|xla:NAME"))
  var device: String?

  @Flag(help: "Print one JSON object, for programs.")
  var json = false

  func run() throws {
    let machine = Machine()
    var names = machine.devices.filter { $0.plugin != nil }.map(\.name)
    if let device {
      guard try Device.requested(device) != .cpu else {
        throw RunFailure.argument(
          "--device: the cpu is what the others are compared with; name one of "
            + (names.isEmpty ? "them, once blitz plugin install has brought one" : "\(names)"))
      }
      names = [device]
    }
    if !json { show(DoctorReport(machine).lines) }

    // What stays on the screen is the table.
    let terminal = Terminal(file: 2)
    var bar = ProgressBar(
      label: "self-test", total: Sample.all.count, terminal: terminal,
      write: { writeError($0) })
    let test = SelfTest(on: names) { done, name in
      if terminal.isInteractive { bar.update(done, detail: name) }
    }
    bar.finish()
    if json {
      print(DoctorReport(machine).json(with: test))
    } else {
      show(DoctorReport.lines(of: test))
    }
    if !test.failures.isEmpty { throw ExitCode(1) }
  }

  private func show(_ lines: [String]) {
    writeOutput(lines.joined(separator: "\n") + "\n")
  }
}

/// What `blitz doctor` says.
struct DoctorReport {
  private let machine: Machine

  init(_ machine: Machine) { self.machine = machine }

  /// The findings, for people.
  var lines: [String] {
    let processor = machine.processor
    var rows = [
      [
        "processor",
        "\(processor.name ?? "unknown"), \(processor.coreCount) cores, \(machine.memory.inBytes)",
      ],
      [
        "vector units",
        processor.vectorUnits.isEmpty ? "unknown" : processor.vectorUnits.joined(separator: ", "),
      ],
      [
        "kernels",
        "\(machine.instructionSet)\(machine.hasByteProducts ? " with VNNI" : ""), "
          + "\(machine.threadCount) threads",
      ],
      ["NVIDIA", nvidia],
    ]
    for report in machine.plugins {
      rows.append(["plugin", "\(report.plugin.kind) in \(report.plugin.path)"])
      for line in about(report) { rows.append(["", line]) }
    }
    if machine.plugins.isEmpty {
      for (place, path) in machine.searched.enumerated() {
        rows.append([place == 0 ? "plugins" : "", place == 0 ? "none; looked in \(path)" : path])
      }
    }
    for (place, advice) in machine.advice.enumerated() {
      rows.append([place == 0 ? "to do" : "", advice])
    }
    return aligned(rows)
  }

  private var nvidia: String {
    var words = [machine.hasNVIDIADriver ? "driver found" : "no driver (libcuda.so.1)"]
    if let gpus = machine.gpus {
      words += gpus.isEmpty ? ["nvidia-smi lists no GPU"] : gpus
    } else {
      words.append("no nvidia-smi")
    }
    return words.joined(separator: "; ")
  }

  private func about(_ report: PluginReport) -> [String] {
    var lines: [String] = []
    if let interface = report.interface {
      lines.append(
        (["PJRT \(interface)"] + (report.stableHLO.map { ["StableHLO \($0)"] } ?? [])
          + (report.platform.map { [$0.split(whereSeparator: \.isNewline).joined(separator: " ")] }
            ?? []))
          .joined(separator: ", "))
    }
    if let version = report.plugin.cudaVersion {
      let missing = report.plugin.missingCUDALibraries
      lines.append(
        missing.isEmpty
          ? "all libraries of CUDA \(version) found"
          : "missing of CUDA \(version): \(missing.joined(separator: ", "))")
    }
    if !machine.isUsed(report) {
      lines.append("not used: another plugin for \(report.plugin.kind) is found before it")
    }
    lines += report.devices.map { device in
      "\(device.name): \(device.kind)" + (device.memory.map { ", \($0.inBytes)" } ?? "")
    }
    if let failure = report.failure { lines.append("does not start: \(failure.line)") }
    return lines
  }

  /// The table of a self-test, for people.
  static func lines(of test: SelfTest) -> [String] {
    guard !test.devices.isEmpty else {
      return ["self-test: there is no device beside the cpu to test"]
    }
    var rows = [["self-test"] + test.devices + ["at most"]]
    for (sample, outcomes) in test.rows {
      let cells = outcomes.map { outcome in
        let mark = SelfTest.passes(outcome, sample) ? "" : "  FAILS"
        return switch outcome {
        case .computed(let error): error.scientific(1) + mark
        case .failed: "FAILS"
        }
      }
      rows.append([sample.name] + cells + [sample.tolerance.scientific(1)])
    }
    var lines = [""] + aligned(rows) + [""]
    lines += reasons(of: test)
    for (place, device) in test.devices.enumerated() {
      let failed = test.failures.filter { $0.device == device }.count
      let count = test.rows.count
      let verdict = failed == 0 ? "all \(count) pass" : "\(failed) of \(count) fail"
      let worst = test.worst(on: place).map {
        "; largest error \($0.error.scientific(1)) (\($0.name))"
      }
      lines.append("\(device): \(verdict)\(worst ?? "")")
    }
    return lines
  }

  /// What failed and why; what failed for one reason, as on a lost device, shares a line.
  private static func reasons(of test: SelfTest) -> [String] {
    var names: [String: [String]] = [:]
    var order: [String] = []
    for (sample, device, outcome) in test.failures {
      let why =
        switch outcome {
        case .computed(let error): "is off by \(error.scientific(1))"
        case .failed(let reason): reason
        }
      let key = " on \(device): \(why)"
      if names[key] == nil { order.append(key) }
      names[key, default: []].append(sample.name)
    }
    return order.map { key in
      let all = names[key]!
      let more = all.count > 4 ? " and \(all.count - 3) more" : ""
      return all.prefix(more.isEmpty ? 4 : 3).joined(separator: ", ") + more + key
    }
  }

  /// All of it, for programs.
  func json(with test: SelfTest) -> JSONLine {
    let processor = machine.processor
    var line = JSONLine([
      "processor": .object(
        JSONLine([
          "name": .string(processor.name ?? ""), "cores": .integer(processor.coreCount),
          "memory": .integer(machine.memory),
          "vector_units": .list(processor.vectorUnits.map { .string($0) }),
        ])),
      "instruction_set": .string(machine.instructionSet), "threads": .integer(machine.threadCount),
      "nvidia_driver": .bool(machine.hasNVIDIADriver),
      "gpus": .list((machine.gpus ?? []).map { .string($0) }),
      "searched": .list(machine.searched.map { .string($0) }),
      "plugins": .list(machine.plugins.map { .object(plugin($0)) }),
      "devices": .list(machine.devices.map { .object($0.json) }),
      "advice": .list(machine.advice.map { .string($0) }),
    ])
    line.append("self_test", .list(DoctorReport.objects(of: test).map { .object($0) }))
    line.append("passes", .bool(test.failures.isEmpty))
    return line
  }

  private func plugin(_ report: PluginReport) -> JSONLine {
    var line = JSONLine([
      "kind": .string(report.plugin.kind), "path": .string(report.plugin.path),
      "origin": .string(report.plugin.origin), "used": .bool(machine.isUsed(report)),
    ])
    if let interface = report.interface { line.append("pjrt", .string(interface)) }
    if let version = report.stableHLO { line.append("stablehlo", .string(version)) }
    if let platform = report.platform { line.append("platform", .string(platform)) }
    if report.plugin.cudaVersion != nil {
      line.append("missing", .list(report.plugin.missingCUDALibraries.map { .string($0) }))
    }
    if let failure = report.failure { line.append("error", .string(failure.line)) }
    return line
  }

  private static func objects(of test: SelfTest) -> [JSONLine] {
    test.rows.flatMap { sample, outcomes in
      zip(test.devices, outcomes).map { device, outcome in
        var line = JSONLine([
          "op": .string(sample.name), "device": .string(device),
          "passes": .bool(SelfTest.passes(outcome, sample)),
          "tolerance": .number(sample.tolerance),
        ])
        switch outcome {
        case .computed(let error): line.append("error", .number(error))
        case .failed(let reason): line.append("failure", .string(reason))
        }
        return line
      }
    }
  }
}
