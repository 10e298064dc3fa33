/// Compiles a training step: the function runs once for each combination of shapes and
/// dtypes to record its graph, which is planned whole; further calls only run the plan.
///
///     let step = compile { (weights: inout [Tensor], batch: [Tensor]) in
///       let (loss, grads) = valueAndGradients(at: weights) { w in
///         (batch[0].matmul(w[0]).relu().matmul(w[1]) - batch[1]).square().sum()
///       }
///       for i in weights.indices { weights[i] -= 1e-6 * grads[i] }
///       return loss
///     }
///     let loss = try step(&weights, x, y)
///
/// Tensors and Swift numbers that the function captures are constants of the plan: a call after a
/// captured tensor was replaced throws, a number that changed is not seen (see
/// the page *Numbers that surprise*). Random numbers that it draws are drawn anew by every call. It
/// must not ask for numbers (`item()`, printing); its Swift control flow is that of the recording.
public func compile(
  _ function: @escaping @Sendable (inout [Tensor], [Tensor]) throws -> Tensor
) -> CompiledStep {
  CompiledStep(
    Compiled { state, inputs in
      var state = state
      let answer = try function(&state, inputs)
      return (state, [answer])
    })
}

/// Compiles a training step that reads nothing but its state and what it captures.
public func compile(
  _ function: @escaping @Sendable (inout [Tensor]) throws -> Tensor
) -> CompiledStep {
  compile { state, _ in try function(&state) }
}

/// Compiles many training steps as one: an accelerator runs them as one program, without this
/// machine in between.
///
///     let train = compile(steps: 500) { (w: inout [Tensor], batch: [Tensor]) in
///       let (loss, grads) = valueAndGradients(at: w) { w in
///         (batch[0].matmul(w[0]).relu().matmul(w[1]) - batch[1]).square().sum()
///       }
///       for i in w.indices { w[i] -= 1e-6 * grads[i] }
///       return loss
///     }
///     let losses = try train(&weights, x, y)     // [500]
///
/// Each step finds the state as the one before it left it, in the same shapes and dtypes; the inputs
/// are the same for all. Random numbers are drawn anew for each step.
///
/// - Parameter function: one step: changes the state in place, answers one tensor.
/// - Parameter steps: how many, 1 or more.
/// - Returns: a step whose answer has an axis in front, for the answers of all steps.
public func compile(
  steps: Int, _ function: @escaping @Sendable (inout [Tensor], [Tensor]) throws -> Tensor
) -> CompiledStep {
  CompiledStep(
    Compiled(steps: steps) { state, inputs in
      var state = state
      let answer = try function(&state, inputs)
      return (state, [answer])
    })
}

/// Compiles many training steps that read nothing but their state and what they capture.
public func compile(
  steps: Int, _ function: @escaping @Sendable (inout [Tensor]) throws -> Tensor
) -> CompiledStep {
  compile(steps: steps) { state, _ in try function(&state) }
}

/// Compiles a function of one tensor.
public func compile(
  _ function: @escaping @Sendable (Tensor) throws -> Tensor
) -> CompiledFunction {
  CompiledFunction(Compiled { _, inputs in ([], [try function(inputs[0])]) })
}

/// A step that was compiled with `compile(_:)`.
public struct CompiledStep: Sendable {
  private let compiled: Compiled
  fileprivate init(_ compiled: Compiled) { self.compiled = compiled }

  /// Runs the step.
  ///
  /// - Parameters:
  ///   - state: tensors that the step changes; where nobody else holds them, in place.
  ///   - inputs: further tensors that it reads.
  /// - Returns: the step's answer, computed.
  /// - Throws: the error of the function, of a tensor it is given, or of the computation.
  public func callAsFunction(_ state: inout [Tensor], _ inputs: Tensor...) throws -> Tensor {
    try compiled.run(&state, inputs)[0]
  }

  /// How many combinations of shapes and dtypes have been planned.
  public var planCount: Int { compiled.planCount }
}

/// A function that was compiled with `compile(_:)`.
public struct CompiledFunction: Sendable {
  private let compiled: Compiled
  fileprivate init(_ compiled: Compiled) { self.compiled = compiled }

  /// Runs the function.
  ///
  /// - Throws: the error of the function, of the tensor it is given, or of the computation.
  public func callAsFunction(_ input: Tensor) throws -> Tensor {
    var none: [Tensor] = []
    return try compiled.run(&none, [input])[0]
  }

  /// How many combinations of shapes and dtypes have been planned.
  public var planCount: Int { compiled.planCount }
}

/// The recordings of one function, by what it is given.
private final class Compiled: Sendable {
  typealias Function =
    @Sendable (_ state: [Tensor], _ inputs: [Tensor]) throws -> (
      state: [Tensor], answers: [Tensor]
    )

  private let function: Function
  private let steps: Int?
  private let recordings = Lock(Recordings())

  private struct Recordings {
    var all: [Key: Recording] = [:]
    /// The one that ran last: mostly the next one too, which is then found without a hash.
    var last: (key: Key, recording: Recording)?
  }

  private struct Key: Hashable {
    var signatures: [Recording.Signature]
    var precision = Autocast.precision

    /// Whether it is that of a call with these tensors.
    func matches(_ state: [Tensor], _ inputs: [Tensor]) -> Bool {
      guard signatures.count == state.count + inputs.count, precision == Autocast.precision else {
        return false
      }
      return zip(signatures, state).allSatisfy { $0 == Recording.Signature($1) }
        && zip(signatures.dropFirst(state.count), inputs)
          .allSatisfy { $0 == Recording.Signature($1) }
    }
  }

  init(steps: Int? = nil, _ function: @escaping Function) {
    self.steps = steps
    self.function = function
  }

  var planCount: Int { recordings.withLock { $0.all.count } }

  func run(_ state: inout [Tensor], _ inputs: [Tensor]) throws -> [Tensor] {
    if let steps, steps < 1 || steps > Int(Int32.max) {
      throw TensorError(
        "compile", "steps is \(steps)", help: "compile one step or more, up to \(Int32.max)")
    }
    try eval(state + inputs)
    if let last = recordings.withLock({ $0.last }), last.key.matches(state, inputs) {
      return try last.recording.run(&state, inputs)
    }
    let key = Key(signatures: (state + inputs).map(Recording.Signature.init))
    let recording: Recording
    if let known = recordings.withLock({ $0.all[key] }) {
      recording = known
    } else {
      recording = try Recording(
        stateCount: state.count, signatures: key.signatures,
        repeating: steps.map { Recording.Repeating(steps: $0, hasInputsPerStep: false) }
      ) { given in
        try function(given.state, given.inputs)
      }
    }
    recordings.withLock {
      $0.all[key] = recording
      $0.last = (key, recording)
    }
    return try recording.run(&state, inputs)
  }
}
