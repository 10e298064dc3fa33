import Blitz
import BlitzData

/// What a user has chosen, on the command line or in a file: nil is what is left to the defaults.
struct Choices: Codable, Sendable {
  var data: String?
  var dataDir: String?
  var header: HeaderChoice?
  var label: String?
  var missing: CSV.Missing?
  var model: ModelKind?
  var hidden: HiddenSizes?
  var bias: Bool?
  var dropout: Double?
  var loss: TrainingLoss?
  var optimizer: OptimizerKind?
  var rate: Double?
  var schedule: ScheduleKind?
  var weightDecay: Double?
  var clip: Double?
  var accumulate: Int?
  var batch: Int?
  var epochs: Int?
  var seed: UInt64?
  var augment: Bool?
  var checkGradients: Bool?
  var precision: Precision?
  var device: String?
  var devices: Int?
  var tensorboard: String?
  var out: String?
  var json: Bool?

  /// The options' long names, in the order in which they are told.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case data
    case dataDir = "data-dir"
    case header, label, missing
    case model, hidden, bias, dropout, loss, optimizer, rate, schedule
    case weightDecay = "weight-decay"
    case clip, accumulate, batch, epochs, seed, augment
    case checkGradients = "check-gradients"
    case precision, device, devices, tensorboard, out, json

    /// What the option takes, for messages.
    var takes: String {
      switch self {
      case .data, .dataDir, .label, .device, .tensorboard, .out: "a text"
      case .header: HeaderChoice.names
      case .missing: CSV.Missing.names
      case .model: ModelKind.names
      case .hidden: "a whole number or a list of them"
      case .loss: TrainingLoss.names
      case .optimizer: OptimizerKind.names
      case .schedule: ScheduleKind.names
      case .precision: Precision.names
      case .dropout, .rate, .weightDecay, .clip: "a number"
      case .accumulate, .batch, .epochs, .devices: "a whole number"
      case .seed: "a whole number of 0 or more"
      case .bias, .augment, .checkGradients, .json: "true or false"
      }
    }
  }

  /// These choices, and where there is none, those of a file.
  func over(_ file: Choices) -> Choices {
    Choices(
      data: data ?? file.data, dataDir: dataDir ?? file.dataDir, header: header ?? file.header,
      label: label ?? file.label, missing: missing ?? file.missing, model: model ?? file.model,
      hidden: hidden ?? file.hidden, bias: bias ?? file.bias, dropout: dropout ?? file.dropout,
      loss: loss ?? file.loss, optimizer: optimizer ?? file.optimizer, rate: rate ?? file.rate,
      schedule: schedule ?? file.schedule, weightDecay: weightDecay ?? file.weightDecay,
      clip: clip ?? file.clip, accumulate: accumulate ?? file.accumulate,
      batch: batch ?? file.batch, epochs: epochs ?? file.epochs, seed: seed ?? file.seed,
      augment: augment ?? file.augment, checkGradients: checkGradients ?? file.checkGradients,
      precision: precision ?? file.precision, device: device ?? file.device,
      devices: devices ?? file.devices,
      tensorboard: tensorboard ?? file.tensorboard,
      out: out ?? file.out, json: json ?? file.json)
  }
}
