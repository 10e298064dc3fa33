import Blitz
import BlitzONNX
import Foundation
import HTTP

/// Turns the body of a request into what the model takes.
struct PredictionRequest {
  let model: ServedModel

  /// The media types of bodies that are taken.
  static let types = [
    "application/json", "application/x-npz", "application/x-safetensors", "image/png",
    "image/jpeg",
  ]

  /// What each of the model's inputs is given, in their order.
  ///
  /// - Throws: ``Refusal``, or `DataError` of a file that is none.
  func inputs(_ request: Request) throws -> [Numbers] {
    switch request.type {
    case "application/json": try json(Array(request.body))
    case "application/x-npz": try ordered(file(request.body, "npz") { try Npz.load($0) })
    case "application/x-safetensors":
      try ordered(file(request.body, "safetensors") { try Safetensors.load($0) })
    case let type where type.hasPrefix("image/"): [try image(Array(request.body))]
    default: throw WrongType()
    }
  }

  /// The type of the body is none that is taken.
  struct WrongType: Error {}

  // MARK: JSON

  private func json(_ body: [UInt8]) throws -> [Numbers] {
    var reader = JSONReader(body)
    var found: [String: Numbers] = [:]
    try reader.object { name, reader in
      switch name {
      case "inputs":
        if reader.next == UInt8(ascii: "{") {
          try reader.object { name, reader in
            _ = try self.input(name)
            found[name] = try reader.numbers()
          }
        } else {
          guard model.inputs.count == 1 else {
            throw Refusal(
              "\"inputs\" must be an object with \(names), as the model takes \(model.inputs.count)"
            )
          }
          found[model.inputs[0].name] = try reader.numbers()
        }
      case "rows": found[model.inputs[0].name] = try rows(&reader)
      default:
        throw Refusal(
          "\"\(name)\" is no part of a request; it has \"inputs\""
            + (model.columns.isEmpty ? "" : " or \"rows\""))
      }
    }
    try reader.end()
    return try ordered(found)
  }

  /// Rows whose columns are named.
  private func rows(_ reader: inout JSONReader) throws -> Numbers {
    guard !model.columns.isEmpty else {
      throw Refusal("the model names no columns; give \"inputs\"")
    }
    let places = Dictionary(
      zip(model.columns, model.columns.indices), uniquingKeysWith: { first, _ in first })
    var values: [Double] = []
    var count = 0
    try reader.array { reader in
      var row = [Double?](repeating: nil, count: model.columns.count)
      try reader.object { name, reader in
        guard let place = places[name] else {
          throw Refusal(
            "row \(count): there is no column \"\(name)\"; the columns are "
              + model.columns.map { "\"\($0)\"" }.joined(separator: ", "))
        }
        row[place] = try reader.number()
      }
      if let missing = row.firstIndex(of: nil) {
        throw Refusal("row \(count): the column \"\(model.columns[missing])\" is missing")
      }
      values += row.compactMap(\.self)
      count += 1
    }
    return Numbers(shape: [count, model.columns.count], values: values)
  }

  // MARK: Files

  private func numbers(_ tensor: Tensor) throws -> Numbers {
    Numbers(shape: Array(tensor.shape), values: try tensor.scalars(as: Double.self))
  }

  /// What `load` reads of a body, which it takes as a file.
  private func file(
    _ body: Data, _ ending: String, _ load: (String) throws -> [String: Tensor]
  ) throws -> [String: Numbers] {
    try withTemporaryFile(ending: ending) { path in
      try body.write(to: URL(fileURLWithPath: path))
      do {
        return try load(path).mapValues(numbers)
      } catch {
        throw Refusal("\(error)".replacing(path, with: "the body"))
      }
    }
  }

  private func image(_ body: [UInt8]) throws -> Numbers {
    guard model.inputs.count == 1, let (channels, height, width) = model.inputs[0].image else {
      throw Refusal(
        "the model takes \(model.inputs.map(\.text).joined(separator: ", ")), no image of a size "
          + "that it says")
    }
    do {
      let image = try Image(bytes: body, path: "the body", maximumPixelCount: 50_000_000)
        .fitted(channelCount: channels, width: width, height: height)
      return try numbers(image.tensor().unsqueezed(axis: 0))
    } catch {
      throw Refusal("\(error)")
    }
  }

  // MARK: Names

  private var names: String { model.inputs.map { "\"\($0.name)\"" }.joined(separator: ", ") }

  private func input(_ name: String) throws -> ServedModel.Input {
    guard let input = model.inputs.first(where: { $0.name == name }) else {
      throw Refusal("there is no input \"\(name)\"; the model takes \(names)")
    }
    return input
  }

  /// All of it in the model's order, if it is what the model takes.
  private func ordered(_ found: [String: Numbers]) throws -> [Numbers] {
    for name in found.keys.sorted() { _ = try input(name) }
    return try model.inputs.map { input in
      guard let numbers = found[input.name] else {
        throw Refusal("the input \"\(input.name)\" is missing; the model takes \(input.text)")
      }
      try check(numbers, input)
      return numbers
    }
  }

  /// Before rows of several requests are put together, each must be right by itself.
  private func check(_ numbers: Numbers, _ input: ServedModel.Input) throws {
    let given = "\"\(input.name)\" has the shape \(numbers.shape); the model takes \(input.text)"
    if let sizes = input.sizes {
      guard sizes.count == numbers.shape.count else { throw Refusal(given) }
      for (size, actual) in zip(sizes, numbers.shape) {
        if case .fixed(let fixed) = size, fixed != actual { throw Refusal(given) }
      }
    }
    if numbers.values.isEmpty { throw Refusal("\(given); there are no rows in it") }
    guard let range = input.range else { return }
    if let wrong = numbers.values.first(where: { !range.contains($0) || $0 != $0.rounded() }) {
      throw Refusal("\(wrong) is no \(input.dtype), which \"\(input.name)\" takes")
    }
  }
}
