import BlitzTensor

/// What flows between the nodes of a graph.
enum Value: Sendable {
  /// A tensor and the type that it has in ONNX.
  case tensor(Tensor, ElementType)
  /// A tensor of texts.
  case strings([String], [Int])
  /// A list.
  case sequence([Value])
  /// An input that is left out, or an optional that holds nothing.
  case absent

  /// A tensor of a dtype of Blitz.
  init(_ tensor: Tensor) { self = .tensor(tensor, ElementType(tensor.dtype)) }

  /// Whole numbers along one axis.
  init(_ numbers: [Int]) { self = .tensor(Tensor(numbers, shape: [numbers.count]), .int64) }

  /// The tensor, if it is one.
  var tensor: Tensor? { if case .tensor(let tensor, _) = self { tensor } else { nil } }

  /// The type of a tensor's elements.
  var type: ElementType? {
    switch self {
    case .tensor(_, let type): type
    case .strings: .string
    case .sequence, .absent: nil
    }
  }

  /// The error that it carries.
  @inline(never)
  var error: TensorError? {
    switch self {
    case .tensor(let tensor, _): tensor.error
    case .sequence(let values): values.lazy.compactMap(\.error).first
    case .strings, .absent: nil
    }
  }

  /// What it is, for messages.
  var signature: String {
    switch self {
    case .tensor(let tensor, let type): "\(type)\(tensor.shape)"
    case .strings(_, let shape): "string\(Shape(shape))"
    case .sequence(let values): "a list of \(values.count)"
    case .absent: "nothing"
    }
  }
}
