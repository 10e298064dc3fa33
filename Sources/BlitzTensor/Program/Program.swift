/// A graph as text in StableHLO, the language of accelerator compilers.
package struct Program: Sendable, Hashable {
  /// One module with a function `@main`; equal texts are equal programs.
  package var text: String
  /// What `@main` takes, in order.
  package var arguments: [Value]
  /// What `@main` returns, in order.
  package var results: [Value]
  /// The places of the arguments that a run may overwrite, as the text says too.
  package var donated: [Int]

  /// An array that goes in or comes out.
  package struct Value: Sendable, Hashable {
    /// The size of each axis, of the whole array.
    package var shape: Shape
    /// The type of the elements.
    package var dtype: DType
    /// How it lies on the devices of a mesh.
    package var sharding: Sharding

    /// Names an array.
    package init(shape: Shape, dtype: DType, sharding: Sharding = .replicated) {
      self.shape = shape
      self.dtype = dtype
      self.sharding = sharding
    }
  }

  /// Names a program.
  package init(text: String, arguments: [Value], results: [Value], donated: [Int] = []) {
    self.text = text
    self.arguments = arguments
    self.results = results
    self.donated = donated
  }
}
