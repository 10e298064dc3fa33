import BlitzTensor
import Testing

@Suite("Shapes") struct ShapeTests {
  /// Sizes up to the place where they go on in an array, past it, and as many as there can be.
  static let sizes = [0, 1, 3, 4, 5, 6, 16].map { rank in (0..<rank).map { $0 % 3 + 1 } }

  @Test("hold their sizes, however many axes there are", arguments: sizes)
  func holdsSizes(sizes: [Int]) {
    let shape = Shape(sizes)
    #expect(shape.sizes == sizes)
    #expect(Array(shape) == sizes)
    #expect(shape.rank == sizes.count)
    #expect(shape.elementCount == sizes.reduce(1, *))
    #expect(shape.description == "\(sizes)")
    let strides = sizes.indices.map { axis in sizes[(axis + 1)...].reduce(1, *) }
    #expect(shape.strides == strides)
  }

  @Test("are equal if all sizes are, and then hash alike", arguments: sizes)
  func compares(sizes: [Int]) {
    let shape = Shape(sizes)
    #expect(shape == Shape(sizes))
    #expect(shape.hashValue == Shape(sizes).hashValue)
    #expect(shape != Shape(sizes + [0]))
    for axis in sizes.indices {
      var other = sizes
      other[axis] += 1
      #expect(shape != Shape(other), "axis \(axis) differs")
    }
  }

  @Test("end the program with a reason where an axis is asked for that is not there")
  func refusesAxes() async throws {
    for axis in [-1, 2, 4] {
      let result = try await #require(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) { [axis = axis as Int] in
        _ = Shape([2, 3])[axis]
      }
      let text = String(decoding: result.standardErrorContent, as: UTF8.self)
      #expect(text.contains("there is no axis \(axis): the shape [2, 3] has 2"))
    }
  }
}
