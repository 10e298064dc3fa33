// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Server",
  dependencies: [
    .package(name: "blitz", path: "../.."),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.0"),
  ],
  targets: [
    .executableTarget(
      name: "Server",
      dependencies: [
        .product(name: "Blitz", package: "blitz"), .product(name: "BlitzONNX", package: "blitz"),
        .product(name: "FlyingFox", package: "FlyingFox"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
