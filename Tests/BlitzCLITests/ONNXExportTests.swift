import BlitzData
import BlitzTensor
import Foundation
import Testing

@Suite("blitz onnx export and inspect")
struct ONNXExportTests {
  @Test("writes a model that takes a table's rows and gives the probabilities of predict")
  func table() throws {
    let folder = try TemporaryFolder()
    let (trained, model) = ("\(folder.path)/m", "\(folder.path)/iris.onnx")
    _ = try Command.run(words("train --data iris --epochs 2 --out \(trained)"))
    let result = try Command.run(["onnx", "export", trained, "--out", model])
    #expect(result.error == "")
    let lines = result.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("wrote \(model): opset 17, ") == true)
    #expect(
      lines.dropFirst() == [
        "takes input: float32[batch, 4]", "gives probabilities: float32[batch, 3]",
        "classes: setosa, versicolor, virginica",
      ])
    let rows = try folder.file("rows.csv", "5.1,3.5,1.4,0.2,setosa\n6.9,3.1,5.4,2.1,virginica\n")
    let inputs = Tensor([[5.1, 3.5, 1.4, 0.2], [6.9, 3.1, 5.4, 2.1]])
    try Npz.save(["input": inputs], to: "\(folder.path)/in.npz")
    let run = try Command.run([
      "onnx", "run", model, "--inputs", "\(folder.path)/in.npz", "--out", "\(folder.path)/out.npz",
    ])
    #expect(run.error == "")
    let found: [[Float]] = try #require(
      try Npz.load("\(folder.path)/out.npz")["probabilities"]
    ).array()
    let predicted = try Command.run(["predict", trained, rows, "--top", "3", "--json"]).objects()
    #expect(found.count == 2 && predicted.count == 2)
    for (row, object) in zip(found, predicted) {
      let top = try #require(object["top"] as? [[String: Any]])
      let probabilities = top.compactMap { $0["probability"] as? Double }
      #expect(probabilities.count == 3)
      for (a, b) in zip(row.sorted(by: >), probabilities) { #expect(abs(Double(a) - b) < 1e-5) }
    }
  }

  @Test("draws the graph")
  func picture() throws {
    let folder = try TemporaryFolder()
    let (trained, model) = ("\(folder.path)/m", "\(folder.path)/m.onnx")
    _ = try Command.run(words("train --data iris --epochs 1 --out \(trained)"))
    _ = try Command.run(["onnx", "export", trained, "--out", model, "--logits"])
    let result = try Command.run(["onnx", "inspect", model, "--svg", "\(folder.path)/m.svg"])
    #expect(result.output.hasPrefix("wrote \(folder.path)/m.svg: "))
    let svg = try String(contentsOfFile: "\(folder.path)/m.svg", encoding: .utf8)
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    for part in ["input: float32[batch, 4]", "logits: float32[batch, 3]", ">MatMul<"] {
      #expect(svg.contains(part), "\(part)")
    }
  }

  @Test("says what to name")
  func messages() throws {
    let folder = try TemporaryFolder()
    let nothing = try Command.run([
      "onnx", "export", "\(folder.path)/none", "--out", "\(folder.path)/m.onnx",
    ])
    #expect(
      nothing.error
        == "blitz: \(folder.path)/none: is not a folder; name one that blitz train --out has "
        + "written\n")
    #expect(nothing.status == 1)
    let opset = try Command.run(["onnx", "export", folder.path, "--out", "m.onnx", "--opset", "12"])
    #expect(opset.error.contains("--opset is 12; it takes 13 to 28"))
    #expect(opset.status != 0)
    let out = try Command.run(["onnx", "export", folder.path])
    #expect(out.error.contains("--out"))
    _ = try Command.run(words("train --data iris --epochs 1 --out \(folder.path)/m"))
    let unwritable = try Command.run([
      "onnx", "export", "\(folder.path)/m", "--out", "\(folder.path)/no/m.onnx",
    ])
    #expect(unwritable.error.contains("\(folder.path)/no/m.onnx"))
    #expect(unwritable.status == 1)
  }
}
