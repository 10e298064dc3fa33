import Blitz
import Foundation

/// The training that the page plays with: one for all pages that are open.
public actor Studio {
  /// What the controls say.
  public private(set) var settings = Settings()
  /// The user's own data, if there is some.
  private var table: PlayTable?
  private var data: PlayData
  private var network: Network
  /// Draws data, weights and batches, one after the other as the program that is shown does.
  private var generator: Generator
  /// The newest picture.
  public private(set) var frame: Frame
  private var curve: [[Double?]] = []
  private var curveStride = 1
  private var listeners: [Int: AsyncStream<Data>.Continuation] = [:]
  private var listenerCount = 0
  private var training: Task<Void, Never>?

  /// A network that has not learned anything yet.
  public init() throws {
    let settings = Settings()
    (data, network, generator) = try Studio.begun(settings, nil)
    frame = Frame(
      version: 1, step: 0, isTraining: false, loss: [], accuracy: [], classes: Data(),
      certainty: Data(), neurons: [], weights: [], biases: [])
    try Studio.picture(network, data, into: &frame)
    curve = [[0] + frame.loss]
  }

  private static func begun(
    _ settings: Settings, _ table: PlayTable?
  ) throws -> (PlayData, Network, Generator) {
    let generator = Generator(seed: UInt64(settings.seed))
    let data = try PlayData(settings, table: table, generator: generator)
    return (data, Network(settings, data, generator: generator), generator)
  }

  private static func picture(
    _ network: Network, _ data: PlayData, into frame: inout Frame
  ) throws {
    let figures = [try network.figures(data.training), try network.figures(data.test)]
    frame.loss = figures.map { $0.loss.isFinite ? $0.loss : nil }
    frame.accuracy = figures.map(\.accuracy)
    try network.draw(data, into: &frame)
  }

  // MARK: - What the page asks for

  /// All that a page needs to begin: settings, points, curves, code.
  public struct State: Sendable, Encodable {
    var version: Int
    var settings: Settings
    /// Nil if numbers are learned.
    var classCount: Int?
    /// The table's name and columns, if there is one.
    var table: String?
    var columns: [String]
    var inputSize: Int
    var reach: Float
    var trainingPoints: [[Float]]
    var testPoints: [[Float]]
    /// Step, training loss and test loss.
    var curve: [[Double?]]
    /// For each control the Swift code that does the same.
    var code: [String: String]
    var program: String
    var frame: Frame
  }

  /// What there is now.
  public var state: State {
    State(
      version: frame.version, settings: settings, classCount: data.classCount,
      table: table?.name, columns: table?.columns ?? [], inputSize: data.inputSize,
      reach: PlayData.reach, trainingPoints: data.trainingPoints, testPoints: data.testPoints,
      curve: curve, code: code.controls, program: code.program, frame: frame)
  }

  private var code: SwiftCode {
    SwiftCode(settings, outputs: data.outputSize, table: settings.data == .table ? table : nil)
  }

  /// The program that is shown, with the lines of each control, for the tests that compile it.
  public var everyControl: String { code.everyControl }

  /// Takes a table, and begins with it.
  ///
  /// - Throws: ``Refusal`` if it is none; what there is stays.
  public func take(table text: Data) throws {
    guard !text.isEmpty else { throw Refusal("the table is empty") }
    let table: PlayTable
    do {
      table = try PlayTable(Array(text), name: "table.csv")
    } catch let error as DataError {
      throw Refusal(error.description)
    }
    var new = settings
    (new.data, new.columnX, new.columnY) = (.table, 1, 2)
    try begin(new, table)
    publish()
  }

  /// Puts a number in the place of a weight: `{"layer": 0, "neuron": 1, "input": 2, "value": 0.5}`;
  /// the bias is input -1.
  public func setWeight(by json: Data) throws {
    let object = try FlatObject(json)
    let (layer, neuron) = (
      try object.count("layer", in: 0...100), try object.count("neuron", in: 0...100)
    )
    let input = try object.count("input", in: -1...100)
    guard case .number(let value) = object.values.first(where: { $0.name == "value" })?.value,
      abs(value) <= 100
    else { throw Refusal("value is no number; give one from -100 to 100") }
    try network.set(layer: layer, neuron: neuron, input: input < 0 ? nil : input, to: value)
    try Studio.picture(network, data, into: &frame)
    publish()
  }

  /// The loss of the examples that are learned from, around the weights as they are.
  public func surface() throws -> Surface {
    try network.surface(data.training)
  }

  /// Does what controls were set to: a new rate goes on with the weights, a new network does not.
  public func change(by json: Data) throws {
    let new = try settings.changed(by: json)
    if new == settings { return }
    if new.startsAnew(after: settings) {
      try begin(new, table)
    } else {
      if new.optimizer != settings.optimizer || new.regularisation != settings.regularisation
        || new.lasso != settings.lasso
      {
        network = Network(new, from: network)
      }
      network.rate = new.rate
      settings = new
      frame.version += 1
    }
    publish()
  }

  /// Draws data and weights anew.
  public func reset() throws {
    try begin(settings, table)
    publish()
  }

  private func begin(_ new: Settings, _ table: PlayTable?) throws {
    let (data, network, generator) = try Studio.begun(new, table)
    var next = frame
    next.version += 1
    next.step = 0
    next.message = nil
    try Studio.picture(network, data, into: &next)
    (settings, self.table, self.data, self.network, self.generator, frame) = (
      new, table, data, network, generator, next
    )
    curve = [[0] + frame.loss]
    curveStride = 1
  }

  /// Makes one step, or several before the next picture.
  public func make(steps: Int = 1) {
    pause()
    advance(steps)
    publish()
  }

  /// Goes on until ``pause()``, with at most 30 pictures a second.
  public func train() {
    guard training == nil else { return }
    frame.isTraining = true
    frame.message = nil
    training = Task {
      let clock = ContinuousClock()
      while !Task.isCancelled {
        let next = clock.now + .milliseconds(34)
        guard !Task.isCancelled else { return }
        advance(settings.speed)
        publish()
        try? await clock.sleep(until: next)
      }
    }
  }

  /// Stops after the step that is being made.
  public func pause() {
    training?.cancel()
    training = nil
    frame.isTraining = false
    publish()
  }

  /// Pictures, the newest one first to whoever is slow, until the reader ends.
  public func pictures() -> AsyncStream<Data> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Data.self, bufferingPolicy: .bufferingNewest(1))
    listenerCount += 1
    let number = listenerCount
    listeners[number] = continuation
    continuation.onTermination = { _ in Task { await self.forget(number) } }
    if let picture = encoded { continuation.yield(picture) }
    return stream
  }

  /// How many read pictures.
  public var readerCount: Int { listeners.count }

  private func forget(_ number: Int) { listeners[number] = nil }

  // MARK: - Training

  private func advance(_ steps: Int) {
    do {
      for _ in 0..<steps {
        let loss = try network.learn(nextBatch())
        frame.step += 1
        guard loss.isFinite else {
          return stop(
            "the loss is not finite any more after step \(frame.step): choose a lower "
              + "rate and reset")
        }
      }
      try Studio.picture(network, data, into: &frame)
      remember()
    } catch {
      stop("\(error)")
    }
  }

  private func stop(_ reason: String) {
    training?.cancel()
    training = nil
    frame.isTraining = false
    frame.message = reason
    frame.loss = [nil, nil]
  }

  /// Keeps the curve below a thousand points: every other one goes when there are more.
  private func remember() {
    guard frame.step % curveStride == 0 || settings.speed >= curveStride else { return }
    curve.append([Double(frame.step)] + frame.loss)
    if curve.count > 1000 {
      curve = curve.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      curveStride *= 2
    }
  }

  private func nextBatch() -> (inputs: Tensor, labels: Tensor) {
    let count = data.training.inputs.shape[0]
    guard settings.batch > 0, settings.batch < count else { return data.training }
    let rows = Tensor.randperm(count, generator: generator)[..<settings.batch]
    return (data.training.inputs[rows], data.training.labels[rows])
  }

  // MARK: - Pictures

  private var encoded: Data? { try? JSONEncoder().encode(frame) }

  private func publish() {
    guard !listeners.isEmpty, let picture = encoded else { return }
    for listener in listeners.values { listener.yield(picture) }
  }
}
