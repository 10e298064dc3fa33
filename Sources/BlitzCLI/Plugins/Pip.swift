import BlitzSystem

/// Python's installer of packages, borrowed to fetch wheels.
struct Pip {
  /// The program and the arguments that come before pip's own.
  private let python: String

  /// Finds a Python with pip, or makes an environment with both.
  ///
  /// - Parameter scratch: a folder for the environment, to be removed afterwards.
  /// - Throws: `RunFailure` if there is no Python, or no way to pip.
  init(scratch: String) throws {
    let system = "python3"
    guard Subprocess.run(system, ["-c", ""], output: .hidden) == 0 else {
      throw RunFailure.run(
        "there is no python3, which fetches plugins (and is not needed afterwards); install it, "
          + "on Debian with apt install python3-pip")
    }
    if Subprocess.run(system, ["-m", "pip", "--version"], output: .hidden) == 0 {
      python = system
      return
    }
    // Debian's python3 comes without pip, and without what makes environments.
    guard Subprocess.run(system, ["-m", "venv", scratch], output: .hidden) == 0 else {
      throw RunFailure.run(
        "python3 has neither pip nor a venv that works; install one of them, on Debian with apt "
          + "install python3-pip")
    }
    python = scratch + "/bin/python3"
  }

  /// Puts wheels, unpacked, into a folder.
  ///
  /// - Throws: `RunFailure` if pip fails, which has then said why.
  func install(_ wheels: [String], to folder: String) throws {
    // A variable, since older versions of pip refuse options that they do not know. That root
    // should not install packages is not said of a folder of its own.
    setenv("PIP_ROOT_USER_ACTION", "ignore", 0)
    let code = Subprocess.run(
      python,
      [
        "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile",
        "--no-deps", "--only-binary", ":all:", "--target", folder,
      ] + wheels, output: .shown)
    switch code {
    case 0: return
    case 128 + 2: throw RunFailure.run("interrupted; nothing was installed")
    default:
      throw RunFailure.run(
        "pip could not fetch \(wheels.count == 1 ? wheels[0] : "\(wheels.count) wheels"), for the "
          + "reason above; nothing was installed. It needs the network (or a mirror: "
          + "PIP_INDEX_URL) and Linux on x86-64")
    }
  }
}
