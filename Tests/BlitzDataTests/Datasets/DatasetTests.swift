import Blitz
import BlitzData
import Foundation
import Testing

@Suite("Datasets")
struct DatasetTests {
  @Test("Digits are pictures of one channel")
  func digits() throws {
    let digits = Digits()
    let batch = digits.batch(at: [1796, 0])
    #expect(batch.inputs.signature == "float32[2, 1, 8, 8]")
    #expect(try batch.labels.array() == [8, 0])
    #expect(try batch.inputs[1].scalars() == Array(digits.pixels[..<64]))
    #expect(digits.classNames[8] == "8")
  }

  // scikit-learn 1.9.1, NumPy 2.4.6: d = load_iris(); d.data.sum(0);
  // (d.data * numpy.arange(150)[:, None]).sum()
  @Test("iris has scikit-learn's numbers")
  func iris() throws {
    let iris = Iris()
    let all = iris[0...]
    #expect(all.inputs.signature == "float32[150, 4]")
    let rows: [[Double]] = try all.inputs.cast(to: .float64).array()
    let sums = (0..<4).map { column in rows.reduce(0) { $0 + $1[column] } }
    for (sum, expected) in zip(sums, [876.5, 458.6, 563.7, 179.9]) {
      #expect(abs(sum - expected) < 1e-4)
    }
    let weighted = rows.enumerated().reduce(0) { sum, row in
      sum + Double(row.offset) * row.element.reduce(0, +)
    }
    #expect(abs(weighted - 172_096.9) < 1e-2)
    // The two rows in which UCI's file differs from Fisher's paper.
    #expect(Array(iris.features[136..<140]) == [4.9, 3.1, 1.5, 0.2])
    #expect(Array(iris.features[148..<152]) == [4.9, 3.6, 1.4, 0.1])
    #expect(try all.labels.array() == (0..<150).map { $0 / 50 })
    #expect(iris.classNames == ["setosa", "versicolor", "virginica"])
  }

  @Test("spirals are cs231n's, with PyTorch's noise", arguments: LoadingReference.stored.spirals)
  func spirals(reference: LoadingReference.Spirals) throws {
    let spirals = try Spirals(
      armCount: reference.arms, pointsPerArm: reference.points, noise: reference.noise,
      generator: Generator(seed: reference.seed))
    #expect(spirals.count == reference.arms * reference.points)
    #expect(spirals.points.count == reference.rows.count)
    for (ours, theirs) in zip(spirals.points, reference.rows) {
      #expect(abs(Double(ours) - theirs) < 1e-6)
    }
    #expect(spirals.labels == (0..<spirals.count).map { $0 / reference.points })
    #expect(spirals[0..<1].inputs.signature == "float32[1, 2]")
  }

  @Test("spirals refuse numbers that make none")
  func spiralErrors() throws {
    for (arms, points, noise, message) in [
      (0, 5, 0.2, "Spirals: 0 arms of 5 points"),
      (3, -1, 0.2, "Spirals: 3 arms of -1 points"),
      (.max, .max, 0.2, "Spirals: \(Int.max) arms of \(Int.max) points"),
      (3, 5, -0.5, "Spirals: the noise is -0.5"),
    ] {
      let error = tensorError {
        try Spirals(armCount: arms, pointsPerArm: points, noise: noise)
      }
      #expect(error?.summary == message)
    }
  }

  @Test("a CSV file is a dataset")
  func csv() throws {
    let table = try CSV(bytes: Array("a,b,c\n1,2,0\n3,4,2\n".utf8), path: "t.csv")
    #expect(try table[1...].inputs.scalars() == [3, 4] as [Float])
    #expect(try table[0...].labels.array() == [0, 1])
    #expect(table.count == 2)
    #expect(table.classNames == ["0", "2"])
  }

