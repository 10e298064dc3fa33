import BlitzData
import BlitzNN
import BlitzTensor

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// All that a training run needs to continue as if it had never stopped, in one file.
///
///     var checkpoint = Checkpoint(model, optimizer)
///     try checkpoint.set(Generator.shared.state, as: "generator")
///     try checkpoint.set(scaler.state(), as: "scaler")     // if a LossScaler is used
///     try checkpoint.set(epoch, as: "epoch")
///     try checkpoint.write(to: "run/last.safetensors")
///
///     let checkpoint = try Checkpoint(contentsOf: "run/last.safetensors")
///     try checkpoint.restore(model, optimizer)
///     Generator.shared.state = try checkpoint.value(of: "generator")
///     try scaler.load(checkpoint.value(of: "scaler"))
///     let epoch: Int = try checkpoint.value(of: "epoch")
///
/// The file is in the safetensors format, so any of its readers can open it: the model's tensors
/// are `model.fc1.weight`, the optimizer's `optimizer.fc1.weight.exp_avg`, and everything else is
/// JSON in the header's metadata. It is written under another name and then renamed, so that a
/// crash or a full disk never costs the last good one.
public struct Checkpoint: Sendable {
  /// All tensors, by name.
  public private(set) var tensors: [String: Tensor] = [:]
  /// Everything else: JSON by name.
  private var values: [String: String] = [:]
  /// The file that it was read from.
  private var path = "checkpoint"

  /// Makes a checkpoint of a model's parameters and buffers and of an optimizer's state.
  ///
  /// It holds the tensors as they are now; later steps do not change it.
  ///
  /// - Throws: `EncodingError` for a rate that is not finite.
  public init(_ model: any Module, _ optimizer: (any ResumableOptimizer)? = nil) throws {
    for (name, tensor) in model.state { tensors["model.\(name)"] = tensor }
    guard let optimizer else { return }
    let state = optimizer.state
    for (name, tensor) in state.tensors { tensors["optimizer.\(name)"] = tensor }
    try set(state.numbers, as: "optimizer")
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: `DataError` if the file cannot be read or is not what `write(to:)` writes.
  public init(contentsOf path: String) throws(DataError) {
    let file = try SafetensorsFile(path)
    guard file.metadata["format"] == "blitz-checkpoint" else {
      throw DataError(
        path: path,
        reason: "is not a checkpoint, but other tensors; read them with Safetensors.load")
    }
    self.path = path
    tensors = try file.tensors()
    values = file.metadata
    values["format"] = nil
  }

  /// Writes the file, whole or not at all: a reader finds the old file or the new one, also after a
  /// crash.
  ///
  /// - Throws: `DataError` if the file cannot be written; `TensorError` if a tensor carries an
  ///   error.
  public func write(to path: String) throws {
    var metadata = values
    metadata["format"] = "blitz-checkpoint"
    try Safetensors.save(tensors, metadata: metadata, to: path)
  }

  /// Adds a value that can be written as JSON: a schedule, a generator's state, the position in the
  /// data.
  ///
  /// - Throws: `EncodingError` for a value that JSON cannot hold, such as a number that is not
  ///   finite.
  public mutating func set<Value: Encodable>(_ value: Value, as name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    values[name] = String(decoding: try encoder.encode([value]), as: UTF8.self)
  }

  /// The value that was added under a name.
  ///
  /// - Throws: `DataError` if there is none, or one of another type.
  public func value<Value: Decodable>(
    _ type: Value.Type = Value.self, of name: String
  ) throws(DataError) -> Value {
    guard let text = values[name] else {
      let names = values.keys.sorted().joined(separator: ", ")
      throw DataError(
        path: path,
        reason: "holds no \"\(name)\"; it holds \(names.isEmpty ? "tensors only" : names)")
    }
    do {
      // In an array, since older decoders refuse a single number.
      let values = try JSONDecoder().decode([Value].self, from: Data(text.utf8))
      if let value = values.first { return value }
      throw DataError(path: path, reason: "\"\(name)\" is empty")
    } catch let error as DataError {
      throw error
    } catch {
      throw DataError(path: path, reason: "\"\(name)\" is no \(Value.self): \(error)")
    }
  }

  /// Restores a model and an optimizer: both or, after an error, neither.
  ///
  /// - Throws: `StateError` if the tensors are not the model's, `TensorError` if they are not the
  ///   optimizer's, `DataError` if no optimizer was saved.
  public func restore(
    _ model: any Module, _ optimizer: (any ResumableOptimizer)? = nil
  ) throws {
    let before = Dictionary(model.state) { first, _ in first }
    try model.load(part("model."))
    guard let optimizer else { return }
    do {
      try optimizer.load(
        Optimizer.State(
          tensors: part("optimizer.").map { ($0.key, $0.value) }, numbers: value(of: "optimizer")))
    } catch {
      try model.load(before)
      throw error
    }
  }

  private func part(_ prefix: String) -> [String: Tensor] {
    var part: [String: Tensor] = [:]
    for (name, tensor) in tensors where name.hasPrefix(prefix) {
      part[String(name.dropFirst(prefix.count))] = tensor
    }
    return part
  }
}
