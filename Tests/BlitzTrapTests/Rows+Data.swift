import Blitz
import Foundation

extension Values {
  /// A few examples, labelled or not quite.
  fileprivate mutating func dataset() throws -> TensorDataset {
    try TensorDataset(
      isOneIn(3) ? tensor() : .ones([pick([0, 1, 5]), 2]), isOneIn(3) ? tensor() : .zeros([5]))
  }

  fileprivate mutating func image() throws -> Image {
    isOneIn(2)
      ? try Image(
        width: int(), height: int(), channelCount: int(), pixels: Array(repeating: 7, count: 12))
      : try Image(width: 2, height: 2, channelCount: 3, pixels: Array(repeating: 7, count: 12))
  }

  /// A change of an example's numbers.
  fileprivate mutating func transform() -> Transform {
    switch pick([0, 1, 2, 3]) {
    case 0: .normalise(mean: [Float(double())], std: [Float(double()), 1])
    case 1: .randomCrop(padding: int(), fill: Float(double()))
    case 2: .randomHorizontalFlip(probability: double())
    default: Transform { numbers, _, generator in _ = (numbers.count, generator.next()) }
    }
  }

  fileprivate mutating func bytes() -> [UInt8] {
    pick([
      [], [0], Array("a,b\n1,2\n".utf8), Array("{}".utf8), [0, 0, 8, 1, 0, 0, 0, 2, 1, 2],
      [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255],
      [137, 80, 78, 71, 13, 10, 26, 10, 0, 0], [255, 216, 255], Array("P5 2 2 255 ....".utf8),
      [2, 0, 0, 0, 0, 0, 0, 0, 123, 125], Array(repeating: 255, count: 40),
      Array("1,2,99999999999999999999\n".utf8), Array("1,2\n3\n".utf8),
    ])
  }
}

/// A file that holds something else than its name says.
private func withFile(_ bytes: [UInt8], _ name: String, _ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "blitz-traps-\(getpid())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appending(path: name)
  try Data(bytes).write(to: file)
  try body(file.path)
}

