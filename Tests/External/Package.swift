// swift-tools-version: 6.1
import PackageDescription

// What a user writes to use Blitz, but for the path, which would name a version.
let package = Package(
  name: "External",
  dependencies: [.package(name: "blitz", path: "../..")],
  targets: [
    .executableTarget(
      name: "External", dependencies: [.product(name: "Blitz", package: "blitz")])
  ],
  swiftLanguageModes: [.v6]
)
