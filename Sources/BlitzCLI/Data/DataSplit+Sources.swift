import Blitz
import BlitzData
import BlitzPlot

extension DataSplit {
  /// Reads or makes the data that an experiment names.
  ///
  /// - Parameter generator: draws random data and the split, before anything else.
  static func load(_ experiment: Experiment, generator: Generator) throws -> DataSplit {
    let path = experiment.data
    switch DataName(rawValue: path) {
    case .random: return try random(generator)
    case .digits:
      let digits = Digits()
      return try DataSplit(
        "digits", digits, classNames: digits.classNames,
        inputShape: [1, 8, 8], generator: generator)
    case .mnist:
      let data = try MNIST(directory: experiment.dataDir)
      return images(path, data.train, data.test, .mnist)
    case .fashionMNIST:
      let data = try FashionMNIST(directory: experiment.dataDir)
      return images(path, data.train, data.test, .fashionMNIST)
    case .cifar10:
      let data = try CIFAR10(directory: experiment.dataDir)
      return images(path, data.train, data.test, .cifar10)
    case .spirals:
      let spirals = try Spirals(generator: generator)
      return try DataSplit(
        path, spirals, classNames: spirals.classNames, inputShape: [2],
        table: CSV.Layout(
          names: ["x", "y"], label: "class", classNames: spirals.classNames), generator: generator)
    case .iris:
      let iris = Iris()
      return try DataSplit(
        path, iris, classNames: iris.classNames, inputShape: [4],
        table: CSV.Layout(
          names: iris.columnNames, label: "species", classNames: iris.classNames),
        isScaled: false, generator: generator)
    case nil:
      return DataName.isFolder(path)
        ? try folder(path, generator: generator) : try csv(experiment, generator: generator)
    }
  }

  /// Images that come with others for the test.
  private static func images(
    _ name: String, _ training: ImageDataset, _ test: ImageDataset, _ scaling: Scaling
  ) -> DataSplit {
    DataSplit(
      name: name, training: training, test: test,
      inputShape: Array(training.pixels.shape.dropFirst()),
      outputSize: training.classNames.count, classNames: training.classNames, scaling: scaling,
      workers: 1)
  }

  /// The original page's setting: 64 rows of 1000 random numbers and 10 random targets.
  private static func random(_ generator: Generator) throws -> DataSplit {
    // In the order of the page, so that the numbers are those of PyTorch for the seed.
    let inputs = Tensor.randn([64, 1000], generator: generator)
    let targets = Tensor.randn([64, 10], generator: generator)
    return DataSplit(
      name: "random", training: try TensorDataset(inputs, targets), inputShape: [1000],
      outputSize: 10, classNames: [])
  }

  /// A table; a fifth of its rows is held out.
  private static func csv(_ experiment: Experiment, generator: Generator) throws -> DataSplit {
    let path = experiment.data
    let isNumber = experiment.loss == .mse
    let table: CSV
    do throws(DataError) {
      table = try CSV(
        path: path,
        options: CSV.Options(
          label: experiment.label, labelIsNumber: isNumber,
          hasHeader: experiment.header.map { $0 == .yes },
          missing: experiment.missing ?? .refuse))
    } catch {
      // A slip in a name that was meant otherwise deserves a hint.
      if path.contains(".") || path.contains("/") { throw error }
      let hint = DataName.meant(by: path) ?? "--data takes \(DataName.all)"
      throw RunFailure.run("\(error); \(hint)")
    }
    var split = try DataSplit(
      path, table, classNames: table.classNames, inputShape: [table.columnCount],
      table: table.layout, isScaled: false, generator: generator)
    split.notes = table.notes
    if isNumber { split.target = try Scaling(ofLabels: split.training) }
    return split
  }

  /// A folder of images, a folder for each class; all get the size of the first.
  private static func folder(_ path: String, generator: Generator) throws -> DataSplit {
    let files = try imageFolder(path, like: nil)
    if let text = files.skippedText { writeError("\(path): \(text)\n") }
    var split = try DataSplit(
      path, files, classNames: files.classNames,
      inputShape: [files.channelCount, files.height, files.width], generator: generator)
    // A few pictures tell how light they are; reading all would take as long as an epoch.
    let count = split.training.count
    let some = (0..<min(count, 200)).map { $0 * count / min(count, 200) }
    split.scaling = try Scaling(of: Subset(split.training, indices: some))
    split.workers = 2
    return split
  }

  /// The pictures of a folder, in the shape `[channels, height, width]`, or in that of the first.
  static func imageFolder(_ path: String, like shape: [Int]?) throws -> ImageFolder {
    if let shape {
      return try ImageFolder(
        path, size: (width: shape[2], height: shape[1]), grayscale: shape[0] == 1)
    }
    let first = try ImageFolder(path)
    // One picture in colour makes all of them coloured, wherever it is.
    return try ImageFolder(
      path, size: (width: first.width, height: first.height), grayscale: first.isGrey())
  }

  /// Examples split by a random order: a fifth is held out.
  ///
  /// - Parameter isScaled: whether the inputs are used as they are. Otherwise every column is
  ///   brought to mean 0 and deviation 1 over the training rows.
  private init(
    _ name: String, _ data: some Dataset, classNames: [String], inputShape: [Int],
    table: CSV.Layout? = nil, isScaled: Bool = true, generator: Generator
  ) throws {
    let count = data.count
    guard count >= 5 else {
      throw RunFailure.run(
        "\(name): a fifth of the rows is held out, so 5 are needed at least; it has \(count)")
    }
    guard classNames.count != 1 else {
      throw RunFailure.run(
        "\(name): has one class, \(classNames[0]); at least two are needed")
    }
    let order = try Tensor.randperm(count, generator: generator).scalars(as: Int.self)
    let training = try Subset(data, indices: Array(order[(count / 5)...]))
    self.init(
      name: name, training: training, test: try Subset(data, indices: Array(order[..<(count / 5)])),
      inputShape: inputShape, outputSize: max(classNames.count, 1), classNames: classNames,
      table: table, scaling: isScaled ? nil : try Scaling(of: training))
  }
}