extension Row {
  static let data: [Row] = [
    Row(
      "TensorDataset.init(_:_:classNames:)", "TensorDataset.examples(at:)", "Dataset.batch(at:)",
      "Dataset.examples(at:)", "Dataset.subscript(_:)", "Examples.init(inputs:labels:)",
      "Batch.rows(_:)", "Batch.map(_:)", "Batch.to(_:)"
    ) {
      let dataset = try $0.dataset()
      let batch = dataset.batch(at: $0.ints())
      let rows = $0.pick([0..<2, 0..<0, -3..<(-1), 1..<Int.max, Int.min..<Int.max])
      let (negated, double) = (batch.map { -$0 }, $0.tensor())
      _ = (try? dataset.examples(at: $0.ints())).map {
        Examples(inputs: $0.others.last ?? $0.inputs, labels: $0.inputs)
      }
      return [
        batch.inputs, batch.rows(rows).inputs, dataset[rows].labels, dataset[0...].inputs,
        dataset[..<3].inputs, dataset[Int.max...].inputs, dataset[...Int.max].inputs,
        negated.to($0.device()).inputs, batch.map { _ in double }.labels,
      ]
    },
    Row(
      "Dataset.randomSplit(_:by:)", "Dataset.randomSplit(_:_:by:)", "Dataset.split(at:)",
      "Subset.init(_:indices:)",
      "Subset.examples(at:)"
    ) { values in
      let dataset = try values.dataset()
      let parts = try? dataset.randomSplit(
        values.pick([1, 2, 3]) == 1 ? [] : [values.double(), 0.5])
      let halves = try? dataset.split(at: values.int())
      let pair = try? dataset.randomSplit(values.int(), values.int())
      let shares = try? dataset.randomSplit(values.double(), values.double())
      let subset = try? Subset(dataset, indices: values.ints())
      let one = dataset[values.int()]
      return [parts?.first, halves?.0, halves?.1, pair?.0, shares?.1, subset].compactMap {
        $0?.batch(at: values.ints()).inputs
      } + [one.input, one.label]
    },
    Row(
      "SequentialSampler.init(_:)", "RandomSampler.init(_:replacement:count:generator:)",
      "SubsetRandomSampler.init(_:generator:)",
      "WeightedRandomSampler.init(_:count:replacement:generator:)",
      "BatchSampler.init(_:batchSize:dropLast:)", "Sampler.indices(by:)", "Sampler.finish(by:)",
      "BatchSampling.batches(by:)", "SequentialSampler.indices(by:)", "RandomSampler.indices(by:)",
      "RandomSampler.finish(by:)", "SubsetRandomSampler.indices(by:)",
      "WeightedRandomSampler.indices(by:)", "BatchSampler.batches(by:)",
      "DataLoader.init(_:batchSize:sampler:generator:dropLast:transforms:workers:prefetch:)",
      "DataLoader.init(_:batchSampler:generator:transforms:workers:prefetch:)"
    ) { values in
      let (dataset, generator) = (try values.dataset(), values.generator())
      let samplers: [any Sampler] = [
        SequentialSampler(dataset),
        RandomSampler(
          dataset, replacement: values.bool(), count: values.bool() ? nil : values.int(),
          generator: values.bool() ? nil : generator),
        SubsetRandomSampler(values.ints(), generator: generator),
        WeightedRandomSampler(
          (0..<values.pick([0, 1, 3])).map { _ in values.double() }, count: values.int(),
          replacement: values.bool(), generator: generator),
      ]
      let sampler = values.pick(samplers)
      _ = (try? sampler.indices(by: generator), try? sampler.finish(by: generator))
      let batches = BatchSampler(sampler, batchSize: values.size(), dropLast: values.bool())
      _ = try? batches.batches(by: generator)
      let first = DataLoader(
        dataset, batchSize: values.size(), sampler: sampler, dropLast: values.bool(), workers: 1)
      let second = DataLoader(dataset, batchSampler: batches, workers: 1)
      return (Array(first.prefix(2)) + Array(second.prefix(2))).flatMap { [$0.inputs, $0.labels] }
    },
    Row(
      "Examples.init(inputs:others:)", "TensorDataset.init(_:classNames:)", "Batch.subscript(_:)"
    ) {
      let set = try TensorDataset([$0.tensor(), $0.labels(), $0.tensor()])
      let examples = try set.examples(at: $0.ints())
      _ = Examples(inputs: examples.inputs, others: examples.others)
      return set.batch(at: $0.ints())[0]
    },
    Row(
      "DataLoader.init(_:batchSize:shuffledBy:dropLast:transforms:workers:prefetch:)",
      "DataLoader.makeIterator()", "DataLoader.Iterator.next()", "DataLoader.restore(_:)",
      "DataLoader.Batches.makeIterator()", "DataLoader.Batches.Iterator.next()",
      "DataLoader.State.init(from:)", "Transform.init(_:)", "Transform.normalise(mean:std:)",
      "Transform.randomCrop(padding:fill:)", "Transform.randomHorizontalFlip(probability:)"
    ) {
      let loader = DataLoader(
        try $0.dataset(), batchSize: $0.bool() ? 2 : $0.int(),
        shuffledBy: $0.bool() ? $0.generator() : nil, dropLast: $0.bool(),
        transforms: $0.bool() ? [] : [$0.transform()],
        workers: $0.bool() ? 1 : $0.pick([0, -1, .min, 3]),
        prefetch: $0.bool() ? 2 : $0.pick([0, -1, .min, .max, 5]))
      let text = String(decoding: try JSONEncoder().encode(loader.state), as: UTF8.self)
      let other = text.replacing(/"(epoch|batch)":\d+/) { _ in "\"epoch\":9223372036854775807" }
      _ = try? loader.restore(JSONDecoder().decode(DataLoader.State.self, from: Data(other.utf8)))
      let batches = loader.batches.prefix(2).flatMap(\.tensors)
      return batches + loader.prefix(4).flatMap { [$0.inputs, $0.labels] }
    },
    Row(
      "HostArray.init(_:)", "HostArray.init(_:shape:)", "HostArray.rows(_:)",
      "HostArray.withUnsafeBytes(_:)", "HostArray.withUnsafeMutableBytes(_:)"
    ) {
      let x = $0.tensor()
      if x.elementCount > 10_000 { return 0 }
      var array = $0.bool() ? try HostArray(x) : try HostArray([1.5, 2], shape: $0.shape())
      _ = (array.withUnsafeBytes { $0.count }, try array.withUnsafeMutableBytes { $0.count })
      return [array.tensor, try array.rows($0.ints()).tensor]
    },
    Row(
      "Digits.init()", "Digits.examples(at:)", "Iris.init()", "Iris.examples(at:)",
      "FashionMNIST.init(directory:)", "FashionMNIST.download(to:)", "MNIST.init(directory:)",
      "MNIST.download(to:)", "CIFAR10.init(directory:)", "CIFAR10.download(to:)"
    ) {
      let indices = $0.ints()
      for place in ["/nowhere", "/dev/null"] {
        _ = try? FashionMNIST(directory: place)
        _ = try? MNIST(directory: place)
        _ = try? CIFAR10(directory: place)
      }
      // Nothing is asked of the network: the folder cannot be made.
      _ = try? FashionMNIST.download(to: "/dev/null")
      _ = try? MNIST.download(to: "/dev/null")
      _ = try? CIFAR10.download(to: "/dev/null")
      return [Digits().batch(at: indices).inputs, Iris().batch(at: indices).inputs]
    },
    Row("Spirals.init(armCount:pointsPerArm:noise:generator:)", "Spirals.examples(at:)") {
      let spirals = try Spirals(armCount: $0.int(), pointsPerArm: $0.int(), noise: $0.double())
      return spirals.batch(at: $0.ints()).inputs
    },
    Row("Download.init(_:sha256:)", "Download.fetch(to:)") {
      _ = try? Download($0.string(), sha256: $0.string()).fetch(to: "/dev/null")
      return Tensor(0)
    },
    Row("ExampleGenerator.init(seed:index:)", "ExampleGenerator.next()") {
      var generator = ExampleGenerator(seed: UInt64.max, index: $0.int())
      return generator.next()
    },
    Row("ImageDataset.init(_:labels:classNames:)", "ImageDataset.image(at:)") {
      let set = try ImageDataset(
        [$0.image()], labels: $0.bool() ? [0] : $0.ints(), classNames: $0.strings())
      _ = try? set.image(at: $0.int())
      return set.batch(at: $0.ints()).inputs
    },
    Row(
      "ImageDataset.init(images:labels:classNames:)", "ImageDataset.examples(at:)",
      "IDX.init(bytes:path:)"
    ) {
      let set = try ImageDataset(
        images: IDX(bytes: [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7], path: "images"),
        labels: IDX(bytes: [0, 0, 8, 1, 0, 0, 0, 1, 3], path: "labels"))
      _ = try? IDX(bytes: $0.bytes(), path: $0.string())
      return set.batch(at: $0.ints()).inputs
    },
  ]

