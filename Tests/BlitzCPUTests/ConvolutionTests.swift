import Blitz
import Testing

@testable import BlitzTensor

/// Images that are too large to be unfolded at once, against products of shifted images.
@Suite struct ConvolutionTests {
  /// The convolution as a sum of matrix products, one for each tap.
  private func shifted(_ x: Tensor, _ w: Tensor, stride: Int, padding: Int) -> Tensor {
    let image = x.padded([(0, 0), (0, 0), (padding, padding), (padding, padding)])
    let (filters, channels, size) = (w.shape[0], w.shape[1], w.shape[2])
    let height = (image.shape[2] - size) / stride + 1
    let width = (image.shape[3] - size) / stride + 1
    var sum = Tensor.zeros([x.shape[0], filters, height * width], dtype: x.dtype)
    for i in 0..<size {
      for j in 0..<size {
        let rows = image.sliced(axis: 2, AxisSlice(start: i, step: stride, count: height))
        let part = rows.sliced(axis: 3, AxisSlice(start: j, step: stride, count: width))
        let tap = w.sliced(axis: 2, AxisSlice(start: i, step: 1, count: 1))
          .sliced(axis: 3, AxisSlice(start: j, step: 1, count: 1))
          .reshaped(to: [filters, channels])
        sum = sum + tap.matmul(part.reshaped(to: [x.shape[0], channels, height * width]))
      }
    }
    return sum.reshaped(to: [x.shape[0], filters, height, width])
  }

  @Test(
    "large images give what shifted products give, forward and back",
    arguments: [(1, 1), (1, 0), (1, 2), (2, 1), (3, 0)])
  func tiles(stride: Int, padding: Int) throws {
    let generator = Generator(seed: 3)
    let x = Tensor.randn([2, 16, 40, 37], generator: generator, dtype: .float64)
    let w = Tensor.randn([8, 16, 3, 3], generator: generator, dtype: .float64)
    var found: [[Tensor]] = []
    for isConvolution in [true, false] {
      let (value, gradients) = valueAndGradients(at: [x, w]) { at in
        let y =
          isConvolution
          ? at[0].conv2d(at[1], stride: Size2D(stride), padding: Size2D(padding))
          : shifted(at[0], at[1], stride: stride, padding: padding)
        return y.sin().sum()
      }
      found.append([value] + gradients)
    }
    for (ours, expected) in zip(found[0], found[1]) {
      #expect(ours.shape == expected.shape)
      let error = try (ours - expected).abs().max().item()
      #expect(error <= 1e-9, "\(ours.shape): off by \(error)")
    }
  }

  @Test("float32 agrees with float64")
  func single() throws {
    let generator = Generator(seed: 4)
    let x = Tensor.randn([3, 16, 33, 40], generator: generator)
    let w = Tensor.randn([8, 16, 3, 3], generator: generator)
    let y = x.conv2d(w, padding: 1)
    let exact = x.cast(to: .float64).conv2d(w.cast(to: .float64), padding: 1)
    let error = try (y.cast(to: .float64) - exact).abs().max().item()
    #expect(error <= 2e-4, "off by \(error)")
  }

  @Test("weights that are packed once are packed anew when they have changed", arguments: [1, 3])
  func keptWeights(size: Int) throws {
    let generator = Generator(seed: 5)
    let x = Tensor.randn([1, 32, 7, 7], generator: generator)
    let images = Tensor.randn([3, 32, 12, 12], generator: generator)
    var w = Tensor.randn([48, 32, size, size], generator: generator)
    for _ in 0..<4 {
      var found: [[Float]] = []
      for _ in 0..<4 {
        for input in [x, images] { found.append(try input.conv2d(w).scalars(as: Float.self)) }
      }
      for (place, numbers) in found.enumerated() { #expect(numbers == found[place % 2]) }
      let exact = x.cast(to: .float64).conv2d(w.cast(to: .float64))
      let error = try (x.conv2d(w).cast(to: .float64) - exact).abs().max().item()
      #expect(error <= 2e-4, "off by \(error)")
      // In the memory that the old ones were in, as nobody else holds them.
      w = w * -1.5 + 0.25
    }
  }

  @Test("numbers that are not finite stay where they are")
  func infinities() throws {
    var numbers = [Float](repeating: 1, count: 2 * 16 * 20 * 20)
    numbers[16 * 400 + 5 * 20 + 5] = .infinity
    let x = Tensor(numbers).reshaped(to: [2, 16, 20, 20])
    let w = Tensor.ones([16, 16, 3, 3])
    let y = x.conv2d(w, padding: 1)
    let expected = (4...6).flatMap { y in (4...6).map { x in y * 20 + x } }
    let found = try y.scalars(as: Float.self)
    #expect(found[..<(16 * 400)].allSatisfy { $0.isFinite })
    for filter in 0..<16 {
      let plane = found[(16 + filter) * 400..<(17 + filter) * 400]
      let places = plane.indices.filter { plane[$0] == .infinity }
      #expect(places.map { $0 - plane.startIndex } == expected)
      #expect(!plane.contains { $0.isNaN })
    }
  }
}
