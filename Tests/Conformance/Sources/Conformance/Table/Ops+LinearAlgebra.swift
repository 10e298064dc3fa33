import Blitz
import BlitzLinearAlgebra

extension Table {
  /// What PyTorch's sample compares of factors that are given but for their signs.
  private static func process(_ call: Call, _ u: Tensor, _ s: Tensor, _ vh: Tensor) throws
    -> [Tensor]
  {
    if let error = s.error { throw error }
    let count = s.shape[s.rank - 1]
    let (left, right) = (u[..., 0..<count], vh[..., 0..<count, 0...])
    switch try call.text(.max, "process") {
    case "fn_U": return [left.abs()]
    case "fn_S": return [s]
    case "fn_Vh": return [s, right.abs()]
    default: return [left.matmul(right), s]
    }
  }

  /// The matrices of PyTorch's samples that come as a product of two.
  private static func product(_ call: Call) throws -> Tensor {
    try call.x.matmul(call.tensor(1).transposed(-2, -1))
  }

  private static func isUpper(_ call: Call) throws -> Bool {
    try call.text(.max, "UPLO", or: "L") == "U"
  }

  mutating func addLinearAlgebra() {
    word("linalg.cholesky") { try $0.x.cholesky(upper: $0.bool(.max, "upper")) }
    word("linalg.cholesky_ex") { call in
      let (factor, info) = try call.x.choleskyEx(upper: call.bool(.max, "upper"))
      return [factor, info]
    }
    word("cholesky_inverse") { try $0.x.choleskyInverse(upper: $0.bool(1, "upper")) }
    word("cholesky_solve") { try $0.x.choleskySolve($0.tensor(1), upper: $0.bool(2, "upper")) }
    word("linalg.inv") { try $0.x.inverse() }
    word("linalg.inv_ex") { call in
      let (inverse, info) = try call.x.inverseEx()
      return [inverse, info]
    }
    word("linalg.solve") { try $0.x.solve($0.tensor(1), left: $0.bool(.max, "left", or: true)) }
    word("linalg.solve_ex") { call in
      let (solution, info) = try call.x.solveEx(
        call.tensor(1), left: call.bool(.max, "left", or: true))
      return [solution, info]
    }
    word("linalg.solve_triangular") { call in
      try call.x.solveTriangular(
        call.tensor(1), upper: call.bool(.max, "upper"), left: call.bool(.max, "left", or: true),
        unitriangular: call.bool(.max, "unitriangular"))
    }
    word("triangular_solve") { call in
      let matrix = try call.tensor(1)
      return [try matrix.solveTriangular(call.x, upper: true), matrix]
    }
    word("linalg.tensorinv") { try $0.x.tensorInv($0.int(.max, "ind", or: 2)) }
    word("linalg.tensorsolve") {
      try $0.x.tensorSolve($0.tensor(1), axes: $0.optionalInts(.max, "dims") ?? [])
    }
    word("linalg.lstsq") { call in
      let (x, residuals, rank, values) = try call.x.lstsq(call.tensor(1))
      let driver = try call.text(2, "driver", or: "gelsy")
      let isPart = call.has(.max, "variant")
      let shape = try call.x.shape
      let none = Tensor.zeros([0], dtype: x.dtype)
      let isTall = shape.rank > 1 && shape[shape.rank - 2] > shape[shape.rank - 1]
      let far = isTall && driver != "gelsy" ? residuals : none
      if isPart { return [x, far] }
      return [
        x, far,
        driver == "gels" ? Tensor.zeros([0], dtype: .int64) : rank,
        driver == "gels" || driver == "gelsy" ? none : values,
      ]
    }
  }

