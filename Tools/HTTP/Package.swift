// swift-tools-version: 6.1
import PackageDescription

// The little of HTTP that `blitz play` and `blitz serve` need, with a bound on everything.
let package = Package(
  name: "HTTP",
  products: [.library(name: "HTTP", targets: ["HTTP"])],
  dependencies: [.package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.0")],
  targets: [
    // FlyingFox's sockets wait without a thread each; its own reader of requests is not used,
    // because it puts no bound on what it reads of a header.
    .target(name: "HTTP", dependencies: [.product(name: "FlyingSocks", package: "FlyingFox")]),
    .testTarget(
      name: "HTTPTests",
      dependencies: ["HTTP", .product(name: "FlyingSocks", package: "FlyingFox")]),
  ],
  swiftLanguageModes: [.v6]
)
