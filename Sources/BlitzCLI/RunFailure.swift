import ArgumentParser
import Blitz

/// Why a command cannot go on: one line for the user, and the exit code.
struct RunFailure: Error, CustomStringConvertible {
  /// What was wrong, with the values, and what to do instead.
  var description: String
  /// 2 for wrong arguments, 1 for what went wrong later.
  var code: Int32

  /// An argument that parses but makes no sense.
  static func argument(_ text: String) -> RunFailure { RunFailure(description: text, code: 2) }

  /// Something that went wrong while the command ran.
  static func run(_ text: String) -> RunFailure { RunFailure(description: text, code: 1) }
}

extension Device {
  /// What `--device` takes, for help texts.
  static let argumentHelp: ArgumentHelp = ArgumentHelp(
    "Where to compute: cpu, cuda for the first NVIDIA GPU, cuda:1 for the second, xla:NAME for "
      + "what another plugin drives; blitz devices lists them. (default: cpu)",
    valueName: "cpu|cuda|cuda:N|xla:NAME")

  /// The device that `--device` names.
  ///
  /// - Throws: `RunFailure` if there is none, with what was looked for where.
  static func requested(_ name: String) throws -> Device {
    do throws(TensorError) {
      return try Device(named: name)
    } catch {
      throw RunFailure.argument("--device: \(error.details)")
    }
  }
}
