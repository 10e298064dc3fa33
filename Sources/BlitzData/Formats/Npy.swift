import BlitzTensor

/// NumPy's file of one array, `.npy`: `numpy.load` and `numpy.save`.
///
///     let x = try Npy.load("x.npy")
///     try Npy.save(x, to: "y.npy")
///
/// Read are NumPy's dtypes that tensors have, in both byte orders and both memory orders.
/// Others are errors that name them.
/// NumPy has no bfloat16: Blitz writes its two bytes as NumPy's raw data `V2`, as the libraries
/// that add bfloat16 to NumPy do, and reads `V2` as bfloat16.
public enum Npy {
  /// The tensor of the file at `path`, on the CPU.
  ///
  /// - Throws: `DataError` if the file cannot be read or breaks a rule of the format, naming the
  ///   byte, or has a dtype that tensors do not have.
  public static func load(_ path: String) throws(DataError) -> Tensor {
    try load(MappedFile(path: path))
  }

  package static func load(_ file: MappedFile) throws(DataError) -> Tensor {
    try FileFormat.check(file, is: .npy)
    let prefix = try file.bytes(at: 0, count: min(NpyHeader.prefixSize, file.count), "the header")
    let range = try NpyHeader.textRange(prefix, file.failure)
    let text = try file.bytes(at: range.lowerBound, count: range.count, "the header")
    let header = try NpyHeader(text, at: range.lowerBound, file.failure)
    let size = try header.byteCount(of: file.count, file.failure)
    let bytes = try file.bytes(at: header.dataStart, count: size, "the array")
    return try header.elements.tensor(from: bytes) { file.failure(range.lowerBound, $0) }
  }

  /// Writes a tensor to the file at `path`, whole or not at all.
  ///
  /// - Parameters:
  ///   - tensor: the tensor, which is computed now if it is not yet.
  ///   - path: the file; an existing one is replaced.
  /// - Throws: `DataError` if the file cannot be written; `TensorError` if the tensor carries an
  ///   error.
  public static func save(_ tensor: Tensor, to path: String) throws {
    try tensor.withBytes { bytes in
      try File.replace(path) { sink in
        let header = NpyHeader.encoded(dtype: tensor.dtype, shape: tensor.shape.sizes)
        try header.withUnsafeBytes { try sink.write($0) }
        try sink.write(bytes)
      }
    }
  }
}

extension NpyHeader {
  /// How many bytes the elements take, of a file of `fileSize` bytes that must end after them.
  func byteCount(
    of fileSize: Int, _ failure: (Int, String) -> DataError
  ) throws(DataError) -> Int {
    let what = "\(elements.type)\(Shape(elements.shape))"
    guard let size = elements.byteCount else {
      throw failure(dataStart, "\(what) takes more than memory can have")
    }
    guard size <= fileSize - dataStart else {
      throw failure(
        fileSize, "the file ends, but \(what) needs \(size - (fileSize - dataStart)) bytes more")
    }
    guard size == fileSize - dataStart else {
      throw failure(
        dataStart + size,
        "\(what) ends here, but the file has \(fileSize - dataStart - size) bytes more")
    }
    return size
  }
}
