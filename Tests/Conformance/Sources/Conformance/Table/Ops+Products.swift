import Blitz
import BlitzLinearAlgebra

extension Table {
  private typealias Adding = (Tensor, Tensor, Tensor, Double, Double) -> Tensor

  /// One of PyTorch's products that add.
  private static func adding(_ call: Call, _ word: Adding) throws -> Tensor {
    try word(
      call.x, call.tensor(1), call.tensor(2), call.real(.max, "beta", or: 1),
      call.real(.max, "alpha", or: 1))
  }

  mutating func addProducts() {
    word("matmul", "bmm", "mm", "mv") { try $0.x.matmul($0.tensor(1)) }
    word("__rmatmul__") { try $0.tensor(1).matmul($0.x) }
    word("dot") { try $0.x.dot($0.tensor(1)) }
    word("vdot") { try $0.x.vdot($0.tensor(1)) }
    word("outer") { try $0.x.outer($0.tensor(1)) }
    word("addmm") {
      try Table.adding($0) { $0.addmm($1, $2, beta: $3, alpha: $4) }
    }
    word("addmv") {
      try Table.adding($0) { $0.addmv($1, $2, beta: $3, alpha: $4) }
    }
    word("baddbmm") {
      try Table.adding($0) { $0.baddbmm($1, $2, beta: $3, alpha: $4) }
    }
    word("addbmm") {
      try Table.adding($0) { $0.addbmm($1, $2, beta: $3, alpha: $4) }
    }
    word("addr") {
      try Table.adding($0) { $0.addr($1, $2, beta: $3, alpha: $4) }
    }
    word("einsum") { call in
      let tensors = try call.tensors(0)
      let equation = try call.text(1)
      switch tensors.count {
      case 1: return einsum(equation, tensors[0])
      case 2: return einsum(equation, tensors[0], tensors[1])
      case 3: return einsum(equation, tensors[0], tensors[1], tensors[2])
      default: throw Lacking(what: "\(tensors.count) operands")
      }
    }
    word("inner") { try $0.x.inner($0.tensor(1)) }
    word("kron") { try $0.x.kron($0.tensor(1)) }
    word("tensordot") { call in
      if case .list(let lists)? = call.value(2, "dims"), lists.count == 2,
        case .list(let left) = lists[0], case .list(let right) = lists[1]
      {
        return try call.x.tensorDot(
          call.tensor(1), axes: left.map { try call.int($0) }, right.map { try call.int($0) })
      }
      return try call.x.tensorDot(call.tensor(1), axes: call.int(2, "dims", or: 2))
    }
    word("cross", "linalg.cross") { call in
      let (x, y) = (try call.x, try call.tensor(1))
      return x.cross(y, axis: try call.int(2, "dim", or: -1))
    }
    word("linalg.matrix_power") { call in
      let exponent = try call.int(1, "n")
      return try exponent < 0
        ? call.x.inverse().matrixPower(-exponent) : call.x.matrixPower(exponent)
    }
  }
}
