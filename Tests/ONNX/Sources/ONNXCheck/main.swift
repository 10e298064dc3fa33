import Blitz
import BlitzONNX
import Foundation

// ONNXCheck OUT [KIND...]: exports cases to folders of OUT, and writes OUT/index.json, what each is
// called, and OUT/refused.json, which were refused and why.
let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
  print("usage: ONNXCheck OUT [layers] [losses] [ops] [networks] [sizes]")
  exit(2)
}
let kinds = Set(arguments.dropFirst(2))

var cases: [Case] = []
@MainActor func add(_ kind: String, _ make: () throws -> [Case]) rethrows {
  if kinds.isEmpty || kinds.contains(kind) { cases += try make() }
}

try add("layers") {
  try ["layers", "images", "stacks", "more"].flatMap { file in
    try StoredCase.all("BlitzNNTests/Reference/\(file).json").flatMap { stored -> [Case] in
      guard let name = stored.row, let row = LayerTable.row(name) else { return [] }
      let model = row.make(Generator(seed: 1))
      // Newer opsets have more layers as ops of their own.
      return [17, 23].map { opset in
        Case(
          name: "layer \(name), opset \(opset)", opset: opset, model: model,
          inputs: stored.inputs.map(\.tensor)
        ) { row.call(model, $0) }
      }
    }
  }
}
try add("losses") {
  try StoredCase.all("BlitzNNTests/Reference/losses.json").compactMap { stored in
    let call = stored.call ?? ""
    let reduction = LossReduction.allCases.first { call.hasSuffix(" \($0)") } ?? .none
    let name = call.split(separator: " ").dropLast().joined(separator: " ")
    guard let loss = LossTable.losses[name] else { return nil }
    return Case(
      name: "loss \(call)", model: NoWeights(), inputs: stored.inputs.map(\.tensor)
    ) { [loss($0, reduction)] }
  }
}
try add("ops") {
  var seen: Set<String> = []
  return try StoredCase.all("BlitzTensorTests/Reference/ops.json").flatMap { stored -> [Case] in
    // One case for each dtype and rank of a row tells what others would.
    let inputs = stored.inputs.map(\.tensor)
    let kinds = inputs.map { "\($0.dtype) \($0.rank)" }.joined(separator: ", ")
    guard let name = stored.row, let row = OpTable.row(name),
      inputs.allSatisfy({ $0.elementCount > 0 }),
      seen.insert("\(name) of \(kinds)").inserted
    else { return [] }
    return [
      Case(name: "op \(name) of \(kinds)", opset: 18, model: NoWeights(), inputs: inputs) {
        row.function($0)
      }
    ]
  }
}
add("networks") { Networks.all + Networks.pretrained }
add("sizes") { Networks.ofOtherSizes + Networks.pretrainedOfOtherSizes }

let out = arguments[1]
var index: [String: String] = [:]
var refused: [String: String] = [:]
for (place, one) in cases.enumerated() {
  let folder = "\(out)/\(place)"
  do {
    try one.write(to: folder)
    index["\(place)"] = one.name
  } catch {
    refused[one.name] = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
  }
}
for (name, entries) in [("index", index), ("refused", refused)] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
  try encoder.encode(entries).write(to: URL(filePath: "\(out)/\(name).json"))
}
print("\(index.count) models written, \(refused.count) refused")
