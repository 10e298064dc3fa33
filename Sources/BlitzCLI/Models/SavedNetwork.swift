import Blitz
import BlitzData
import BlitzNN

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A network that `blitz train --out` has written, put to use.
struct SavedNetwork {
  let path: String
  let network: NetworkDescription
  let model: any Layer

  /// Reads the model of a folder.
  ///
  /// - Throws: `RunFailure` or `DataError` if there is none, or it is not one of `blitz train`.
  init(folder: String) throws {
    guard DataName.isFolder(folder) else {
      throw RunFailure.run(
        "\(folder): is not a folder; name one that blitz train --out has written")
    }
    path = RunFolder(existing: folder).modelPath
    let file = try SafetensorsFile(path)
    guard let text = file.metadata["blitz"] else {
      throw RunFailure.run(
        "\(path): does not say what network it is of; only files of blitz train do")
    }
    do {
      network = try JSONDecoder().decode(NetworkDescription.self, from: Data(text.utf8))
    } catch {
      throw RunFailure.run("\(path): its description of the network is damaged; train it again")
    }
    guard network.isPlausible else {
      throw RunFailure.run("\(path): its description of the network has sizes that cannot be")
    }
    model = network.makeNetwork()
    do {
      try model.load(file.tensors().filter { !$0.key.hasPrefix("input.") })
    } catch let error as StateError {
      let names = error.unfit.map(\.name) + error.missing + error.unexpected
      throw RunFailure.run(
        "\(path): its tensors are not those of the network that it describes: "
          + names.prefix(3).joined(separator: ", "))
    }
    model.eval()
  }
}

extension NetworkDescription {
  /// Whether a network can be made of the sizes, which come from a file.
  var isPlausible: Bool {
    let sizes = inputShape + hidden.sizes + [outputSize]
    guard (1...3).contains(inputShape.count), (1...100).contains(hidden.sizes.count),
      sizes.allSatisfy({ 1...1_000_000 ~= $0 }), inputShape.reduce(1.0, { $0 * Double($1) }) < 1e8,
      0..<1 ~= dropout, classNames.isEmpty || classNames.count == outputSize,
      table?.fits(inputCount: inputShape[0], classNames: classNames) ?? true,
      target.map({ $0.mean.count == 1 && $0.deviation.count == 1 }) ?? true
    else { return false }
    let channels = inputShape[0]
    let counts = scaling.map { [$0.mean.count, $0.deviation.count] } ?? [channels, channels]
    return counts.allSatisfy { $0 == 1 || $0 == channels } && (try? check(data: "")) != nil
  }

  /// What a class is called.
  func className(_ index: Int) -> String {
    classNames.indices.contains(index) ? classNames[index] : "class \(index)"
  }
}
