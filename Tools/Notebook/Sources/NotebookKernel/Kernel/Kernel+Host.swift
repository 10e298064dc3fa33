import Foundation

extension Kernel {
  /// Reads what the host printed and what it reports, in their order.
  func readHost() {
    readOutput()
    guard let events = host.receive() else {
      if let running, running.outcome == nil {
        readOutput()
        running.outcome = .hostDied
      } else if running == nil {
        announceDeath()
      }
      return
    }
    for event in events {
      readOutput()
      handle(event)
    }
  }

  /// A cell that never stops printing must not keep the kernel from all else: so much at a time.
  /// Before an event it is all, since a pipe holds no more than this.
  private static let piecesAtOnce = 4

  private func readOutput() {
    for _ in 0..<Kernel.piecesAtOnce {
      guard let bytes = available(host.output), !bytes.isEmpty else { break }
      stream("stdout", outputText.text(bytes), from: latest)
    }
    for _ in 0..<Kernel.piecesAtOnce {
      guard let bytes = available(host.errors), !bytes.isEmpty else { break }
      error(errorText.text(bytes), from: latest)
    }
  }

  /// Shows what came on standard error, but for the runtime's words on a trap of the running cell.
  private func error(_ text: String, from cell: Int) {
    guard let running, running.number == cell else { return stream("stderr", text, from: cell) }
    if let start = CellFailure.startOfLastWords(in: text) {
      stream("stderr", running.lastWords + text[..<start], from: cell)
      running.lastWords = String(text[start...])
    } else if !running.lastWords.isEmpty {
      running.lastWords += text
    } else {
      stream("stderr", text, from: cell)
    }
  }

  /// Shows text below a cell.
  func stream(_ name: String, _ text: String, from cell: Int) {
    guard !text.isEmpty, let origin = origins[cell], !origin.isSilent else { return }
    connection.publish(
      "stream", ["name": .string(name), "text": .string(text)], parent: origin.request)
  }

  private func handle(_ event: [[UInt8]]) {
    let words = event.dropFirst().map { String(decoding: $0, as: UTF8.self) }
    let number = words.first.flatMap { Int($0) } ?? 0
    switch event.first.map({ String(decoding: $0, as: UTF8.self) }) {
    case "output" where event.count == 4:
      // Pieces may end within a character.
      let key = "\(words[1]) \(number)"
      let text = texts[key, default: TextStream()].text(event[3])
      if words[1] == "stderr" {
        error(text, from: number)
      } else {
        stream(words[1], text, from: number)
      }
      if texts[key]?.isAtEnd == true { texts[key] = nil }
    case "asking": askReader(for: number)
    case let kind? where ["result", "display", "update"].contains(kind) && event.count >= 3:
      show(kind, from: number, name: words[1], Array(event.dropFirst(3)))
    case "done": running?.outcome = .done
    case "interrupted": end(number, .interrupted(frames: Array(words.dropFirst())))
    case "unloadable": running?.outcome = .unloadable(words.first ?? "")
    case "failed" where words.count >= 3:
      end(number, .failed(type: words[1], text: words[2], frames: Array(words[3...])))
    case "trapped" where words.count >= 2:
      end(number, .trapped(signal: Int32(words[1]) ?? 0, frames: Array(words[2...])))
    default: break
    }
  }

  private func end(_ steps: Int, _ outcome: Execution.Outcome) {
    running?.steps = steps
    running?.outcome = outcome
  }

  /// Publishes a value in the formats it has.
  private func show(_ kind: String, from cell: Int, name: String, _ formats: [[UInt8]]) {
    guard let origin = origins[cell], !origin.isSilent else { return }
    var data: [String: JSON] = [:]
    for i in stride(from: 0, to: formats.count - 1, by: 2) {
      let type = String(decoding: formats[i], as: UTF8.self)
      data[type] = .string(
        type == "image/png"
          ? Data(formats[i + 1]).base64EncodedString()
          : type == "text/plain"
            ? withoutModules(String(decoding: formats[i + 1], as: UTF8.self))
            : String(decoding: formats[i + 1], as: UTF8.self))
    }
    var content: [String: JSON] = ["data": .object(data), "metadata": [:]]
    var type = "display_data"
    if kind == "result" {
      type = "execute_result"
      content["execution_count"] = .integer(origin.count)
    } else if kind == "update" {
      content["transient"] = ["display_id": .string(name)]
      // A cell that is run again has lost what it had shown.
      if origins[cell]?.displays.insert(name).inserted == false { type = "update_display_data" }
    }
    connection.publish(type, .object(content), parent: origin.request)
  }

  /// The host can also end between cells: a task of an earlier cell may trap.
  private func announceDeath() {
    let failure = restart(because: host.ending())
    stream("stderr", failure.plainText + "\n", from: latest)
  }
}
