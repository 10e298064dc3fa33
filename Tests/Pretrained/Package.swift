// swift-tools-version: 6.1
import PackageDescription

// Runs the published sizes of pretrained networks; see README.md.
let package = Package(
  name: "Pretrained",
  dependencies: [.package(name: "blitz", path: "../..")],
  targets: [
    .executableTarget(
      name: "PublishedSizes",
      dependencies: [
        .product(name: "Blitz", package: "blitz"), .product(name: "BlitzModels", package: "blitz"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
