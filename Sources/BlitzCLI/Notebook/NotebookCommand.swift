import ArgumentParser
import BlitzData
import BlitzPlot
import BlitzSystem

/// `blitz notebook`: Swift in Jupyter.
struct NotebookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notebook",
    abstract: "Open notebooks that run Swift.",
    discussion: """
      The first time, the kernel is built and JupyterLab is installed by pip: into the active \
      virtual environment, or else into ~/.blitz/jupyter.
      """,
    subcommands: [Install.self, Open.self], defaultSubcommand: Open.self)

  /// `blitz notebook install`.
  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Build the kernel and make it known to Jupyter as Swift (Blitz).")

    @Flag(help: "Leave JupyterLab to whoever has it.")
    var kernelOnly = false

    @Flag(help: "Take the place of another checkout's kernel.")
    var replace = false

    func run() throws {
      let package = try ToolPackage.located("Notebook")
      let data = try KernelSpec.userData()
      // Before minutes of building, not after.
      if !replace { try KernelSpec(kernel: package.path(of: "blitz-kernel")).refuseOther(in: data) }
      let kernel = try package.kernel(anew: true)
      let spec = try KernelSpec(kernel: kernel).install(in: data, replacing: replace)
      writeOutput("the kernel Swift (Blitz) is in \(spec)\n")
      if kernelOnly { return }
      writeOutput("JupyterLab is in \(try JupyterLab.installed().path)\n")
    }
  }

  /// `blitz notebook` itself.
  struct Open: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "open", abstract: "Open JupyterLab; this is what happens without a subcommand.")

    @Argument(help: "A notebook, or a folder of them; without it, the walkthrough.")
    var path: String?

    @Flag(help: "Print the address and open no browser.")
    var noBrowser = false

    func run() throws {
      let package = try ToolPackage.located("Notebook")
      let path = path ?? package.walkthrough
      guard FileSystem.exists(path) else {
        throw RunFailure.argument(
          "there is no \(JSONText.quoted(path)); name a notebook or a folder")
      }
      try KernelSpec(kernel: package.kernel()).install(in: package.kernels, replacing: true)
      let lab = try JupyterLab.installed()
      if path == package.walkthrough { try lab.trustNotebooks(in: path) }
      try lab.open(path, kernels: package.kernels, inBrowser: !noBrowser)
    }
  }
}
