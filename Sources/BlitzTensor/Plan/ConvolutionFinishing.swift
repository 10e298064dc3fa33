/// Lets a convolution do what follows it while its results are in the cache: add a bias and an
/// array, replace small numbers (a ReLU), keep the largest of two by two.
///
/// Only where nobody else reads what the convolution would have written, as in a network that is
/// used, not trained.
struct ConvolutionFinishing {
  private let results: Set<Int>

  init(_ fusion: Fusion) {
    results = Set(fusion.graph.results.map { fusion.place($0).base })
  }

  /// The kernels, without those that a convolution does the work of.
  func finished(_ kernels: [any Kernel]) -> [any Kernel] {
    guard kernels.contains(where: { $0 is ConvolutionKernel }) else { return kernels }
    var kernels: [(any Kernel)?] = kernels
    var readers: [Int: [Int]] = [:]
    for (index, kernel) in kernels.enumerated() {
      for slot in Set(kernel!.reads.map(\.slot)) { readers[slot, default: []].append(index) }
    }
    /// The convolutions that write what only one kernel reads, by what they write.
    var open: [Int: Int] = [:]
    for index in kernels.indices {
      if let loop = kernels[index] as? FusedKernel {
        finish(loop, at: index, &kernels, open)
      } else if let maximum = kernels[index] as? WindowMaximumKernel,
        let place = open[maximum.keys.slot],
        let pooled = (kernels[place] as? ConvolutionKernel)?.pooled(by: maximum)
      {
        (kernels[place], kernels[index]) = (nil, pooled)
      }
      if let convolution = kernels[index] as? ConvolutionKernel, convolution.role == .output {
        let written = convolution.result.slot
        if readers[written]?.count == 1, !results.contains(written) { open[written] = index }
      }
    }
    return kernels.compactMap { $0 }
  }

  /// Puts the last of the convolutions that a loop reads in the loop's place, if they can do its
  /// work.
  private func finish(
    _ loop: FusedKernel, at index: Int, _ kernels: inout [(any Kernel)?], _ open: [Int: Int]
  ) {
    var places: [Int: Int] = [:]
    for (operand, read) in loop.operands.enumerated() {
      if let place = open[read.slot], kernels[place] is ConvolutionKernel {
        places[operand] = place
      }
    }
    guard let last = places.max(by: { $0.value < $1.value }),
      let convolution = kernels[last.value] as? ConvolutionKernel,
      let work = LoopWork(loop, main: last.key, others: Set(places.keys), convolution)
    else { return }
    var finished = convolution
    finished.finish = work.finish
    finished.result = loop.stores[0].to
    var biased: [Int: ConvolutionKernel] = [:]
    for (operand, bias) in work.biases {
      guard var other = kernels[places[operand]!] as? ConvolutionKernel,
        other.finish.isEmpty, other.filterCount == convolution.filterCount,
        other.window.output == convolution.window.output, other.flops > 0
      else { return }
      other.finish.bias = bias
      biased[places[operand]!] = other
    }
    for (place, other) in biased { kernels[place] = other }
    (kernels[last.value], kernels[index]) = (nil, finished)
  }
}

/// What a loop computes, if it is no more than a convolution can do at last.
private struct LoopWork {
  var finish = ConvolutionKernel.Finish()
  /// Biases of other convolutions, by the operands that these write.
  var biases: [Int: Plan.Operand] = [:]

  private let loop: FusedKernel
  private let others: Set<Int>
  private var terms: [Term] = []
  /// The values that a convolution, or an array, has come to: no other of its values may be used.
  private var mainValue: Int
  private var arrayValues: [Int: Int] = [:]

  /// A value of the loop.
  private enum Term {
    case scalar(Plan.ScalarArgument)
    case bias(Plan.Operand)
    /// An operand that lies as the results do, after its bias.
    case array(Int)
    /// The main convolution's results, after so much of the finish.
    case main
    /// Whether they are at most a bound.
    case isSmall(Plan.ScalarArgument)
  }

