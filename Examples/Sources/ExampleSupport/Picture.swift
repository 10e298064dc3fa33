import BlitzPlot
import Foundation

/// Prints the picture that stands for an example in the README's gallery. With `--picture FILE` it
/// is written there, too, as SVG or PNG:
/// `swift run -c release --package-path Examples GAN --picture gan.svg`.
public func showPicture(_ plot: Plot) throws {
  print(plot)
  let arguments = CommandLine.arguments
  guard let option = arguments.firstIndex(of: "--picture") else { return }
  guard option + 1 < arguments.count else {
    FileHandle.standardError.write(Data("--picture needs a file, as in --picture gan.svg\n".utf8))
    exit(2)
  }
  try plot.write(to: arguments[option + 1])
}
