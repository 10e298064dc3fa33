import BlitzPlot
import Testing

@Suite("lines on a terminal")
struct TerminalTests {
  private func terminal(_ columns: @escaping @autoclosure () -> Int, isInteractive: Bool = true)
    -> Terminal
  {
    Terminal(
      isInteractive: isInteractive, columns: columns(), hasColor: false, hasUnicode: false)
  }

  @Test(
    "end between words",
    arguments: [
      ("", 10, ""), ("one two", 10, "one two"), ("one two three", 9, "one two\nthree"),
      // The last column is left free: some terminals wrap there.
      ("one two", 7, "one\ntwo"), ("one two", 8, "one two"),
      ("unbreakable", 5, "unbreakable"), ("a unbreakable b", 5, "a\nunbreakable\nb"),
      ("a\n\nb c", 3, "a\n\nb\nc"), ("one two", 0, "one two"), ("  indented", 20, "  indented"),
    ])
  func wrapping(text: String, columns: Int, expected: String) {
    #expect(terminal(columns).wrapped(text) == expected)
    #expect(terminal(columns, isInteractive: false).wrapped(text) == text)
  }

  @Test("what goes on in another row hangs below its column")
  func hanging() {
    #expect(
      terminal(16).wrapped("  a  one two three\n  b  one", hanging: 5)
        == "  a  one two\n     three\n  b  one")
  }

  @Test("a bar is as wide as the window, and a few plain lines elsewhere")
  func bar() {
    var text = ""
    var bar = ProgressBar(label: "epoch", total: 4, terminal: terminal(30)) { text += $0 }
    bar.update(4, detail: "loss 1")
    #expect(text == "\repoch 4/4 ###########  loss 1\u{1B}[K")
    bar.finish()
    bar.finish()
    #expect(text.hasSuffix("\u{1B}[K\n"))
    text = ""
    var plain = ProgressBar(
      label: "epoch", total: 100, terminal: terminal(30, isInteractive: false)
    ) { text += $0 }
    for done in 1...100 { plain.update(done, detail: "x") }
    #expect(text.split(separator: "\n").count == 21)
    #expect(text.hasPrefix("epoch   1/100  x\nepoch   5/100  x\n"))
  }

  @Test("a bar whose window was made narrower begins where it began", arguments: [60, 40, 15, 3])
  func resize(narrow: Int) {
    var (text, columns) = ("", 60)
    var bar = ProgressBar(label: "epoch", total: 2, terminal: terminal(columns)) { text += $0 }
    bar.update(1, detail: "loss 1")
    let drawn = text.drop { $0 == "\r" }.prefix { $0 != "\u{1B}" }.count
    #expect(drawn == 10 + 40 + 8)
    (text, columns) = ("", narrow)
    bar.update(2, detail: "loss 1")
    let rows = (drawn - 1) / narrow
    #expect(text.hasPrefix(rows == 0 ? "\repoch" : "\u{1B}[\(rows)A\r"))
    let line = text.split(separator: "\r").last?.prefix { $0 != "\u{1B}" } ?? ""
    #expect(line.count < narrow)
    #expect(text.hasSuffix(rows == 0 ? "\u{1B}[K" : "\u{1B}[J"))
  }
}
