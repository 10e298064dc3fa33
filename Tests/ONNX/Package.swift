// swift-tools-version: 6.1
import PackageDescription

// Exports what the other tests' tables compute, for onnxruntime to run; see README.md.
let package = Package(
  name: "ONNXCheck",
  dependencies: [.package(name: "blitz", path: "../..")],
  targets: [
    .executableTarget(
      name: "ONNXCheck",
      dependencies: [
        .product(name: "Blitz", package: "blitz"), .product(name: "BlitzONNX", package: "blitz"),
        .product(name: "BlitzModels", package: "blitz"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
