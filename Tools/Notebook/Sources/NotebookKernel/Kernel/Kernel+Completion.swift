import Foundation

extension Kernel {
  /// What the text before the cursor can go on with.
  func complete(_ content: JSON) -> JSON {
    let place = CursorPlace(content)
    var matches: [(insertion: String, kind: String, signature: String)] = []
    var seen: Set<String> = []
    let answer = ask("source.request.codecomplete", place, offset: place.wordStart)
    for result in answer?["key.results"].array ?? [] {
      guard let name = result["key.name"].string, !name.hasPrefix("_"),
        name.lowercased().hasPrefix(place.word.lowercased()),
        !name.contains(#/^(Cell|Part|Before|After)_/#),
        completion.offers(
          result["key.associated_usrs"].string?.split(separator: " ").first.map(String.init),
          of: result["key.modulename"].string ?? "")
      else { continue }
      let insertion = CursorPlace.insertion(name)
      if insertion.isEmpty || !seen.insert(insertion).inserted { continue }
      matches.append(
        (
          insertion, Kernel.kind(result["key.kind"].string ?? ""),
          withoutModules(result["key.description"].string ?? name)
        ))
    }
    // One of `all(` and `all()`: JupyterLab puts in what both begin with, and then shows neither.
    matches.removeAll { match in
      match.insertion.hasSuffix("()") && seen.contains(String(match.insertion.dropLast()))
    }
    matches.sort { $0.insertion < $1.insertion }
    let (start, end) = (place.scalarStart, place.scalarEnd)
    return [
      "status": "ok", "cursor_start": .integer(start), "cursor_end": .integer(end),
      "matches": .array(matches.map { .string($0.insertion) }),
      "metadata": [
        "_jupyter_types_experimental": .array(
          matches.map {
            [
              "text": .string($0.insertion), "type": .string($0.kind),
              "signature": .string($0.signature), "start": .integer(start), "end": .integer(end),
            ]
          })
      ],
    ]
  }

  /// Makes the first Tab fast.
  func prepareCompletion() {
    let place = CursorPlace(["code": "Tensor"])
    completion.prepare(request("source.request.codecomplete", place, offset: place.wordStart))
  }

  /// What Jupyter calls a kind of SourceKit's, such as
  /// `source.lang.swift.decl.function.method.instance`.
  private static func kind(_ name: String) -> String {
    let words = name.split(separator: ".").dropFirst(3)
    for word in words {
      switch word {
      case "function": return "function"
      case "var", "enumelement": return "instance"
      case "struct", "class", "enum", "protocol", "actor", "typealias", "associatedtype":
        return "class"
      case "module", "keyword": return String(word)
      default: continue
      }
    }
    return words.last.map(String.init) ?? ""
  }

  /// The declaration and the documentation of the symbol at the cursor.
  func inspect(_ content: JSON) -> JSON {
    let place = CursorPlace(content)
    let answer = ask("source.request.cursorinfo", place, offset: place.symbolStart) ?? [:]
    guard let declaration = answer["key.annotated_decl"].string else { return overview(place) }
    var text = withoutModules(DocumentationText.plain(declaration))
    if let documentation = answer["key.doc.full_as_xml"].string {
      text += "\n\n" + DocumentationText.document(documentation)
    }
    return [
      "status": "ok", "found": true, "data": ["text/plain": .string(text)], "metadata": [:],
    ]
  }

  /// Help where the code around the cursor is not yet whole: all declarations of that name.
  private func overview(_ place: CursorPlace) -> JSON {
    // Without what follows: an open parenthesis would keep SourceKit from seeing the type.
    let before = CursorPlace([
      "code": .string(String(decoding: place.source.utf8.prefix(place.symbolStart), as: UTF8.self))
    ])
    let answer = ask("source.request.codecomplete", before, offset: place.symbolStart)
    var rows: [String] = []
    for result in answer?["key.results"].array ?? [] {
      let name = result["key.name"].string ?? ""
      guard name.prefix(while: { $0 != "(" }) == place.symbol, !place.symbol.isEmpty else {
        continue
      }
      let type = result["key.typename"].string.map { " -> \($0)" } ?? ""
      let brief = result["key.doc.brief"].string.map { "\n\n\($0)" } ?? ""
      rows.append(withoutModules((result["key.description"].string ?? name) + type + brief))
    }
    if rows.isEmpty { return ["status": "ok", "found": false, "data": [:], "metadata": [:]] }
    return [
      "status": "ok", "found": true, "metadata": [:],
      "data": ["text/plain": .string(rows.joined(separator: "\n\n"))],
    ]
  }

  private func request(_ kind: String, _ place: CursorPlace, offset: Int) -> JSON {
    let path = compiler.folder + "/main.swift"
    let text = compiler.header + place.source
    try? text.write(toFile: path, atomically: true, encoding: .utf8)
    // Another name for each state of the session: SourceKit keeps what it knows of a module, and
    // does not see that its imports have changed.
    let options =
      [
        "-module-name", "After_\(compiler.latest ?? "")", "-Xfrontend", "-disable-access-control",
      ] + compiler.searchOptions
    return [
      "key.request": .string(kind), "key.sourcefile": .string(path),
      "key.sourcetext": .string(text),
      "key.offset": .integer(compiler.header.utf8.count + offset),
      "key.compilerargs": .array(([path] + options).map { .string($0) }),
    ]
  }

  private func ask(_ kind: String, _ place: CursorPlace, offset: Int) -> JSON? {
    completion.ask(request(kind, place, offset: offset)) { answers in
      let start = ContinuousClock.now
      while true {
        pump(waiting: [answers], milliseconds: 100)
        var wait = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
        if poll(&wait, 1, 0) > 0 { return true }
        // The first question reads all modules.
        if .now - start > .seconds(60) { return false }
      }
    }
  }
}

/// The cursor in a cell, in the units that Jupyter (characters of Unicode) and SourceKit (bytes)
/// count in.
struct CursorPlace {
  let source: String
  /// What of an identifier stands before the cursor.
  let word: String
  /// Where it begins, in bytes.
  let wordStart: Int
  /// Where the identifier that the cursor is in or behind begins, in bytes.
  let symbolStart: Int
  /// That identifier.
  let symbol: String
  let scalarStart: Int
  let scalarEnd: Int

