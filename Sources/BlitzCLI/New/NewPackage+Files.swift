import BlitzData

extension NewPackage {
  /// The names of the files in the folder, and their texts.
  var files: [(name: String, text: String)] {
    [
      ("Package.swift", manifest), ("Sources/\(module)/main.swift", program),
      ("Sources/\(module)/Classifier.swift", network),
      ("Tests/\(module)Tests/ClassifierTests.swift", test), ("Dockerfile", image),
      (".dockerignore", ".build/\n"),
      (".gitignore", ".build/\n.swiftpm/\n*.safetensors\n"),
    ]
  }

  /// A text as Swift writes it.
  var quotedHome: String {
    "\"\(home.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }

  private var manifest: String {
    """
    // swift-tools-version: 6.2
    import PackageDescription

    // All code is on the main actor unless it says otherwise, so that functions may use the
    // variables of main.swift.
    let settings: [SwiftSetting] = [.defaultIsolation(MainActor.self)]
    let blitz = Target.Dependency.product(name: "Blitz", package: "blitz")

    let package = Package(
      name: "\(name)",
      dependencies: [.package(name: "blitz", path: \(quotedHome))],
      targets: [
        .executableTarget(name: "\(module)", dependencies: [blitz], swiftSettings: settings),
        .testTarget(
          name: "\(module)Tests", dependencies: ["\(module)", blitz], swiftSettings: settings),
      ]
    )

    """
  }

  private var program: String {
    """
    import Blitz

    // With a seed every run is the same.
    manualSeed(0)
    let (training, test) = try Digits().randomSplit(0.8, 0.2)
    let model = Classifier()
    let optimizer = Adam(model, rate: 0.01)

    /// The share of the test images that the network tells rightly.
    func accuracy() throws -> Double {
      let batch = test.batch(at: Array(0..<test.count))
      let found = noGrad { model(batch.inputs).argmax(axis: 1) }
      return try (found .== batch.labels).cast(to: .float32).mean().item()
    }

    for epoch in 1...10 {
      for (x, y) in DataLoader(training, batchSize: 32, shuffledBy: .shared) {
        let loss = crossEntropy(logits: model(x), labels: y)
        try loss.backward()
        try optimizer.step()
      }
      print("epoch \\(epoch): test accuracy \\(try accuracy())")
    }
    try Safetensors.save(model.state, to: "\(name).safetensors")

    """
  }

  private var network: String {
    """
    import Blitz

    /// 8 x 8 pixels to 32 hidden units, and those to ten digits. `package` lets the tests see it,
    /// also in a release build.
    package struct Classifier: Layer {
      let hidden = Linear(64, 32)
      let output = Linear(32, 10)

      package init() {}

      /// From images, `[count, 1, 8, 8]`, to a number for each digit, `[count, 10]`; the largest is
      /// the answer.
      package func forward(_ images: Tensor) -> Tensor {
        output(hidden(images.flattened(from: 1)).relu())
      }
    }

    """
  }

  private var test: String {
    """
    import Blitz
    import Testing

    import \(module)

    @Test("the network gives ten numbers for each image, and its loss falls")
    func learns() throws {
      manualSeed(0)
      let model = Classifier()
      let batch = Digits().batch(at: Array(0..<100))
      #expect(model(batch.inputs).shape == [100, 10])
      let optimizer = Adam(model, rate: 0.01)
      var losses: [Double] = []
      for _ in 0..<20 {
        let loss = crossEntropy(logits: model(batch.inputs), labels: batch.labels)
        try loss.backward()
        try optimizer.step()
        losses.append(try loss.item())
      }
      #expect(losses[19] < losses[0] / 2)
    }

    """
  }

  private var image: String {
    let place = { (part: String) in JSONText.quoted("\(home)/\(part)") }
    return """
      # docker build --build-context blitz=\(home) --tag \(name.lowercased()) .
      FROM swift:6.3-bookworm AS build
      RUN apt-get update && apt-get install -y libpng-dev libturbojpeg0-dev zlib1g-dev
      # Where Package.swift looks for Blitz.
      COPY --from=blitz ["Package.swift", \(place("Package.swift"))]
      COPY --from=blitz ["Sources", \(place("Sources"))]
      WORKDIR /package
      COPY . .
      RUN swift build -c release && cp .build/release/\(module) /

      FROM swift:6.3-bookworm-slim
      RUN apt-get update && apt-get install -y libpng16-16 libturbojpeg0 zlib1g
      COPY --from=build /\(module) /usr/local/bin/
      WORKDIR /data
      CMD ["\(module)"]

      """
  }
}
