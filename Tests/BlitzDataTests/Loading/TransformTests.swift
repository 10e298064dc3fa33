import Blitz
import BlitzData
import Foundation
import Testing

@Suite("Transforms")
struct TransformTests {
  /// What becomes of pictures, [count, height, width] or [count, channels, height, width].
  private func transformed(_ inputs: Tensor, _ transforms: [Transform]) -> Tensor {
    let labels = Tensor.zeros([inputs.shape[0]])
    guard let data = try? TensorDataset(inputs, labels) else { return inputs }
    let loader = DataLoader(
      data, batchSize: inputs.shape[0], shuffledBy: nil, transforms: transforms)
    return loader.first { _ in true }?.inputs ?? inputs
  }

  // PyTorch 2.15: (x.float().div(255) - 0.286) / 0.353 for every byte.
  @Test("normalises pixels to the numbers of PyTorch, to the last bit")
  func normalising() throws {
    let image = try Image(
      width: 16, height: 16, channelCount: 1, pixels: (0..<256).map { UInt8($0) })
    let data = try ImageDataset([image], labels: [0])
    let loader = DataLoader(
      data, batchSize: 1, transforms: [.normalise(mean: [0.286], std: [0.353])])
    let batch = try #require(loader.first { _ in true })
    #expect(batch.inputs.shape == [1, 1, 16, 16])
    let numbers = try batch.inputs.scalars(as: Float.self)
    let expected = LoadingReference.stored.normalised.withUnsafeBytes {
      Array($0.bindMemory(to: Float.self))
    }
    #expect(numbers.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test("normalises each channel by its own numbers, and each column of a table")
  func channels() throws {
    let pictures = Tensor([[[[1.0, 2]], [[3, 4]]]])
    let normalise = Transform.normalise(mean: [1, 2], std: [2, 4])
    #expect(try transformed(pictures, [normalise]).scalars(as: Double.self) == [0, 0.5, 0.25, 0.5])
    let table = Tensor([[1.0, 2], [3, 6]])
    #expect(try transformed(table, [normalise]).scalars(as: Double.self) == [0, 0, 1, 1])
  }

  @Test("crops to every place within the padding, and nowhere else")
  func cropping() throws {
    // 600 copies of a picture whose numbers tell where they were.
    let picture = Tensor.arange(1, 13).cast(to: .float32).reshaped(to: [1, 1, 3, 4])
    let copies = concatenate(Array(repeating: picture, count: 600), axis: 0)
    let crops = transformed(copies, [.randomCrop(padding: 2, fill: -1)])
    #expect(crops.shape == [600, 1, 3, 4])
    let numbers = try crops.scalars(as: Float.self)
    var seen: Set<[Int]> = []
    for crop in 0..<600 {
      let cells = Array(numbers[12 * crop..<12 * crop + 12])
      let matches = (-2...2).flatMap { down in (-2...2).map { [down, $0] } }.filter { move in
        (0..<12).allSatisfy { place in
          let (y, x) = (place / 4 + move[0], place % 4 + move[1])
          return cells[place] == (0..<3 ~= y && 0..<4 ~= x ? Float(4 * y + x + 1) : -1)
        }
      }
      #expect(matches.count == 1)
      seen.formUnion(matches)
    }
    #expect(seen.count == 25)
  }

  @Test("flips about as many pictures as it should, all rows and channels of them")
  func flipping() throws {
    let picture = Tensor([[[[1.0, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]])
    let copies = concatenate(Array(repeating: picture, count: 1000), axis: 0)
    let numbers = try transformed(copies, [.randomHorizontalFlip(probability: 0.25)])
      .scalars(as: Float.self)
    let flipped: [Float] = [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]
    var count = 0
    for place in 0..<1000 {
      let cells = Array(numbers[12 * place..<12 * place + 12])
      if cells == flipped { count += 1 } else { #expect(cells == (1...12).map(Float.init)) }
    }
    // Within five standard deviations of 250.
    #expect(abs(count - 250) < 69)
  }

  @Test("draw other numbers in each epoch and for each example")
  func drawing() throws {
    let record = Transform { numbers, shape, generator in
      for i in numbers.indices { numbers[i] = Float.random(in: 0..<1, using: &generator) }
    }
    let data = try TensorDataset(Tensor.zeros([50, 2]), Tensor.zeros([50]))
    let loader = DataLoader(
      data, batchSize: 7, shuffledBy: Generator(seed: 0), transforms: [record])
    var seen: Set<Float> = []
    for _ in 0..<2 {
      for batch in loader { seen.formUnion(try batch.inputs.scalars(as: Float.self)) }
    }
    #expect(seen.count == 200)
  }

  @Test("leave the dataset's own numbers alone")
  func values() throws {
    let inputs = Tensor.ones([4, 2])
    let data = try TensorDataset(inputs, Tensor.zeros([4]))
    let halve = Transform { numbers, _, _ in for i in numbers.indices { numbers[i] /= 2 } }
    #expect(try transformed(inputs, [halve, halve]).array() == [Double](repeating: 0.25, count: 8))
    #expect(try data[0...].inputs.array() == [Double](repeating: 1, count: 8))
    #expect(try inputs.array() == [Double](repeating: 1, count: 8))
  }

  @Test(
    "say what they cannot do",
    arguments: [
      (
        [2, 3, 4, 4], Transform.normalise(mean: [1, 2], std: [1, 1]),
        "normalise: 2 means and 2 deviations for 3 channels"
      ),
      ([2, 3], .normalise(mean: [0], std: [0]), "normalise: the deviations are [0.0]"),
      (
        [2, 3], .randomCrop(padding: 1),
        "randomCrop: takes pictures, [channels, height, width] or [height, width]"
      ),
      ([2, 3, 3], .randomCrop(padding: -1), "randomCrop: the padding is -1"),
      (
        [2, 3], .randomHorizontalFlip(),
        "randomHorizontalFlip: takes pictures, [channels, height, width] or [height, width]"
      ),
      (
        [2, 3, 3], .randomHorizontalFlip(probability: 1.5),
        "randomHorizontalFlip: the probability is 1.5"
      ),
    ] as [(Shape, Transform, String)])
  func errors(shape: Shape, transform: Transform, message: String) {
    #expect(transformed(Tensor.zeros(shape), [transform]).error?.summary == message)
  }

  @Test("take float32 only")
  func dtypes() {
    let inputs = Tensor.arange(4).reshaped(to: [2, 2])
    #expect(
      transformed(inputs, [.normalise(mean: [0], std: [1])]).error?.summary
        == "transforms: take float32 inputs")
    #expect(transformed(inputs, []).dtype == .int64)
  }
}
