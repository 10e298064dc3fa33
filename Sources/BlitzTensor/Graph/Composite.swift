import Synchronization

/// What users call as one and the graph has as many ops: noted while a graph is traced, for
/// languages that have a word of their own for it.
package enum Composite: Sendable, Hashable {
  /// Of one operand, element by element.
  case relu, selu, softplus, softsign, mish, hardSigmoid, hardSwish
  case leakyRelu(slope: Double)
  case elu(alpha: Double)
  case celu(alpha: Double)
  case gelu(isTanh: Bool)
  /// Along one axis.
  case softmax(axis: Int)
  case logSoftmax(axis: Int)
  /// The mean under windows of images, those at the border with or without what is around.
  indirect case averagePool(Window, countsPadding: Bool)
  /// The mean of each channel of images.
  case globalAveragePool
  /// Input and filters, of one or three axes.
  case convolution(Filters)
  case transposedConvolution(Filters, outputPadding: [Int])
  /// A convolution's output and a number for each channel that is added.
  case channelBias
  /// Query, key, value `[N, H, L, D]` and perhaps a mask.
  case attention(scale: Double, isCausal: Bool)
  /// Input, weight `[out, in]` and perhaps a bias.
  case linear
  /// Input, int8 weight `[out, in]`, a scale for each output, and perhaps the input's scale, which
  /// is otherwise each row's own.
  case quantizedProduct
  /// The same of images and filters `[out, in / groups, height, width]`.
  case quantizedConvolution(Filters)
  /// Input, scale, bias, mean and variance.
  case batchNorm(epsilon: Double)
  /// Input, scale and bias, of so many last axes.
  case layerNorm(axes: Int, epsilon: Double)
  /// Input and scale, of so many last axes.
  case rmsNorm(axes: Int, epsilon: Double)
  /// Input, scale and bias of each channel.
  case groupNorm(groups: Int, epsilon: Double)
  case instanceNorm(epsilon: Double)
  /// One layer of a recurrent network. Input `[L, N, width]`, then for each direction input
  /// weights, hidden weights, input bias and hidden bias, then initial states for each direction,
  /// the hidden ones before the cells'. Gives `[L, N, directions * hidden]` and the last states in
  /// the same order.
  case recurrent(Recurrent, directions: Int, hidden: Int)

  /// How filters slide.
  package struct Filters: Sendable, Hashable {
    package var stride: [Int]
    package var padding: [Int]
    package var dilation: [Int]
    package var groups: Int

    package init(stride: [Int], padding: [Int], dilation: [Int], groups: Int) {
      self.stride = stride
      self.padding = padding
      self.dilation = dilation
      self.groups = groups
    }
  }

  /// What a recurrent network computes at each step.
  package enum Recurrent: Sendable, Hashable { case tanh, relu, lstm, gru }
}

/// The composites that a function calls while it is traced.
package final class CompositeLog: Sendable {
  /// One call, and which of its results a node is.
  struct Note: Sendable {
    let call: Int
    let composite: Composite
    let inputs: [Tensor?]
    let part: Int
  }

  private let notes = Lock<[Int: [Note]]>([:])
  private static let current = TaskLocal<CompositeLog?>(wrappedValue: nil)
  /// How many logs there are: mostly none, and then a call costs a look at this.
  private static let count = Atomic<Int>(0)

  /// Whether anybody traces.
  static var isAnyOpen: Bool { count.load(ordering: .relaxed) > 0 }

  /// Runs `body`, noting what it calls.
  func collect<R>(_ body: () throws -> R) rethrows -> R {
    CompositeLog.count.wrappingAdd(1, ordering: .relaxed)
    defer { CompositeLog.count.wrappingSubtract(1, ordering: .relaxed) }
    return try CompositeLog.current.withValue(self, operation: body)
  }

  /// What gave a node, the outermost call last.
  func notes(of node: Int) -> [Note] { notes.withLock { $0[node] ?? [] } }

  fileprivate static func note(_ composite: Composite, _ inputs: [Tensor?], _ outputs: [Tensor]) {
    guard let log = current.get(),
      (inputs.compactMap { $0 } + outputs).allSatisfy({ $0.error == nil })
    else { return }
    let ids = inputs.compactMap { $0?.node.id }
    log.notes.withLock { notes in
      for (part, output) in outputs.enumerated() {
        let id = output.node.id
        // What is returned as it was given is nobody's result.
        guard ids.allSatisfy({ $0 < id }) else { continue }
        notes[id, default: []].append(
          Note(call: outputs[0].node.id, composite: composite, inputs: inputs, part: part))
      }
    }
  }
}

extension Tensor {
  /// The tensor, noted as what a composite gives where a graph is traced.
  package func noted(
    _ composite: @autoclosure () -> Composite, of inputs: @autoclosure () -> [Tensor?]
  ) -> Tensor {
    if CompositeLog.isAnyOpen { CompositeLog.note(composite(), inputs(), [self]) }
    return self
  }
}

extension Composite {
  /// Notes a composite of several results where a graph is traced.
  package static func note(
    _ composite: @autoclosure () -> Composite, of inputs: @autoclosure () -> [Tensor?],
    gives outputs: @autoclosure () -> [Tensor]
  ) {
    if CompositeLog.isAnyOpen { CompositeLog.note(composite(), inputs(), outputs()) }
  }
}
