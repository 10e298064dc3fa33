import Blitz

extension Operation {
  /// Ops that move elements, and products.
  static let moves: [String: Make] = [
    "gather": { sizes in
      let index = Tensor.randint(0, sizes[1], [sizes[0], sizes[1]], generator: generator)
      return Operation(inputs: [normal(sizes)]) { $0[0].gather(axis: 1, index: index) }
    },
    "indexSelect": { sizes in
      let rows = Tensor.randint(0, sizes[0], [sizes[0]], generator: generator)
      return Operation(inputs: [normal(sizes)]) { $0[0].indexSelect(axis: 0, indices: rows) }
    },
    // sizes: numbers, places
    "scatterAdd": { sizes in
      let places = Tensor.randint(0, sizes[1], [sizes[0]], generator: generator)
      return Operation(inputs: [normal([sizes[1]]), normal([sizes[0]])]) {
        $0[0].scatterAdd(axis: 0, index: places, updates: $0[1])
      }
    },
    // sizes: rows, places, width
    "scatterAddRows": { sizes in
      let places = Tensor.randint(0, sizes[1], [sizes[0], 1], generator: generator)
        .expanded(to: [sizes[0], sizes[2]])
      return Operation(inputs: [normal([sizes[1], sizes[2]]), normal([sizes[0], sizes[2]])]) {
        $0[0].scatterAdd(axis: 0, index: places, updates: $0[1])
      }
    },
    // sizes: words, width, ids
    "embedding": { sizes in
      let layer = Embedding(sizes[0], sizes[1])
      let ids = Tensor.randint(0, sizes[0], [sizes[2]], generator: generator)
      return Operation(inputs: [ids], parameters: layer.parameters.map(\.parameter)) {
        layer($0[0])
      }
    },
    "booleanSelect": { sizes in
      let mask = normal(sizes) .> 0
      return Operation(inputs: [normal(sizes)]) { $0[0][mask] }
    },
    "nonzero": unary { ($0 .> 0).nonzero() },
    "oneHot": { sizes in
      let labels = Tensor.randint(0, sizes[1], [sizes[0]], generator: generator)
      return Operation(inputs: [labels]) { $0[0].oneHot(classCount: sizes[1], dtype: .int64) }
    },
    "concatenate2": binary { concatenate([$0, $1], axis: 0) },
    "concatenateLast": binary { concatenate([$0, $1], axis: -1) },
    // Twenty slices along the second axis, back together in the other order.
    "concatenate20": unary { x in
      concatenate(x.split(count: 20, axis: 1).reversed(), axis: 1)
    },
    "stack": binary { stack([$0, $1], axis: 0) },
    "transposeCopy": unary { $0.transposed().contiguous() },
    "permuteCopy": unary { $0.permuted([0, 2, 1, 3]).contiguous() },
    "sliceCopy": unary { $0[..., 1..<($0.shape[1] - 1)].contiguous() },
    "flip": unary { $0.flipped(axes: [1]).contiguous() },
    "roll": unary { $0.rolled(by: 3, axis: 1) }, "tril": unary { $0.tril() },
    "tile": unary { $0.tiled([2, 2]).contiguous() },
    "pad": unary { $0.padded([(1, 1), (1, 1)]) },
    // sizes: m, k, n
    "matmul": { product($0, .float32) { $0.matmul($1) } },
    "matmulDouble": { product($0, .float64) { $0.matmul($1) } },
    "matmulHalf": { product($0, .bfloat16) { $0.matmul($1) } },
    "matmulTransposed": {
      product([$0[2], $0[1], $0[0]], .float32) { x, y in
        y.transposed().matmul(x.transposed())
      }
    },
    "outer": { sizes in
      Operation(inputs: [normal([sizes[0]]), normal([sizes[1]])]) { $0[0].outer($0[1]) }
    },
    // sizes: batch, m, k, n
    "matmulBatched": { sizes in
      Operation(inputs: [
        normal([sizes[0], sizes[1], sizes[2]]), normal([sizes[0], sizes[2], sizes[3]]),
      ]) { $0[0].matmul($0[1]) }
    },
    "matvec": { sizes in
      Operation(inputs: [normal(sizes), normal([sizes[1]])]) { $0[0].matmul($0[1]) }
    },
  ]

  private static func product(
    _ sizes: [Int], _ dtype: DType, _ apply: @escaping (Tensor, Tensor) -> Tensor
  ) -> Operation {
    Operation(inputs: [
      normal([sizes[0], sizes[1]]).cast(to: dtype), normal([sizes[1], sizes[2]]).cast(to: dtype),
    ]) { apply($0[0], $0[1]) }
  }
}
