import BlitzData
import BlitzNN
import BlitzTensor

extension Module {
  /// Saves parameters and buffers to a safetensors file, PyTorch's
  /// `torch.save(model.state_dict())`.
  ///
  ///     try model.save("net.safetensors")
  ///
  /// The file is written whole or not at all. In Python,
  /// `safetensors.torch.load_file("net.safetensors")` is the `state_dict()` of the same network.
  ///
  /// - Parameter path: the file; an existing one is replaced.
  /// - Throws: `DataError` if the file cannot be written or its name does not end in .safetensors;
  ///   `TensorError` if a parameter carries an error.
  public func save(_ path: String) throws {
    guard path.hasSuffix(".safetensors") else {
      throw DataError(
        path: path, reason: "models are saved as safetensors; end the name in .safetensors")
    }
    try Safetensors.save(state, to: path)
  }

  /// Sets parameters and buffers from a file: safetensors, npz, or a PyTorch checkpoint, `.pt`.
  ///
  ///     try model.load("net.safetensors")
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - strict: whether the names must be those of the model; if not, names that only one
  ///     side has are left out.
  /// - Returns: the names that were left out; none if `strict`.
  /// - Throws: `DataError` if the file cannot be read; `StateError` if its tensors do not fit.
  @discardableResult
  public func load(
    _ path: String, strict: Bool = true
  ) throws -> (missing: [String], unexpected: [String]) {
    try load(TensorFile.load(path), strict: strict)
  }

  /// A reminder for modules without `callAsFunction`.
  @available(
    *, unavailable,
    message: "conform to Layer instead of Module to call forward(_:), or declare callAsFunction"
  )
  public func callAsFunction(_ input: Tensor) -> Tensor { input }

  /// A reminder for modules of several inputs.
  @available(
    *, unavailable,
    message: "rename forward to callAsFunction; layers of Blitz want a label, as in f(x, mask: m)"
  )
  public func callAsFunction(_ input: Tensor, _ other: Any?) -> Tensor { input }

  /// A reminder for modules that return two values.
  @_disfavoredOverload
  @available(
    *, unavailable,
    message: "rename forward to callAsFunction; layers of Blitz want a label, as in f(x, mask: m)"
  )
  public func callAsFunction(_ input: Tensor, _ other: Any?) -> (Tensor, Tensor) { (input, input) }
}
