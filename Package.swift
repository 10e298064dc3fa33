// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "blitz",
  products: [
    // All that the umbrella re-exports: SwiftPM recompiles a target when a module that it names
    // changes, and does not look through re-exports.
    .library(name: "Blitz", targets: ["Blitz", "BlitzTensor", "BlitzXLA", "BlitzNN", "BlitzData"]),
    .library(name: "BlitzPlot", targets: ["BlitzPlot"]),
    .library(name: "BlitzONNX", targets: ["BlitzONNX"]),
    .library(name: "BlitzModels", targets: ["BlitzModels"]),
    .library(name: "BlitzDistributions", targets: ["BlitzDistributions"]),
    .library(name: "BlitzLinearAlgebra", targets: ["BlitzLinearAlgebra"]),
    .library(name: "BlitzProcesses", targets: ["BlitzProcesses"]),
    // The kernel of the notebooks has it: a lesson's code is that of its notebook.
    .library(name: "BlitzLessons", targets: ["BlitzLessons"]),
    .executable(name: "blitz", targets: ["BlitzCLI"]),
    // The benchmarks time its products by themselves.
    .library(name: "CKernels", targets: ["CKernels"]),
    // Of a program in an empty root folder, as `blitz serve`'s server can be.
    .library(name: "CArguments", targets: ["CArguments"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Training on several processes under mpirun; needs Open MPI."),
    .trait(name: "WebP", description: "Reading WebP images; needs libwebp."),
    .trait(name: "TIFF", description: "Reading TIFF images; needs libtiff."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0")
  ],
  targets: [
    // The library: what a user imports, then the stages in the order data passes them.
    .target(
      name: "Blitz",
      dependencies: [
        "BlitzSystem", "BlitzTensor", "BlitzCPU", "BlitzXLA", "BlitzNN", "BlitzData", "CUncaught",
      ]),
    .target(name: "BlitzTensor", dependencies: ["BlitzSystem"]),
    .target(name: "BlitzCPU", dependencies: ["BlitzSystem", "BlitzTensor", "CKernels"]),
    .target(
      name: "BlitzXLA", dependencies: ["BlitzSystem", "BlitzTensor", "BlitzProcesses", "CPJRT"]),
    .target(
      name: "BlitzNN",
      dependencies: ["BlitzSystem", "BlitzTensor", "BlitzProcesses"]),
    .target(
      name: "BlitzData",
      dependencies: [
        "BlitzSystem", "BlitzTensor", "CKernels", "CPNG", "CTurboJPEG", "CZlib",
        .target(name: "CWebP", condition: .when(traits: ["WebP"])),
        .target(name: "CTIFF", condition: .when(traits: ["TIFF"])),
      ]),
    .target(
      name: "BlitzPlot", dependencies: ["BlitzSystem", "BlitzTensor", "BlitzNN", "BlitzData"]),

    // Models in the ONNX format, for who ships or imports them.
    .target(
      name: "BlitzONNX", dependencies: ["BlitzSystem", "BlitzTensor", "BlitzNN", "BlitzData"]),

    // Networks that others have trained, for who starts from them.
    .target(
      name: "BlitzModels", dependencies: ["BlitzSystem", "BlitzTensor", "BlitzNN", "BlitzData"]),

    // Imported by who samples: the umbrella does without.
    .target(name: "BlitzDistributions", dependencies: ["BlitzSystem", "BlitzTensor"]),

    // Matrices solved and factored, by the LAPACK that is found when a program runs.
    .target(name: "BlitzLinearAlgebra", dependencies: ["BlitzTensor", "CLAPACK"]),

    // Several processes; that over MPI only with the trait.
    .target(name: "BlitzProcesses", dependencies: ["BlitzSystem"]),
    .target(
      name: "BlitzMPI",
      dependencies: ["BlitzNN", .target(name: "CMPI", condition: .when(traits: ["MPI"]))]),

    // What the operating system gives, under one name on all of them.
    .target(name: "BlitzSystem"),

    // C: vector loops, the arguments where Swift has none, the end of a program whose error nobody
    // caught, and the system's libraries.
    .target(name: "CKernels"),
    .target(name: "CArguments"),
    .target(name: "CUncaught"),
    .target(name: "CLAPACK"),
    .target(name: "CPJRT"),
    .systemLibrary(name: "CMPI", providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CTurboJPEG", providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
    .systemLibrary(name: "CWebP", providers: [.apt(["libwebp-dev"]), .brew(["webp"])]),
    .systemLibrary(name: "CTIFF", providers: [.apt(["libtiff-dev"]), .brew(["libtiff"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

    // Tools.
    .target(name: "BlitzLessons", dependencies: ["Blitz", "BlitzTensor"]),
    .executableTarget(
      name: "BlitzCLI",
      dependencies: [
        "Blitz", "BlitzTensor", "BlitzCPU", "BlitzXLA", "BlitzNN", "BlitzData", "BlitzPlot",
        "BlitzONNX", "BlitzModels", "BlitzLessons", "BlitzMPI", "BlitzProcesses", "BlitzSystem",
        "CArguments",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests mirror the source folders; one calls all of them.
    .testTarget(
      name: "BlitzTensorTests", dependencies: ["Blitz", "BlitzTensor"],
      resources: [.copy("Reference")]),
    .testTarget(
      name: "BlitzCPUTests", dependencies: ["Blitz", "BlitzTensor", "BlitzCPU", "CKernels"]),
    .testTarget(
      name: "BlitzXLATests", dependencies: ["Blitz", "BlitzTensor", "BlitzXLA"],
      exclude: ["FakePlugin"]),
    .testTarget(
      name: "BlitzNNTests", dependencies: ["Blitz", "BlitzTensor", "BlitzNN", "BlitzData"],
      resources: [.copy("Reference")]),
    .testTarget(
      name: "BlitzDataTests", dependencies: ["Blitz", "BlitzTensor", "BlitzData"],
      resources: [.copy("Reference")]),
    .testTarget(
      name: "BlitzDistributionsTests",
      dependencies: ["Blitz", "BlitzTensor", "BlitzDistributions"],
      resources: [.copy("Reference")]),
    .testTarget(
      name: "BlitzLinearAlgebraTests",
      dependencies: ["Blitz", "BlitzTensor", "BlitzLinearAlgebra"]),
    .testTarget(name: "BlitzProcessesTests", dependencies: ["BlitzProcesses"]),
    .testTarget(
      name: "BlitzPlotTests",
      dependencies: ["Blitz", "BlitzTensor", "BlitzNN", "BlitzData", "BlitzPlot"],
      resources: [.copy("Pictures")]),
    .testTarget(
      name: "BlitzONNXTests", dependencies: ["Blitz", "BlitzTensor", "BlitzData", "BlitzONNX"],
      resources: [.copy("Reference")]),
    .testTarget(
      name: "BlitzModelsTests", dependencies: ["Blitz", "BlitzTensor", "BlitzData", "BlitzModels"],
      resources: [.copy("Reference")]),
    .testTarget(
      name: "BlitzTrapTests",
      dependencies: [
        "Blitz", "BlitzTensor", "BlitzNN", "BlitzData", "BlitzPlot", "BlitzDistributions",
        "BlitzLinearAlgebra", "BlitzONNX", "BlitzModels",
      ]),
    .testTarget(
      name: "BlitzLessonsTests", dependencies: ["Blitz", "BlitzTensor", "BlitzLessons"],
      resources: [.copy("Reference")]),
    .testTarget(
      name: "BlitzCLITests",
      dependencies: [
        "Blitz", "BlitzTensor", "BlitzXLA", "BlitzData", "BlitzModels", "BlitzPlot",
        "BlitzProcesses", "BlitzSystem", "BlitzCLI",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// Each module's folder says in a README what it is for.
for target in package.targets where target.type == .regular || target.type == .executable {
  if !target.name.hasPrefix("C") { target.exclude.append("README.md") }
}
