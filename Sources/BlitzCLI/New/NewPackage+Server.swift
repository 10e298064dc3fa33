import BlitzData

extension NewPackage {
  /// The files of a server, and their texts: `Examples/Server` of the sources, under this package's
  /// names.
  ///
  /// - Throws: `DataError` if the sources lack a file.
  func serverFiles() throws -> [(name: String, text: String)] {
    let unit = "\(name.lowercased()).service"
    let names = [
      ("Package.swift", "Package.swift"),
      ("Sources/Server/main.swift", "Sources/\(module)/main.swift"),
      ("Dockerfile", "Dockerfile"), ("server.service", unit),
    ]
    let texts = try names.map { from, to in
      let text = String(decoding: try File.read("\(home)/Examples/Server/\(from)"), as: UTF8.self)
      return (name: to, text: adapted(text))
    }
    return texts + [(".dockerignore", ".build/\n"), (".gitignore", ".build/\n.swiftpm/\n*.onnx\n")]
  }

  /// A text of the example with this package's names and places.
  private func adapted(_ text: String) -> String {
    func place(_ part: String) -> String { JSONText.quoted("\(home)/\(part)") }
    let changes = [
      ("path: \"../..\"", "path: \(quotedHome)"),
      ("# In this folder, with blitz two folders up:\n", "# In this folder:\n"),
      ("blitz=../.. --tag server", "blitz=\(home) --tag \(name.lowercased())"),
      (":ro server\n", ":ro \(name.lowercased())\n"),
      ("\"/blitz/Package.swift\"", place("Package.swift")),
      ("\"/blitz/Sources\"", place("Sources")), ("/blitz/Examples/Server", "/package"),
      ("enable --now server", "enable --now \(name.lowercased())"),
      ("name: \"Server\"", "name: \"\(module)\""), ("    Server model", "    \(module) model"),
      ("usage: Server", "usage: \(module)"), (". Server)", ". \(module))"),
      ("/Server", "/\(module)"),
    ]
    return changes.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }
}
