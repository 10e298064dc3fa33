import Blitz
import Foundation
import Testing

@testable import BlitzData

@Suite("PyTorch checkpoints")
struct TorchTests {
  private func message(_ body: () throws -> Void) throws -> String {
    try #require(throws: DataError.self, performing: body).reason
  }

  private func open(_ name: String) throws -> TorchFile {
    try TorchFile(FormatReference.path(name))
  }

  @Test("reads the numbers and texts beside the tensors")
  func values() throws {
    let values = try open("checkpoint.pt").values
    let expected: [String: TorchFile.Value] = [
      "epoch": .integer(3), "best": .real(0.9375), "big": .integer(1 << 40),
      "negative": .integer(-(1 << 40)), "name": .text("hä\n"), "nothing": .none,
      "done": .bool(true), "dtype": .text("torch.float16"), "size.0": .integer(1),
      "size.1": .integer(2), "list.0": .integer(1), "list.1.0": .text("x"),
      "optimizer.param_groups.0.lr": .real(0.001),
      "optimizer.param_groups.0.betas.1": .real(0.999),
      "optimizer.param_groups.0.params.3": .integer(3),
    ]
    for (name, value) in expected { #expect(values[name] == value, "\(name)") }
  }

  @Test("gives the tensors of one entry by the names they have in it")
  func entries() throws {
    let file = try open("checkpoint.pt")
    let model = try file.tensors(under: "model")
    #expect(model.keys.sorted() == (try open("state.pt")).names.sorted())
    #expect(
      try message { _ = try file.tensors(under: "modle") }
        == "there is no tensor \"modle\"; did you mean \"model.0.bias\"?")
  }

