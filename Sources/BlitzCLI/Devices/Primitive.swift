import Blitz

/// The cases of `Op`, without what they hold: so that they can be listed.
enum Primitive: String, CaseIterable {
  case data, scalar, transfer, elementwise
  case reshape, permute, expand, slice, embed, concatenate
  case reduce, argReduce, cumulativeSum, argSort
  case matmul, gather, scatter, convolution, windowMaximum, custom

  /// The case that an op is of. A new one does not compile before it has its place here, and then
  /// its samples below.
  init(_ op: Op) {
    switch op {
    case .data: self = .data
    case .scalar: self = .scalar
    case .transfer: self = .transfer
    case .elementwise: self = .elementwise
    case .reshape: self = .reshape
    case .permute: self = .permute
    case .expand: self = .expand
    case .slice: self = .slice
    case .embed: self = .embed
    case .concatenate: self = .concatenate
    case .reduce: self = .reduce
    case .argReduce: self = .argReduce
    case .cumulativeSum: self = .cumulativeSum
    case .argSort: self = .argSort
    case .matmul: self = .matmul
    case .gather: self = .gather
    case .scatter: self = .scatter
    case .convolution: self = .convolution
    case .windowMaximum: self = .windowMaximum
    case .custom: self = .custom
    }
  }
}

/// A small computation with one primitive in it, which the self-test does on every device.
struct PrimitiveSample: Sendable {
  /// The primitive's name, with its kind where it has several.
  let name: String
  let primitive: Primitive
  /// The largest error that passes: the difference to what the processor computes, over the
  /// greater of 1 and the number itself.
  let tolerance: Double
  /// The operands, on the processor.
  let inputs: @Sendable () -> [Tensor]
  let compute: @Sendable ([Tensor]) -> Tensor

  init(
    _ name: String, _ primitive: Primitive, tolerance: Double = 0,
    _ inputs: @escaping @Sendable () -> [Tensor],
    compute: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    (self.name, self.primitive, self.tolerance) = (name, primitive, tolerance)
    (self.inputs, self.compute) = (inputs, compute)
  }

  /// One or more for every primitive.
  static let all = Primitive.allCases.flatMap(samples)

  /// Exp, sin and their kind differ by some units of the last place between libraries.
  static let functionTolerance = 2e-5
  /// Sums of a hundred products in another order, and the algorithms for convolutions of cuDNN's.
  static let sumTolerance = 1e-4

  private static func samples(of primitive: Primitive) -> [PrimitiveSample] {
    switch primitive {
    case .elementwise: Elementwise.allCases.map(elementwise)
    case .data: [sample("data", .data, normal([7, 5])) { $0[0] }]
    case .scalar: [sample("scalar", .scalar, normal([7, 5])) { $0[0] + 1.5 }]
    case .transfer:
      [sample("transfer", .transfer, normal([7, 5])) { $0[0].to(.cpu).to($0[0].device) }]
    case .reshape:
      [sample("reshape", .reshape, normal([6, 4])) { $0[0].reshaped(to: [3, 8]) }]
    case .permute: [sample("permute", .permute, normal([3, 4, 5])) { $0[0].permuted([2, 0, 1]) }]
    case .expand: [sample("expand", .expand, normal([5, 1])) { $0[0].expanded(to: [3, 5, 4]) }]
    case .slice:
      [
        sample("slice", .slice, normal([7, 5])) { $0[0][1..<6, 2..<5] },
        sample("slice backwards", .slice, normal([7, 5])) { $0[0].flipped(axes: [1]) },
      ]
    case .embed:
      [sample("embed", .embed, normal([3, 4])) { $0[0].padded([(1, 0), (0, 2)], value: 7) }]
    case .concatenate:
      [
        sample("concatenate", .concatenate, normal([3, 4])) {
          concatenate([$0[0], $0[1]], axis: 1)
        }
      ]
    case .reduce: Reduction.allCases.map(reduction)
    case .argReduce:
      [
        sample("argmax", .argReduce, normal([9, 12])) { $0[0].argmax(axis: 1) },
        sample("argmin", .argReduce, normal([9, 12])) { $0[0].argmin(axis: 0) },
      ]
    case .cumulativeSum:
      [
        sample("cumulativeSum", .cumulativeSum, tolerance: sumTolerance, normal([4, 100])) {
          $0[0].cumsum(axis: 1)
        }
      ]
    case .argSort:
      [
        sample("argSort", .argSort, normal([5, 40])) { $0[0].argSort(axis: 1) },
        sample("argSort descending", .argSort, normal([5, 40])) {
          $0[0].argSort(axis: 1, descending: true)
        },
      ]
    case .matmul:
      [
        sample("matmul", .matmul, tolerance: sumTolerance, normal([64, 64])) {
          $0[0].matmul($0[1])
        },
        sample("matmul of batches", .matmul, tolerance: sumTolerance, normal([3, 20, 20])) {
          $0[0].matmul($0[1].transposed(1, 2))
        },
      ]
    case .gather:
      [sample("gather", .gather, indexed) { $0[0].gather(axis: 1, index: $0[2]) }]
    case .scatter:
      [
        sample("scatter", .scatter, indexed) {
          $0[0].scatter(axis: 1, index: $0[3], updates: $0[1])
        },
        sample("scatter adds", .scatter, tolerance: sumTolerance, indexed) {
          $0[0].scatterAdd(axis: 1, index: $0[2], updates: $0[1])
        },
      ]
    case .convolution: Convolution.Role.allCases.map(convolution)
    case .windowMaximum:
      [
        sample("windowMaximum", .windowMaximum, normal([2, 3, 8, 8])) {
          $0[0].maxPool2d(3, stride: 2, padding: 1)
        },
        sample("windowMaximum's places", .windowMaximum, normal([2, 3, 8, 8])) {
          let x = $0[0].requiringGrad()
          return gradient(of: (x.maxPool2d(2) * x.maxPool2d(2)).sum(), wrt: x)
        },
        sample("windowMaximum of others", .windowMaximum, normal([2, 3, 8, 8])) { inputs in
          // The places' gradient: the numbers of another array at the places of the maxima.
          let x = inputs[0].requiringGrad()
          let weight = inputs[1].maxPool2d(2).detached().requiringGrad()
          let places = gradient(
            of: (x.maxPool2d(2) * weight).sum(), wrt: x, createGraph: true)
          return gradient(of: (places * inputs[1]).sum(), wrt: weight)
        },
      ]
    case .custom:
      [
        sample("custom", .custom, normal([7, 5])) { inputs in
          let x = inputs[0].requiringGrad()
          return gradient(of: (Doubled()(x) * inputs[1]).sum(), wrt: x)
        }
      ]
    }
  }

