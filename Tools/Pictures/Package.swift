// swift-tools-version: 6.1
import PackageDescription

// Draws the pictures of the documentation site, for Scripts/site: how Blitz computes one training
// step. A package of its own, since nobody who uses the library needs it.
let package = Package(
  name: "Pictures",
  dependencies: [.package(name: "blitz", path: "../..")],
  targets: [
    .executableTarget(
      name: "BlitzPictures",
      dependencies: [
        .product(name: "Blitz", package: "blitz"), .product(name: "BlitzPlot", package: "blitz"),
        // Not used: built, so that its symbols are documented.
        .product(name: "BlitzLessons", package: "blitz"),
        .product(name: "BlitzLinearAlgebra", package: "blitz"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
