import Blitz
import BlitzData

/// Data to learn from, and data that is held out to see what was learnt.
struct DataSplit: Sendable {
  /// What the data is called in messages.
  var name: String
  /// What the network learns from.
  var training: any Dataset
  /// What it never sees; nil if there are no classes to be right about.
  var test: (any Dataset)?
  /// The shape of an example.
  var inputShape: [Int]
  /// How many outputs the network has: the number of classes.
  var outputSize: Int
  /// What each class is called; empty if there are no classes.
  var classNames: [String]
  /// How a table is read, so that the network can be given others.
  var table: CSV.Layout?
  /// What was decided about the data, a line each.
  var notes: [String] = []
  /// The mean and the deviation of labels that are numbers.
  var target: Scaling?
  /// How the inputs are changed before the network sees them; nil if they are used as they are.
  var scaling: Scaling?
  /// Threads that make batches ahead of time; 0 for data that is at hand in no time.
  var workers = 0

  /// Whether the examples are pictures, `[channels, height, width]`.
  var isImages: Bool { inputShape.count == 3 }
  /// Whether there are classes.
  var hasClasses: Bool { !classNames.isEmpty }

  /// A loader of some of the data in its order.
  func loader(_ dataset: any Dataset, batch: Int) -> DataLoader {
    DataLoader(
      dataset, batchSize: batch, transforms: scaling.map { [$0.transform] } ?? [],
      workers: workers)
  }

  /// A loader for training.
  func trainingLoader(_ experiment: Experiment, generator: Generator) -> DataLoader {
    var transforms: [Transform] = []
    if experiment.augment {
      transforms = [.randomCrop(padding: 2), .randomHorizontalFlip()]
    }
    if let scaling { transforms.append(scaling.transform) }
    // One batch of everything needs no order.
    let isWhole = experiment.batch >= training.count
    return DataLoader(
      training, batchSize: min(experiment.batch, training.count),
      shuffledBy: isWhole ? nil : generator, transforms: transforms, workers: workers)
  }

  /// A number that tells this data from other, so that a run is not resumed on what it was not
  /// started with: FNV-1a over up to 512 examples, and over how many there are.
  func fingerprint() throws -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ bytes: UnsafeRawBufferPointer) {
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    for dataset in [training, test].compactMap(\.self) {
      let count = dataset.count
      let places = count <= 512 ? Array(0..<count) : (0..<512).map { $0 * count / 512 }
      let examples = try dataset.examples(at: places)
      withUnsafeBytes(of: count) { add($0) }
      for array in examples.others { array.withUnsafeBytes { add($0) } }
      examples.inputs.withUnsafeBytes { add($0) }
    }
    for number in (scaling?.mean ?? []) + (scaling?.deviation ?? []) {
      withUnsafeBytes(of: number) { add($0) }
    }
    return String(hash, radix: 16)
  }
}
