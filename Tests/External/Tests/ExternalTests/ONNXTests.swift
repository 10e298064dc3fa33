import Blitz
import BlitzONNX
import Foundation
import Testing

@Suite struct ONNXTests {
  @Test func runsAModelOfAnotherFramework() throws {
    let path = URL(filePath: #filePath)
      .appending(path: "../../../../BlitzONNXTests/Reference/nodes/test_swish/model.onnx")
    let model = try ONNXModel(path.standardized.path)
    let (input, output) = (try #require(model.inputs.first), try #require(model.outputs.first))
    #expect(input.sizes == [.fixed(3)] && model.unsupportedOps.isEmpty)
    let x = Tensor([3.0, 4, 5])
    // Swish with an alpha of 1, which PyTorch calls SiLU.
    #expect(try model(x)[0].isClose(to: x.silu()).all().item())
    #expect(try model([input.name: x])[output.name]?.shape == [3])
  }
}