  mutating func addFactors() {
    word("linalg.det") { try $0.x.det() }
    word("linalg.slogdet") { call in
      let (sign, size) = try call.x.slogdet()
      return [sign, size]
    }
    word("logdet") { try $0.x.logdet() }
    word("linalg.lu") { call in
      guard try call.bool(.max, "pivot", or: true) else { throw Lacking(what: "no pivoting") }
      let (p, l, u) = try call.x.lu()
      return [p, l, u]
    }
    word("linalg.lu_factor") { call in
      guard try call.bool(.max, "pivot", or: true) else { throw Lacking(what: "no pivoting") }
      let (lu, pivots) = try call.x.luFactor()
      return [lu, pivots]
    }
    word("linalg.lu_factor_ex") { call in
      guard try call.bool(.max, "pivot", or: true) else { throw Lacking(what: "no pivoting") }
      let (lu, pivots, info) = try call.x.luFactorEx()
      return [lu, pivots, info]
    }
    word("lu") { call in
      guard try call.bool(1, "pivot", or: true) else { throw Lacking(what: "no pivoting") }
      let (lu, pivots, info) = try call.x.luFactorEx()
      return try call.bool(2, "get_infos") ? [lu, pivots, info] : [lu, pivots]
    }
    word("linalg.lu_solve") { call in
      try call.x.luSolve(
        pivots: call.tensor(1), call.tensor(2), left: call.bool(.max, "left", or: true),
        adjoint: call.bool(.max, "adjoint"))
    }
    word("lu_solve") { try $0.tensor(1).luSolve(pivots: $0.tensor(2), $0.x) }
    word("lu_unpack") { call in
      let (p, l, u) = try call.x.luUnpack(pivots: call.tensor(1))
      return [p, l, u]
    }
    word("linalg.ldl_factor") { call in
      _ = call.named("hermitian")
      let (ld, pivots) = try call.x.ldlFactor()
      return [ld, pivots]
    }
    word("linalg.ldl_factor_ex") { call in
      _ = call.named("hermitian")
      let (ld, pivots, info) = try call.x.ldlFactorEx()
      return [ld, pivots, info]
    }
    word("linalg.ldl_solve") { call in
      _ = call.named("hermitian")
      return try call.x.ldlSolve(pivots: call.tensor(1), call.tensor(2))
    }
    word("linalg.qr") { call in
      guard let mode = QRMode(rawValue: try call.text(1, "mode", or: "reduced")) else {
        throw Lacking(what: "another mode")
      }
      let (q, r) = try call.x.qr(mode)
      return [q, r]
    }
    word("geqrf") { call in
      let (reflectors, scales) = try call.x.geqrf()
      return [reflectors, scales]
    }
    word("linalg.householder_product") { try $0.x.householderProduct($0.tensor(1)) }
    word("ormqr") { call in
      try call.x.ormqr(
        call.tensor(1), call.tensor(2), left: call.bool(3, "left", or: true),
        transpose: call.bool(4, "transpose"))
    }
    word("linalg.matrix_sqrth") { try $0.x.matrixSqrth() }
    word("matrix_exp") { try $0.x.matrixExp() }
    word("linalg.multi_dot") { try multiDot($0.tensors(0)) }
    word("linalg.vecdot") { try $0.x.vecdot($0.tensor(1), axis: $0.int(2, "dim", or: -1)) }
  }