  @Test(
    "rows of tensors keep their dtype",
    arguments: [DType.float32, .float64, .int32, .int64, .uint8, .bool, .float16, .bfloat16])
  func tensors(dtype: DType) throws {
    let inputs = Tensor.arange(12).reshaped(to: [4, 3]).cast(to: dtype)
    let data = try TensorDataset(inputs, Tensor([4, 5, 6, 7]))
    let batch = data.batch(at: [3, 0, 3])
    #expect(batch.inputs.dtype == dtype)
    let expected: [Double] =
      dtype == .bool
      ? [1, 1, 1, 0, 1, 1, 1, 1, 1] : [9, 10, 11, 0, 1, 2, 9, 10, 11]
    #expect(try batch.inputs.cast(to: .float64).scalars(as: Double.self) == expected)
    #expect(try batch.labels.scalars(as: Double.self) == [7, 4, 7])
  }

  @Test("tensors need as many rows")
  func unequalTensors() throws {
    let error = tensorError {
      try TensorDataset(Tensor.zeros([3, 2]), Tensor.zeros([4]))
    }
    #expect(
      error?.message == """
        TensorDataset: inputs and labels do not have as many rows
          inputs: float32[3, 2]
          labels: float32[4]
          help:   the first axis of both counts the examples
        """)
    #expect(tensorError { try TensorDataset(1, 2) } != nil)
    let bad = Tensor.zeros([2]).reshaped(to: [3])
    let carried = tensorError { try TensorDataset(bad, bad) }
    #expect(carried?.op == "reshaped")
  }

  @Test("updating a tensor afterwards does not change the dataset")
  func values() throws {
    var inputs = Tensor.ones([2, 2])
    let data = try TensorDataset(inputs, Tensor([0, 1]))
    inputs += 5
    #expect(try inputs.sum().item() == 24)
    #expect(try data[0...].inputs.sum().item() == 4)
  }

  @Test("ranges and numbers outside the data are errors that travel")
  func outside() throws {
    let iris = Iris()
    for (batch, index) in [
      (iris[150...150], 150), (iris[(-1)...3], -1), (iris[149..<152], 151), (iris[200...], 199),
      (iris.batch(at: [3, 150]), 150),
    ] {
      #expect(
        batch.error?.message
          == "examples: there is no example \(index) among 150\n  help: indices are 0 to 149")
      #expect(tensorError { try (batch.inputs + 1).array() as [Float] } != nil)
    }
    #expect(iris[150...].inputs.shape == [0, 4])
    #expect(iris[..<2].count == 2)
    #expect(iris[...2].count == 3)
  }

  @Test("splits at random as PyTorch does", arguments: LoadingReference.stored.splits.filter(\.own))
  func randomSplit(reference: LoadingReference.Split) throws {
    let data = try TensorDataset(Tensor.arange(reference.count), Tensor.arange(reference.count))
    let parts = try data.randomSplit(reference.fractions, by: Generator(seed: reference.seed))
    #expect(parts.map(\.indices) == reference.parts)
    #expect(try parts[0][0...].labels.array() == reference.parts[0])
  }

  @Test("splits at a place, and parts of parts too")
  func splitting() throws {
    let (first, rest) = try Iris().split(at: 100)
    #expect(first.count == 100)
    #expect(rest.indices == Array(100..<150))
    #expect(rest.classNames.count == 3)
    let (_, last) = try rest.split(at: 49)
    #expect(try last[0...].inputs.array() == Iris()[149...].inputs.array() as [Float])
    for (make, message) in [
      ({ _ = try rest.split(at: 51) }, "split: there is no place 51 in 50 examples"),
      (
        { _ = try rest.randomSplit([0.5, 0.4]) },
        "randomSplit: the fractions [0.5, 0.4] add up to 0.9"
      ),
      (
        { _ = try rest.randomSplit([1.5, -0.5]) },
        "randomSplit: the fractions [1.5, -0.5] add up to 1.0"
      ),
      ({ _ = try rest.randomSplit([] as [Double]) }, "randomSplit: the fractions [] add up to 0.0"),
      ({ _ = try Subset(rest, indices: [50]) }, "examples: there is no example 50 among 50"),
    ] as [(() throws -> Void, String)] {
      let error = tensorError { try make() }
      #expect(error?.summary == message)
    }
  }
}
