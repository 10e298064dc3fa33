/// A graph as text in StableHLO, the language of accelerator compilers.
public struct Program: Sendable, Hashable {
  /// One module with a function `@main`; equal texts are equal programs.
  public var text: String
  /// What `@main` takes, in order.
  public var arguments: [Value]
  /// What `@main` returns, in order.
  public var results: [Value]
  /// The places of the arguments that a run may overwrite, as the text says too.
  public var donated: [Int]

  /// An array that goes in or comes out.
  public struct Value: Sendable, Hashable {
    /// The size of each axis, of the whole array.
    public var shape: Shape
    /// The type of the elements.
    public var dtype: DType
    /// How it lies on the devices of a mesh.
    public var sharding: Sharding

    /// Names an array.
    public init(shape: Shape, dtype: DType, sharding: Sharding = .replicated) {
      self.shape = shape
      self.dtype = dtype
      self.sharding = sharding
    }
  }

  /// Names a program.
  public init(text: String, arguments: [Value], results: [Value], donated: [Int] = []) {
    self.text = text
    self.arguments = arguments
    self.results = results
    self.donated = donated
  }
}
