import BlitzData

extension Experiment {
  /// Finds values out of range and settings that do not go together, before anything is read.
  func check() throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw RunFailure.argument(message) }
    }
    for size in hidden.sizes {
      try require(1...1_000_000 ~= size, "--hidden is \(size); it takes 1 to 1000000")
    }
    try require(
      model == .mlp || hidden.sizes.count == 1,
      "--hidden is \(hidden); --model \(model.rawValue) takes one size, --model mlp a list")
    try require(hidden.sizes.count <= 100, "--hidden has \(hidden.sizes.count) sizes, at most 100")
    try require(batch >= 1, "--batch is \(batch); it takes 1 or more")
    try require(1...1_000_000 ~= epochs, "--epochs is \(epochs); it takes 1 to 1000000")
    try require(rate.isFinite && rate > 0, "--rate is \(rate); it takes a number above 0")
    try require(
      weightDecay.isFinite && weightDecay >= 0,
      "--weight-decay is \(weightDecay); it takes 0 or a number above")
    try require(
      dropout >= 0 && dropout < 1, "--dropout is \(dropout); it takes 0 or more, below 1")
    if let clip {
      try require(clip.isFinite && clip > 0, "--clip is \(clip); it takes a number above 0")
    }
    try require(
      1...100_000 ~= accumulate, "--accumulate is \(accumulate); it takes 1 to 100000")
    try require(1...4096 ~= devices, "--devices is \(devices); it takes 1 to 4096")
    try require(
      devices == 1 || device != "cpu",
      "--devices \(devices) shares the work of accelerators; --device cpu is one device: it takes "
        + "--device cuda or xla:NAME")
    try require(
      batch % devices == 0,
      "--devices \(devices) cannot share batches of \(batch) rows evenly; it takes a --batch that "
        + "\(devices) divides")
    try require(
      !data.isEmpty, "--data is empty; it takes \(DataName.all)")
    try require(
      tensorboard != "", "--tensorboard is empty; it takes the name of a folder")
    try require(dataDir != "", "--data-dir is empty; it takes the name of a folder")
    try require(
      dataDir == nil || data == DataName.fashionMNIST.rawValue,
      "--data-dir is for --data fashion-mnist; --data \(data) is found without it")
    try require(
      data != DataName.random.rawValue || loss == .squaredError,
      "--data random has numbers for targets, no classes; it takes --loss squared-error")
    let isTable = DataName(rawValue: data) == nil && !DataName.isFolder(data)
    for (name, isGiven) in [
      ("header", header != nil), ("label", label != nil), ("missing", missing != nil),
    ] {
      try require(isTable || !isGiven, "--\(name) is for tables; --data \(data) is none")
    }
    try require(label != "", "--label is empty; it takes a column's name or its number from 1")
    try require(
      loss != .mse || isTable,
      "--loss mse is for a table whose label is a number; --data \(data) has classes: it takes "
        + "--loss cross-entropy or squared-error")
    try require(
      model != .twoLayer || dropout == 0,
      "--model two-layer has no dropout; it takes --model mlp or conv")
    try require(
      model == .twoLayer || bias, "--bias is for --model two-layer; the others always have it")
    if let name = DataName(rawValue: data), !name.isImages {
      try require(
        model != .conv,
        "--model conv takes images, not --data \(data); it takes --model two-layer or mlp")
      try require(!augment, "--augment moves and mirrors images; --data \(data) has none")
    }
  }
}
