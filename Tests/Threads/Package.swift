// swift-tools-version: 6.1
import PackageDescription

// The tests that CI runs under the thread sanitizer, as links to their files: with a package of
// their own, the library is all that is built for it.
let package = Package(
  name: "Threads",
  dependencies: [.package(name: "blitz", path: "../..")],
  targets: [
    .testTarget(
      name: "ThreadTests", dependencies: [.product(name: "Blitz", package: "blitz")])
  ],
  swiftLanguageModes: [.v6]
)
