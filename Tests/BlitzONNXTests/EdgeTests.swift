import Blitz
import Testing

@testable import BlitzONNX

/// What ONNX's text says where runtimes differ, or where one would guess wrong.
@Suite("edges of ONNX's ops")
struct EdgeTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let op: String
    var opset = 17
    var attributes: [(String, Attribute)] = []
    let inputs: [Tensor?]
    /// All elements of the first result, row by row.
    let expected: [Double]

    var testDescription: String { name }

    func result() throws -> Tensor {
      var message = WireWriter()
      message.text(4, op)
      for index in inputs.indices { message.text(1, inputs[index] == nil ? "" : "\(index)") }
      message.text(2, "y")
      let source = ModelSource(MappedFile(bytes: message.bytes, path: "edge"), folder: nil)
      let node = try Node(WireReader(source.file), source)
      let entry = try #require(OpTable.entry(domain: "", name: op, opset: opset))
      let call = OpCall(
        node: node, opset: opset, inputs: inputs.map { $0.map { Value($0) } ?? .absent },
        attributes: Dictionary(uniqueKeysWithValues: attributes)
      ) { _, _ in [] }
      return try #require(try entry.body(call).first?.tensor)
    }
  }

  private static func line(_ numbers: [Double]) -> Tensor {
    Tensor(numbers.map { Float($0) }, shape: [1, 1, numbers.count])
  }

  static let rows: [Row] = shaping + windows + arithmetic

  private static let shaping: [Row] = [
    Row(
      name: "Resize keeps the centre with half_pixel_symmetric", op: "Resize", opset: 19,
      attributes: [
        ("mode", .text("linear")),
        ("coordinate_transformation_mode", .text("half_pixel_symmetric")),
      ], inputs: [line([1, 2, 3, 4, 5]), nil, Tensor([1.0, 1, 0.7])],
      expected: [1.5714, 3, 4.4286]),
    Row(
      name: "Resize divides by the length in whole pixels with align_corners", op: "Resize",
      opset: 19,
      attributes: [
        ("mode", .text("linear")), ("coordinate_transformation_mode", .text("align_corners")),
      ], inputs: [line([1, 2, 3, 4, 5]), nil, Tensor([1.0, 1, 0.7])], expected: [1, 3, 5]),
    Row(
      name: "Pad wraps around more than once", op: "Pad", opset: 19,
      attributes: [("mode", .text("wrap"))], inputs: [Tensor([1.0, 2, 3]), Tensor([5, 0])],
      expected: [2, 3, 1, 2, 3, 1, 2, 3]),
    Row(
      name: "Pad cuts at one end and wraps at the other", op: "Pad", opset: 19,
      attributes: [("mode", .text("wrap"))],
      inputs: [Tensor([1.0, 2, 3, 4, 5]), Tensor([-2, 4])],
      expected: [3, 4, 5, 3, 4, 5, 3]),
    Row(
      name: "Pad reflects more than once", op: "Pad", attributes: [("mode", .text("reflect"))],
      inputs: [Tensor([1.0, 2, 3]), Tensor([3, 3])], expected: [2, 3, 2, 1, 2, 3, 2, 1, 2]),
    Row(
      name: "Softmax flattens before opset 13", op: "Softmax", opset: 11,
      inputs: [Tensor([[[0, 0.25], [0.5, 0.75]]])], expected: [0.1653, 0.2122, 0.2725, 0.3499]),
    Row(
      name: "TopK takes NaN as the largest", op: "TopK",
      inputs: [Tensor([1, Float.nan, 3], shape: [3]), Tensor([2])], expected: [.nan, 3]),
    Row(
      name: "GatherElements takes fewer indices than data", op: "GatherElements",
      attributes: [("axis", .int(1))],
      inputs: [Tensor([[1.0, 2], [3, 4]]), Tensor([[1, 0]])], expected: [2, 1]),
    Row(
      name: "Range is start + i * delta, not a running sum", op: "Range",
      inputs: [Tensor(16_777_216.0), Tensor(16_777_220.0), Tensor(1.0)],
      expected: [16_777_216, 16_777_216, 16_777_218, 16_777_220]),
  ]

  private static let windows: [Row] = [
    Row(
      name: "AveragePool counts padding, not what hangs over", op: "AveragePool",
      attributes: [
        ("kernel_shape", .ints([3])), ("strides", .ints([2])), ("pads", .ints([1, 1])),
        ("ceil_mode", .int(1)), ("count_include_pad", .int(1)),
      ], inputs: [line([1, 2, 3, 4])], expected: [1, 3, 2]),
    Row(
      name: "AveragePool leaves padding out", op: "AveragePool",
      attributes: [
        ("kernel_shape", .ints([3])), ("strides", .ints([2])), ("pads", .ints([1, 1])),
        ("ceil_mode", .int(1)),
      ], inputs: [line([1, 2, 3, 4])], expected: [1.5, 3, 4]),
    Row(
      name: "MaxPool's SAME counts the dilation", op: "MaxPool",
      attributes: [
        ("kernel_shape", .ints([2])), ("dilations", .ints([2])), ("auto_pad", .text("SAME_UPPER")),
      ], inputs: [line([1, 2, 3, 4, 5])], expected: [2, 3, 4, 5, 4]),
    Row(
      name: "MaxPool's VALID knows no ceil_mode", op: "MaxPool",
      attributes: [
        ("kernel_shape", .ints([3])), ("strides", .ints([2])), ("auto_pad", .text("VALID")),
        ("ceil_mode", .int(1)),
      ], inputs: [line([1, 2, 3, 4])], expected: [3]),
    Row(
      name: "Conv's SAME_LOWER has more at the start", op: "Conv",
      attributes: [("auto_pad", .text("SAME_LOWER"))], inputs: [line([1, 2, 3]), line([1, 10])],
      expected: [10, 21, 32]),
    Row(
      name: "ConvTranspose's output_shape cuts at the start", op: "ConvTranspose",
      attributes: [("output_shape", .ints([6])), ("strides", .ints([2]))],
      inputs: [line([1, 2, 3]), line([1, 10, 100])], expected: [10, 102, 20, 203, 30, 300]),
    Row(
      name: "MeanVarianceNormalization of a constant is 0", op: "MeanVarianceNormalization",
      attributes: [("axes", .ints([0, 2]))], inputs: [line([2, 2, 2])], expected: [0, 0, 0]),
    Row(
      name: "LpNormalization of zeros is 0", op: "LpNormalization",
      inputs: [Tensor([0.0, 0])], expected: [0, 0]),
  ]

  private static let arithmetic: [Row] = [
    Row(
      name: "Div cuts towards zero", op: "Div",
      inputs: [Tensor([-7, 7, -7, 7]), Tensor([2, -2, -2, 2])], expected: [-3, -3, 3, 3]),
    Row(
      name: "Div wraps around and by zero is 0", op: "Div",
      inputs: [Tensor([Int32.min, 5], shape: [2]), Tensor([Int32(-1), 0], shape: [2])],
      expected: [Double(Int32.min), 0]),
    Row(
      name: "Mod of floats has the divisor's sign", op: "Mod", opset: 28,
      inputs: [Tensor([-7.5, 7.5]), Tensor([2.0, -2])], expected: [0.5, -0.5]),
    Row(
      name: "Pow has the type of the base", op: "Pow",
      inputs: [Tensor([Int32(2), 3, -2], shape: [3]), Tensor([0.5, 2.5, 3])],
      expected: [1, 15, -8]),
    Row(
      name: "Clip with crossed bounds gives the upper", op: "Clip",
      inputs: [Tensor([0, 5, 10, Float.nan], shape: [4]), Tensor(6.0), Tensor(4.0)],
      expected: [4, 4, 4, .nan]),
    Row(
      name: "Sign of NaN is NaN", op: "Sign", inputs: [Tensor([Float.nan, -2], shape: [2])],
      expected: [.nan, -1]),
    Row(
      name: "BitShift of a negative number by too much is -1", op: "BitShift", opset: 28,
      attributes: [("direction", .text("RIGHT"))],
      inputs: [Tensor([-8, -8]), Tensor([1, 70])], expected: [-4, -1]),
    Row(
      name: "Round takes the even number", op: "Round", inputs: [Tensor([0.5, 1.5, -2.5])],
      expected: [0, 2, -2]),
    Row(
      name: "QuantizeLinear rounds to even, then adds the zero point", op: "QuantizeLinear",
      inputs: [Tensor([-1.5, -0.5, 0.5, 1e9]), Tensor(1.0), Tensor([UInt8(5)], shape: [])],
      expected: [3, 5, 5, 255]),
  ]

  @Test("every row", arguments: rows)
  func edge(_ row: Row) throws {
    let found = try noGrad { try row.result().cast(to: .float64).scalars(as: Double.self) }
    #expect(found.count == row.expected.count)
    for (one, other) in zip(found, row.expected) {
      #expect(one == other || one.isNaN && other.isNaN || abs(one - other) < 1e-4)
    }
  }

  @Test("float64 keeps its digits where numbers are made on the way")
  func digits() throws {
    let third = Tensor([1.0 / 3], shape: [1, 1], dtype: .float64)
    let determinant = Row(name: "", op: "Det", inputs: [third], expected: [])
    #expect(try determinant.result().item(as: Double.self) == 1.0 / 3)
    let resized = Row(
      name: "", op: "Resize", attributes: [("mode", .text("linear"))],
      inputs: [
        Tensor([0.0, 1], shape: [1, 1, 2], dtype: .float64), nil, nil, Tensor([1, 1, 6]),
      ], expected: [])
    // Pixels of the new size are a third of the old one wide, the first centre at -1/3.
    let found = try resized.result().scalars(as: Double.self)
    for (one, other) in zip(found, [0, 0, 1.0 / 3, 2.0 / 3, 1, 1]) {
      #expect(abs(one - other) < 1e-15)
    }
    #expect(found.count == 6)
  }

  @Test("NonZero of a number has no axes and one column for what is not zero")
  func nonZero() throws {
    let row = Row(name: "", op: "NonZero", inputs: [Tensor(5.0)], expected: [])
    #expect(try row.result().shape == [0, 1])
  }
}
