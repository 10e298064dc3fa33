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
  /// The two operands.
  package var reads: [Plan.Operand] { operands }
  /// The result.
  package var writes: [Int] { [result.slot] }

  /// Gives the three arrays other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    for index in operands.indices { operands[index].slot = slot(operands[index].slot) }
    result.slot = slot(result.slot)
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
  package var byteCount: Int { (inputCount + outputCount + weightCount) * dtype.byteCount }

  /// What the kernel does, on one line.
  package var summary: String {
    let of = window.window
    return "convolution to \(role): \(batch) x \(groups * window.channels)"
      + "x\(window.image.height)x\(window.image.width) -> \(groups * filters)"
      + "x\(window.output.height)x\(window.output.width), window \(of.size)"
      + (groups == 1 ? "" : ", \(groups) groups")
  }
}
