import Blitz
import Foundation
import Testing

@testable import BlitzData

/// What Tests/Reference/checkpoints.py wrote.
private struct Checkpoints: Decodable {
  let files: [String: Data]
  let expected: [String: [String: FormatReference.Stored]]

  static let stored: Checkpoints = {
    do {
      let path = FormatReference.path("checkpoints.json")
      return try JSONDecoder().decode(
        Checkpoints.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch { fatalError("Reference/checkpoints.json: \(error)") }
  }()

  static func file(_ name: String) throws -> MappedFile {
    MappedFile(bytes: Array(try #require(stored.files[name])), path: name)
  }

  /// Compares each tensor of a file, asked for by its name, with Python's.
  static func check(_ file: some NamedTensors, _ name: String) throws {
    for (key, expected) in try #require(stored.expected[name]) {
      let tensor = try file.tensor(named: key)
      #expect("\(tensor.dtype)" == expected.dtype, "\(key)")
      #expect(tensor.shape.sizes == expected.shape, "\(key)")
      if tensor.dtype.isFloating {
        let numbers = expected.values.map { Double($0) ?? .nan }
        #expect(try tensor.scalars(as: Double.self) == numbers, "\(key)")
      } else {
        let numbers = try tensor.cast(to: .int64).scalars(as: Int.self)
        #expect(numbers == expected.values.map { Int($0) }, "\(key)")
      }
    }
  }
}

@Suite("checkpoints with more than a state dict")
struct CheckpointTests {
  private func open(_ name: String) throws -> TorchFile { try TorchFile(Checkpoints.file(name)) }

  private func message(_ body: () throws -> Void) throws -> String {
    let reason = try #require(throws: DataError.self, performing: body).reason
    // Without the byte, which changes with every writing of the file.
    return reason.hasPrefix("byte ") ? String(reason.drop { $0 != ":" }.dropFirst(2)) : reason
  }

  @Test(
    "reads what PyTorch reads",
    arguments: ["neg.pt", "no-checksums.pt", "holders.pt", "large.pt", "refused.pt", "twins.pt"]
      + (1...5).map { "values-\($0).pt" })
  func reads(name: String) throws { try Checkpoints.check(try open(name), name) }

  @Test("shares the storage of many views, and expands within a limit")
  func views() throws {
    let all = try open("holders.pt").tensors()
    #expect(all.count == Checkpoints.stored.expected["holders.pt"]?.count)
    let file = try TorchFile(MappedFile(path: FormatReference.path("expanded.pt")))
    #expect(
      try file.tensor(named: "x").scalars(as: Float.self) == [Float](repeating: 1, count: 1000))
    let small = try TorchFile(
      MappedFile(path: FormatReference.path("expanded.pt")), maximumViewByteCount: 100)
    let expected =
      "with \"x\" the tensors take 4000 bytes, views of storages that have 4; read tensors one by "
      + "one, or give TorchFile a larger maximumViewByteCount than 100"
    #expect(try message { _ = try small.tensor(named: "x") } == expected)
    #expect(try message { _ = try small.tensors() } == expected)
  }

  @Test("keeps values that it does not know, for the one who asks", arguments: 1...5)
  func opaque(version: Int) throws {
    let file = try open("values-\(version).pt")
    #expect(file.names == ["keys.('b',)", "w"])
    #expect(try file.value(named: "epoch") == .integer(3))
    #expect(file.values["default.k"] == .integer(5))
    #expect(file.values["keys.None"] == .integer(1))
    #expect(file.values["keys.1.5"] == .integer(2))
    #expect(file.values["keys.True"] == .integer(3))
    #expect(file.values["keys.(1, 'a')"] == .integer(4))
    let rows = [
      ("numpy", "numpy scalar", "save x.item()"),
      ("counter", "collections.Counter", "save dict(x)"),
      ("set", "set", "save sorted(x)"),
      ("bytes", "bytes", "save torch.frombuffer(bytearray(x), dtype=torch.uint8)"),
      ("complex", "complex", "save [x.real, x.imag]"),
      ("namespace", "argparse.Namespace", "save vars(x)"),
      ("path", "pathlib.PurePosixPath", "save str(x)"),
      ("large", "int", "it has more than 64 bits: save str(x)"),
    ]
    for (key, name, help) in rows {
      #expect(file.values[key] == .opaque(name), "\(key)")
      let expected =
        "\"\(key)\" is a Python object, \"\(name)\", which Blitz does not make; \(help)"
      #expect(try message { _ = try file.value(named: key) } == expected)
      #expect(try message { _ = try file.tensor(named: key) } == expected)
      #expect(try message { _ = try file.tensors(under: key) } == expected)
    }
    #expect(file.values["class"] == .opaque("collections.Counter"))
    #expect(
      try message { _ = try file.value(named: "epoc") }
        == "there is no value \"epoc\"; did you mean \"epoch\"?")
  }

  @Test("says of each other kind of tensor what to save instead")
  func refused() throws {
    let file = try open("refused.pt")
    let rows = [
      ("quantised", "is quantised, which Blitz has no tensors of; save x.dequantize() instead"),
      ("sparse", "is sparse, which Blitz has no tensors of; save x.to_dense() instead"),
      (
        "meta",
        "is on the device meta, so that the file has its shape and no numbers; "
          + "make the model on \"cpu\" and load its weights before saving"
      ),
      (
        "nested",
        "is nested, which Blitz has no tensors of; save x.to_padded_tensor(0) or x.unbind() instead"
      ),
      (
        "float8",
        "is float8_e4m3fn, which Blitz has no tensors of; cast it to one of float32 float64 int32 "
          + "int64 uint8 bool float16 bfloat16 int8 int16 uint16 uint32 uint64 complex64 "
          + "complex128 before saving"
      ),
    ]
    for (name, sentence) in rows {
      #expect(try message { _ = try file.tensor(named: name) } == "\"\(name)\" \(sentence)")
    }
    let complex = try file.tensor(named: "complex").array(as: [Complex].self)
    #expect(complex == [Complex(1), Complex(1)])
    let large = try open("large.pt").tensor(named: "x")
    #expect(try large.scalars(as: UInt64.self) == [1, 9_223_372_036_854_775_808])
  }

  @Test("names PyTorch's other formats, with the call that helps")
  func otherFormats() throws {
    let rows = [
      (
        "script.pt", "a TorchScript program",
        "save its weights: torch.save(torch.jit.load(\"model.pt\").state_dict(), \"weights.pt\")"
      ),
      (
        "exported.pt2", "a program of torch.export",
        "save its weights: torch.save(torch.export.load(\"model.pt2\").state_dict, \"weights.pt\")"
      ),
      (
        "old-2.pt", "a checkpoint of the kind that PyTorch wrote before version 1.6",
        "resave it in PyTorch: torch.save(torch.load(\"old.pt\"), \"new.pt\")"
      ),
      (
        "old-4.pt", "a checkpoint of the kind that PyTorch wrote before version 1.6",
        "resave it in PyTorch: torch.save(torch.load(\"old.pt\"), \"new.pt\")"
      ),
    ]
    for (name, kind, help) in rows {
      let expected = "this is \(kind), not a PyTorch checkpoint; \(help)"
      #expect(try message { _ = try TensorFile.load(Checkpoints.file(name)) } == expected)
    }
  }

  @Test("takes names that differ only in their Unicode normal form for two")
  func twins() throws {
    let file = try SafetensorsFile(Checkpoints.file("twins.safetensors"))
    try Checkpoints.check(file, "twins.safetensors")
    for file in [file, try open("twins.pt")] as [any NamedTensors] {
      #expect(try file.tensor(named: "h\u{E4}").item() == 0)
      #expect(try file.tensor(named: "ha\u{308}").item() == 1)
      #expect(file.names.count == 2)
      #expect(
        try message { _ = try file.tensors() }.hasSuffix(
          " differ only in their Unicode normal form, which makes them one key of a dictionary; "
            + "read each with tensor(named:)"))
    }
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/twins.safetensors"
    try Safetensors.save([("h\u{E4}", Tensor(1.0)), ("ha\u{308}", Tensor(2.0))], to: path)
    #expect(try SafetensorsFile(path).tensor(named: "ha\u{308}").item() == 2)
  }

