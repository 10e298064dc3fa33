import ArgumentParser
import Blitz
import BlitzData

/// The options of `blitz train`, as they are written on the command line.
struct TrainOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What to learn: 'digits' (handwritten digits, built in; the default), 'random' (the setting \
      of the original page), 'fashion-mnist' (clothes and shoes), 'spirals' and 'iris' (points and \
      flowers, built in), a CSV file or other table of text with a label in the last column, or a \
      folder that has a folder of images for each class.
      """, valueName: "digits|random|fashion-mnist|spirals|iris|FILE.csv|DIR"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Where Fashion-MNIST's four files are. (default: where Debian puts them)", valueName: "DIR"))
  var dataDir: String?

  @Option(
    help: ArgumentHelp(
      "A table's column to be told: its name, or its number from 1. (default: the last)",
      valueName: "NAME"))
  var label: String?

  @Option(help: "Whether the first row of a table holds names. (default: as the rows look)")
  var header: HeaderChoice?

  @Option(
    help: """
      Rows of a table with an empty cell: refuse them, leave them out, or fill in the mean of \
      the column. (default: refuse)
      """)
  var missing: CSV.Missing?

  @Option(
    help: """
      The network: 'two-layer' (the page's), 'mlp' (linear layers with ReLU between) or 'conv' (two \
      convolutions with pooling, then two linear layers). (default: two-layer; mlp for \
      fashion-mnist, spirals and folders)
      """)
  var model: ModelKind?

  @Option(
    parsing: .unconditional,
    help: """
      Units of the hidden layer; for mlp also a list, 256,128. (default: two-layer 100, mlp 256, \
      conv 128)
      """)
  var hidden: HiddenSizes?

  @Flag(help: "Add a bias to both layers of the two-layer network.")
  var bias = false

  @Option(
    parsing: .unconditional,
    help: "The share of hidden units that each training step leaves out. (default: 0)")
  var dropout: Double?

  @Option(
    help: """
      What to minimise; mse learns a table's label as a number. (default: two-layer squared-error, \
      others cross-entropy)
      """)
  var loss: TrainingLoss?

  @Option(help: "How gradients change the weights. (default: two-layer sgd, others adam)")
  var optimizer: OptimizerKind?

  @Option(
    parsing: .unconditional,
    help: """
      Learning rate. (default: adam, adamw and rmsprop 0.001; sgd on digits 0.05, or 0.5 with \
      cross-entropy; on CSV 0.01, or 0.1; on random 1e-6)
      """)
  var rate: Double?

  @Option(
    help: "How the rate changes over the run. (default: constant; fashion-mnist and folders cosine)"
  )
  var schedule: ScheduleKind?

  @Option(
    parsing: .unconditional,
    help: """
      Weight decay: adds this times the weights to the gradient; adamw and lion take it off the \
      weights themselves. Biases do not decay. (default: 0; adamw 0.01)
      """)
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: "Scale the gradients so that their norm is at most this. (default: as they are)")
  var clip: Double?

  @Option(
    parsing: .unconditional,
    help: "Add up the gradients of so many batches for each update. (default: 1)")
  var accumulate: Int?

  @Option(
    parsing: .unconditional,
    help: "Rows per batch. (default: 16; random 64; fashion-mnist and folders 128)")
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: """
      Passes over the data. (default: 60; random 500; spirals 200; fashion-mnist and folders 5)
      """)
  var epochs: Int?

  @Option(
    parsing: .unconditional, help: "Seed of the weights, the split and the order. (default: 0)")
  var seed: UInt64?

  @Flag(help: "Move training images by up to 2 pixels, and mirror every other.")
  var augment = false

  @Flag(help: "Compare the gradients with finite differences before training.")
  var checkGradients = false

  @Option(
    help: """
      What matrix products compute in: 'bfloat16' and 'float16' (with a loss scaler) take half the \
      memory; weights and sums stay float32. (default: float32)
      """)
  var precision: Precision?

  @Option(help: Device.argumentHelp)
  var device: String?

  @Option(
    help: "How many devices share each batch, from the one that --device names on. (default: 1)")
  var devices: Int?

  @Option(help: ArgumentHelp("Write event files for TensorBoard to this folder.", valueName: "DIR"))
  var tensorboard: String?

  @Option(help: ArgumentHelp("Write model, curve and figures to this folder.", valueName: "DIR"))
  var out: String?

  @Flag(help: "Print one JSON object a line, for programs.")
  var json = false

  /// What was written; a flag that was not is left to others.
  var choices: Choices {
    Choices(
      data: data, dataDir: dataDir, header: header, label: label, missing: missing, model: model,
      hidden: hidden, bias: bias ? true : nil,
      dropout: dropout, loss: loss, optimizer: optimizer, rate: rate, schedule: schedule,
      weightDecay: weightDecay, clip: clip, accumulate: accumulate, batch: batch, epochs: epochs,
      seed: seed, augment: augment ? true : nil, checkGradients: checkGradients ? true : nil,
      precision: precision, device: device, devices: devices,
      tensorboard: tensorboard, out: out,
      json: json ? true : nil)
  }
}