  private static func reduction(_ kind: Reduction) -> PrimitiveSample {
    let tolerance = kind == .maximum || kind == .minimum ? 0 : sumTolerance
    return sample("reduce \(kind)", .reduce, tolerance: tolerance, normal([8, 10, 4])) {
      switch kind {
      case .sum: $0[0].sum(axes: [0, 2])
      case .product: $0[0].prod(axes: [0])
      case .maximum: $0[0].max(axes: [0, 2])
      case .minimum: $0[0].min(axes: [1])
      case .norm: $0[0].norm(axes: [0, 2])
      }
    }
  }

  private static func convolution(_ role: Convolution.Role) -> PrimitiveSample {
    // Four images of 3 channels, and filters from 3 channels to 5.
    let arrays: @Sendable () -> [Tensor] = {
      let generator = Generator(seed: 0)
      return [[4, 3, 12, 12], [5, 3, 3, 3], [4, 5, 6, 6]].map {
        Tensor.randn($0, generator: generator, device: .cpu)
      }
    }
    return sample("convolution \(role)", .convolution, tolerance: sumTolerance, arrays) {
      switch role {
      case .output: return $0[0].conv2d($0[1], stride: 2, padding: 1)
      case .input:
        return $0[2].convTranspose2d($0[1], stride: 2, padding: 1, outputPadding: 1)
      case .weight:
        let weight = $0[1].requiringGrad()
        let output = $0[0].conv2d(weight, stride: 2, padding: 1)
        return gradient(of: (output * $0[2]).sum(), wrt: weight)
      }
    }
  }

  private static func sample(
    _ name: String, _ primitive: Primitive, tolerance: Double = 0,
    _ inputs: @escaping @Sendable () -> [Tensor],
    _ compute: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> PrimitiveSample {
    PrimitiveSample(name, primitive, tolerance: tolerance, inputs, compute: compute)
  }

  /// Two arrays of a shape.
  private static func normal(_ shape: Shape) -> @Sendable () -> [Tensor] {
    {
      let generator = Generator(seed: 0)
      return (0..<2).map { _ in Tensor.randn(shape, generator: generator, device: .cpu) }
    }
  }

  /// Two arrays, positions along the second axis, and such that name none twice.
  private static let indexed: @Sendable () -> [Tensor] = {
    let generator = Generator(seed: 0)
    return [
      .randn([6, 9], generator: generator, device: .cpu),
      .randn([6, 9], generator: generator, device: .cpu),
      .randint(0, 9, [6, 9], generator: generator, device: .cpu),
      .randn([6, 9], generator: generator, device: .cpu).argSort(axis: 1),
    ]
  }

  /// A function whose gradient is its author's.
  private struct Doubled: CustomFunction {
    func forward(_ inputs: [Tensor]) -> Tensor { inputs[0] * 2 }
    func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
      [gradient * 2]
    }
  }
}
