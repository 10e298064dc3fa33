/// Where a run of a recording finds what it reads and what it returns.
extension Recording {
  /// Where a run finds an argument.
  enum Source: Sendable {
    case given(Int)
    case captured(Captured)
  }

  /// A tensor that the function reads without being given it.
  struct Captured: Sendable {
    let node: Node
    /// Whether it was made before the recording, and somebody held it: a variable, that is.
    let isVariable: Bool

    init(_ node: Node, before first: Int) {
      self.node = node
      isVariable = node.id < first && node.holders.load(ordering: .relaxed) > 0
    }

    /// The elements, unless the variable holds other ones by now: who keeps on reading the first
    /// ones would learn from what the user has replaced.
    func contents(on device: Device) throws(TensorError) -> Contents {
      if isVariable, node.holders.load(ordering: .relaxed) == 0 {
        throw TensorError(
          "compile", "a tensor that the function captures was replaced after it was compiled",
          operands: [("captured", "\(node.dtype)\(node.shape)")],
          help: "a compiled function keeps what it captured first; give it the tensor as an input, "
            + "or compile it again")
      }
      return try node.contents(on: device)
    }
  }

  /// Where a run finds a scalar.
  enum ScalarSource: Sendable {
    case given(Int)
    case constant(Scalar)

    var isGiven: Bool { if case .given = self { true } else { false } }
  }

  /// Where a run finds what the function returns.
  struct Output: Sendable {
    var source: Either
    var shape: Shape
    var dtype: DType
    var device: Device
    var isLeaf: Bool
    var strides: [Int]?

    enum Either: Sendable {
      case result(Int)
      case given(Int)
      case captured(Tensor)
    }
    /// - Parameters:
    ///   - device: where the plan computes what is at home on every device.
    ///   - steps: of how many steps it holds the values; nil if it is that of one.
    init(
      _ tensor: Tensor, from source: Either, on device: Device, isLeaf: Bool, steps: Int?
    ) {
      self.source = source
      shape = steps.map { Shape([$0] + tensor.shape.sizes) } ?? tensor.shape
      dtype = tensor.dtype
      self.device = tensor.node.isUnplaced ? device : tensor.device
      self.isLeaf = isLeaf
      strides = steps == nil ? tensor.node.strides : nil
    }
  }
}