  mutating func addSpectra() {
    word("linalg.eigh") { call in
      _ = call.named("process")
      let (values, vectors) = try call.x.eigh(upper: Table.isUpper(call))
      return [values, vectors.abs()]
    }
    word("linalg.eig") { call in
      _ = call.named("process")
      let (values, vectors) = try call.x.eig()
      return [values, vectors.abs()]
    }
    word("linalg.eigvals") { try $0.x.eigvals() }
    word("linalg.eigvalsh") { try $0.x.eigvalsh(upper: Table.isUpper($0)) }
    word("linalg.svd") { call in
      let (u, s, vh) = try call.x.svd(fullMatrices: call.bool(.max, "full_matrices", or: true))
      return try Table.process(call, u, s, vh)
    }
    word("svd") { call in
      let (u, s, vh) = try call.x.svd(fullMatrices: !call.bool(.max, "some", or: true))
      return try Table.process(call, u, s, vh)
    }
    word("linalg.svdvals") { try $0.x.svdvals() }
    word("linalg.polar") { call in
      let (u, h) = try call.x.polarDecomposition()
      return [u, h]
    }
    word("svd_lowrank") { call in
      _ = call.named("process")
      let (u, s, v) = try Table.product(call).svdLowRank(
        call.int(.max, "q", or: 6), iterations: call.int(.max, "niter", or: 2),
        mean: call.optionalTensor(.max, "M"))
      return [u.matmul(v.transposed(-2, -1)), s]
    }
    word("pca_lowrank") { call in
      _ = call.named("process")
      let (u, s, v) = try Table.product(call).pcaLowRank(
        call.optionalInt(.max, "q"), center: call.bool(.max, "center", or: true))
      return [u.matmul(v.transposed(-2, -1)), s]
    }
    word("linalg.pinv") { call in
      // A variant's matrix is a product.
      let x = call.isTensor(1) ? try Table.product(call) : try call.x
      return try x.pinv(
        atol: call.optionalTensor(.max, "atol"), rtol: call.optionalTensor(.max, "rtol"),
        hermitian: call.bool(.max, "hermitian"))
    }
    word("pinverse") { try $0.x.pinv(rtol: $0.optionalTensor(1, "rcond") ?? 1e-15) }
    word("linalg.matrix_rank") { call in
      try call.x.matrixRank(
        atol: call.optionalTensor(.max, "atol"), rtol: call.optionalTensor(.max, "rtol"),
        hermitian: call.bool(.max, "hermitian"))
    }
    word("linalg.cond") { call in
      guard let norm = try Table.matrixNorm(call.value(1, "p"), call) else {
        return try call.x.cond()
      }
      return try call.x.cond(norm)
    }
    word("linalg.matrix_norm") { call in
      let norm = try Table.matrixNorm(call.value(1, "ord"), call) ?? .frobenius
      let axes = try call.optionalInts(2, "dim") ?? [-2, -1]
      let x = try call.dtype(.max).map { try call.x.cast(to: $0) } ?? call.x
      return try x.matrixNorm(norm, axes: (axes[0], axes[1]), keepDims: call.bool(3, "keepdim"))
    }
    word("norm") { try Table.norm($0, $0.value(1, "p"), isOld: true) }
    word("linalg.norm") { try Table.norm($0, $0.value(1, "ord"), isOld: false) }
    word("linalg.vector_norm") { call in
      let p = try call.optionalReal(1, "ord") ?? 2
      let axes = try call.optionalInts(2, "dim") ?? []
      let x = try call.dtype(.max).map { try call.x.cast(to: $0) } ?? call.x
      return try x.norm(p, axes: axes, keepDims: call.bool(3, "keepdim"))
    }
  }

  /// PyTorch's two functions of the name: a number is that of a matrix's norm to the newer one.
  private static func norm(_ call: Call, _ order: Value?, isOld: Bool) throws -> Tensor {
    let x = try call.dtype(.max).map { try call.x.cast(to: $0) } ?? call.x
    let axes = try call.optionalInts(2, "dim")
    let keeps = try call.bool(3, "keepdim")
    guard let order else { return x.norm(2, axes: axes ?? [], keepDims: keeps) }
    let isPair = axes?.count == 2 || axes == nil && x.rank == 2
    if order.isText || isPair && !isOld, let norm = try matrixNorm(order, call) {
      if norm == .frobenius { return x.norm(2, axes: axes ?? [], keepDims: keeps) }
      let both = axes ?? [-2, -1]
      if both.count == 2 {
        return x.matrixNorm(norm, axes: (both[0], both[1]), keepDims: keeps)
      }
      if case .order(let p) = norm { return x.norm(p, axes: both, keepDims: keeps) }
      throw Lacking(what: "a nuclear norm of vectors")
    }
    return x.norm(try call.real(order), axes: axes ?? [], keepDims: keeps)
  }

  private static func matrixNorm(_ order: Value?, _ call: Call) throws -> MatrixNorm? {
    guard let order else { return nil }
    guard case .text(let name) = order else { return .order(try call.real(order)) }
    switch name {
    case "fro": return .frobenius
    case "nuc": return .nuclear
    case "inf": return .order(.infinity)
    case "-inf": return .order(-.infinity)
    default: throw Lacking(what: name)
    }
  }
}

extension Value {
  fileprivate var isText: Bool {
    if case .text = self { true } else { false }
  }
}
