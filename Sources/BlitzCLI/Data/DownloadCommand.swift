import ArgumentParser
import Blitz
import BlitzData
import BlitzSystem
import BlitzPlot

/// `blitz download`: data sets that are not part of Blitz.
struct DownloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "download",
    abstract: "Fetch a data set, and check that it is what was meant.",
    discussion: """
      The files come from where PyTorch or their authors keep them, and have known checksums. \
      blitz train --data finds them in the folder that they are put into by default; elsewhere, \
      --data-dir names it.
      """)

  @Argument(
    help: ArgumentHelp(
      "The data set: \(DataName.withFiles).",
      valueName: DataName.allCases.filter(\.hasFiles).map(\.rawValue).joined(separator: "|")))
  var name: String

  @Option(
    help: ArgumentHelp(
      "Where to put the files. (default: ~/.blitz/datasets/NAME)", valueName: "DIR"))
  var to: String?

  func run() throws {
    guard let data = DataName(rawValue: name), data.hasFiles else {
      if DataName(rawValue: name) == nil, let hint = DataName.meant(by: name) {
        throw RunFailure.argument("there is no data set \(JSONText.quoted(name)); \(hint)")
      }
      let why = DataName(rawValue: name) == nil ? "" : ": it is built in"
      throw RunFailure.argument(
        "there is no data set \(JSONText.quoted(name)) to fetch\(why); it takes "
          + DataName.withFiles)
    }
    guard let folder = to ?? Download.folder(of: name).first else {
      throw RunFailure.run("HOME is not set; say with --to where to keep the files")
    }
    for download in data.downloads {
      writeError("fetching \(download.url)\n")
      try download.fetch(to: folder)
    }
    tell("\(name) is in \(folder)")
  }
}
