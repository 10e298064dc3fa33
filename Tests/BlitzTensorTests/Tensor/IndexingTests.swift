import Blitz
import Foundation
import Testing

/// What Tests/Reference/indexing.py wrote.
private struct IndexingReference: Decodable {
  struct Case: Decodable {
    var name: String
    var shape: [Int]
    var numbers: [Double]
    var gradient: [Double]
    var valueShape: [Int]?
    var valueGradient: [Double]?
  }

  var reads: [Case]
  var writes: [Case]

  static func load() throws -> IndexingReference {
    let url = try #require(
      Bundle.module.url(forResource: "indexing", withExtension: "json", subdirectory: "Reference"))
    return try JSONDecoder().decode(IndexingReference.self, from: Data(contentsOf: url))
  }
}

/// The numbers of indexing.py: -5, -4.5, ..., 6.5.
private func makeX() -> Tensor {
  (Tensor.arange(24, dtype: .float64) * 0.5 - 5).reshaped(to: [2, 3, 4])
}

/// 1, 2, 3, ... in the shape of a tensor.
private func weights(_ tensor: Tensor) -> Tensor {
  (Tensor.arange(tensor.elementCount, dtype: .float64) + 1).reshaped(to: tensor.shape)
}

/// One line of Swift that says what a line of NumPy says.
struct IndexingRead: Sendable, CustomTestStringConvertible {
  let numpy: String
  let swift: @Sendable (Tensor) -> Tensor

  init(_ numpy: String, _ swift: @escaping @Sendable (Tensor) -> Tensor) {
    self.numpy = numpy
    self.swift = swift
  }

  var testDescription: String { numpy }
}

/// One assignment in Swift that says what a line of NumPy says.
struct IndexingWrite: Sendable, CustomTestStringConvertible {
  let numpy: String
  let swift: @Sendable (inout Tensor, Tensor) -> Void

  init(_ numpy: String, _ swift: @escaping @Sendable (inout Tensor, Tensor) -> Void) {
    self.numpy = numpy
    self.swift = swift
  }

  var testDescription: String { numpy }
}

