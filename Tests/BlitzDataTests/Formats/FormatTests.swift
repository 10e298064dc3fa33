import Blitz
import Foundation
import Testing

@testable import BlitzData

@Suite("files of tensors")
struct FormatTests {
  private func message(_ body: () throws -> Void) throws -> String {
    try #require(throws: DataError.self, performing: body).reason
  }

  /// Tensors of every dtype and of several ranks, some of them not computed yet.
  static func samples() -> [String: Tensor] {
    let numbers = Tensor([1.5, -2, 0.1, .infinity, -.infinity, .nan, -0.0, 65504] as [Float])
    return [
      "float32": numbers.reshaped(to: [2, 4]), "float64": Tensor([0.1, -1e300], dtype: .float64),
      "float16": numbers.cast(to: .float16), "bfloat16": numbers.cast(to: .bfloat16),
      "int64": Tensor([Int.min, Int.max]), "int32": Tensor([Int32.min, Int32.max]),
      "uint8": Tensor([0, 255] as [UInt8]), "uint64": Tensor([0, UInt64.max]),
      "int8": Tensor([Int8.min, Int8.max]), "int16": Tensor([Int16.min, Int16.max]),
      "uint16": Tensor([0, UInt16.max]), "uint32": Tensor([0, UInt32.max]),
      "bool": Tensor([[true], [false]]),
      "scalar": Tensor(3.25), "empty": Tensor.zeros([0, 3]),
      "layers.0.weight": Tensor.ones([2, 3]) * 2, "hä \"q\"\n😀": Tensor.ones([1]),
      "transposed": Tensor([[1.0, 2, 3], [4, 5, 6]] as [[Float]]).transposed(),
    ]
  }

  /// Writes an npz file with a writer, half of the members compressed.
  static func write(_ samples: [String: Tensor], with writer: consuming ZipWriter) throws {
    for (name, tensor) in samples {
      let header = NpyHeader.encoded(dtype: tensor.dtype, shape: tensor.shape.sizes)
      try tensor.withBytes { bytes in
        try header.withUnsafeBytes {
          try writer.add("\(name).npy", [$0, bytes], isDeflated: name.count > 6)
        }
      }
    }
    try writer.finish()
  }

