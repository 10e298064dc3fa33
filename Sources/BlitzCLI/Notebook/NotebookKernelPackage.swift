import BlitzData

/// The package in Tools/Notebook of the sources that this command was built from.
struct NotebookKernelPackage {
  /// The folder of Blitz's sources.
  let home: String

  private var folder: String { home + "/Tools/Notebook" }

  /// Finds the sources: where `BLITZ_HOME` says, above this program, or where it was compiled.
  static func located() throws -> NotebookKernelPackage {
    func isHome(_ folder: String) -> Bool {
      File.exists(folder + "/Tools/Notebook/Package.swift")
    }
    if let home = Environment["BLITZ_HOME"] {
      guard isHome(home) else {
        throw RunFailure.run(
          "BLITZ_HOME is \(JSONText.quoted(home)), which has no Tools/Notebook; set it to a "
            + "checkout of blitz")
      }
      return NotebookKernelPackage(home: home)
    }
    let places = [Environment.executable, #filePath].compactMap(\.self)
    for place in places {
      var parts = place.split(separator: "/").dropLast()
      while !parts.isEmpty {
        let folder = "/" + parts.joined(separator: "/")
        if isHome(folder) { return NotebookKernelPackage(home: folder) }
        parts = parts.dropLast()
      }
    }
    throw RunFailure.run("the kernel's sources are not here; set BLITZ_HOME to a checkout of blitz")
  }

  /// The walkthrough's notebooks, or the checkout as long as there are none.
  var walkthrough: String {
    let folder = home + "/Docs/walkthrough"
    return File.exists(folder) ? folder : home
  }

  /// The path of the kernel, built if it is not there or is asked to be made anew.
  func built(anew: Bool) throws -> String {
    let kernel = folder + "/.build/release/blitz-kernel"
    if !anew, File.exists(kernel) { return kernel }
    let headers = ["/usr/include", "/usr/local/include"].map { $0 + "/zmq.h" }
    guard headers.contains(where: File.exists) else {
      throw RunFailure.run(
        "ZeroMQ is missing; install libzmq3-dev, on Debian: apt install libzmq3-dev")
    }
    writeError("building the kernel in \(folder); the first time takes some minutes\n")
    let status = try Program.run([
      "swift", "build", "-c", "release", "--package-path", folder,
    ])
    guard status == 0, File.exists(kernel) else {
      throw RunFailure.run("the kernel did not build; swift build says why above")
    }
    return kernel
  }
}

/// The file by which Jupyter knows a kernel.
struct KernelSpec {
  /// The path of the program.
  let kernel: String

  /// Writes it where the user's Jupyter looks, and answers where.
  @discardableResult
  func install() throws -> String {
    let data =
      try Environment["JUPYTER_DATA_DIR"] ?? Environment["XDG_DATA_HOME"].map { $0 + "/jupyter" }
      ?? (Environment.home() + "/.local/share/jupyter")
    let folder = data + "/kernels/blitz"
    try File.prepareFolder(folder)
    try File.replace(
      folder + "/kernel.json",
      with: """
        {
          "argv": [\(JSONText.quoted(kernel)), "{connection_file}"],
          "display_name": "Swift (Blitz)",
          "language": "swift",
          "interrupt_mode": "message"
        }

        """)
    return folder
  }
}