@Suite("Indexing and shapes")
struct IndexingTests {
  @Test("read what NumPy reads, and send the gradient back there", arguments: reads)
  func read(_ row: IndexingRead) throws {
    let expected = try #require(
      IndexingReference.load().reads.first { $0.name == row.numpy }, "no such stored case")
    let x = makeX().requiringGrad()
    let result = row.swift(x)
    #expect(result.shape.sizes == expected.shape)
    #expect(result.dtype == .float64)
    #expect(try result.scalars(as: Double.self) == expected.numbers)
    let gradient = gradient(of: (result * weights(result)).sum(), wrt: x)
    #expect(gradient.shape == x.shape)
    #expect(try gradient.scalars(as: Double.self) == expected.gradient)
  }

  @Test("assign as NumPy does, with PyTorch's gradient", arguments: writes)
  func write(_ row: IndexingWrite) throws {
    let expected = try #require(
      IndexingReference.load().writes.first { $0.name == row.numpy }, "no such stored case")
    let shape = Shape(try #require(expected.valueShape))
    let x = makeX().requiringGrad()
    let value = (Tensor.arange(shape.elementCount, dtype: .float64) + 100)
      .reshaped(to: shape).requiringGrad()
    var result = x * 1
    let copy = result
    row.swift(&result, value)
    #expect(result.shape.sizes == expected.shape)
    #expect(try result.scalars(as: Double.self) == expected.numbers)
    #expect(
      try copy.scalars(as: Double.self) == x.scalars(as: Double.self), "a copy keeps its numbers")
    let found = gradients(of: (result * weights(result)).sum(), wrt: [x, value])
    #expect(try found[0].scalars(as: Double.self) == expected.gradient)
    #expect(found[1].shape == shape)
    #expect(try found[1].scalars(as: Double.self) == expected.valueGradient)
  }

  @Test("has a row for every stored case")
  func complete() throws {
    let reference = try IndexingReference.load()
    #expect(Set(reference.reads.map(\.name)) == Set(IndexingTests.reads.map(\.numpy)))
    #expect(Set(reference.writes.map(\.name)) == Set(IndexingTests.writes.map(\.numpy)))
  }

  @Test("assigns numbers that take the tensor's dtype")
  func literals() throws {
    var grad = Tensor([[1.0, -2.0], [-3.0, 4.0]])
    let h = Tensor([[-1.0, 0.0], [2.0, -0.5]])
    grad[h .< 0] = 0
    #expect(try grad.array() == [0.0, -2, -3, 0] as [Float])
    grad[..., 1] = -.infinity
    #expect(try grad.array() == [[0, -.infinity], [-3, -.infinity]] as [[Float]])
    grad[0] = .real(0.25)
    grad[1, 0] += 10
    #expect(try grad.array() == [0.25, 0.25, 7, -.infinity] as [Float])
    var labels = Tensor([1, 2, 3])
    labels[..<(-1)] = 7
    labels[...] = labels + 1
    #expect(try labels.array() == [8, 8, 4] as [Int])
    #expect(labels.dtype == .int64)
  }

  @Test("refuses positions outside an axis when they are used")
  func positions() throws {
    let x = makeX()
    let far = [Tensor([0, 2]), Tensor([-3]), Tensor([1 << 40]), Tensor([-1 << 40])]
    for index in far {
      #expect(fails { try x[index].array() })
      #expect(fails { try x[0, index * 2].array() })
      #expect(fails { try x.indexSelect(axis: 0, indices: index).array() })
    }
    // A pair whose places are wrong one by one but right when merged.
    let (rows, columns) = (Tensor([0]), Tensor([3]))
    #expect(fails { try x[rows, columns].array() })
    var y = x
    y[rows, columns] = 1
    #expect(fails { try y.array() })
    #expect(try x.array().count == 24, "what was read is still there")
  }

  @Test("finds the places that are not zero")
  func nonzero() throws {
    let x = Tensor([[0.0, 1.5], [-2.0, 0.0]])
    let places = x.nonzero()
    #expect(places.dtype == .int64)
    #expect(try places.array() == [[0, 1], [1, 0]] as [[Int]])
    #expect(Tensor.zeros([3, 2]).nonzero().shape == [0, 2])
    #expect(Tensor(7).nonzero().shape == [1, 0])
    #expect(try x.array(as: [Float].self).count == 4)
  }

  @Test("scatters, adds where a position comes twice, and makes rows of labels")
  func scatter() throws {
    let base = Tensor([10.0, 20.0, 30.0]).requiringGrad()
    let updates = Tensor([1.0, 2.0]).requiringGrad()
    let index = Tensor([2, 2])
    let added = base.scatterAdd(axis: 0, index: index, updates: updates)
    #expect(try added.array() == [10, 20, 33] as [Float])
    let fromAdding = gradients(of: (added * Tensor([1.0, 2.0, 3.0])).sum(), wrt: [base, updates])
    #expect(try fromAdding[0].array() == [1, 2, 3] as [Float])
    #expect(try fromAdding[1].array() == [3, 3] as [Float])

    let replaced = base.scatter(axis: 0, index: Tensor([2, 0]), updates: updates)
    #expect(try replaced.array() == [2, 20, 1] as [Float])
    let fromReplacing = gradients(
      of: (replaced * Tensor([1.0, 2.0, 3.0])).sum(), wrt: [base, updates])
    #expect(try fromReplacing[0].array() == [0, 2, 0] as [Float])
    #expect(try fromReplacing[1].array() == [3, 1] as [Float])

    let rows = Tensor([2, 0]).oneHot(classCount: 3)
    #expect(try rows.array() == [[0, 0, 1], [1, 0, 0]] as [[Float]])
    #expect(fails { try Tensor([3]).oneHot(classCount: 3).array() })
  }

  @Test("sorts with values and places, and keeps the order of equals")
  func sort() throws {
    let x = Tensor([[3.0, 1.0, 2.0, 1.0], [0.0, .init(floatLiteral: -1), 5.0, 5.0]])
    let up = x.sort()
    #expect(try up.values.array() == [[1, 1, 2, 3], [-1, 0, 5, 5]] as [[Float]])
    #expect(try up.indices.array() == [[1, 3, 2, 0], [1, 0, 2, 3]] as [[Int]])
    let down = x.sort(axis: 0, descending: true)
    #expect(try down.values.array() == [[3, 1, 5, 5], [0, -1, 2, 1]] as [[Float]])
    let top = x.topK(2)
    #expect(try top.values.array() == [[3, 2], [5, 5]] as [[Float]])
    #expect(try top.indices.array() == [[0, 2], [2, 3]] as [[Int]])
    #expect(try x.topK(1, axis: 0, largest: false).values.array() == [[0, -1, 2, 1]] as [[Float]])
    #expect(x.topK(0).values.shape == [2, 0])
  }

  @Test("differentiates twice through indexing and assignment")
  func second() throws {
    let x = Tensor([1.0, 2.0, 3.0], dtype: .float64).requiringGrad()
    var y = x * x * x
    y[0] = x[1] * x[2]
    let first = gradient(of: (y * x[[2, 1, 0]]).sum(), wrt: x, createGraph: true)
    // f = x1 x2 x2 + x1^4 + x2^3 x0
    let exact: [Double] = [27, 9 + 32, 12 + 27]
    #expect(try first.scalars(as: Double.self) == exact)
    // g = sum of the squares of the gradient: checked by its own central difference.
    func squares(_ numbers: [Double]) throws -> Double {
      let x = Tensor(numbers, dtype: .float64, requiresGrad: true)
      var y = x * x * x
      y[0] = x[1] * x[2]
      let g = gradient(of: (y * x[[2, 1, 0]]).sum(), wrt: x, createGraph: true)
      return try (g * g).sum().item()
    }
    let again = gradient(of: (first * first).sum(), wrt: x)
    for axis in 0..<3 {
      var (low, high) = ([1.0, 2, 3], [1.0, 2, 3])
      low[axis] -= 1e-5
      high[axis] += 1e-5
      let slope = (try squares(high) - squares(low)) / 2e-5
      #expect(abs(try again[axis].item() - slope) < 1e-5 * max(1, abs(slope)))
    }
  }
}
