/// The formats of tensor files, told apart by what is in them and not by their names.
enum FileFormat: Sendable {
  case safetensors, npy, npz, torch
  /// PyTorch's formats from before version 1.6.
  case oldTorch
  /// What `torch.jit.save` writes.
  case torchScript
  /// What `torch.export.save` writes, `.pt2`.
  case exportedProgram

  /// What messages call it.
  var name: String {
    switch self {
    case .safetensors: "a safetensors file"
    case .npy: "an npy file"
    case .npz: "an npz file"
    case .torch: "a PyTorch checkpoint"
    case .oldTorch: "a checkpoint of the kind that PyTorch wrote before version 1.6"
    case .torchScript: "a TorchScript program"
    case .exportedProgram: "a program of torch.export"
    }
  }

  /// Whether PyTorch writes it, under names that are the same for all of these.
  var isTorch: Bool {
    switch self {
    case .torch, .oldTorch, .torchScript, .exportedProgram: true
    case .safetensors, .npy, .npz: false
    }
  }

  /// What to do to read it.
  private var help: String {
    switch self {
    case .safetensors: "read it with Safetensors.load"
    case .npy: "read it with Npy.load"
    case .npz: "read it with Npz.load"
    case .torch: "read it with TorchFile"
    case .oldTorch:
      "resave it in PyTorch: torch.save(torch.load(\"old.pt\"), \"new.pt\")"
    case .torchScript:
      "save its weights: torch.save(torch.jit.load(\"model.pt\").state_dict(), \"weights.pt\")"
    case .exportedProgram:
      "save its weights: torch.save(torch.export.load(\"model.pt2\").state_dict, \"weights.pt\")"
    }
  }

  /// The error that something else is expected.
  func failure(_ file: MappedFile, instead expected: String) -> DataError {
    file.failure(0, "this is \(name), not \(expected); \(help)")
  }

  /// What a file is; nil if it is none of these.
  ///
  /// - Throws: `DataError` if it is a zip file that lies.
  static func of(_ file: MappedFile) throws(DataError) -> FileFormat? {
    if isZip(file) { return of(try ZipArchive(file)) }
    if file.has([0x93] + Array("NUMPY".utf8), at: 0) { return .npy }
    if file.has([UInt8(ascii: "{")], at: 8) { return .safetensors }
    // A pickle of PyTorch's magic number, of any protocol; or a tar file.
    let magic: [UInt8] = [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    let isPickle = file.has([0x80], at: 0) && [2, 11].contains { file.has(magic, at: $0) }
    if isPickle || file.has(Array("ustar".utf8), at: 257) { return .oldTorch }
    return nil
  }

  /// What a zip file is: PyTorch's if it has the members that PyTorch writes, NumPy's if all are
  /// npy files.
  private static func of(_ archive: ZipArchive) -> FileFormat? {
    func has(_ ending: String) -> Bool { archive.members.contains { $0.name.hasSuffix(ending) } }
    if has("/archive_format") || has("serialized_exported_program.json") {
      return .exportedProgram
    }
    if has("/data.pkl") { return has("/constants.pkl") ? .torchScript : .torch }
    return archive.members.allSatisfy { $0.name.hasSuffix(".npy") } ? .npz : nil
  }

  /// Whether the file starts as zip files do, empty ones too.
  private static func isZip(_ file: MappedFile) -> Bool {
    file.has([0x50, 0x4B, 3, 4], at: 0) || file.has([0x50, 0x4B, 5, 6], at: 0)
  }

  /// Finds out whether a file that is not a zip file is another format than the expected one.
  ///
  /// - Throws: `DataError` that names the format, if it is one of these.
  static func check(_ file: MappedFile, is expected: FileFormat) throws(DataError) {
    guard let found = try of(file), found != expected else { return }
    throw found.failure(file, instead: expected.name)
  }

  /// The zip file that a file of the expected format is.
  ///
  /// - Throws: `DataError` that names the format, if it is another one.
  static func archive(
    _ file: MappedFile, of expected: FileFormat
  ) throws(DataError) -> ZipArchive {
    guard isZip(file) else {
      try check(file, is: expected)
      throw file.failure(0, "\(expected.name) is a zip file, which this is not")
    }
    let archive = try ZipArchive(file)
    if let found = of(archive), found != expected {
      throw found.failure(file, instead: expected.name)
    }
    return archive
  }
}
