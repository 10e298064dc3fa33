import Blitz
import Foundation
import Testing

/// What Blitz calls PyTorch's modules, optimizers and schedules. What has another name is here,
/// what is not there too, with the reason; everything else is there under PyTorch's name.
@Suite struct VocabularyTests {
  /// PyTorch's names; Tests/Reference/names.py writes them.
  struct Names: Decodable {
    let modules: [String]
    let optimizers: [String]
    let schedules: [String]
  }

  static let names = Result {
    let url = Bundle.module.url(
      forResource: "names", withExtension: "json", subdirectory: "Reference")
    guard let url else { throw CocoaError(.fileNoSuchFile) }
    return try JSONDecoder().decode(Names.self, from: Data(contentsOf: url))
  }

  /// Other names: a layer, or a loss, which is a function.
  static let spellings: [String: String] = {
    var words = [
      "MultiheadAttention": "MultiHeadAttention", "L1Loss": "l1", "MSELoss": "meanSquaredError",
      "SmoothL1Loss": "smoothL1", "HuberLoss": "huber", "KLDivLoss": "klDivergence",
      "NLLLoss": "negativeLogLikelihood", "CrossEntropyLoss": "crossEntropy",
      "LinearCrossEntropyLoss": "linearCrossEntropy", "BCELoss": "binaryCrossEntropy",
      "BCEWithLogitsLoss": "binaryCrossEntropy", "CTCLoss": "ctc",
      "CosineEmbeddingLoss": "cosineEmbedding", "MultiMarginLoss": "multiClassHinge",
      "MultiLabelMarginLoss": "multiLabelMargin", "MarginRankingLoss": "marginRanking",
      "MultiLabelSoftMarginLoss": "multiLabelSoftMargin", "SoftMarginLoss": "softMargin",
      "HingeEmbeddingLoss": "hingeEmbedding", "TripletMarginLoss": "tripletMargin",
      "TripletMarginWithDistanceLoss": "tripletMargin",
      "GaussianNLLLoss": "gaussianNegativeLogLikelihood",
      "PoissonNLLLoss": "poissonNegativeLogLikelihood",
    ]
    for axes in 1...3 {
      for kind in ["Zero", "Constant", "Reflection", "Replication", "Circular"] {
        words["\(kind)Pad\(axes)d"] = "Pad"
      }
    }
    return words
  }()

  /// The schedules' spellings; those of functions are words of the optimizer.
  static let schedules = [
    "LambdaLR": "follow(at:factor:)", "MultiplicativeLR": "multiplyRates(by:)",
    "ReduceLROnPlateau": "Plateau", "StepLR": "step", "MultiStepLR": "multiStep",
    "ConstantLR": "held", "LinearLR": "warmUp", "ExponentialLR": "exponential",
    "SequentialLR": "sequence", "PolynomialLR": "polynomial", "CosineAnnealingLR": "cosine",
    "ChainedScheduler": "chained", "CyclicLR": "cyclic", "OneCycleLR": "oneCycle",
    "CosineAnnealingWarmRestarts": "warmRestarts",
  ]

  static let missing: [(reason: String, names: [String])] = [
    (
      "sizes are arguments: a layer is a value, and has its weights when it is made",
      [
        "LazyConv1d", "LazyConv2d", "LazyConv3d", "LazyConvTranspose1d", "LazyConvTranspose2d",
        "LazyConvTranspose3d",
      ]
    ),
    ("sparse gradients", ["SparseAdam"]),
  ]

  /// The names that the sources declare after one of these words.
  static func declared(_ words: [String]) throws -> Set<String> {
    let folder = URL(filePath: #filePath).appending(path: "../../../Sources/BlitzNN").standardized
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var found: Set<String> = []
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let line = line.drop { $0 == " " }
        for word in words where line.hasPrefix(word) {
          found.insert(
            String(line.dropFirst(word.count).prefix { $0.isLetter || $0.isNumber }))
        }
      }
    }
    return found
  }

  /// Names that neither a source nor the list above has, and those of the list that are there.
  static func problems(_ names: [String], _ declared: Set<String>) -> [String] {
    let listed = Set(missing.flatMap(\.names))
    return names.filter { declared.contains(spellings[$0] ?? $0) == listed.contains($0) }
  }

  @Test("every module of PyTorch's is there, or in the list with a reason")
  func modules() throws {
    let names = try Self.names.get().modules
    #expect(names.count == 114)
    let declared = try Self.declared(["public struct ", "public final class ", "public func "])
    #expect(Self.problems(names, declared).isEmpty)
    let absent = Self.missing.flatMap(\.names).filter(names.contains)
    #expect(names.count - absent.count >= 108)
  }

  @Test("every optimizer is there, or in the list with a reason")
  func optimizers() throws {
    let names = try Self.names.get().optimizers
    #expect(names.count == 15)
    let declared = try Self.declared(["public final class "])
    #expect(Self.problems(names, declared).isEmpty)
    #expect(names.count { declared.contains($0) } >= 14)
  }

  @Test("every schedule is there")
  func allSchedules() throws {
    let names = try Self.names.get().schedules
    #expect(Set(names) == Set(Self.schedules.keys))
    let declared = try Self.declared(["case ", "public struct ", "public func "])
    for (name, word) in Self.schedules {
      #expect(declared.contains(String(word.prefix { $0.isLetter })), "\(name)")
    }
  }
}
