import BlitzPlot
import ArgumentParser
import Blitz
import BlitzData

/// Trains, tells how it goes and leaves the files.
struct TrainingRun {
  let trainer: Trainer
  let files: RunFolder?
  let isResumed: Bool
  /// Whether the user has named the seed, and need not be told.
  let isSeedNamed: Bool
  /// The other processes that train, too.
  var job: TrainingJob?

  /// Trains to the end, or until Ctrl-C.
  ///
  /// - Throws: also the exit code that shells expect of a program that Ctrl-C ended.
  func run() throws {
    let start = ContinuousClock.now
    let isJSON = trainer.experiment.json
    let secondsBefore = trainer.progress.seconds
    let events = try trainer.experiment.tensorboard.map {
      try EventWriter(
        directory: $0, resumingAt: isResumed ? trainer.progress.epochs.count + 1 : nil)
    }
    if !isResumed, let events {
      try events.write(settings: trainer.experiment.record.told)
    }
    if isJSON { tellNotes() } else { describe() }
    if !isSeedNamed { tellSeed() }
    var report = TrainingReport(
      isJSON: isJSON, epochCount: trainer.experiment.epochs,
      batchCount: trainer.loader.batchCount, done: trainer.progress.epochs.count)
    try checkGradients(report)
    try train(&report, events)

    let evaluator = Evaluator(
      model: trainer.model, network: trainer.network, split: trainer.split, device: trainer.device)
    let hasClasses = trainer.split.hasClasses
    let test = trainer.split.test
    let assessment = try test.flatMap { hasClasses ? try evaluator.assess($0) : nil }
    let fit = try test.flatMap { hasClasses ? nil : try evaluator.fit($0) }
    let seconds = secondsBefore + (ContinuousClock.now - start) / .seconds(1)
    var written: [String]?
    if files != nil || events != nil {
      let record = try RunRecord(trainer, assessment: assessment, fit: fit, seconds: seconds)
      written = try files?.write(trainer, record: record)
      try events?.write(firstLayer: record.firstLayer, step: record.epochs.count)
    }
    let wasStopped = trainer.wasStopped || Interrupt.isRequested
    report.finish(
      trainer.progress.epochs, assessment: assessment, fit: fit, seconds: seconds,
      wasStopped: wasStopped, seed: trainer.experiment.seed, traffic: job?.exchange.total)
    if !isJSON, let written { tell("wrote \(written.joined(separator: ", "))") }
    if wasStopped {
      job?.end()
      throw ExitCode(130)
    }
  }

  private func train(_ report: inout TrainingReport, _ events: EventWriter?) throws {
    var lastWritten = ContinuousClock.now
    do {
      try trainer.run(
        shouldStop: { Interrupt.isRequested }, onStep: { report.add($0) },
        onEpoch: { epoch in
          report.add(epoch)
          try events?.write(epoch)
          // Epochs of milliseconds would wait for the disk: a second's work may be lost.
          if let files, ContinuousClock.now - lastWritten > .seconds(1) {
            try files.writeCheckpoint(trainer)
            lastWritten = .now
          }
        })
    } catch {
      report.endLine()
      throw error
    }
  }

  private func checkGradients(_ report: TrainingReport) throws {
    guard trainer.experiment.checkGradients else { return }
    let check = try GradientCheck(trainer)
    report.tell(check)
    guard check.passes else {
      throw RunFailure.run(
        "the gradient of \(check.parameterName) differs from finite differences by a relative "
          + "\(check.relativeError.scientific(1)), more than \(GradientCheck.tolerance); "
          + "please report this")
    }
  }

  /// What was decided about a table.
  private func tellNotes() {
    let notes = trainer.split.notes
    if !notes.isEmpty {
      print(JSONLine(["event": "table", "notes": .list(notes.map { .string($0) })]))
    }
  }

  /// Before anything can go wrong: a run that fails is one that somebody wants again.
  private func tellSeed() {
    let seed = trainer.experiment.seed
    if trainer.experiment.json {
      print(JSONLine(["event": "seed", "seed": .unsigned(seed)]))
    } else {
      tell("seed \(seed): --seed \(seed) makes this run again")
    }
  }

  private func describe() {
    let split = trainer.split
    for note in split.notes { tell("\(split.name): \(note)") }
    let heldOut = split.test.map { ", \($0.count) held out" } ?? ""
    tell(
      "\(split.name): \(split.training.count) rows to learn from\(heldOut); "
        + "network \(trainer.network.sizes), \(trainer.model.parameterCount) weights"
        + (job.map { "; \($0.exchange.processCount) processes" } ?? ""))
    if isResumed {
      let progress = trainer.progress
      tell("resumed after \(progress.epochs.count) epochs and \(progress.batch) batches")
    }
  }
}
