import BlitzTensor

/// An open file of named tensors, read one by one when they are asked for.
public protocol NamedTensors: Sendable {
  /// The file as the caller named it.
  var path: String { get }
  /// The tensors' names, in the file's order.
  var names: [String] { get }
  /// The tensor called `name`, on the CPU.
  ///
  /// - Throws: `DataError` if there is none, or the file is wrong about it.
  func tensor(named name: String) throws(DataError) -> Tensor
  /// All tensors by name, on the CPU.
  ///
  /// - Throws: `DataError` if the file is wrong about one of them.
  func tensors() throws(DataError) -> [String: Tensor]
}

extension NamedTensors {
  /// All tensors by name, on the CPU.
  ///
  /// - Throws: `DataError` if the file is wrong about one of them.
  public func tensors() throws(DataError) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for name in names { tensors[name] = try tensor(named: name) }
    return tensors
  }

  /// The error about a name that is not in the file, with the nearest one that is.
  func missing(_ name: String) -> DataError {
    let asked = name.lowercased()
    let nearest = names.min { distance(asked, $0.lowercased()) < distance(asked, $1.lowercased()) }
    let help = nearest.map { "; did you mean \(JSONText.quoted($0))?" } ?? "; it has no tensors"
    return DataError(path: path, reason: "there is no tensor \(JSONText.quoted(name))\(help)")
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