  init(_ content: JSON) {
    source = content["code"].string ?? ""
    let scalars = source.unicodeScalars
    let position = content["cursor_pos"].integer ?? scalars.count
    let cursor =
      scalars.index(scalars.startIndex, offsetBy: max(0, position), limitedBy: scalars.endIndex)
      ?? scalars.endIndex
    func wordStart(before end: String.Index) -> String.Index {
      var start = end
      while start > scalars.startIndex {
        let before = scalars.index(before: start)
        let scalar = scalars[before]
        guard scalar == "_" || scalar.properties.isXIDContinue else { break }
        start = before
      }
      return start
    }
    let start = wordStart(before: cursor)
    word = String(scalars[start..<cursor])
    self.wordStart = scalars[..<start].utf8Count
    scalarStart = scalars.distance(from: scalars.startIndex, to: start)
    scalarEnd = scalars.distance(from: scalars.startIndex, to: cursor)
    // Inside the parentheses of a call, help is about the call.
    var symbol = cursor
    while symbol > scalars.startIndex, wordStart(before: symbol) == symbol,
      "( \t".unicodeScalars.contains(scalars[scalars.index(before: symbol)])
    {
      symbol = scalars.index(before: symbol)
    }
    let first = wordStart(before: symbol)
    symbolStart = scalars[..<first].utf8Count
    self.symbol = String(
      scalars[first...].prefix { $0 == "_" || $0.properties.isXIDContinue })
  }

  /// What a completion puts in: `relu()`, `matmul(`, `shape`; of the arguments of a call, which
  /// are named `axis:keepDims:`, the first label. Nothing if that one has none.
  static func insertion(_ name: String) -> String {
    guard let open = name.firstIndex(of: "(") else {
      guard let colon = name.firstIndex(of: ":") else { return name }
      return colon == name.startIndex ? "" : String(name[...colon])
    }
    return name.hasSuffix("()") ? name : String(name[...open])
  }
}

extension Substring.UnicodeScalarView {
  fileprivate var utf8Count: Int { Substring(self).utf8.count }
}

/// SourceKit's XML as text.
enum DocumentationText {
  /// A declaration without its tags.
  static func plain(_ xml: String) -> String { unescaped(xml.replacing(#/<[^>]*>/#, with: "")) }

  /// A documentation comment: paragraphs, code, and the names of parameters.
  static func document(_ xml: String) -> String {
    var text = xml
    if let start = text.firstRange(of: "<CommentParts>") {
      text = String(text[start.upperBound...])
    }
    text = text.replacing(#/<Name>([^<]*)<\/Name>/#) { "\n- \($0.1): " }
    text = text.replacing(#/<Direction[^>]*>[^<]*<\/Direction>/#, with: "")
    text = text.replacing(#/<zCodeLineNumbered><!\[CDATA\[(.*?)\]\]><\/zCodeLineNumbered>/#) {
      "    \(escaped(String($0.1)))\n"
    }
    text = text.replacing("<ResultDiscussion>", with: "\nReturns: ")
    text = text.replacing("<ThrowsDiscussion>", with: "\nThrows: ")
    text = text.replacing(#/<\/Para>|<\/CodeListing>|<\/List-Bullet>/#, with: "\n\n")
    text = unescaped(text.replacing(#/<[^>]*>/#, with: ""))
    return text.replacing(#/\n{3,}/#, with: "\n\n").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  private static func unescaped(_ text: String) -> String {
    text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&apos;", with: "'").replacing("&amp;", with: "&")
  }
}
