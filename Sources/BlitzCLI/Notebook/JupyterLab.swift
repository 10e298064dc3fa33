import BlitzData
import BlitzPlot
import BlitzSystem
import BlitzTensor
import FoundationEssentials

/// JupyterLab, which pip installs.
struct JupyterLab {
  /// The program `jupyter-lab`.
  let path: String

  /// The one of the active environment, of `~/.blitz/jupyter`, or on the search path; installed
  /// if there is none.
  static func installed() throws -> JupyterLab {
    if let environment = Environment["VIRTUAL_ENV"] ?? Environment["CONDA_PREFIX"] {
      return try installed(into: environment)
    }
    let own = try Environment.home() + "/.blitz/jupyter"
    if !FileSystem.exists(own + "/bin/jupyter-lab") {
      let folders = (Environment["PATH"] ?? "").split(separator: ":")
      if let found = folders.map({ $0 + "/jupyter-lab" }).first(where: FileSystem.exists) {
        return JupyterLab(path: found)
      }
    }
    // Pip comes last; without it, the environment was stopped while it was made.
    if !FileSystem.exists(own + "/bin/pip") {
      writeError("making the Python environment \(own)\n")
      let status = Subprocess.run("python3", ["-m", "venv", own], output: .shown)
      if status == 128 + 2 { throw interrupted }
      guard status == 0 else {
        throw RunFailure.run(
          "python3 cannot make the virtual environment \(own); on Debian: apt install python3-venv")
      }
    }
    return try installed(into: own)
  }

  private static func installed(into environment: String) throws -> JupyterLab {
    let lab = JupyterLab(path: environment + "/bin/jupyter-lab")
    if FileSystem.exists(lab.path) { return lab }
    writeError("installing JupyterLab into \(environment); the first time takes minutes\n")
    let status = Subprocess.run(
      environment + "/bin/python",
      ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", "jupyterlab"],
      output: .shown)
    if status == 128 + 2 { throw interrupted }
    guard status == 0, FileSystem.exists(lab.path) else {
      throw RunFailure.run("pip did not install jupyterlab; it says why above")
    }
    return lab
  }

  private static var interrupted: RunFailure {
    RunFailure(
      description: "interrupted; the kernel is there, the same command goes on with JupyterLab",
      code: 128 + 2)
  }

  /// Lets JupyterLab show the plots that the notebooks of a folder came with. Of notebooks that it
  /// does not know it shows the text instead, since SVG could hold programs.
  func trustNotebooks(in folder: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let notebooks = names.filter { $0.hasSuffix(".ipynb") }.map { folder + "/" + $0 }
    let program = String(path.dropLast("lab".count)) + "trust"
    guard !notebooks.isEmpty, FileSystem.exists(program) else { return }
    // Where it fails, the texts are still there.
    _ = Subprocess.run(program, notebooks.sorted(), output: .hidden)
  }

  /// Serves until it is stopped, in the place of this program.
  ///
  /// - Parameter kernels: a folder whose kernels go before those of the same name elsewhere.
  func open(_ document: String, kernels: String, inBrowser: Bool) throws -> Never {
    Environment.set("JUPYTER_PATH", [kernels, Environment["JUPYTER_PATH"]].compactMap(\.self))
    var arguments = [path, document]
    if !inBrowser { arguments.append("--no-browser") }
    // In a container everybody is root, and Jupyter refuses without this.
    if Environment.isRoot { arguments.append("--allow-root") }
    try Subprocess.become(arguments)
  }
}
