// PyTorch's words for data; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

extension DataLoader {
  @available(*, unavailable, message: "write DataLoader(data, batchSize: 64, shuffledBy: .shared)")
  public convenience init(_ dataset: any Dataset, batchSize: Int = 1, shuffle: Bool) {
    self.init(dataset, batchSize: batchSize)
  }
  @available(
    *, unavailable,
    message: "write DataLoader(data, batchSize: 64, shuffledBy: .shared, workers: 4)"
  )
  public convenience init(
    _ dataset: any Dataset, batchSize: Int = 1, shuffle: Bool = false, numWorkers: Int,
    pinMemory: Bool = false, dropLast: Bool = false
  ) { self.init(dataset, batchSize: batchSize) }
  @available(
    *, unavailable,
    message: "write DataLoader(data, batchSize: 64, shuffledBy: .shared, dropLast: true)"
  )
  public convenience init(
    _ dataset: any Dataset, batchSize: Int = 1, shuffle: Bool, dropLast: Bool
  ) { self.init(dataset, batchSize: batchSize) }
  @available(*, unavailable, renamed: "batchCount")
  public var count: Int { batchCount }
  @available(*, unavailable, renamed: "batchCount")
  public var length: Int { batchCount }
}

extension Dataset {
  @available(*, unavailable, message: "write let (train, test) = try data.randomSplit(0.8, 0.2)")
  public func randomSplit(
    _ fractions: [Double], by generator: Generator = .shared
  ) -> (Subset, Subset) { fatalError() }
  @available(*, unavailable, message: "write let (train, test) = try data.randomSplit(1500, 297)")
  public func randomSplit(
    _ lengths: [Int], by generator: Generator = .shared
  ) -> (Subset, Subset) { fatalError() }
  @available(*, unavailable, message: "write let parts = try data.randomSplit([0.7, 0.2, 0.1])")
  public func randomSplit(
    _ fractions: [Double], by generator: Generator = .shared
  ) -> (Subset, Subset, Subset) { fatalError() }
  @available(*, unavailable, message: "write randomSplit([0.8, 0.2], by: Generator(seed: 0))")
  public func randomSplit(_ parts: [Double], generator: Generator) -> [Subset] { fatalError() }
}

@available(*, unavailable, message: "write let (train, test) = try data.randomSplit(0.8, 0.2)")
public func random_split(
  _ dataset: any Dataset, _ lengths: Any, generator: Any? = nil
) -> (Subset, Subset) { fatalError() }
@available(
  *, unavailable,
  message: "write transforms: [.normalise(mean: [0.5], std: [0.5])] in DataLoader"
)
public var transforms: _Word { .init() }
@available(*, unavailable, message: "pictures are tensors of 0 to 1 already")
public var ToTensor: _Word { .init() }
@available(*, unavailable, message: "write transforms: [...] in DataLoader")
public var Compose: _Word { .init() }
@available(*, unavailable, message: "write Transform.normalise(mean: [0.5], std: [0.5])")
public var Normalize: _Word { .init() }
@available(*, unavailable, message: "write Transform.randomHorizontalFlip()")
public var RandomHorizontalFlip: _Word { .init() }
@available(*, unavailable, message: "write Transform.randomCrop(padding: 4)")
public var RandomCrop: _Word { .init() }
@available(
  *, unavailable,
  message: "write FashionMNIST(), ImageFolder(path), CSV(path:) or TensorDataset(x, y)"
)
public var datasets: _Word { .init() }
