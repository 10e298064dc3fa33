import BlitzTensor

extension OpTable {
  /// Products of matrices.
  static let products: [OpEntry] = [
    OpEntry("MatMul", .wrapped(0)) { try $0.sourceProduct() ?? $0[0].matmul($0[1]) },
    OpEntry("Gemm") { call in
      let (turnsLeft, turnsRight) = (call.flag("transA"), call.flag("transB"))
      var product: Tensor
      if let whole = try call.sourceProduct(turnsLeft: turnsLeft, turnsRight: turnsRight) {
        product = whole
      } else {
        let left = turnsLeft ? call[0].transposed() : call[0]
        product = left.matmul(turnsRight ? call[1].transposed() : call[1])
      }
      let (alpha, beta) = (call.float("alpha", 1), call.float("beta", 1))
      if alpha != 1 { product = (product * alpha).cast(to: product.dtype) }
      guard let addend = call.optional(2) else { return product }
      let scaled = beta == 1 ? addend : (addend * beta).cast(to: product.dtype)
      return product + scaled
    },
    OpEntry("Einsum", since: 12) { call in
      let equation = call.text("equation").filter { $0 != " " }
      let tensors = call.tensors
      switch tensors.count {
      case 1: return einsum(equation, tensors[0])
      case 2: return einsum(equation, tensors[0], tensors[1])
      case 3: return einsum(equation, tensors[0], tensors[1], tensors[2])
      case 4: return einsum(equation, tensors[0], tensors[1], tensors[2], tensors[3])
      default: throw call.failure("takes 1 to 4 inputs, there are \(tensors.count)")
      }
    },
    OpEntry("Det", since: 11, determinant),
  ]

  /// By elimination with the greatest pivots, computed now.
  @Sendable private static func determinant(_ call: OpCall) throws -> Tensor {
    let x = call[0]
    guard x.rank >= 2, x.shape[x.rank - 1] == x.shape[x.rank - 2] else {
      throw call.failure("takes square matrices")
    }
    let n = x.shape[x.rank - 1]
    let numbers = try x.cast(to: .float64).scalars(as: Double.self)
    let outer = Array(x.shape.dropLast(2))
    let answers = (0..<outer.product).map { matrix -> Double in
      var rows = (0..<n).map { row in
        Array(numbers[(matrix * n + row) * n..<(matrix * n + row + 1) * n])
      }
      var product = 1.0
      for column in 0..<n {
        let pivot = (column..<n).max { abs(rows[$0][column]) < abs(rows[$1][column]) }!
        if pivot != column {
          rows.swapAt(pivot, column)
          product = -product
        }
        product *= rows[column][column]
        if rows[column][column] == 0 { return 0 }
        for row in column + 1..<max(n, column + 1) {
          let factor = rows[row][column] / rows[column][column]
          for place in column..<n { rows[row][place] -= factor * rows[column][place] }
        }
      }
      return product
    }
    return Tensor(answers, shape: Shape(outer), dtype: x.dtype)
  }
}
