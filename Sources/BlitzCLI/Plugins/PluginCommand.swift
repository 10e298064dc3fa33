import ArgumentParser
import BlitzData
import BlitzPlot
import BlitzXLA

/// `blitz plugin`: what drives devices other than the processor.
struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin",
    abstract: "Install, list and remove plugins for GPUs and other accelerators.",
    discussion: """
      A plugin is a shared library that drives one kind of device through XLA. Plugins live in \
      ~/.blitz/plugins; they are fetched with Python's pip and need no Python afterwards.
      """,
    subcommands: [Install.self, List.self, Remove.self])

  /// `blitz plugin install cuda13`.
  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch a plugin into ~/.blitz/plugins.",
      discussion: PluginPackage.all.map {
        "\($0.name): \($0.summary); fetches \($0.size.download.megabytes), takes "
          + "\($0.size.installed.megabytes) (\($0.trial.description))"
      }.joined(separator: "\n"))

    @Argument(
      help: ArgumentHelp(
        "Which one.", valueName: PluginPackage.all.map(\.name).joined(separator: "|")))
    var name: String

    func run() throws {
      guard let package = PluginPackage.all.first(where: { $0.name == name }) else {
        throw RunFailure.argument(
          "there is no plugin \(JSONText.quoted(name)) to install; it takes "
            + PluginPackage.all.map(\.name).joined(separator: ", "))
      }
      let plugins = try PluginFolder()
      try plugins.install(package.name) { folder in
        writeError(
          "fetching \(package.wheels.count == 1 ? "a wheel" : "\(package.wheels.count) wheels"), "
            + "\(package.size.download.megabytes), into \(plugins.path(of: package.name))\n")
        // Not below `folder`: it would be installed with the rest.
        try withTemporaryFolder { scratch in
          try Pip(scratch: scratch).install(package.wheels, to: folder)
        }
        guard !PluginFinder.libraries(in: folder).isEmpty else {
          throw RunFailure.run(
            "the wheels of \(package.name) have no plugin in the place that it is known to be in; "
              + "nothing was installed. Please report it")
        }
      }
      print(
        "installed \(package.name) in \(plugins.path(of: package.name)); "
          + "use it with --device \(package.device), test it with blitz doctor")
    }
  }

  /// `blitz plugin list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List what is installed and what can be.")

    @Flag(help: "Print one JSON object a line, for programs.")
    var json = false

    func run() throws {
      let plugins = try PluginFolder()
      let installed = plugins.installed
      let known = PluginPackage.all.map(\.name)
      for name in known + installed.filter({ !known.contains($0) }) {
        let package = PluginPackage.all.first { $0.name == name }
        let isInstalled = installed.contains(name)
        if json {
          var line = JSONLine(["plugin": .string(name), "installed": .bool(isInstalled)])
          if let package {
            line.append("summary", .string(package.summary))
            line.append("tested", .string(package.trial.description))
            line.append("wheels", .list(package.wheels.map { .string($0) }))
          }
          if isInstalled { line.append("path", .string(plugins.path(of: name))) }
          print(line)
        } else {
          let mark = isInstalled ? "installed" : "-        "
          let about = package.map { "\($0.summary) (\($0.trial.description))" } ?? "your own"
          print("\(name.padded(to: 8))\(mark)  \(about)")
        }
      }
    }
  }

  /// `blitz plugin remove cuda13`.
  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove a plugin from ~/.blitz/plugins.")

    @Argument(help: ArgumentHelp("Which one.", valueName: "NAME"))
    var name: String

    func run() throws {
      let plugins = try PluginFolder()
      let installed = plugins.installed
      guard installed.contains(name) else {
        throw RunFailure.argument(
          "\(JSONText.quoted(name)) is not installed in \(plugins.path); "
            + (installed.isEmpty
              ? "nothing is" : "there is " + installed.joined(separator: ", ")))
      }
      try plugins.remove(name)
      print("removed \(plugins.path(of: name))")
    }
  }
}

extension Int {
  /// A size to read, from MB.
  fileprivate var megabytes: String {
    self < 1000 ? "\(self) MB" : "\(self / 1000).\(self % 1000 / 100) GB"
  }
}

extension String {
  /// With spaces behind, up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(width - count, 0))
  }
}