  @Test("fails alone for a dtype that tensors do not have: safetensors")
  func safetensorsDTypes() throws {
    let file = try SafetensorsFile(Checkpoints.file("dtypes.safetensors"))
    let read = file.names.filter { (try? file.tensor(named: $0)) != nil }
    let list = "BOOL U8 I8 I16 U16 F16 BF16 I32 U32 F32 C64 F64 I64 U64"
    #expect(Set(read) == Set(list.split(separator: " ").map(String.init)))
    #expect(try file.tensor(named: "U64").scalars(as: UInt64.self) == [1, 0, 0, 0, 0, 0, 0, 0])
    for name in ["F4", "F6_E2M3", "F8_E8M0", "F8_E4M3FNUZ", "NEW"] {
      #expect(
        try message { _ = try file.tensor(named: name) }
          == "\"\(name)\" is \(name), which Blitz has no tensors of; cast it to one of \(list) "
          + "before saving, or read the others one by one with tensor(named:)")
    }
  }

  @Test("fails alone for a dtype that tensors do not have: npz")
  func npzDTypes() throws {
    let file = try NpzFile(Checkpoints.file("dtypes.npz"))
    try Checkpoints.check(file, "dtypes.npz")
    let complex = try file.tensor(named: "complex").array(as: [Complex].self)
    #expect(complex == [Complex(1), Complex(1)])
    #expect(
      try message { _ = try file.tensor(named: "text") }.hasSuffix(
        "Blitz has no tensors of \"<U1\"; before saving, use astype with one of "
          + "b1 c16 c8 f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8"))
  }

  @Test("keeps the permissions of a file that it replaces, and makes what a link names")
  func replacing() throws {
    let folder = try TemporaryFolder()
    func mode(_ name: String) throws -> Int {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")
      return try #require(attributes[.posixPermissions] as? Int)
    }
    let path = "\(folder.path)/a"
    for permissions in [0o600, 0o640, 0o755] {
      try File.replace(path, with: "one")
      try FileManager.default.setAttributes(
        [.posixPermissions: permissions], ofItemAtPath: path)
      try File.replace(path, with: "two")
      #expect(try mode("a") == permissions)
    }
    let links = [("first", "second"), ("second", "sub/target"), ("round", "round")]
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/sub", withIntermediateDirectories: true)
    for (link, target) in links { symlink(target, "\(folder.path)/\(link)") }
    for text in ["new", "newer"] {
      try File.replace("\(folder.path)/first", with: text)
      #expect(try File.read("\(folder.path)/sub/target") == Array(text.utf8))
    }
    for link in ["first", "second"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(link)")
      #expect(attributes[.type] as? FileAttributeType == .typeSymbolicLink)
    }
    #expect(
      try message { try File.replace("\(folder.path)/round", with: "x") }
        == "cannot be written: too many levels of symbolic links")
  }
}
