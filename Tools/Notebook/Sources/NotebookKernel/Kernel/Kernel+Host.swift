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
      stream("stdout", outputText.text(bytes))
    }
    for _ in 0..<Kernel.piecesAtOnce {
      guard let bytes = available(host.errors), !bytes.isEmpty else { break }
      var text = errorText.text(bytes)
      if let running, let start = CellFailure.startOfLastWords(in: text) {
        stream("stderr", running.lastWords + text[..<start])
        running.lastWords = String(text[start...])
        text = ""
      } else if let running, !running.lastWords.isEmpty {
        running.lastWords += text
        text = ""
      }
      stream("stderr", text)
    }
  }

  func stream(_ name: String, _ text: String) {
    if text.isEmpty || running?.isSilent == true { return }
    connection.publish(
      "stream", ["name": .string(name), "text": .string(text)],
      parent: running?.request ?? latestRequest)
  }

  private func handle(_ event: [[UInt8]]) {
    let words = event.prefix(2).map { String(decoding: $0, as: UTF8.self) }
    let kind = words.first ?? ""
    let rest = event.dropFirst().map { String(decoding: $0, as: UTF8.self) }
    switch kind {
    case "result", "display", "update":
      show(kind, name: words.last ?? "", Array(event.dropFirst(2)))
    case "done": running?.outcome = .done
    case "interrupted": running?.outcome = .interrupted
    case "unloadable": running?.outcome = .unloadable(rest.first ?? "")
    case "failed" where rest.count >= 2:
      running?.outcome = .failed(type: rest[0], text: rest[1], frames: Array(rest[2...]))
    case "trapped" where rest.count >= 1:
      running?.outcome = .trapped(signal: Int32(rest[0]) ?? 0, frames: Array(rest[1...]))
    default: break
    }
  }

  /// Publishes a value in the formats it has.
  private func show(_ kind: String, name: String, _ formats: [[UInt8]]) {
    if running?.isSilent == true { return }
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
      content["execution_count"] = .integer(executionCount)
    } else if kind == "update" {
      content["transient"] = ["display_id": .string(name)]
      if !displayNames.insert(name).inserted { type = "update_display_data" }
    }
    connection.publish(type, .object(content), parent: running?.request ?? latestRequest)
  }

  /// The host can also end between cells: a task of an earlier cell may trap.
  private func announceDeath() {
    let failure = restart(because: host.ending())
    stream("stderr", failure.plainText + "\n")
  }
}
