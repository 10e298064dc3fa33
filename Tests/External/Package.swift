// swift-tools-version: 6.1
import PackageDescription

// What a user writes to use Blitz, but for the path, which would name a version.
let package = Package(
  name: "External",
  dependencies: [.package(name: "blitz", path: "../..")],
  targets: [
    .executableTarget(
      name: "External", dependencies: [.product(name: "Blitz", package: "blitz")]),
    // Everything that a user can conform to, wrap, subclass or put together.
    .testTarget(
      name: "ExternalTests",
      dependencies: [
        .product(name: "Blitz", package: "blitz"),
        .product(name: "BlitzDistributions", package: "blitz"),
        .product(name: "BlitzONNX", package: "blitz"),
        .product(name: "BlitzModels", package: "blitz"),
        .product(name: "BlitzPlot", package: "blitz"),
        .product(name: "BlitzProcesses", package: "blitz"),
        .product(name: "BlitzLessons", package: "blitz"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
