/// Whether the example runs at size, which takes minutes:
/// `swift run -c release --package-path Examples GAN --full`.
public let isFull = CommandLine.arguments.contains("--full")

/// Prints the figure that says whether an example has learned; `.ci/examples` compares it with the
/// table in Examples/README.md.
public func report(_ name: String, _ value: Double) {
  let thousandths = (value * 1000).rounded() / 1000
  print("\(name): \(thousandths)")
}
