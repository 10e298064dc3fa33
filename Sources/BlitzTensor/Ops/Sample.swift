/// A small computation with one primitive in it, which `blitz doctor` and the tests do on every
/// device.
package struct Sample: Sendable {
  /// What is computed: the primitive's name, with its kind where it has several samples.
  package private(set) var name: String
  /// The largest error that passes: the difference to what the processor computes, over the
  /// greater of 1 and the number itself.
  package let tolerance: Double
  /// The operands, on the processor.
  package let inputs: @Sendable () -> [Tensor]
  package let compute: @Sendable ([Tensor]) -> Tensor

  /// Makes one; without a tolerance the elements must be the same.
  package init(
    _ name: String, tolerance: Double = 0, _ operands: Operands,
    compute: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    (self.name, self.tolerance, self.compute) = (name, tolerance, compute)
    inputs = { operands.make(Generator(seed: 0)) }
  }

  /// Those of all primitives.
  package static let all = Rule.allCases.flatMap(\.samples)

  /// Exp, sin and their kind differ by some units of the last place between libraries.
  package static let functionTolerance = 2e-5
  /// Sums of a hundred products in another order, and the algorithms for convolutions of cuDNN's.
  package static let sumTolerance = 1e-4

  /// The only sample of a primitive, which computes the same elements everywhere.
  static func exact(
    _ operands: Operands, _ compute: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> Sample {
    Sample("", operands, compute: compute)
  }

  /// The only sample of a primitive whose last digits depend on the library.
  static func near(
    _ operands: Operands, _ compute: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> Sample {
    Sample("", tolerance: functionTolerance, operands, compute: compute)
  }

  /// With the primitive's name where it has none of its own.
  @inline(never)
  func named(_ primitive: String) -> Sample {
    var sample = self
    if name.isEmpty { sample.name = primitive }
    return sample
  }
}

extension Sample {
  /// What a sample is computed from, the same every time.
  package struct Operands: Sendable {
    let make: @Sendable (Generator) -> [Tensor]

    /// Two arrays of a shape, normally distributed.
    package static func normal(_ shape: Shape) -> Operands {
      Operands { generator in
        (0..<2).map { _ in .randn(shape, generator: generator, device: .cpu) }
      }
    }

    /// Two arrays, positions along the second axis, and such that name none twice.
    static let places = Operands { generator in
      [
        .randn([6, 9], generator: generator, device: .cpu),
        .randn([6, 9], generator: generator, device: .cpu),
        .randint(0, 9, [6, 9], generator: generator, device: .cpu),
        .randn([6, 9], generator: generator, device: .cpu).argSort(axis: 1),
      ]
    }

    /// From -10 to 10: two of a thousand numbers, as all that follow.
    static let real = uniform(-10, 10)
    /// From -1 to 1.
    static let small = uniform(-1, 1)
    /// From 0.01 to 10.
    static let positive = uniform(0.01, 10)
    /// Multiples of a half from -10 to 9.5, so that some are equal and some are ties.
    static let halves = Operands { generator in
      (0..<2).map { _ in
        Tensor.randint(-20, 20, [1000], generator: generator, device: .cpu)
          .cast(to: .float32) / 2
      }
    }
    /// As `real`, with NaN, both infinities and both zeros among them.
    static let special = Operands { generator in
      let rare: [Float] = [.nan, .infinity, -.infinity, 0, -0.0]
      return (0..<2).map { place in
        let rolled = Array(rare[place...] + rare[..<place])
        return concatenate([
          Tensor(rolled, device: .cpu),
          .uniform([1000], from: -10, to: 10, generator: generator, device: .cpu),
        ])
      }
    }
    /// False and true.
    static let truth = Operands { generator in
      small.make(generator).map { $0 .< 0 }
    }

    private static func uniform(_ from: Double, _ to: Double) -> Operands {
      Operands { generator in
        (0..<2).map { _ in
          .uniform([1000], from: from, to: to, generator: generator, device: .cpu)
        }
      }
    }
  }
}
