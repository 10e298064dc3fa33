// swift-tools-version: 6.1
import PackageDescription

let examples = [
  "ImageClassifier", "VariationalAutoencoder", "GAN", "CharacterLSTM", "SmallGPT", "WordEmbedding",
  "TimeSeries", "CartPole", "SiameseNet", "SuperResolution", "GraphConvolution",
  "VisionTransformer", "Uncertainty", "Recommender", "NeighboursAndSVM",
]

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "blitz", path: "..")],
  targets: [
    .target(
      name: "ExampleSupport", dependencies: [.product(name: "BlitzPlot", package: "blitz")])
  ]
    + examples.map {
      .executableTarget(
        name: $0,
        dependencies: [
          "ExampleSupport",
          .product(name: "Blitz", package: "blitz"),
          .product(name: "BlitzPlot", package: "blitz"),
        ])
    },
  swiftLanguageModes: [.v6]
)
