import ArgumentParser
import Blitz
import BlitzData
import BlitzSystem
import BlitzXLA

/// `blitz train`: a network learns to tell classes apart.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network and watch it learn.",
    discussion: """
      By default a network with one hidden layer, relu(x w1) w2, learns handwritten digits by \
      plain gradient descent on batches. A fifth of the rows is held out (Fashion-MNIST has a test \
      set), and the test accuracy is measured on it; the training accuracy on 10000 rows at most.

      With --out DIR the weights are written to model.safetensors, every epoch's figures to \
      metrics.csv, the curves to curve.svg, all of it as a page to report.html, the settings to \
      config.json and, while training goes on, its state to checkpoint.safetensors. Ctrl-C stops \
      early and still writes them; --resume DIR goes on as if nothing had happened.

      Without --seed every run draws other numbers; it says which seed makes it again.
      """)

  @OptionGroup var options: TrainOptions

  @Option(
    help: ArgumentHelp(
      "Read options from a JSON file, by their long names; the command line goes first.",
      valueName: "FILE.json"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Go on with the run that was stopped in this --out folder. --epochs may be changed.",
      valueName: "DIR"))
  var resume: String?

  func run() throws {
    let choices = try mergedChoices()
    var experiment = try Experiment(choices)
    if experiment.devices > 1 {
      // A CPU plugin asks how many devices to make of the processor when it starts.
      XLA.hostDeviceCount = max(XLA.hostDeviceCount, experiment.devices)
    }
    let device = try Device.requested(experiment.device)
    let job = try TrainingJob.joined()
    if let job { experiment = experiment.seeded(try job.shared(seed: experiment.seed)) }
    // One process of a job prints and writes.
    let isFirst = job?.isFirst ?? true
    // Before training, not after: an hour's work should not end in an unwritable folder.
    let files = try isFirst ? experiment.out.map { try RunFolder(preparing: $0) } : nil
    if resume == nil { try files?.begin(replacing: experiment.overwrite) }
    Interrupt.install()
    let generator = Generator(seed: experiment.seed)
    let trainer = try Trainer(
      experiment, DataSplit.load(experiment, generator: generator), device: device,
      generator: generator, exchange: job?.exchange)
    if let resume { try trainer.restore(RunFolder(existing: resume).checkpointPath) }
    try trainer.shareState()
    try files?.write(experiment)
    if isFirst {
      try TrainingRun(
        trainer: trainer, files: files, isResumed: resume != nil, isSeedNamed: choices.seed != nil,
        job: job
      ).run()
    } else {
      try trainer.run(
        shouldStop: { Interrupt.isRequested }, onStep: { _ in }, onEpoch: { _ in })
    }
    job?.end()
  }

  /// What the command line says, over what a file says.
  private func mergedChoices() throws -> Choices {
    let typed = options.choices
    guard let resume else { return typed.over(try config.map(ConfigFile.read) ?? Choices()) }
    guard config == nil, typed.out == nil else {
      throw RunFailure.argument(
        "--resume takes the settings from its folder and writes there; "
          + "leave \(config == nil ? "--out" : "--config") out")
    }
    let folder = RunFolder(existing: resume)
    for path in [folder.configPath, folder.checkpointPath] where !FileSystem.exists(path) {
      throw RunFailure.run(
        "\(resume): there is no run to resume: it has no \(path.dropFirst(resume.count + 1)); "
          + "name a folder that blitz train --out has written")
    }
    let stored = try ConfigFile.read(folder.configPath)
    // Where and how long may change; what is computed may not.
    for (setting, text) in typed.entries where setting.record == .fixed {
      let known = stored[setting.name]?.text
      guard known != text else { continue }
      throw RunFailure.argument(
        "--\(setting.name) is \(text), the run in \(resume) has \(known ?? "none"); "
          + "--resume goes on with its settings: leave --\(setting.name) out")
    }
    var choices = typed.over(stored)
    choices.out = resume
    return choices
  }
}