  /// - Parameters:
  ///   - main: the operand that the convolution writes.
  ///   - others: operands that convolutions write.
  init?(
    _ loop: FusedKernel, main: Int, others: Set<Int>, _ convolution: ConvolutionKernel
  ) {
    (self.loop, self.others, mainValue) = (loop, others, main)
    guard loop.reduction == nil, loop.stores.count == 1, loop.stores[0].to.isContiguous,
      loop.elementCount == convolution.resultCount, convolution.finish.isEmpty,
      convolution.flops > 0
    else { return nil }
    for (index, operand) in loop.operands.enumerated() {
      if operand.dtype != convolution.dtype { return nil }
      if operand.isContiguous {
        if index == main && operand.offset != convolution.result.offset { return nil }
        terms.append(index == main ? .main : .array(index))
        arrayValues[index] = index
      } else if index != main, convolution.isBias(operand, sizes: loop.sizes) {
        terms.append(.bias(operand))
      } else {
        return nil
      }
    }
    terms += loop.scalars.map { .scalar($0) }
    for instruction in loop.instructions {
      guard let term = term(of: instruction) else { return nil }
      terms.append(term)
    }
    if loop.stores[0].value != mainValue { return nil }
  }

  /// What an instruction comes to; nil for what a convolution cannot do.
  private mutating func term(of instruction: FusedKernel.Instruction) -> Term? {
    let operands = instruction.operands
    if operands.count < 2 { return nil }
    for operand in operands {
      switch terms[operand] {
      case .main where operand != mainValue: return nil
      case .array(let array) where arrayValues[array] != operand: return nil
      default: break
      }
    }
    switch (instruction.op, terms[operands[0]], terms[operands[1]]) {
    case (.add, .main, .bias(let bias)), (.add, .bias(let bias), .main):
      guard finish.bias == nil, finish.addend == nil, finish.replacement == nil else { return nil }
      finish.bias = bias
    case (.add, .main, .array(let array)), (.add, .array(let array), .main):
      guard finish.addend == nil, finish.replacement == nil else { return nil }
      finish.addend = loop.operands[array]
      arrayValues[array] = nil
    case (.add, .array(let array), .bias(let bias)), (.add, .bias(let bias), .array(let array)):
      guard others.contains(array), biases[array] == nil else { return nil }
      biases[array] = bias
      arrayValues[array] = terms.count
      return .array(array)
    case (.lessEqual, .main, .scalar(let bound)) where finish.replacement == nil:
      return .isSmall(bound)
    case (.select, .isSmall(let bound), .scalar(let value)) where finish.replacement == nil:
      guard case .main = terms[operands[2]] else { return nil }
      finish.replacement = .init(bound: bound, value: value)
    default: return nil
    }
    mainValue = terms.count
    return .main
  }
}

extension ConvolutionKernel {
  fileprivate var filterCount: Int { groups * filters }

  /// Whether an operand has one number for each filter.
  fileprivate func isBias(_ operand: Plan.Operand, sizes: [Int]) -> Bool {
    if filterCount == 1 { return false }
    let dimensions = [(batch, 0), (filterCount, 1), (window.outputCount, 0)].filter { $0.0 > 1 }
    return sizes == dimensions.map(\.0) && operand.strides == dimensions.map(\.1)
  }

  /// The convolution that keeps the largest of two by two results, if that is what a kernel does.
  fileprivate func pooled(by maximum: WindowMaximumKernel) -> ConvolutionKernel? {
    let (over, image) = (maximum.window, window.output)
    let pair = Size2D(2)
    guard !maximum.places, maximum.mask == nil, maximum.keys == maximum.values, !finish.pools,
      maximum.keys.offset == result.offset, maximum.keys.dtype == dtype,
      maximum.planes == batch * filterCount, over.image == image, over.window.size == pair,
      over.window.stride == pair, over.window.padding == Size2D(0), flops > 0,
      over.window.dilation == Size2D(1), over.output == Size2D(image.height / 2, image.width / 2)
    else { return nil }
    var pooled = self
    pooled.finish.pools = true
    pooled.result = maximum.result
    return pooled
  }
}
