import Foundation

/// A line that a cell waits for.
struct Asking {
  /// The cell.
  let cell: Int
  /// The identifier of the question.
  let question: String
}

extension Kernel {
  /// Asks the reader of a cell for a line, or answers in their place that there is none.
  func askReader(for cell: Int) {
    guard let origin = origins[cell] else { return host.endInput() }
    guard origin.takesInput else {
      stream(
        "stderr", "This notebook takes no input (allow_stdin is false): readLine() is nil.\n",
        from: cell)
      return host.endInput()
    }
    // An answer to an earlier question is none to this one.
    while connection.request(connection.input) != nil {}
    let question = connection.reply(
      "input_request", ["prompt": "", "password": false], to: origin.request, on: connection.input)
    asking = Asking(cell: cell, question: question)
  }

  /// Hands what the reader has typed to the cell that waits for it.
  func readInput() {
    while let answer = connection.request(connection.input) {
      let question = answer.parent["msg_id"].string
      guard answer.type == "input_reply", let asking, question ?? asking.question == asking.question
      else { continue }
      self.asking = nil
      let text = answer.content["value"].string ?? ""
      // Control-D, as in a terminal.
      if text == "\u{4}" { host.endInput() } else { host.type(text) }
    }
  }
}