  @Test("keeps the order of the file")
  func order() throws {
    #expect(
      try open("state.pt").names == [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
        "1.num_batches_tracked",
      ])
  }

  @Test("runs no code, and names what it was asked to run")
  func runsNothing() throws {
    let file = try open("evil.pt")
    #expect(file.values == ["x": .opaque("posix.system")])
    #expect(
      try message { _ = try file.value(named: "x") }.hasSuffix(
        "\"x\" is a Python object, \"posix.system\", which Blitz does not make; "
          + "save x.state_dict() of a model, otherwise tensors, numbers and text only"))
    #expect(
      try message { _ = try open("whole-model.pt") }.hasSuffix(
        "the file is a Python object, \"torch.nn.modules.container.Sequential\", which Blitz does "
          + "not make; save x.state_dict() of a model, otherwise tensors, numbers and text only"))
    #expect(!FileManager.default.fileExists(atPath: "/tmp/blitz-was-fooled"))
  }

  @Test("finds a flipped bit in the numbers")
  func checksum() throws {
    var bytes = try FormatReference.bytes("tensor.pt")
    let archive = try ZipArchive(MappedFile(bytes: bytes, path: "p"))
    let member = try #require(archive.members.first { $0.name.hasSuffix("/data/0") })
    bytes[member.range.lowerBound + 5] ^= 1
    let file = try TorchFile(MappedFile(bytes: bytes, path: "p"))
    let expected =
      "byte \(member.place): the checksum of \"\(member.name)\" is wrong: the file is damaged"
    #expect(try message { _ = try file.tensors() } == expected)
    #expect(try message { _ = try file.tensor(named: "tensor") } == expected)
  }

  // MARK: - Pickles made by hand

  private static func pickle(_ code: String) -> [UInt8] {
    [0x80, 2] + code.unicodeScalars.map { UInt8($0.value) }
  }

  private static func read(_ bytes: [UInt8]) throws -> PickleValue {
    var reader = PickleReader(bytes) { DataError(path: "p", reason: "byte \($0): \($1)") }
    return try reader.read()
  }

  /// A checkpoint with this pickle.
  private static func file(_ pickle: [UInt8]) throws -> TorchFile {
    try TorchFile(MappedFile(bytes: ZipFixture.zip([("a/data.pkl", pickle)]), path: "p"))
  }

  @Test(
    "refuses pickles that break the rules of the machine",
    arguments: [
      ("", "byte 2: the pickle ends, but 1 bytes are needed from its byte 2 on"),
      (".", "byte 2: the pickle takes a value that is not there"),
      ("NN.", "byte 4: the pickle ends with more than one value"),
      ("(N.", "byte 4: the pickle ends with more than one value"),
      ("t.", "byte 2: the pickle goes back to a mark that is not there"),
      ("N(a.", "byte 4: the pickle takes a value that is not there"),
      ("NNa.", "byte 4: values are appended to something that is not a list"),
      ("NNNs.", "byte 5: keys and values are not in pairs, or not for a dictionary"),
      ("}(Nu.", "byte 5: keys and values are not in pairs, or not for a dictionary"),
      ("h\u{7}.", "byte 2: the pickle recalls value 7, which it never kept"),
      ("N)R.", "byte 4: something is called that is not a function"),
      ("NNb.", "byte 4: attributes are set on something that has none"),
      ("NQ.", "byte 3: the pickle names something that is not a storage"),
      ("ctorch\nSize\nNR.", "byte 15: something is called that is not a function"),
      (
        "ctorch\nSize\n)R.",
        "byte 15: the pickle calls torch.Size with arguments that it does not take"
      ),
      (
        "ctorch\nfloat32\n)R.",
        "byte 18: the pickle calls torch.float32 with arguments that it does not take"
      ),
      (
        "X\u{9}\u{0}\u{0}\u{0}ab",
        "byte 9: the pickle ends, but 9 bytes are needed from its byte 7 on"
      ),
      ("X\u{1}\u{0}\u{0}\u{0}\u{ff}.", "byte 7: the text is not UTF-8"),
      ("ctorch", "byte 3: the line never ends"),
      ("I1x\n.", "byte 2: a whole number has other letters than digits"),
      ("F1x\n.", "byte 2: a number is not written as one"),
      ("(o.", "byte 3: a class to make is not there"),
      ("\u{80}\u{9}", "byte 2: the pickle's protocol is 9; Blitz reads 1 to 5"),
      (
        "P1\n.",
        "byte 2: the pickle's instruction 0x50 is not one that Blitz knows; "
          + "save it again with torch.save(..., pickle_protocol=2)"
      ),
    ])
  func badPickles(code: String, reason: String) throws {
    #expect(try message { _ = try Self.read(Self.pickle(code)) } == reason)
  }

  @Test("reads numbers of all lengths and signs")
  func numbers() throws {
    let rows: [(String, Int)] = [
      ("K\u{ff}.", 255), ("M\u{ff}\u{ff}.", 65535), ("J\u{ff}\u{ff}\u{ff}\u{ff}.", -1),
      ("\u{8a}\u{0}.", 0), ("\u{8a}\u{9}\u{7}\0\0\0\0\0\0\0\0.", 7),
      ("\u{8b}\u{1}\0\0\0\u{ff}.", -1), ("I-12\n.", -12), ("L12L\n.", 12), ("K\u{7}N0.", 7),
      ("K\u{7}(NN1.", 7), ("K\u{7}20.", 7), ("\u{8a}\u{1}\u{ff}.", -1),
      ("\u{8a}\u{2}\u{ff}\u{0}.", 255),
    ]
    for (code, expected) in rows {
      guard case .integer(let value) = try Self.read(Self.pickle(code)) else {
        Issue.record("no whole number")
        continue
      }
      #expect(value == expected)
    }
  }

  @Test("refuses containers that hold themselves, and those that are in too many places")
  func cycles() throws {
    // l = []; l.append(l)
    #expect(
      try message { _ = try Self.file(Self.pickle("]q\u{0}h\u{0}a.")) }
        .hasSuffix("is nested too deep"))
    // Each of 30 tuples holds the one before it twice: 2^30 names.
    var code = "N\u{85}q\u{0}"
    for _ in 0..<30 { code += "h\u{0}\u{86}q\u{0}" }
    #expect(
      try message { _ = try Self.file(Self.pickle(code + ".")) }
        .contains("the names of what is in the pickle are too long for its size"))
  }

  @Test("survives 200,000 tuples inside each other")
  func deepNesting() throws {
    var bytes = Self.pickle("N")
    bytes += [UInt8](repeating: 0x85, count: 200_000)
    bytes.append(UInt8(ascii: "."))
    #expect(try message { _ = try Self.file(bytes) }.hasSuffix("is nested too deep"))
  }
}
