import Blitz
import Foundation
import Testing

/// The number of threads changes no bit: one alone sums in the same order as several together.
@Suite("Numbers of threads")
struct ThreadCountTests {
  /// Products: rows alone, terms shared, columns shared, turned matrices, batches; what follows
  /// them, in blocks of rows.
  private static func products(_ generator: Generator) throws -> [Tensor] {
    var found: [Tensor] = []
    let sizes = [
      [64, 1000, 100], [1000, 64, 100], [33, 70, 500], [200, 390, 130], [7, 900, 5], [1, 512, 300],
    ]
    for size in sizes {
      let x = Tensor.randn([size[0], size[1]], generator: generator)
      let w = Tensor.randn([size[1], size[2]], generator: generator)
      let back = Tensor.randn([size[0], size[2]], generator: generator)
      found += [x.matmul(w), back.matmul(w.transposed()), x.transposed().matmul(back)]
      found.append((x.matmul(w) + w.sum(axis: 0)).relu().matmul(w.transposed()).softmax(axis: -1))
    }
    let batch = Tensor.randn([6, 40, 90], generator: generator)
    return found + [batch.matmul(batch.transposed(-1, -2))]
  }

  /// Convolutions: few pixels and many filters, windows of 1 and 3, steps, groups; and gradients.
  private static func convolutions(_ generator: Generator) throws -> [Tensor] {
    var found: [Tensor] = []
    // Images, channels, height and width, filters, window, stride, groups.
    let draws = [
      [1, 400, 14, 300, 1, 1, 1], [1, 64, 20, 200, 1, 2, 1], [1, 150, 7, 200, 3, 1, 1],
      [3, 16, 28, 40, 3, 1, 1], [20, 3, 14, 24, 3, 1, 1], [2, 32, 14, 32, 3, 1, 32],
    ]
    for draw in draws {
      let x = Tensor.randn([draw[0], draw[1], draw[2], draw[2]], generator: generator)
      let w = Tensor.randn(
        [draw[3], draw[1] / draw[6], draw[4], draw[4]], generator: generator)
      let (value, slopes) = valueAndGradients(at: [x, w]) { at in
        at[0].conv2d(at[1], stride: Size2D(draw[5]), padding: Size2D(draw[4] / 2), groups: draw[6])
          .relu().square().sum()
      }
      found += [x.conv2d(w, stride: Size2D(draw[5]), groups: draw[6]), value] + slopes
    }
    return found
  }

  @Test("products, convolutions and what follows them are the same on 1, 2 and 3 threads")
  func sameBits() async throws {
    let place = FileManager.default.temporaryDirectory.appending(path: "blitz-bits-\(getpid())")
    defer { try? FileManager.default.removeItem(at: place) }
    var first: Data?
    for threads in 1...3 {
      await #expect(processExitsWith: .success) {
        [threads = threads as Int, path = place.path as String] in
        setenv("BLITZ_NUM_THREADS", "\(threads)", 1)
        let generator = Generator(seed: 5)
        let all =
          try ThreadCountTests.products(generator) + ThreadCountTests.convolutions(generator)
        var bits = Data()
        for tensor in all {
          let numbers: [Float] = try tensor.scalars(as: Float.self)
          numbers.withUnsafeBytes { bits.append(contentsOf: $0) }
        }
        try bits.write(to: URL(filePath: path))
      }
      let bits = try Data(contentsOf: place)
      #expect(bits.count > 1_000_000 && bits == first ?? bits, "\(threads) threads differ")
      first = first ?? bits
    }
  }
}
