import BlitzTensor

/// The names of Python in the pickles of checkpoints. None of them is run: Blitz does itself what
/// the few functions do that make tensors and dictionaries.
enum TorchGlobal: Sendable {
  case dictionary
  case rebuildTensor
  case rebuildTensorOfDType
  case rebuildParameter
  /// Of a subclass of tensors, or of a tensor with attributes: the function, the class, its
  /// arguments, the attributes.
  case rebuildSubclass
  /// A tensor that keeps its numbers in a way of its own.
  case rebuildOther(OtherTensor)
  case size
  case device
  /// A class of storage, such as `FloatStorage`; `UntypedStorage` counts bytes.
  case storage(String)
  /// A dtype, such as `float32`.
  case dtype(String)
  /// Anything else.
  case unknown(String)

  init(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"), ("collections", "defaultdict"): self = .dictionary
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"):
      self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTensorOfDType
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      self = .rebuildParameter
    case ("torch._tensor", "_rebuild_from_type_v2"): self = .rebuildSubclass
    case ("torch._utils", _) where OtherTensor(rawValue: name) != nil:
      self = .rebuildOther(OtherTensor(rawValue: name)!)
    case ("torch", "Size"): self = .size
    case ("torch", "device"): self = .device
    case ("torch", _) where TorchGlobal.storageDTypes[name] != nil: self = .storage(name)
    case ("torch.storage", "UntypedStorage"): self = .storage(name)
    case ("torch", _) where TorchGlobal.dtypes.contains(name): self = .dtype(name)
    default: self = .unknown(TorchGlobal.readable(module, name))
    }
  }

  /// Its name, for messages.
  var name: String {
    switch self {
    case .storage(let name), .unknown(let name): name
    case .dtype(let name): "torch.\(name)"
    case .rebuildOther(let kind): kind.rawValue
    case .dictionary: "dict"
    case .size: "torch.Size"
    case .device: "torch.device"
    case .rebuildTensor, .rebuildTensorOfDType, .rebuildParameter, .rebuildSubclass: "a tensor"
    }
  }

  /// The name in Python, on one line: without the module of what is built in.
  private static func readable(_ module: String, _ name: String) -> String {
    switch (module, name) {
    case ("builtins", _), ("__builtin__", _): DataError.excerpt(name.utf8, limit: 80)
    case ("_codecs", "encode"): "bytes"
    case (_, "scalar") where module.hasPrefix("numpy."): "numpy scalar"
    case (_, "_reconstruct") where module.hasPrefix("numpy."): "numpy.ndarray"
    default: DataError.excerpt("\(module).\(name)".utf8, limit: 80)
    }
  }

  /// The dtype of each class of storage.
  static let storageDTypes = [
    "FloatStorage": "float32", "DoubleStorage": "float64", "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16", "IntStorage": "int32", "LongStorage": "int64",
    "ByteStorage": "uint8", "BoolStorage": "bool", "CharStorage": "int8", "ShortStorage": "int16",
    "ComplexFloatStorage": "complex64", "ComplexDoubleStorage": "complex128",
  ]

  /// The dtypes of PyTorch that are a number per element.
  static let dtypes: Set<String> = Set(storageDTypes.values).union([
    "uint16", "uint32", "uint64", "complex32", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz",
    "float8_e5m2fnuz", "float8_e8m0fnu",
  ])

  /// What PyTorch's dtype of this name is to a reader of tensors, if Blitz has it.
  static func type(_ name: String) -> DType? {
    DType.allCases.first { $0.description == name }
  }
}

/// Tensors of PyTorch's that are not numbers at strides, by the function that makes them.
enum OtherTensor: String, Sendable {
  case quantized = "_rebuild_qtensor"
  case sparse = "_rebuild_sparse_tensor"
  case sparseRows = "_rebuild_sparse_csr_tensor"
  case meta = "_rebuild_meta_tensor_no_storage"
  case nested = "_rebuild_nested_tensor"
  case wrapper = "_rebuild_wrapper_subclass"
  case device = "_rebuild_device_tensor_from_numpy"

  /// What it is, and what to save instead of `x`.
  var refusal: String {
    switch self {
    case .quantized: "is quantised, which Blitz has no tensors of; save x.dequantize() instead"
    case .sparse, .sparseRows:
      "is sparse, which Blitz has no tensors of; save x.to_dense() instead"
    case .meta:
      "is on the device meta, so that the file has its shape and no numbers; "
        + "make the model on \"cpu\" and load its weights before saving"
    case .nested:
      "is nested, which Blitz has no tensors of; save x.to_padded_tensor(0) or x.unbind() instead"
    case .wrapper:
      "is a tensor that wraps others, which Blitz has none of; save those or a plain tensor instead"
    case .device: "is on an accelerator that has storages of its own; save x.cpu() instead"
    }
  }
}

extension PickleOpaque {
  /// What to save instead of `x`.
  var help: String {
    switch name {
    case "numpy scalar": "save x.item()"
    case "numpy.ndarray": "save torch.from_numpy(x)"
    case "set", "frozenset": "save sorted(x)"
    case "bytes", "bytearray": "save torch.frombuffer(bytearray(x), dtype=torch.uint8)"
    case "complex": "save [x.real, x.imag]"
    case "int": "it has more than 64 bits: save str(x)"
    case "argparse.Namespace": "save vars(x)"
    case "collections.Counter": "save dict(x)"
    case _ where name.hasPrefix("pathlib."): "save str(x)"
    default: "save x.state_dict() of a model, otherwise tensors, numbers and text only"
    }
  }
}
