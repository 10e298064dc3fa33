import BlitzProcesses
import BlitzTensor

/// Adds numbers up over the processes that train one model together, each on its rows of every
/// batch.
///
/// `Ring` does it over TCP, `MPIExchange` of the module BlitzMPI over MPI. All processes make the
/// same calls in the same order.
public protocol GradientExchange: Sendable {
  /// This process's place, from 0.
  var process: Int { get }
  /// How many processes there are.
  var processCount: Int { get }
  /// Replaces each number by its sum over all processes, the same bits on all of them.
  ///
  /// - Throws: `ProcessError` if a process is lost.
  func sum(_ numbers: UnsafeMutableBufferPointer<Float>) throws(ProcessError)
  /// What adding up has cost so far.
  var total: ExchangeTraffic { get }
}

extension Ring: GradientExchange {}

extension GradientExchange {
  /// The sums of a few numbers over all processes.
  public func sum(_ numbers: [Float]) throws(ProcessError) -> [Float] {
    var numbers = numbers
    try sum(&numbers)
    return numbers
  }

  /// Replaces each number by its sum over all processes.
  public func sum(_ numbers: inout [Float]) throws(ProcessError) {
    try numbers.withUnsafeMutableBufferPointer { (buffer) throws(ProcessError) in
      try sum(buffer)
    }
  }

  /// The rows of a batch that are this process's: as many as the others have, or one fewer.
  ///
  /// - Parameter count: the rows of the batch.
  /// - Returns: none if there are fewer rows than processes and this process's turn is passed by.
  public func rows(of count: Int) -> Range<Int> {
    process * count / processCount..<(process + 1) * count / processCount
  }

  /// Gives all processes the parameters and buffers of process 0.
  ///
  /// - Throws: `ProcessError`; `TensorError` if a tensor carries an error.
  public func shareState(of model: any Module) throws {
    let buffers = model.buffers.filter { $0.buffer.wrappedValue.dtype.isFloating }
    var values = model.parameters.map { $0.parameter.value.detached() }
    values += buffers.map(\.buffer.wrappedValue)
    try eval(values)
    var numbers = try values.flatMap { try $0.cast(to: .float32).scalars(as: Float.self) }
    // Zeros from all others: adding them changes no number.
    if process != 0 { numbers = [Float](repeating: 0, count: numbers.count) }
    try sum(&numbers)
    guard process != 0 else { return }
    var shared = Pieces(numbers)
    for (_, parameter) in model.parameters {
      parameter.value = shared.next(like: parameter.value)
    }
    for (_, buffer) in buffers { buffer.wrappedValue = shared.next(like: buffer.wrappedValue) }
  }
}

extension Optimizer {
  /// Replaces each gradient by its sum over all processes: between `backward()` and `step()`.
  ///
  ///     let rows = exchange.rows(of: batch.count)
  ///     let loss = crossEntropy(logits: model(x[rows]), labels: y[rows])
  ///     try (loss * (Double(rows.count) / Double(batch.count))).backward()
  ///     try optimizer.exchangeGradients(exchange)
  ///     try optimizer.step()
  ///
  /// With the mean loss of each process weighted by its share of the rows, the sums are the
  /// gradients of the whole batch's mean loss, up to rounding. What a model computes from a batch
  /// as a whole is of each process's own rows: the statistics of batch normalisation, the masks of
  /// dropout.
  ///
  /// The gradients are computed here, and travel as float32.
  ///
  /// - Parameter exchange: what connects the processes.
  /// - Parameter numbers: a few more that are added up on the way, such as the loss.
  /// - Returns: their sums.
  /// - Throws: `ProcessError` if a process is lost; `TensorError` for float64 parameters, which
  ///   would lose digits, parameters without a gradient, or what went wrong while computing.
  @discardableResult
  public func exchangeGradients(
    _ exchange: any GradientExchange, adding numbers: [Float] = []
  ) throws -> [Float] {
    try checkGradients()
    let leaves = slots.map { (name: $0.name, tensor: $0.parameter.value) }
      .filter(\.tensor.hasGrad)
    if let wide = leaves.first(where: { $0.tensor.dtype == .float64 }) {
      throw TensorError(
        name, "the gradient of \(wide.name) is float64; gradients are exchanged as float32",
        operands: [("parameter", wide.tensor.signature)], help: "cast the model to float32")
    }
    let gradients = noGrad { leaves.map { $0.tensor.grad.cast(to: .float32) } }
    try eval(unreadLosses() + gradients)
    var sums: [Float] = []
    sums.reserveCapacity(gradients.reduce(numbers.count) { $0 + $1.elementCount })
    for gradient in gradients { sums += try gradient.scalars(as: Float.self) }
    sums += numbers
    try exchange.sum(&sums)
    var pieces = Pieces(sums)
    for (_, var tensor) in leaves { tensor.grad = pieces.next(like: tensor) }
    return Array(sums.suffix(numbers.count))
  }
}

/// Takes tensors from an array, one after the other.
private struct Pieces {
  private let numbers: [Float]
  private var place = 0

  init(_ numbers: [Float]) { self.numbers = numbers }

  mutating func next(like tensor: Tensor) -> Tensor {
    defer { place += tensor.elementCount }
    return Tensor(
      Array(numbers[place..<place + tensor.elementCount]), shape: tensor.shape,
      device: tensor.device
    ).cast(to: tensor.dtype)
  }
}
