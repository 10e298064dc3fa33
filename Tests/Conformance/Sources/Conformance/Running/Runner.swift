import Foundation

/// Has workers compute all samples; after one that ended, the next goes on behind that sample.
struct Runner {
  let folder: String
  let units: [Unit]
  let only: String?
  let most: Int

  func run() throws -> [Outcome] {
    var outcomes: [Outcome] = []
    var (unit, sample) = (0, 0)
    while unit < units.count {
      let lines = try work(from: unit, sample)
      var isOpen = false
      for line in lines {
        if line.first == "{" {
          outcomes.append(try JSONDecoder().decode(Outcome.self, from: Data(line.utf8)))
          isOpen = false
        } else {
          let places = line.split(separator: " ").compactMap { Int($0) }
          (unit, sample) = (places[0], places[1])
          isOpen = true
        }
      }
      guard isOpen else { break }
      outcomes.append(Outcome(unit: units[unit].unit, sample: sample, kind: .traps))
      sample += 1
    }
    return outcomes
  }

  /// What one worker wrote until it ended.
  private func work(from unit: Int, _ sample: Int) throws -> [Substring] {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0])
    process.arguments =
      ["--work", folder, "\(unit)", "\(sample)", "\(most)"] + (only.map { [$0] } ?? [])
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n")
  }
}
