import BlitzData
import BlitzSystem
import BlitzTensor
import FoundationEssentials

extension ToolPackage {
  /// The walkthrough's notebooks, or the checkout as long as there are none.
  var walkthrough: String {
    let folder = home + "/Docs/walkthrough"
    return FileSystem.exists(folder) ? folder : home
  }

  /// A folder of kernels that only this checkout's JupyterLab looks into.
  var kernels: String { scratch + "/jupyter" }

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

  /// Jupyter's folder of the user's own kernels.
  static func userData() throws -> String {
    if let data = Environment["JUPYTER_DATA_DIR"] { return data }
    if let data = Environment["XDG_DATA_HOME"] { return data + "/jupyter" }
    return try Environment.home() + "/.local/share/jupyter"
  }

  /// Writes it into a folder that Jupyter looks into, and returns where.
  ///
  /// - Throws: `RunFailure` if the kernel of another checkout is there, unless it is replaced.
  @discardableResult
  func install(in data: String, replacing: Bool) throws -> String {
    if !replacing { try refuseOther(in: data) }
    let (folder, file) = KernelSpec.place(in: data)
    try File.prepareFolder(folder)
    try File.replace(
      file,
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

  /// Finds the kernel of another checkout in a folder that Jupyter looks into.
  func refuseOther(in data: String) throws {
    guard let other = KernelSpec.program(of: KernelSpec.place(in: data).file), other != kernel,
      FileSystem.exists(other)
    else { return }
    throw RunFailure.run(
      "Jupyter's Swift (Blitz) is that of another checkout, \(other); add --replace to put this "
        + "one's in its place (blitz notebook runs this one's without)")
  }

  private static func place(in data: String) -> (folder: String, file: String) {
    (data + "/kernels/blitz", data + "/kernels/blitz/kernel.json")
  }

  private static func program(of file: String) -> String? {
    struct Content: Decodable { var argv: [String] }
    guard let bytes = try? File.read(file) else { return nil }
    return try? JSONDecoder().decode(Content.self, from: Data(bytes)).argv.first
  }
}
