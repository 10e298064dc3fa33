// swift-tools-version: 6.1
import PackageDescription

// `blitz play`: a package of its own, so that who uses the library does not build a web server.
let package = Package(
  name: "Play",
  dependencies: [
    .package(name: "blitz", path: "../.."),
    .package(path: "../HTTP"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.0"),
  ],
  targets: [
    // The network that is played with: settings, data, training, and what the page is sent.
    .target(name: "Playing", dependencies: [.product(name: "Blitz", package: "blitz")]),
    // The page, and what it asks for.
    .target(
      name: "PlayServer",
      dependencies: ["Playing", .product(name: "HTTP", package: "HTTP")],
      resources: [.copy("Page")]),
    .executableTarget(
      name: "BlitzPlay",
      dependencies: ["PlayServer", "Playing", .product(name: "HTTP", package: "HTTP")]),
    .testTarget(
      name: "PlayTests",
      dependencies: [
        "PlayServer", "Playing", .product(name: "HTTP", package: "HTTP"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
