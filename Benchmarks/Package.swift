// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "blitz-benchmarks",
  dependencies: [.package(name: "blitz", path: "..")],
  targets: [
    .executableTarget(
      name: "Worker",
      dependencies: [
        "CLimit", .product(name: "Blitz", package: "blitz"),
        .product(name: "CKernels", package: "blitz"),
      ]),
    .target(name: "CLimit"),
    .executableTarget(
      name: "Products", dependencies: ["CLimit", .product(name: "CKernels", package: "blitz")]),
    .executableTarget(
      name: "Scale", dependencies: [.product(name: "BlitzProcesses", package: "blitz")]),
  ],
  swiftLanguageModes: [.v6]
)
