import ArgumentParser
import Blitz
import BlitzData

/// The settings of `blitz train`. Each is written once, here: its name, its help, its default, what
/// it may be and how it is recorded; the order is that of the help and of reports.
struct TrainSettings: Sendable {
  static let shared = TrainSettings()

  /// The name of the one that other programs call so.
  static func name(alsoCalled other: String) -> String? {
    all.first { $0.alsoCalled.contains(other) }?.name
  }

  /// All of them.
  static let all = Mirror(reflecting: shared).children.compactMap { $0.value as? any AnySetting }

  let data = Setting(
    "data",
    alsoCalled: ["dataset"],
    help: ArgumentHelp(
      """
      What to learn: 'digits' (handwritten digits, built in; the default), 'random' (the setting \
      of the original page), 'mnist' (larger digits), 'fashion-mnist' (clothes and shoes) and \
      'cifar-10' (photographs), which blitz download fetches, 'spirals' and 'iris' (points and \
      flowers, built in), a CSV file or other table of text with a label in the last column, or a \
      folder that has a folder of images for each class.
      """, valueName: DataName.valueName),
    record: .free, default: { _ in DataName.digits.rawValue }
  ) { data, _ in
    try require(!data.isEmpty, "--data is empty; it takes \(DataName.all)")
  }

  let dataDir = Setting(
    "data-dir", String.self,
    alsoCalled: ["data-root", "root"],
    help: ArgumentHelp(
      "The folder of the files of \(DataName.withFiles). (default: where blitz download or Debian "
        + "puts them)", valueName: "DIR"),
    record: .free
  ) { folder, experiment in
    try require(!folder.isEmpty, "--data-dir is empty; it takes the name of a folder")
    try require(
      experiment.dataName?.hasFiles ?? false,
      "--data-dir is for --data \(DataName.withFiles); "
        + (DataName.meant(by: experiment.data) ?? "--data \(experiment.data) needs none")
    )
  }

  let label = Setting(
    "label", String.self,
    help: ArgumentHelp(
      "A table's column to be told: its name, or its number from 1. (default: the last)",
      valueName: "NAME")
  ) { label, experiment in
    try experiment.requireTable("label")
    try require(!label.isEmpty, "--label is empty; it takes a column's name or its number from 1")
  }

  let header = Setting(
    "header", HeaderChoice.self,
    help: "Whether the first row of a table holds names. (default: as the rows look)"
  ) { _, experiment in try experiment.requireTable("header") }

  let missing = Setting(
    "missing", CSV.Missing.self,
    help: """
      Rows of a table with an empty cell: refuse them, leave them out, or fill in the mean of \
      the column. (default: refuse)
      """
  ) { _, experiment in try experiment.requireTable("missing") }

  let model = Setting(
    "model",
    alsoCalled: ["arch", "net", "network"],
    help: """
      The network: 'two-layer' (the page's), 'mlp' (linear layers with ReLU between) or 'conv' \
      (two convolutions with pooling, then two linear layers). (default: two-layer; mlp for \
      mnist, fashion-mnist, cifar-10, spirals and folders)
      """,
    default: { $0.isLarge || $0.dataName == .spirals ? ModelKind.mlp : .twoLayer }
  ) { model, experiment in
    try model.definition.check(experiment)
  }

  let hidden = Setting(
    "hidden",
    alsoCalled: ["hidden-dim", "hidden-size", "hidden-units"],
    help: """
      Units of the hidden layer; for mlp also a list, 256,128. (default: two-layer 100, mlp 256, \
      conv 128)
      """,
    default: { HiddenSizes([$0.model.definition.hidden]) }
  ) { hidden, _ in
    for size in hidden.sizes {
      try require(1...1_000_000 ~= size, "--hidden is \(size); it takes 1 to 1000000")
    }
    try require(hidden.sizes.count <= 100, "--hidden has \(hidden.sizes.count) sizes, at most 100")
  }

  let bias = Setting(
    "bias", help: "Add a bias to both layers of the two-layer network.",
    default: { $0.model.definition.hasBias })

  let dropout = Setting(
    "dropout",
    alsoCalled: ["drop", "dropout-rate"],
    help: "The share of hidden units that each training step leaves out. (default: 0)",
    default: { _ in 0.0 }
  ) { dropout, _ in
    try require(
      dropout >= 0 && dropout < 1, "--dropout is \(dropout); it takes 0 or more, below 1")
  }

  let loss = Setting(
    "loss",
    alsoCalled: ["criterion", "loss-function"],
    help: """
      What to minimise; mse learns a table's label as a number. (default: two-layer squared-error, \
      others cross-entropy)
      """,
    default: { $0.dataName == .random ? TrainingLoss.squaredError : $0.model.definition.loss }
  ) { loss, experiment in
    try require(
      experiment.dataName != .random || loss == .squaredError,
      "--data random has numbers for targets, no classes; it takes --loss squared-error")
    try require(
      loss != .mse || experiment.isTable,
      "--loss mse is for a table whose label is a number; --data \(experiment.data) has classes: "
        + "it takes --loss cross-entropy or squared-error")
  }

  let optimizer = Setting(
    "optimizer",
    alsoCalled: ["optim", "optimiser"],
    help: "How gradients change the weights. (default: two-layer sgd, others adam)",
    default: { $0.model.definition.optimizer })

  let rate = Setting(
    "rate",
    alsoCalled: ["learning-rate", "lr"],
    help: """
      Learning rate. (default: adam, adamw and rmsprop 0.001; sgd on digits 0.05, or 0.5 with \
      cross-entropy; on CSV 0.01, or 0.1; on random 1e-6)
      """,
    default: { $0.standardRate }
  ) { rate, _ in
    try require(rate.isFinite && rate > 0, "--rate is \(rate); it takes a number above 0")
  }

