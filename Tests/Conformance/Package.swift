// swift-tools-version: 6.1
import PackageDescription

// PyTorch's own samples, computed with Blitz's words; see README.md.
let package = Package(
  name: "Conformance",
  dependencies: [.package(name: "blitz", path: "../..")],
  targets: [
    .executableTarget(
      name: "Conformance",
      dependencies: [
        .product(name: "Blitz", package: "blitz"),
        .product(name: "BlitzDistributions", package: "blitz"),
        .product(name: "BlitzLinearAlgebra", package: "blitz"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
