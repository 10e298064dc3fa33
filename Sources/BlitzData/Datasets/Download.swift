import BlitzSystem
import BlitzTensor

/// A file of the internet's with its checksum, so that what comes is what was meant.
///
///     let file = Download("https://example.org/data.csv", sha256: "9f86d081884c7d65...")
///     let table = try CSV(path: file.fetch(to: "data"))
///
/// The programs `curl` and `sha256sum` do the work, and `tar` for archives, as they come with
/// Linux: a library for HTTPS would double the size of programs that never fetch anything.
public struct Download: Sendable {
  /// Where the file is.
  public let url: String
  /// Its SHA-256 in 64 hexadecimal digits.
  public let sha256: String

  /// Names a file: what follows the last slash of the address is its name.
  public init(_ url: String, sha256: String) {
    (self.url, self.sha256) = (url, sha256)
  }

  private var name: String { url.split(separator: "/").last.map(String.init) ?? "" }

  /// Fetches the file unless it is there with the right checksum; what ends in `.tar.gz` is
  /// unpacked beside it. The file appears when it is whole and checked. Control-C ends the
  /// fetching, not the program.
  ///
  /// - Parameter folder: where to put it; made if it is not there.
  /// - Returns: the file's path.
  /// - Throws: `DataError` if the address or the checksum is none, the folder cannot be written to,
  ///   a program is missing, the file cannot be fetched, or its checksum is another.
  @discardableResult
  public func fetch(to folder: String) throws(DataError) -> String {
    guard !name.isEmpty, url.contains("://") else {
      throw DataError(path: url, reason: "is no address of a file, as https://example.org/a.csv")
    }
    guard sha256.wholeMatch(of: /[0-9a-fA-F]{64}/) != nil else {
      throw DataError(
        path: url,
        reason: "its SHA-256 is to be 64 hexadecimal digits, not \(JSONText.quoted(sha256)); write "
          + "what sha256sum prints of the file")
    }
    try File.prepareFolder(folder)
    let path = "\(folder)/\(name)"
    if FileSystem.exists(path), try isRight(path) { return path }
    let part = "\(path).part"
    try curl(part, folder)
    guard try isRight(part) else {
      unlink(part)
      throw DataError(
        path: url,
        reason: "what came has another SHA-256 than \(sha256): it is damaged, or was changed; "
          + "nothing is kept")
    }
    if name.hasSuffix(".tar.gz") { try unpack(part, folder) }
    guard rename(part, path) == 0 else { throw File.failure(path, "cannot be written", errno) }
    return path
  }

  /// Fetches several files to a folder, or to that of a data set if none is given.
  ///
  /// - Returns: the folder.
  static func fetch(
    _ downloads: [Download], to folder: String?, for dataset: String
  ) throws(DataError) -> String {
    guard let folder = folder ?? Download.folder(of: dataset).first else {
      throw DataError(path: dataset, reason: "HOME is not set; name a folder to keep the files in")
    }
    for download in downloads { try download.fetch(to: folder) }
    return folder
  }

  /// Where the files of a data set are kept; none without a home.
  package static func folder(of dataset: String) -> [String] {
    Environment["HOME"].map { ["\($0)/.blitz/datasets/\(dataset)"] } ?? []
  }

  // MARK: The programs

  private func curl(_ part: String, _ folder: String) throws(DataError) {
    let report = "\(part).error"
    defer { unlink(report) }
    let status = try run(
      "curl",
      [
        "--fail", "--location", "--silent", "--show-error", "--retry", "2", "--connect-timeout",
        "20", "--speed-limit", "1000", "--speed-time", "60", "--stderr", report, "--output", part,
        "--", url,
      ])
    guard status == 0 else {
      unlink(part)
      var words = (try? File.read(report)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      words = words.split(whereSeparator: \.isNewline).last.map(String.init) ?? "curl: \(status)"
      throw DataError(
        path: url,
        reason: "cannot be fetched: \(words); get it another way and put it into \(folder)")
    }
  }

  private func isRight(_ path: String) throws(DataError) -> Bool {
    let list = "\(path).sha256"
    defer { unlink(list) }
    try File.replace(list, with: "\(sha256.lowercased())  \(path)\n")
    return try run("sha256sum", ["--check", "--status", list]) == 0
  }

  private func unpack(_ part: String, _ folder: String) throws(DataError) {
    let status = try run("tar", ["--extract", "--gzip", "--file", part, "--directory", folder])
    guard status == 0 else {
      unlink(part)
      throw DataError(path: url, reason: "tar cannot unpack it into \(folder) (\(status))")
    }
  }

  private func run(_ program: String, _ arguments: [String]) throws(DataError) -> Int32 {
    guard let status = Subprocess.run(program, arguments, output: .hidden) else {
      throw DataError(
        path: url, reason: "cannot be fetched: there is no program \(program); install it")
    }
    guard status != 128 + 2 else {
      throw DataError(path: url, reason: "interrupted; fetch it again")
    }
    return status
  }
}
