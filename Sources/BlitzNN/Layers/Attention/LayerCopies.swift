import BlitzTensor

/// Layers of a stack that start with the same weights, as PyTorch's stacks copy one layer.
struct LayerCopies<Layer: Module> {
  let layers: [Layer]
  /// Why there are none.
  let fault: TensorError?

  /// Makes the first layer and copies of it.
  ///
  /// A layer's parts are constants, so a copy is made as the first was, with its weights in the
  /// place of those it drew, and the generator is put back where it stood behind the first.
  init(
    _ stack: String, _ count: Int, _ generator: (Layer) -> Generator, _ make: () -> Layer
  ) {
    guard count >= 1, count <= 10_000 else {
      layers = []
      fault = TensorError(
        stack, "the number of layers is \(count)", help: "give 1 to 10,000 layers")
      return
    }
    let first = make()
    let source = generator(first)
    let state = source.state
    layers =
      [first]
      + (1..<count).map { _ in
        let copy = make()
        for (new, old) in zip(copy.parameters, first.parameters) {
          new.parameter.value = old.parameter.value.detached()
        }
        return copy
      }
    source.state = state
    fault = nil
  }
}
