import Blitz
import Foundation
import HTTP

/// Turns what the model gives into an answer of the kind that was asked for.
struct PredictionAnswer {
  let model: ServedModel

  /// Arrays as the body came, if it was arrays; else JSON.
  func answer(_ outputs: [Batcher.Output], to request: Request) throws -> Answer {
    switch request.type {
    case "application/x-npz":
      Answer(type: request.type, try file(outputs, "npz") { try Npz.save($0, to: $1) })
    case "application/x-safetensors":
      Answer(
        type: request.type, try file(outputs, "safetensors") { try Safetensors.save($0, to: $1) })
    default: Answer(type: "application/json", Data(json(outputs).utf8))
    }
  }

  private func json(_ outputs: [Batcher.Output]) -> String {
    var text = "{\"outputs\":{"
    for (place, output) in outputs.enumerated() {
      if place > 0 { text += "," }
      text += Service.quoted(output.name) + ":"
      var start = 0
      PredictionAnswer.write(output, output.shape[...], &start, &text)
    }
    text += "}"
    if let probabilities = outputs.first, !model.classNames.isEmpty,
      probabilities.shape.count == 2, probabilities.shape[1] == model.classNames.count
    {
      let rows = (0..<probabilities.shape[0]).map { row in
        let count = model.classNames.count
        let numbers = probabilities.numbers[row * count..<(row + 1) * count].enumerated()
        let best = numbers.max { $0.element < $1.element }!
        return
          "{\"class\":\(best.offset),\"name\":\(Service.quoted(model.classNames[best.offset])),"
          + "\"probability\":\(PredictionAnswer.text(best.element, .float32))}"
      }
      text += ",\"predictions\":[\(rows.joined(separator: ","))]"
    }
    return text + "}"
  }

  private static func write(
    _ output: Batcher.Output, _ shape: ArraySlice<Int>, _ start: inout Int, _ text: inout String
  ) {
    guard let count = shape.first else {
      text += PredictionAnswer.text(output.numbers[start], output.dtype)
      start += 1
      return
    }
    text += "["
    for place in 0..<count {
      if place > 0 { text += "," }
      write(output, shape.dropFirst(), &start, &text)
    }
    text += "]"
  }

  /// The shortest text that reads as the same number; JSON has none for NaN and infinities.
  private static func text(_ number: Double, _ dtype: DType) -> String {
    guard number.isFinite else { return "null" }
    if dtype == .bool { return number == 0 ? "false" : "true" }
    if !dtype.isFloating { return "\(Int64(number))" }
    return dtype == .float64 ? "\(number)" : "\(Float(number))"
  }

  private func file(
    _ outputs: [Batcher.Output], _ ending: String, _ save: ([String: Tensor], String) throws -> Void
  ) throws -> Data {
    let tensors = outputs.map { output in
      (output.name, Tensor(output.numbers, shape: Shape(output.shape), dtype: output.dtype))
    }
    return try withTemporaryFile(ending: ending) { path in
      try save(Dictionary(tensors) { first, _ in first }, path)
      return try Data(contentsOf: URL(fileURLWithPath: path))
    }
  }
}