  static let images: [Row] = [
    Row(
      "Image.init(width:height:channelCount:pixels:)", "Image.grayscale()", "Image.rgb()",
      "Image.tensor()", "Image.resized(width:height:)", "Image.pngData()",
      "Image.fitted(channelCount:width:height:)"
    ) {
      let image = try $0.image()
      _ = try? image.pngData()
      let small = try? image.resized(width: $0.size(), height: $0.size())
      let fitted = try? image.fitted(
        channelCount: $0.size(), width: $0.size(), height: $0.size())
      return [image.tensor(), image.grayscale().tensor(), image.rgb().tensor()]
        + [small?.tensor(), fitted?.tensor()].compactMap(\.self)
    },
    Row("Image.init(_:)", "Tensor.asImage(range:)") {
      let picture = $0.pictures()
      if picture.elementCount > 10_000 { return 0 }
      _ = try? Image($0.bool() ? picture : Tensor.full([3, 2, 2], $0.double()))
      _ = try? picture.asImage(range: $0.pick([nil, 0...1, 1...1, -1e308...1e308]))
      return try picture.asImage(range: -Double.infinity...Double.infinity).tensor()
    },
    Row(
      "Image.init(bytes:path:maximumPixelCount:)", "Image.init(path:maximumPixelCount:)",
      "Image.write(png:)"
    ) { values in
      let image = try Image(width: 1, height: 1, channelCount: 1, pixels: [3])
      let bytes = values.bool() ? try image.pngData() : values.bytes()
      try withFile(bytes, "a.png") { path in
        _ = try? Image(path: path, maximumPixelCount: values.int())
        _ = try? image.write(png: path)
      }
      return try Image(bytes: bytes, path: "a.png", maximumPixelCount: values.int()).tensor()
    },
    Row(
      "ImageFolder.init(_:size:grayscale:)", "ImageFolder.examples(at:)", "ImageFolder.image(at:)"
    ) {
      values in
      let image = try Image(width: 2, height: 2, channelCount: 1, pixels: [3, 4, 5, 6])
      let folder = FileManager.default.temporaryDirectory.appending(path: "traps-\(getpid())")
      defer { try? FileManager.default.removeItem(at: folder) }
      try FileManager.default.createDirectory(
        at: folder.appending(path: "a"), withIntermediateDirectories: true)
      try image.write(png: folder.appending(path: "a/0.png").path)
      let set = try ImageFolder(
        folder.path, size: values.bool() ? nil : (values.size(), values.size()),
        grayscale: values.bool())
      _ = try? set.image(at: values.int())
      return set.batch(at: values.ints()).inputs
    },
  ]

