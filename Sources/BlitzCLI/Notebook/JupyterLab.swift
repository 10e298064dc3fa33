import BlitzData
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
    if !File.exists(own + "/bin/jupyter-lab") {
      let folders = (Environment["PATH"] ?? "").split(separator: ":")
      if let found = folders.map({ $0 + "/jupyter-lab" }).first(where: File.exists) {
        return JupyterLab(path: found)
      }
    }
    if !File.exists(own + "/bin/python") {
      guard try Program.run(["python3", "-m", "venv", own]) == 0 else {
        throw RunFailure.run(
          "python3 cannot make the virtual environment \(own); on Debian: apt install python3-venv")
      }
    }
    return try installed(into: own)
  }

  private static func installed(into environment: String) throws -> JupyterLab {
    let lab = JupyterLab(path: environment + "/bin/jupyter-lab")
    if File.exists(lab.path) { return lab }
    writeError("installing JupyterLab into \(environment)\n")
    let python = environment + "/bin/python"
    guard try Program.run([python, "-m", "pip", "install", "--quiet", "jupyterlab"]) == 0,
      File.exists(lab.path)
    else { throw RunFailure.run("pip did not install jupyterlab; it says why above") }
    return lab
  }

  /// Lets JupyterLab show the plots that the notebooks of a folder came with. Of notebooks that it
  /// does not know it shows the text instead, since SVG could hold programs.
  func trustNotebooks(in folder: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let notebooks = names.filter { $0.hasSuffix(".ipynb") }.map { folder + "/" + $0 }
    let program = String(path.dropLast("lab".count)) + "trust"
    guard !notebooks.isEmpty, File.exists(program) else { return }
    // It names each of them; where it fails, the texts are still there.
    _ = try Program.run(["sh", "-c", "exec \"$@\" >/dev/null", "sh", program] + notebooks.sorted())
  }

  /// Serves until it is stopped.
  func open(_ document: String, inBrowser: Bool) throws {
    var arguments = [path, document]
    if !inBrowser { arguments.append("--no-browser") }
    // In a container everybody is root, and Jupyter refuses without this.
    if Environment.isRoot { arguments.append("--allow-root") }
    let status = try Program.run(arguments)
    if status != 0 { throw RunFailure.run("JupyterLab ended with the exit code \(status)") }
  }
}
