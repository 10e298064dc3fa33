import Blitz
import BlitzNN

/// `--model mlp`: linear layers with ReLU between them.
struct MLPModel: ModelDefinition {
  let hidden = 256

  func check(_ experiment: Experiment) throws { try requireBias(experiment) }

  func makeNetwork(_ network: NetworkDescription, generator: Generator) -> any Layer {
    var layers: [any Layer] = network.inputShape.count > 1 ? [Flatten()] : []
    var size = network.inputShape.reduce(1, *)
    for next in network.hidden.sizes {
      layers += [Linear(size, next, generator: generator), ReLU()]
      layers += network.dropoutLayers(generator: generator)
      size = next
    }
    return Sequential(layers + [Linear(size, network.outputSize, generator: generator)])
  }
}
