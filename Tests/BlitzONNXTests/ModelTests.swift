import Blitz
import Foundation
import Testing

@testable import BlitzONNX

@Suite("models in the ONNX format")
struct ModelTests {
  private func model(_ model: TestModel) throws -> ONNXModel {
    try ONNXModel(bytes: model.bytes, name: "m.onnx")
  }

  /// The first line of an error, or of no error.
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch let error as TensorError {
      return error.summary
    } catch {
      return "\(error)"
    }
  }

  @Test("is called by position and by name, for any symbolic size")
  func calls() throws {
    let model = try model(.scaled)
    #expect(model.inputs.map(\.description) == ["x: float32[batch, 2]"])
    let x = Tensor([[1.0, 1], [-1, -1]])
    let y: [[Float]] = try model(x)[0].array()
    #expect(y == [[2, 0], [0, 3]])
    let named: [[Float]] = try #require(try model(["x": x[..<1]])["y"]).array()
    #expect(named == [[2, 0]])
  }

  @Test("has its initializers as parameters, which a step of an optimizer changes")
  func training() throws {
    let model = try model(.scaled)
    #expect(model.parameters.map(\.name) == ["weight"])
    let optimizer = SGD(model, rate: 0.5)
    try model(Tensor([[1.0, 1]]))[0].sum().backward()
    try optimizer.step()
    let weight: [Float] = try model.parameters[0].parameter.value.array()
    #expect(weight == [1.5, -3])
    let y: [[Float]] = try model(Tensor([[1.0, -1]]))[0].array()
    #expect(y == [[1.5, 3]])
  }

  @Test("gives an input its gradient, also with frozen weights")
  func frozen() throws {
    let model = try model(.scaled)
    model.parameters[0].parameter.isFrozen = true
    let x = Tensor([[1.0, 1]], requiresGrad: true)
    try model(x)[0].sum().backward()
    let gradient: [[Float]] = try x.grad.array()
    #expect(gradient == [[2, 0]])
    #expect(model.planCount == 0)
  }

  @Test("is saved with the weights that it has now, and with all else as it was")
  func saving() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "onnx-\(getpid()).onnx").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = try model(.scaled)
    try model.save(to: path)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(TestModel.scaled.bytes))
    model.parameters[0].parameter.value = Tensor([4.0, 5])
    try model.save(to: path)
    let y: [[Float]] = try ONNXModel(path)(Tensor([[1.0, 1]]))[0].array()
    #expect(y == [[4, 5]])
  }

  @Test("is planned once for each signature, and sees weights that change")
  func plans() throws {
    let model = try model(.scaled)
    let first: [[Float]] = try noGrad { try model(Tensor([[1.0, 1]]))[0] }.array()
    let second: [[Float]] = try noGrad { try model(Tensor([[3.0, 1]]))[0] }.array()
    #expect((first, second) == ([[2, 0]], [[6, 0]]))
    #expect(model.planCount == 1)
    _ = try noGrad { try model(Tensor.ones([3, 2])) }
    #expect(model.planCount == 2)
    model.parameters[0].parameter.value = Tensor([5.0, 5])
    let changed: [[Float]] = try noGrad { try model(Tensor([[1.0, 1]]))[0] }.array()
    #expect(changed == [[5, 5]])
  }

  @Test("sees weights that an optimizer changes between calls", arguments: [false, true])
  func trainedBetweenCalls(compiled: Bool) throws {
    let model = try model(.scaled)
    let optimizer = SGD(model, rate: 0.5)
    let step = compile(model, optimizer) { x, _ in try! model(x)[0].sum() }
    let x = Tensor([[1.0, 1]])
    func answer() throws -> [[Float]] { try noGrad { try model(x)[0] }.array() }
    #expect(try answer() == [[2, 0]])
    for expected: Float in [1.5, 1, 0.5] {
      if compiled {
        try step(x, x).eval()
      } else {
        try model(x)[0].sum().backward()
        try optimizer.step()
      }
      #expect(try answer() == [[expected, 0]])
      #expect(try answer() == [[expected, 0]])
    }
  }

  @Test("names what is wrong with what it is given")
  func wrongInputs() throws {
    let model = try model(.scaled)
    #expect(
      message { _ = try model(["X": Tensor.ones([1, 2])]) }
        == "ONNXModel: there is no input \"X\"")
    #expect(
      message { _ = try model([String: Tensor]()) } == "ONNXModel: the input \"x\" is missing")
    #expect(
      message { _ = try model(Tensor.ones([2])) }
        == "ONNXModel: the input \"x\" has 1 axes, not 2")
    #expect(
      message { _ = try model(Tensor.ones([1, 3])) }
        == "ONNXModel: the input \"x\" has 3 along axis 1, not 2")
    #expect(
      message { _ = try model(Tensor.ones([1, 2], dtype: .int64)) }
        == "ONNXModel: the input \"x\" is int64[1, 2], not float32")
    #expect(message { _ = try model([]) } == "ONNXModel: takes 1 inputs, 0 are given")
  }

  @Test("names the node that cannot be computed")
  func nodes() throws {
    var made = TestModel.scaled
    made.initializers[0].numbers = [1, 2, 3]
    let model = try model(made)
    #expect(
      message { _ = try model(Tensor.ones([1, 2])) }.hasPrefix("node Mul \"the Mul\": multiply:"))
  }

  @Test("lists all ops that Blitz lacks before anything runs")
  func unsupported() throws {
    var made = TestModel.scaled
    made.nodes += [
      ("Teleport", ["y"], ["a"], ""), ("Teleport", ["a"], ["b"], ""),
      ("Beam", ["b"], ["c"], "com.example"),
    ]
    let model = try model(made)
    #expect(model.unsupportedOps.map(\.name) == ["Teleport", "com.example::Beam"])
    #expect(
      message { _ = try model(Tensor.ones([1, 2])) }
        == "ONNXModel: the model needs ops that Blitz does not have in opset 17: Teleport (2), "
        + "com.example::Beam (1)")
  }

  @Test("refuses graphs out of order, newer opsets and versions")
  func graphs() {
    var cyclic = TestModel.scaled
    cyclic.nodes.reverse()
    #expect(
      message { _ = try model(cyclic) }.hasSuffix(
        "Relu \"the Relu\" takes \"p\", which a later node makes: the graph has a cycle, or its "
          + "nodes are not in order"))
    var twice = TestModel.scaled
    twice.nodes.append(("Relu", ["p"], ["y"], ""))
    #expect(message { _ = try model(twice) }.hasSuffix("makes \"y\", which is there already"))
    var newer = TestModel.scaled
    newer.opset = 29
    #expect(
      message { _ = try model(newer) }.hasPrefix("m.onnx: opset 29 is not one of 1 to 28"))
    newer = .scaled
    newer.version = 15
    #expect(message { _ = try model(newer) }.hasPrefix("m.onnx: IR version 15 is newer than 14"))
    var missing = TestModel.scaled
    missing.initializers = []
    #expect(
      message { _ = try model(missing) }.hasSuffix(
        "Mul \"the Mul\" takes \"weight\", which is not there: no input, initializer or node has "
          + "this name"))
    missing = .scaled
    missing.outputs = ["z"]
    #expect(
      message { _ = try model(missing) }.contains("the outputs have \"z\", which is not there"))
  }

  @Test("refuses a file that ends before it says its opset")
  func withoutOpset() {
    let bytes = TestModel.scaled.bytes
    #expect(
      message { _ = try ONNXModel(bytes: Array(bytes.dropLast(4)), name: "m.onnx") }.contains(
        "the file ends without the opset that its nodes are of"))
  }

  @Test("refuses inputs of a node that are of two types, which ONNX does not promote")
  func mixedTypes() throws {
    var mixed = TestModel.scaled
    mixed.inputs[0].type = 7
    let model = try model(mixed)
    #expect(
      message { _ = try model(Tensor.ones([1, 2], dtype: .int64)) }
        == "node Mul \"the Mul\": takes inputs of one type, int64 and float32 are given: the model "
        + "needs a Cast")
  }

  @Test(
    "reads sparse initializers, whose places are flat or along each axis",
    arguments: [([1], "[1]"), ([0, 1], "[1, 2]")])
  func sparse(places: [Int], sizes: String) throws {
    var made = TestModel.scaled
    made.initializers = []
    made.sparse = ("weight", [3], places, sizes == "[1]" ? [1] : [1, 2], [1, 2])
    let y: [[Float]] = try model(made)(Tensor([[1.0, 1]]))[0].array()
    #expect(y == [[0, 3]])
    for (places, sizes) in [([2], [1, 2]), ([-1], [1, 2]), ([1], [-1]), ([1], [1 << 40])] {
      made.sparse = ("weight", [3], places, [1], sizes)
      #expect(message { _ = try model(made) }.contains("sparse tensor \"weight\": "))
    }
  }

  @Test("runs a long chain of nodes, in time that grows with its length")
  func long() throws {
    let isFull = ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1"
    let count = isFull ? 100_000 : 5_000
    var made = TestModel.scaled
    made.nodes = (0..<count).map { ("Neg", [$0 == 0 ? "x" : "v\($0)"], ["v\($0 + 1)"], "") }
    made.outputs = ["v\(count)"]
    let y: [[Float]] = try noGrad { try model(made)(Tensor([[1.0, 2]]))[0] }.array()
    #expect(y == [[1, 2]])
  }

  @Test("reads elements beside the model, and nowhere else")
  func externalData() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(getpid())")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "inner"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data([0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64]).write(to: folder.appending(path: "inner/w"))
    try Data(repeating: 0, count: 8).write(to: folder.appending(path: "outside"))
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "inner/link"),
      withDestinationURL: folder.appending(path: "outside"))
    func load(_ entries: [String: String]) throws -> ONNXModel {
      var made = TestModel.scaled
      made.initializers = []
      made.external = ("weight", entries)
      let path = folder.appending(path: "inner/m.onnx")
      try Data(made.bytes).write(to: path)
      return try ONNXModel(path.path)
    }
    let model = try load(["location": "w", "offset": "4", "length": "8"])
    let y: [[Float]] = try model(Tensor([[1.0, 1]]))[0].array()
    #expect(y == [[1, 2]])
    for location in ["../outside", "/etc/passwd", "link", "", "a/../../outside", "w\0"] {
      #expect(
        message { _ = try load(["location": location]) }.contains("not in the model's folder"),
        "\(location)")
    }
    mkfifo(folder.appending(path: "inner/pipe").path, 0o600)
    #expect(message { _ = try load(["location": "pipe"]) }.hasSuffix("which is no regular file"))
    for entries in [
      ["location": "w", "offset": "5"], ["location": "w", "offset": "-4"],
      ["location": "w", "length": "12"], ["location": "w", "offset": "9223372036854775807"],
      ["location": "nowhere"],
    ] {
      #expect(throws: DataError.self, "\(entries)") { try load(entries) }
    }
  }
}