  private func expectEqual(_ left: [String: Tensor], _ right: [String: Tensor]) throws {
    #expect(left.keys.sorted() == right.keys.sorted())
    for (name, tensor) in left {
      let other = try #require(right[name])
      #expect(tensor.signature == other.signature)
      #expect(
        try tensor.withBytes { Array($0) } == (try other.withBytes { Array($0) }), "\(name)")
    }
  }

  @Test(
    "reads what the formats' own libraries wrote",
    arguments: [
      "all.safetensors", "row.npy", "column.npy", "big-endian.npy", "big-endian-column.npy",
      "version-2.npy", "version-3.npy", "scalar.npy", "empty.npy", "half.npy", "stored.npz",
      "deflated.npz", "state.pt", "protocol-4.pt", "dtypes.pt", "tensor.pt", "big-endian.pt",
      "checkpoint.pt", "seed-2.pt", "seed-4.pt",
    ])
  func readsReference(name: String) throws {
    try FormatReference.check(try TensorFile.load(FormatReference.path(name)), are: name)
  }

  @Test("has a test for every file of the reference")
  func allFiles() throws {
    #expect(FormatReference.files.count == 20)
  }

  @Test("gives back what it wrote: safetensors, npz, npy, the latter with 64-bit sizes too")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let samples = Self.samples()
    let path = "\(folder.path)/a.safetensors"
    try Safetensors.save(samples, metadata: ["step": "7"], to: path)
    try expectEqual(try Safetensors.load(path), samples)
    let file = try SafetensorsFile(path)
    #expect(file.metadata == ["step": "7"])
    #expect(file.names.first == "uint64")
    try expectEqual(["a": try file.tensor(named: "bool")], ["a": try #require(samples["bool"])])
    for isCompressed in [false, true] {
      try Npz.save(samples, to: "\(folder.path)/a.npz", isCompressed: isCompressed)
      try expectEqual(try Npz.load("\(folder.path)/a.npz"), samples)
    }
    try Npz.save([:], to: "\(folder.path)/empty.npz")
    #expect(try Npz.load("\(folder.path)/empty.npz").isEmpty)
    for (_, tensor) in samples {
      try Npy.save(tensor, to: "\(folder.path)/a.npy")
      try expectEqual(["a": try Npy.load("\(folder.path)/a.npy")], ["a": tensor])
    }
    try File.replace("\(folder.path)/wide.npz") { sink in
      try Self.write(samples, with: ZipWriter(sink, wideFrom: 0))
    }
    try expectEqual(try Npz.load("\(folder.path)/wide.npz"), samples)
  }

  @Test("leaves the old file alone when the new one cannot be written")
  func keepsOldFile() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.safetensors"
    try Safetensors.save(["a": Tensor([1.0, 2])], to: path)
    let before = try File.read(path)
    let broken = Tensor.ones([2]).matmul(Tensor.ones([3]))
    #expect(throws: TensorError.self) { try Safetensors.save(["a": broken], to: path) }
    #expect(throws: TensorError.self) { try Npz.save(["a": broken], to: path) }
    #expect(throws: TensorError.self) { try Npy.save(broken, to: path) }
    #expect(throws: DataError.self) {
      try File.replace(path) { sink in
        try [1, 2, 3].withUnsafeBytes { try sink.write($0) }
        throw DataError(path: path, reason: "the disk is full")
      }
    }
    #expect(throws: DataError.self) {
      try Safetensors.save([("a", Tensor(1.0)), ("a", Tensor(2.0))], to: path)
    }
    #expect(try File.read(path) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.safetensors"])
    #expect(throws: DataError.self) { try Npy.save(Tensor(1.0), to: folder.path) }
  }

  @Test("reads small and unsigned whole numbers, and names what it cannot")
  func otherDTypes() throws {
    func path(_ name: String) -> String { FormatReference.path(name) }
    for file in [
      try SafetensorsFile(path("int8.safetensors")), try TorchFile(path("int8.pt")),
    ] as [any NamedTensors] {
      let tensors = try file.tensors()
      #expect(tensors["small"]?.signature == "int8[2]")
      #expect(try tensors["small"]?.array(as: [Int8].self) == [1, 1])
      #expect(try tensors["good"]?.array(as: [Float].self) == [1, 1])
    }
    #expect(try TorchFile(path("uint16.pt")).tensor(named: "wide").signature == "uint16[2]")
    #expect(try Npy.load(path("int16.npy")).array(as: [Int16].self) == [0, 1, 2])
    #expect(
      try message { _ = try Npy.load(path("records.npy")) }
        == "byte 20: in the header: arrays of records cannot be tensors; "
        + "save each field on its own")
  }

  @Test("says what a file is that is not what its name or its reader says")
  func wrongNames() throws {
    let folder = try TemporaryFolder()
    func copy(_ name: String, as other: String) throws -> String {
      let path = "\(folder.path)/\(other)"
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: FormatReference.path(name), toPath: path)
      return path
    }
    func check(_ name: String, as other: String, _ expected: String) throws {
      let path = try copy(name, as: other)
      #expect(try message { _ = try TensorFile.load(path) } == expected)
    }
    try check(
      "state.pt", as: "model.safetensors",
      "byte 0: this is a PyTorch checkpoint, not a safetensors file as its name says; "
        + "read it with TorchFile")
    try check(
      "all.safetensors", as: "model.pt",
      "byte 0: this is a safetensors file, not a PyTorch checkpoint as its name says; "
        + "read it with Safetensors.load")
    try check(
      "row.npy", as: "row.npz",
      "byte 0: this is an npy file, not an npz file as its name says; read it with Npy.load")
    try check(
      "formats.json", as: "model.bin",
      "byte 0: this is no file of tensors that Blitz reads: safetensors, npz, npy or PyTorch's")
    let old = "; resave it in PyTorch: torch.save(torch.load(\"old.pt\"), \"new.pt\")"
    try check(
      "old.pt", as: "old.pth",
      "byte 0: this is a checkpoint of the kind that PyTorch wrote before version 1.6, "
        + "not a PyTorch checkpoint" + old)
    #expect(
      try TensorFile.load(try copy("state.pt", as: "pytorch_model.bin")).keys.contains("0.weight"))
    #expect(
      try message { _ = try Safetensors.load(FormatReference.path("stored.npz")) }
        == "byte 0: this is an npz file, not a safetensors file; read it with Npz.load")
    #expect(
      try message { _ = try Npz.load(FormatReference.path("state.pt")) }
        == "byte 0: this is a PyTorch checkpoint, not an npz file; read it with TorchFile")
    #expect(
      try message { _ = try Npz.load(FormatReference.path("formats.json")) }
        == "byte 0: an npz file is a zip file, which this is not")
  }

  @Test("names the nearest tensor when there is none of a name")
  func missing() throws {
    let file = try TorchFile(FormatReference.path("state.pt"))
    #expect(
      try message { _ = try file.tensor(named: "0.wieght") }
        == "there is no tensor \"0.wieght\"; did you mean \"0.weight\"?")
    let empty = try NpzFile(
      MappedFile(bytes: [0x50, 0x4B, 5, 6] + Array(repeating: 0, count: 18), path: "p"))
    #expect(
      try message { _ = try empty.tensor(named: "a") }
        == "there is no tensor \"a\"; it has no tensors")
  }

  @Test("reads a tensor of a 1 GB file without reading the rest, in 50 ms")
  func mappedReading() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let path = "\(folder.path)/big.safetensors"
      // A file with a hole: its size is real, its zeros take no disk.
      let size = 1 << 30
      let header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},"
        + "\"b\":{\"dtype\":\"U8\",\"shape\":[\(size)],\"data_offsets\":[16,\(size + 16)]}}"
      let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
      try Data(length + Array(header.utf8)).write(to: URL(fileURLWithPath: path))
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: UInt64(8 + header.utf8.count + 16 + size))
      try handle.close()
      let live = Memory.liveBytes
      // Processor time, since other processes take theirs; reading a gigabyte takes more.
      let start = clock()
      for _ in 0..<5 {
        let file = try SafetensorsFile(path)
        #expect(try file.tensor(named: "a").array(as: [Float].self) == [0, 0, 0, 0])
      }
      #expect(Double(clock() - start) / Double(CLOCKS_PER_SEC) < 5 * 0.05)
      #expect(Memory.peakBytes - live < 1 << 16)
    }
  }
}

/// Writes files for Tests/Reference/check_formats.py, which reads them with the formats' own
/// libraries.
@Suite("files for Python")
struct FilesForPython {
  static let folder = ProcessInfo.processInfo.environment["BLITZ_FORMATS_OUT"]

  @Test("writes files for Python", .enabled(if: folder != nil, "BLITZ_FORMATS_OUT names a folder"))
  func write() throws {
    let folder = try #require(Self.folder)
    let samples = FormatTests.samples()
    try Safetensors.save(samples, metadata: ["by": "Blitz"], to: "\(folder)/a.safetensors")
    try Npz.save(samples, to: "\(folder)/stored.npz")
    try Npz.save(samples, to: "\(folder)/deflated.npz", isCompressed: true)
    for name in ["transposed", "bool", "scalar", "int64", "float16", "empty"] {
      try Npy.save(try #require(samples[name]), to: "\(folder)/\(name).npy")
    }
    try File.replace("\(folder)/wide.npz") { sink in
      try FormatTests.write(samples, with: ZipWriter(sink, wideFrom: 0))
    }
  }
}
