import ArgumentParser
import Blitz
import BlitzData
import BlitzNN
import BlitzPlot
import BlitzProcesses
import BlitzSystem

/// The command `blitz`.
@main
struct Blitz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blitz",
    abstract: "Train a network, put it to use, and learn how it is done.",
    discussion: """
      blitz train      learns handwritten digits in a second or two
      blitz evaluate   measures a trained network; blitz predict puts it to use
      blitz new NAME   makes a package of your own, with a program that trains and a test
      blitz lesson     lists the lessons; each is a short program to read and run
      blitz embed      turns sentences into vectors and tells which are near to each other
      blitz onnx       looks at models in the ONNX format and runs them
      blitz serve      answers requests over HTTP with a trained network or an ONNX model
      blitz doctor     looks at this machine, its accelerators and what they need
      blitz launch     starts a command as several processes that train together
      blitz play       a page in the browser: move the controls and watch a network learn
      """,
    version: "0.1.0",
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, PredictCommand.self, SummaryCommand.self,
      DownloadCommand.self, NewCommand.self, LessonCommand.self, PlayCommand.self,
      NotebookCommand.self, EmbedCommand.self, TokenizeCommand.self, ONNXCommand.self,
      QuantizeCommand.self, ServeCommand.self, DoctorCommand.self, DevicesCommand.self,
      PluginCommand.self, LaunchCommand.self,
    ])

  /// Reads the arguments and runs the command. Every failure is one line on standard error: 2 is
  /// the exit code for wrong arguments, 1 for what went wrong later.
  static func main() {
    do {
      var command = try parseAsRoot(Arguments.words)
      try command.run()
    } catch {
      fail(error)
    }
  }

  private static func fail(_ error: any Error) -> Never {
    switch error {
    case let code as ExitCode: exit(withError: code)
    case let error as RunFailure: stop(error.description, code: error.code)
    case let error as ProcessError: TrainingJob.end(after: error.description)
    case let error as DataError: stop(error.description, code: 1)
    case let error as TensorError:
      stop(error.line, code: 1)
    default:
      if let unknown = unknownCommand(in: Arguments.words) { stop(unknown, code: 2) }
      // Help and version are "errors" too; they go to standard output and succeed.
      if exitCode(for: error) == .success { exit(withError: error) }
      stop(hinted(message(for: error)), code: 2)
    }
  }

  /// What ArgumentParser says of a name that it does not know, with the one that is meant.
  private static func hinted(_ message: String) -> String {
    let words = Arguments.words
    if words.first == "train",
      let match = message.prefixMatch(of: /Unknown option '--([^'=]+)/),
      let name = TrainSettings.name(alsoCalled: String(match.1))
    {
      return "Unknown option '--\(match.1)'. Did you mean '--\(name)'?"
    }
    if message.hasPrefix("Missing expected argument") || message.hasPrefix("Unexpected argument")
      || message.wholeMatch(of: /Unknown option '[^']+'/) != nil
    {
      return "\(message); \(called(by: words)) --help says what it takes"
    }
    return withLimits(message)
  }

  /// What is wrong if a word stands where the name of a command should, but is none.
  private static func unknownCommand(in words: [String]) -> String? {
    var (names, commands) = ([String](), configuration.subcommands)
    for word in words {
      let known = commands.map { $0._commandName }
      if known.isEmpty || word.hasPrefix("-") { return nil }
      if names.isEmpty && word == "help" { continue }
      names.append(word)
      guard let place = known.firstIndex(of: word) else {
        let hint =
          word.nearest(in: known).map { "did you mean \"\($0)\"?" }
          ?? "the commands are \(known.joined(separator: ", "))"
        return "there is no command \(JSONText.quoted(names.joined(separator: " "))); \(hint)"
      }
      commands = commands[place].configuration.subcommands
    }
    return nil
  }

  /// The command that the words name, with those that it is part of: `blitz plugin install`.
  private static func called(by words: [String]) -> String {
    var (names, commands) = (["blitz"], configuration.subcommands)
    for word in words {
      guard let command = commands.first(where: { $0._commandName == word }) else {
        break
      }
      names.append(word)
      commands = command.configuration.subcommands
    }
    return names.joined(separator: " ")
  }

  /// What ArgumentParser says of a value that an option does not take, with what it does take.
  private static func withLimits(_ message: String) -> String {
    guard
      let match = message.prefixMatch(of: /The value '(.*)' is invalid for '--([a-z-]+) <[^>]*>'/),
      let takes = taken(by: String(match.2))
    else { return message }
    let words = TrainSettings.all.first { $0.name == match.2 }?.words ?? []
    let meant = String(match.1).nearest(in: words).map { "; did you mean '\($0)'?" }
    return "\(match.0); it takes \(takes)\(meant ?? "")"
  }

  /// What an option takes, by its name: those of `train`, which others have under the same names,
  /// and numbers that only others have.
  private static func taken(by option: String) -> String? {
    switch option {
    case "port": "a whole number from 0 to 65535"
    case "top", "steps", "every", "processes": "a whole number of 1 or more"
    default: TrainSettings.all.first { $0.name == option }?.takes
    }
  }

  /// Prints a message as one line and ends the process; where somebody looks on, the line ends
  /// between words.
  private static func stop(_ message: String, code: Int32) -> Never {
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    writeError("\(Terminal(file: STDERR_FILENO).wrapped("blitz: \(line)"))\n")
    terminate(code)
  }
}

/// The system's `exit`, which `ParsableCommand.exit` would otherwise hide.
private func terminate(_ code: Int32) -> Never { exit(code) }
