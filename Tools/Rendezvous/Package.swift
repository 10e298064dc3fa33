// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that nobody who only uses the library builds swift-nio.
let package = Package(
  name: "Rendezvous",
  dependencies: [
    .package(name: "blitz", path: "../.."),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
  ],
  targets: [
    .target(
      name: "RendezvousServer",
      dependencies: [
        .product(name: "BlitzProcesses", package: "blitz"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .executableTarget(name: "blitz-rendezvous", dependencies: ["RendezvousServer"]),
    .testTarget(
      name: "RendezvousTests",
      dependencies: [
        "RendezvousServer", .product(name: "BlitzProcesses", package: "blitz"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
