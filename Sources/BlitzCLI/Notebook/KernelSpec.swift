import BlitzData
import BlitzSystem
import BlitzTensor

extension ToolPackage {
  /// The walkthrough's notebooks, or the checkout as long as there are none.
  var walkthrough: String {
    let folder = home + "/Docs/walkthrough"
    return FileSystem.exists(folder) ? folder : home
  }

  /// The path of the notebooks' kernel, built if it is not there or is asked to be made anew.
  func kernel(anew: Bool = false) throws -> String {
    let headers = ["/usr/include", "/usr/local/include"].map { $0 + "/zmq.h" }
    guard headers.contains(where: FileSystem.exists) else {
      throw RunFailure.run(
        "ZeroMQ is missing; install libzmq3-dev, on Debian: apt install libzmq3-dev")
    }
    let kernel = try built("blitz-kernel", anew: anew)
    // Without it the first cell and the first completion take seconds; nothing else.
    _ = Subprocess.run(kernel, ["--prepare"], output: .hidden)
    return kernel
  }
}

/// The file by which Jupyter knows a kernel.
struct KernelSpec {
  /// The path of the program.
  let kernel: String

  /// Writes it where the user's Jupyter looks, and returns where.
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
