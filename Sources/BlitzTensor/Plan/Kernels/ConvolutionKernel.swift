/// One of the three arrays of a convolution from the other two, all of them contiguous:
/// input `[batch, groups * channels, h, w]`, weight `[groups * filters, channels, kh, kw]`,
/// output `[batch, groups * filters, oh, ow]`.
package struct ConvolutionKernel: Kernel {
  /// Which array is computed.
  package var role: Convolution.Role
  /// float32 or float64.
  package var dtype: DType
  /// Images.
  package var batch: Int
  /// Parts of the channels.
  package var groups: Int
  /// Output channels of a group.
  package var filters: Int
  /// The window, over the input channels of a group.
  package var window: WindowKernelShape
  /// The two arrays that are read, in the order input, weight, output.
  package var operands: [Plan.Operand]
  /// The array that is written.
  package var result: Plan.Operand
  /// What is done to results before they are written.
  package var finish = Finish()

  /// What is done to the results of a convolution to the output, in this order.
  package struct Finish: Sendable {
    /// One number for each filter, which is added: contiguous.
    package var bias: Plan.Operand?
    /// An array like the output, which is added.
    package var addend: Plan.Operand?
    /// What is at most `bound` is replaced.
    package var replacement: Replacement?
    /// Whether of two by two results side by side the largest is kept.
    package var pools = false

    /// A bound, and what stands for numbers up to it.
    package struct Replacement: Sendable {
      /// The largest number that is replaced.
      package var bound: Plan.ScalarArgument
      /// What it is replaced by.
      package var value: Plan.ScalarArgument
    }

    /// Whether nothing is done.
    package var isEmpty: Bool { bias == nil && addend == nil && replacement == nil && !pools }
    /// What is read.
    var reads: [Plan.Operand] { [bias, addend].compactMap { $0 } }
  }

  /// - Parameter shapes: of the two operands and the result.
  init(
    _ convolution: Convolution, shapes: [Shape], operands: [Plan.Operand], result: Plan.Operand
  ) {
    let input: Shape
    let weight: Shape
    let output: Shape
    switch convolution.role {
    case .output: (input, weight, output) = (shapes[0], shapes[1], shapes[2])
    case .input: (output, weight, input) = (shapes[0], shapes[1], shapes[2])
    case .weight: (input, output, weight) = (shapes[0], shapes[1], shapes[2])
    }
    role = convolution.role
    dtype = result.dtype
    batch = input[0]
    groups = convolution.groups
    filters = weight[0] / convolution.groups
    window = WindowKernelShape(
      convolution.window, channels: weight[1], image: input, output: output)
    self.operands = operands
    self.result = result
  }
}

extension ConvolutionKernel {
  /// The two operands, and what is added to the result.
  package var reads: [Plan.Operand] { operands + finish.reads }
  /// The result.
  package var writes: [Int] { [result.slot] }

  /// Gives the three arrays other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    for index in operands.indices { operands[index].slot = slot(operands[index].slot) }
    result.slot = slot(result.slot)
    if let bias = finish.bias { finish.bias?.slot = slot(bias.slot) }
    if let addend = finish.addend { finish.addend?.slot = slot(addend.slot) }
  }

  /// Floating-point operations.
  package var flops: Int {
    2 * batch * groups * filters * window.tapCount * window.outputCount
  }

  private var inputCount: Int {
    batch * groups * window.channels * window.image.height * window.image.width
  }
  private var outputCount: Int { batch * groups * filters * window.outputCount }
  private var weightCount: Int { groups * filters * window.tapCount }

  /// Elements of the result.
  package var resultCount: Int {
    switch role {
    case .output: outputCount
    case .input: inputCount
    case .weight: weightCount
    }
  }

  /// Elements of the images that are read for images, not weights.
  package var operandCount: Int { role == .output ? inputCount : outputCount }

  /// Bytes read and written, each element of each operand once.
  package var byteCount: Int {
    let written = finish.pools ? outputCount / 4 : outputCount
    let added = finish.addend == nil ? 0 : outputCount
    return (inputCount + written + added + weightCount) * dtype.byteCount
  }

  /// What the kernel does, on one line.
  package var summary: String {
    let of = window.window
    return "convolution to \(role): \(batch) x \(groups * window.channels)"
      + "x\(window.image.height)x\(window.image.width) -> \(groups * filters)"
      + "x\(window.output.height)x\(window.output.width), window \(of.size)"
      + (groups == 1 ? "" : ", \(groups) groups")
      + (finish.bias == nil ? "" : ", + bias") + (finish.addend == nil ? "" : ", + array")
      + (finish.replacement == nil ? "" : ", small ones replaced")
      + (finish.pools ? ", maxima of 2x2" : "")
  }
}
