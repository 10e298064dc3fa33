// swift-tools-version: 6.1
import PackageDescription

// `blitz serve`: a model in the ONNX format, over HTTP. A package of its own, so that who uses the
// library does not build a server.
let package = Package(
  name: "Serve",
  dependencies: [.package(name: "blitz", path: "../.."), .package(path: "../HTTP")],
  targets: [
    .target(
      name: "Serving",
      dependencies: [
        .product(name: "Blitz", package: "blitz"), .product(name: "BlitzONNX", package: "blitz"),
        .product(name: "HTTP", package: "HTTP"),
      ]),
    .executableTarget(
      name: "BlitzServe",
      dependencies: [
        "Serving", .product(name: "CArguments", package: "blitz"),
        .product(name: "HTTP", package: "HTTP"),
      ]),
    .testTarget(
      name: "ServingTests",
      dependencies: [
        "Serving", .product(name: "Blitz", package: "blitz"),
        .product(name: "BlitzONNX", package: "blitz"), .product(name: "HTTP", package: "HTTP"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
