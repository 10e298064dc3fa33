import BlitzData
import BlitzNN
import BlitzTensor

/// A network whose weights others have trained and published: ``ResNet``, ``BERT`` and so on.
///
/// A type of one's own that conforms gets a `load(_:strict:)` that says what other network a file
/// seems to be of.
public protocol PretrainedNetwork: Module {
  /// The tensors of a file under the names of this network, without those that it does not need.
  ///
  /// - Parameter tensors: what the file has.
  /// - Throws: `DataError` if they contradict each other; the path is filled in by the caller.
  func adapted(_ tensors: [String: Tensor]) throws -> [String: Tensor]
}

extension PretrainedNetwork {
  /// The tensors as they are, but for a `module.` that `DataParallel` has put before every name.
  public func adapted(_ tensors: [String: Tensor]) -> [String: Tensor] {
    tensors.withoutCommon("module.")
  }

  /// Sets parameters and buffers from a published file: `.pt`, `.pth`, `.bin` or safetensors,
  /// under torchvision's or Hugging Face's names.
  ///
  ///     try model.load("resnet18.pth")
  ///
  /// Floating dtypes are cast to the model's. If anything does not fit, the model stays as it is.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - strict: whether the names must be those of the network; if not, names that only one side
  ///     has are left out, for a last layer of one's own.
  /// - Returns: the names that were left out; none if `strict`.
  /// - Throws: `DataError` if the file cannot be read; ``WeightsError`` if it is of another
  ///   network.
  @discardableResult
  public func load(
    _ path: String, strict: Bool = true
  ) throws -> (missing: [String], unexpected: [String]) {
    try load(TensorFile.load(path), from: path, strict: strict)
  }

  @discardableResult
  func load(
    _ tensors: [String: Tensor], from path: String, strict: Bool = true
  ) throws -> (missing: [String], unexpected: [String]) {
    do {
      return try load(adapted(tensors), strict: strict)
    } catch let error as StateError {
      throw WeightsError(
        path: path, network: "\(type(of: self))", state: error,
        other: NetworkKind(of: tensors)?.description)
    }
  }
}

/// Weights that are not those of a network: which names are missing or left over, and what network
/// they seem to be of.
public struct WeightsError: Error, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The network that was to take them.
  public let network: String
  /// The names that do not fit.
  public let state: StateError
  /// The network that the names are of, `a ResNet-50 of 1000 classes`; nil if they are of none that
  /// is known.
  public let other: String?

  /// The file, the network that it is of, and every name that does not fit on a line of its own.
  public var description: String {
    let found = other.map { "; it looks like \($0)" } ?? ""
    return "\(path): these are not the weights of this \(network)\(found)\n\(state)"
  }
}

extension [String: Tensor] {
  /// The tensors without a start that all names have.
  func withoutCommon(_ start: String) -> [String: Tensor] {
    guard !isEmpty, keys.allSatisfy({ $0.hasPrefix(start) }) else { return self }
    return withoutStart(start)
  }

  /// The tensors whose names have a start, without it.
  func withoutStart(_ start: String) -> [String: Tensor] {
    var answer: [String: Tensor] = [:]
    for (name, tensor) in self where name.hasPrefix(start) {
      answer[String(name.dropFirst(start.count))] = tensor
    }
    return answer
  }
}