  let schedule = Setting(
    "schedule",
    alsoCalled: ["lr-schedule", "lr-scheduler", "scheduler"],
    help: """
      How the rate changes over the run. (default: constant; mnist, fashion-mnist, cifar-10 and \
      folders cosine)
      """,
    // A short run on much data ends better with small steps: half a percent more of Fashion-MNIST
    // is told right, and seeds differ less.
    default: { $0.isLarge ? ScheduleKind.cosine : .constant })

  let weightDecay = Setting(
    "weight-decay",
    alsoCalled: ["decay", "l2", "wd"],
    help: """
      Weight decay: adds this times the weights to the gradient; adamw and lion take it off the \
      weights themselves. Biases do not decay. (default: 0; adamw 0.01)
      """,
    default: { $0.optimizer == .adamw ? 0.01 : 0.0 }
  ) { decay, _ in
    try require(
      decay.isFinite && decay >= 0, "--weight-decay is \(decay); it takes 0 or a number above")
  }

  let clip = Setting(
    "clip", Double.self,
    alsoCalled: ["clip-grad-norm", "clip-norm", "max-grad-norm", "max-norm"],
    help: "Scale the gradients so that their norm is at most this. (default: as they are)"
  ) { clip, _ in
    try require(clip.isFinite && clip > 0, "--clip is \(clip); it takes a number above 0")
  }

  let accumulate = Setting(
    "accumulate",
    alsoCalled: ["accumulate-grad-batches", "accumulation-steps", "gradient-accumulation-steps"],
    help: "Add up the gradients of so many batches for each update. (default: 1)",
    default: { _ in 1 }
  ) { count, _ in
    try require(1...100_000 ~= count, "--accumulate is \(count); it takes 1 to 100000")
  }

  let batch = Setting(
    "batch",
    alsoCalled: ["batch-size", "bs"],
    help: """
      Rows per batch. (default: 16; random 64; mnist, fashion-mnist, cifar-10 and folders 128)
      """,
    default: { $0.dataName == .random ? 64 : $0.isLarge ? 128 : 16 }
  ) { batch, _ in
    try require(batch >= 1, "--batch is \(batch); it takes 1 or more")
  }

  let epochs = Setting(
    "epochs",
    alsoCalled: ["max-epochs", "n-epochs", "num-epochs"],
    help: """
      Passes over the data. (default: 60; random 500; spirals 200; mnist, fashion-mnist, cifar-10 \
      and folders 5)
      """,
    record: .free,
    default: {
      $0.dataName == .random ? 500 : $0.isLarge ? 5 : $0.dataName == .spirals ? 200 : 60
    }
  ) { epochs, _ in
    try require(1...1_000_000 ~= epochs, "--epochs is \(epochs); it takes 1 to 1000000")
  }

  let seed = Setting(
    "seed",
    alsoCalled: ["manual-seed", "random-seed", "random-state"],
    help: """
      Seed of the weights, the split and the order, which makes a run again. (default: \
      BLITZ_SEED, or one of the system's, which is told)
      """,
    default: { _ in Generator.shared.initialSeed })

  let augment = Setting(
    "augment",
    alsoCalled: ["augmentation"],
    help: "Move training images by up to 2 pixels, and mirror every other.",
    default: { _ in false }
  ) { isAugmented, experiment in
    try require(
      !isAugmented || experiment.dataName?.isImages ?? true,
      "--augment moves and mirrors images; --data \(experiment.data) has none")
  }

  let checkGradients = Setting(
    "check-gradients",
    alsoCalled: ["gradcheck"],
    help: "Compare the gradients with finite differences before training.",
    default: { _ in false })

  let precision = Setting(
    "precision",
    alsoCalled: ["amp", "dtype"],
    help: """
      What matrix products compute in: 'bfloat16' and 'float16' (with a loss scaler) take half the \
      memory; weights and sums stay float32. (default: float32)
      """,
    default: { _ in Precision.float32 })

  let device = Setting(
    "device", help: Device.argumentHelp, record: .free, default: { _ in "cpu" })

  let devices = Setting(
    "devices",
    alsoCalled: ["gpus", "num-gpus", "ngpu"],
    help: "How many devices share each batch, from the one that --device names on. (default: 1)",
    record: .free, default: { _ in 1 }
  ) { count, experiment in
    try require(1...4096 ~= count, "--devices is \(count); it takes 1 to 4096")
    try require(
      count == 1 || experiment.device != "cpu",
      "--devices \(count) shares the work of accelerators; --device cpu is one device: it takes "
        + "--device cuda or xla:NAME")
    try require(
      experiment.batch % count == 0,
      "--devices \(count) cannot share batches of \(experiment.batch) rows evenly; it takes a "
        + "--batch that \(count) divides")
  }

  let tensorboard = Setting(
    "tensorboard", String.self,
    alsoCalled: ["log-dir", "logdir"],
    help: ArgumentHelp("Write event files for TensorBoard to this folder.", valueName: "DIR"),
    record: .free
  ) { folder, _ in
    try require(!folder.isEmpty, "--tensorboard is empty; it takes the name of a folder")
  }

  let out = Setting(
    "out", String.self,
    alsoCalled: ["output", "output-dir", "save", "save-dir"],
    help: ArgumentHelp("Write model, curve and figures to this folder.", valueName: "DIR"),
    record: .omitted
  ) { folder, _ in
    try require(!folder.isEmpty, "--out is empty; it takes the name of a folder")
  }

  let overwrite = Setting(
    "overwrite", help: "Replace what an --out folder has of another run.", record: .omitted,
    default: { _ in false })

  let json = Setting(
    "json", help: "Print one JSON object a line, for programs.", record: .omitted,
    default: { _ in false })
}