  static let files: [Row] = [
    Row(
      "CSV.init(bytes:path:options:)", "CSV.init(path:options:)",
      "CSV.init(path:like:hasLabels:hasHeader:)", "CSV.examples(at:)",
      "CSV.Options.init(label:labelIsNumber:hasHeader:missing:)",
      "CSV.Layout.init(names:label:classNames:)", "IDX.init(path:)"
    ) { values in
      let bytes = values.bytes()
      let options = CSV.Options(
        label: values.bool() ? values.string() : "\(values.int())", labelIsNumber: values.bool(),
        hasHeader: values.pick([nil, true, false]), missing: values.pick(CSV.Missing.allCases))
      let layout = CSV.Layout(
        names: values.strings(), label: values.string(), classNames: values.strings())
      try withFile(bytes, "a.csv") {
        _ = try? CSV(path: $0, options: options)
        _ = try? CSV(path: $0, like: layout, hasLabels: values.bool())
        _ = try? IDX(path: $0)
      }
      let table = try CSV(bytes: bytes, path: "a.csv", options: options)
      return table.batch(at: values.ints()).inputs
    },
    Row(
      "Npy.save(_:to:)", "Npy.load(_:)", "Npz.save(_:to:isCompressed:)", "Npz.load(_:)",
      "NpzFile.init(_:)", "NpzFile.tensor(named:)", "TensorFile.load(_:)"
    ) { values in
      let x = values.tensor()
      if x.elementCount > 1000 { return 0 }
      try withFile(values.bytes(), "a.npy") { path in
        _ = try? Npy.load(path)
        try Npy.save(x, to: path)
        _ = try? Npy.load(path)
        _ = try? TensorFile.load(path)
      }
      try withFile(values.bytes(), "a.npz") { path in
        _ = try? NpzFile(path)
        try Npz.save([values.string(): x], to: path, isCompressed: values.bool())
        _ = try? Npz.load(path)
        _ = try? NpzFile(path).tensor(named: values.string())
      }
      return 0
    },
    Row(
      "Safetensors.save(_:metadata:to:)", "Safetensors.load(_:)", "Safetensors.init(path:)",
      "Safetensors.init(bytes:path:)", "Safetensors.init(entries:metadata:)",
      "Safetensors.encoded(path:)", "Safetensors.subscript(_:)", "Safetensors.write(to:)",
      "SafetensorsEntry.init(name:dtype:shape:bytes:)", "SafetensorsDType.init(rawValue:)",
      "SafetensorsFile.init(_:)", "SafetensorsFile.tensor(named:)", "NamedTensors.tensor(named:)",
      "NamedTensors.tensors()"
    ) { values in
      let x = values.tensor()
      if x.elementCount > 1000 { return 0 }
      let entry = SafetensorsEntry(
        name: values.string(), dtype: SafetensorsDType(rawValue: "F32")!, shape: values.ints(),
        bytes: values.bytes()[...])
      let container = Safetensors(entries: [entry, entry], metadata: [values.string(): ""])
      _ = try? container.encoded(path: "a")
      _ = container[values.string()]
      _ = try? Safetensors(bytes: values.bytes(), path: "a")
      try withFile(values.bytes(), "a.safetensors") { path in
        _ = try? Safetensors(path: path)
        _ = try? container.write(to: path)
        try Safetensors.save([(values.string(), x)], to: path)
        try Safetensors.save([values.string(): x], metadata: ["a": values.string()], to: path)
        _ = try Safetensors.load(path)
        let file: any NamedTensors = try SafetensorsFile(path)
        _ = (try? file.tensor(named: values.string()), try? file.tensors())
      }
      return 0
    },
    Row(
      "TorchFile.init(_:maximumViewByteCount:)", "TorchFile.tensor(named:)",
      "TorchFile.value(named:)", "TorchFile.tensors(under:)", "NamedTensors.tensors(under:)",
      "DataError.init(path:reason:)"
    ) { values in
      try withFile(values.bytes(), "a.pt") { path in
        let file = try TorchFile(path, maximumViewByteCount: values.int())
        let any: any NamedTensors = file
        _ = (try? file.tensor(named: values.string()), try? file.tensors(under: values.string()))
        _ = (try? file.value(named: values.string()), try? any.tensors(under: values.string()))
      }
      return "\(DataError(path: values.string(), reason: values.string()))"
    },
    Row(
      "Checkpoint.init(_:_:)", "Checkpoint.set(_:as:)", "Checkpoint.value(_:of:)",
      "Checkpoint.write(to:)", "Checkpoint.init(contentsOf:)", "Checkpoint.restore(_:_:)"
    ) { values in
      let model = Linear(2, values.size())
      let optimizer = SGD(model, rate: 0.1)
      var checkpoint = try Checkpoint(model, optimizer)
      try? checkpoint.set(values.double(), as: values.string())
      _ = try? checkpoint.value([Int].self, of: values.string())
      try withFile(values.bytes(), "a.safetensors") { path in
        _ = try? Checkpoint(contentsOf: path)
        try checkpoint.write(to: path)
        try? Checkpoint(contentsOf: path).restore(Linear(2, 3), optimizer)
      }
      return model.weight
    },
  ]
}
