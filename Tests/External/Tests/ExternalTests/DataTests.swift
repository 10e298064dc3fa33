import Blitz
import Foundation
import Testing

/// Points and the side of the diagonal that they are on, made when they are asked for.
private struct Diagonal: Dataset {
  let count = 20
  var classNames: [String] { ["below", "above"] }

  func examples(at indices: [Int]) throws -> Examples {
    let points = indices.flatMap { [Float($0), Float($0 * $0 % 7)] }
    let labels = indices.map { Int64($0 * $0 % 7 > $0 ? 1 : 0) }
    return Examples(
      inputs: try HostArray(points, shape: [indices.count, 2]),
      labels: try HostArray(labels, shape: [indices.count]))
  }
}

/// Even examples before odd ones.
private struct EvenFirst: Sampler {
  let count: Int

  func indices(by generator: Generator) throws(TensorError) -> [Int] {
    (0..<count).filter { $0.isMultiple(of: 2) } + (0..<count).filter { !$0.isMultiple(of: 2) }
  }
}

/// Batches that grow by one example each.
private struct Growing: BatchSampling {
  let count = 3

  func batches(by generator: Generator) throws(TensorError) -> [[Int]] {
    [[0], [1, 2], [3, 4, 5]]
  }
}

/// Tensors by name that are in no file.
private struct Named: NamedTensors {
  let path = "memory"
  let names = ["a", "b"]

  func tensor(named name: String) throws(DataError) -> Tensor {
    Tensor.ones([name == "a" ? 1 : 2])
  }
  func tensors(under entry: String?) throws(DataError) -> [String: Tensor] {
    ["a": try tensor(named: "a"), "b": try tensor(named: "b")]
  }
}

@Suite struct OwnDataTests {
  @Test func loadsAnOwnDataset() throws {
    let loader = DataLoader(Diagonal(), batchSize: 8)
    var counts: [Int] = []
    for batch in loader.batches {
      #expect(batch.error == nil)
      #expect(batch.inputs.shape == [batch.count, 2] && batch.labels.dtype == .int64)
      counts.append(batch.count)
    }
    #expect(counts == [8, 8, 4])
    #expect(loader.dataset.classNames == ["below", "above"])
  }

  @Test func drawsByAnOwnSampler() {
    let loader = DataLoader(Diagonal(), batchSize: 5, sampler: EvenFirst(count: 20))
    #expect(loader.batches.flatMap(\.indices).prefix(3) == [0, 2, 4])
    let growing = DataLoader(Diagonal(), batchSampler: Growing())
    #expect(growing.batches.map(\.indices) == [[0], [1, 2], [3, 4, 5]])
  }

  @Test func changesExamplesInAnOwnWay() throws {
    let halved = Transform { numbers, _, _ in
      for place in 0..<numbers.count { numbers[place] /= 2 }
    }
    let loader = DataLoader(Diagonal(), batchSize: 20, transforms: [halved])
    let batch = try #require(loader.first { _ in true })
    #expect(try batch.inputs.array(as: [[Float]].self)[2] == [1, 2])
  }

  @Test func readsAnOwnSource() throws {
    let source: any NamedTensors = Named()
    #expect(try source.tensors(under: nil)["b"]?.shape == [2])
  }
}
