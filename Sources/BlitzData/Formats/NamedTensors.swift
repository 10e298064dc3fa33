import BlitzTensor

/// An open file of named tensors, which are read when they are asked for.
public protocol NamedTensors: Sendable {
  /// The path of the file, as the caller wrote it.
  var path: String { get }
  /// The names of the tensors, in the file's order.
  var names: [String] { get }
  /// The tensor called `name`, on the CPU.
  ///
  /// - Throws: `DataError` if there is none, or if the file is damaged there.
  func tensor(named name: String) throws(DataError) -> Tensor
  /// All tensors by name, on the CPU; or those of one entry, without its name in front.
  ///
  /// - Throws: `DataError` if there is no tensor under the entry, or if the file is damaged.
  func tensors(under entry: String?) throws(DataError) -> [String: Tensor]
}

extension NamedTensors {
  /// All tensors by name, on the CPU.
  ///
  /// A tensor of a dtype that Blitz does not have is an error that names it; read the others by
  /// their ``names`` with ``tensor(named:)``.
  ///
  /// - Throws: `DataError` if one of them is damaged, or if two names differ only in their Unicode
  ///   normal form, which makes them one key of a Swift dictionary.
  public func tensors() throws(DataError) -> [String: Tensor] { try tensors(under: nil) }

  /// The tensors whose names start with the name of an entry and a point, without that start.
  ///
  ///     try file.tensors(under: "model")["0.weight"]   // called "model.0.weight" in the file
  ///
  /// Use it for the weights of `{"model": ...}`, for those that `DataParallel` saved under
  /// "module", and for those that `torch.compile` saved under "_orig_mod".
  ///
  /// - Throws: as ``tensors()``, and if there is no tensor under that name.
  public func tensors(under entry: String?) throws(DataError) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (name, short) in try names(under: entry) { tensors[short] = try tensor(named: name) }
    return tensors
  }

  /// The names of an entry's tensors, in the file and in the entry.
  func names(under entry: String?) throws(DataError) -> [(name: String, short: String)] {
    let prefix = entry.map { Array("\($0).".utf8) } ?? []
    let pairs = names.filter { $0.utf8.starts(with: prefix) }.map { name in
      (name, String(decoding: name.utf8.dropFirst(prefix.count), as: UTF8.self))
    }
    if pairs.isEmpty, let entry { throw missing(entry) }
    var keys: [String: String] = [:]
    for (name, short) in pairs {
      if let other = keys.updateValue(name, forKey: short) {
        throw DataError(
          path: path,
          reason: "the names \(JSONText.escaped(other)) and \(JSONText.escaped(name)) differ only "
            + "in their Unicode normal form, which makes them one key of a dictionary; "
            + "read each with tensor(named:)")
      }
    }
    return pairs
  }

  /// The error about a name that is not in the file, with the nearest one that is.
  func missing(
    _ name: String, _ what: String = "tensor", among others: [String]? = nil
  ) -> DataError {
    let asked = name.lowercased()
    let nearest = (others ?? names).min {
      distance(asked, $0.lowercased()) < distance(asked, $1.lowercased())
    }
    let help = nearest.map { "; did you mean \(JSONText.quoted($0))?" } ?? "; it has no \(what)s"
    return DataError(path: path, reason: "there is no \(what) \(JSONText.quoted(name))\(help)")
  }

  /// How many letters must be added, removed or changed (Levenshtein), of short names.
  private func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.utf8.prefix(200)), Array(right.utf8.prefix(200)))
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var corner = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let change = corner + (letter == other ? 0 : 1)
        corner = row[j + 1]
        row[j + 1] = min(change, corner + 1, row[j] + 1)
      }
    }
    return row[right.count]
  }
}
