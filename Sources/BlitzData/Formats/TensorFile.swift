import BlitzTensor

/// Files of tensors in any format that Blitz reads.
///
///     let weights = try TensorFile.load("model.pt")
public enum TensorFile {
  /// All tensors of the file at `path`, by name, on the CPU: a safetensors, npz or npy file, or a
  /// PyTorch checkpoint.
  ///
  /// The format is recognised by the file's content, not its name; a name of another format is an
  /// error, since something went wrong before. The one array of an npy file is called "arr_0", as
  /// NumPy calls arrays without a name.
  ///
  /// - Throws: `DataError` if the file cannot be read, is none of these formats or not the one
  ///   that its name says, or breaks a rule of its format, naming the byte.
  public static func load(_ path: String) throws(DataError) -> [String: Tensor] {
    try load(MappedFile(path: path))
  }

  package static func load(_ file: MappedFile) throws(DataError) -> [String: Tensor] {
    let format = try FileFormat.of(file)
    if let format, let promised = promise(of: file.path), promised != format {
      // PyTorch's formats are all called the same.
      if !(format.isTorch && promised == .torch) {
        throw format.failure(file, instead: "\(promised.name) as its name says")
      }
    }
    switch format {
    case .safetensors: return try SafetensorsFile(file).tensors()
    case .npy: return ["arr_0": try Npy.load(file)]
    case .npz: return try NpzFile(file).tensors()
    case .torch, .oldTorch, .torchScript, .exportedProgram:
      return try TorchFile(file).tensors()
    case nil:
      throw file.failure(
        0, "this is no file of tensors that Blitz reads: safetensors, npz, npy or PyTorch's")
    }
  }

  /// The format that a file's name says, if it says one.
  private static func promise(of path: String) -> FileFormat? {
    let name = path.lowercased()
    let formats: [(String, FileFormat)] = [
      (".safetensors", .safetensors), (".npy", .npy), (".npz", .npz), (".pt", .torch),
      (".pth", .torch),
    ]
    return formats.first { name.hasSuffix($0.0) }?.1
  }
}
