import Blitz
import BlitzLinearAlgebra

extension Values {
  /// Matrices, square more often than not.
  fileprivate mutating func matrices() -> Tensor {
    let shape = pick(
      [[2, 2], [3, 3], [2, 3, 3], [2, 3], [3, 2], [0, 0], [2, 0, 3], [1, 1]] as [Shape])
    return isOneIn(3)
      ? tensor() : Tensor.randn(shape, generator: generator(), dtype: pick([.float32, .float64]))
  }
}

extension Row {
  private static let solvers: [Row] = [
    Row("Tensor.inverse()") { $0.matrices().inverse() },
    Row("Tensor.inverseEx()") {
      let found = $0.matrices().inverseEx()
      return [found.inverse, found.info]
    },
    Row("Tensor.solve(_:left:)", "Tensor.solveEx(_:left:)") {
      let (a, b) = ($0.matrices(), $0.matrices())
      let found = a.solveEx(b, left: $0.bool())
      return [found.solution, found.info, a.solve(b, left: $0.bool())]
    },
    Row("Tensor.solveTriangular(_:upper:left:unitriangular:)") {
      $0.matrices().solveTriangular(
        $0.matrices(), upper: $0.bool(), left: $0.bool(), unitriangular: $0.bool())
    },
    Row("Tensor.cholesky(upper:)", "Tensor.choleskyEx(upper:)", "Tensor.choleskyInverse(upper:)") {
      let a = $0.matrices()
      let found = a.choleskyEx(upper: $0.bool())
      return [found.factor, found.info, a.cholesky(upper: $0.bool()), a.choleskyInverse()]
    },
    Row("Tensor.choleskySolve(_:upper:)") {
      $0.matrices().choleskySolve($0.matrices(), upper: $0.bool())
    },
    Row("Tensor.lstsq(_:rcond:)") {
      let found = $0.matrices().lstsq($0.matrices(), rcond: $0.bool() ? nil : $0.double())
      return [found.solution, found.residuals, found.rank, found.singularValues]
    },
    Row("Tensor.pinv(atol:rtol:hermitian:)", "Tensor.matrixRank(atol:rtol:hermitian:)") {
      let a = $0.matrices()
      return [
        a.pinv(atol: $0.maybeTensor(), rtol: $0.maybeTensor(), hermitian: $0.bool()),
        a.matrixRank(atol: $0.maybeTensor(), hermitian: $0.bool()),
      ]
    },
    Row("Tensor.tensorInv(_:)") { $0.tensor().tensorInv($0.int()) },
    Row("Tensor.tensorSolve(_:axes:)") { $0.tensor().tensorSolve($0.tensor(), axes: $0.ints()) },
  ]

  private static let factors: [Row] = [
    Row("Tensor.lu()", "Tensor.luFactorEx()", "Tensor.luUnpack(pivots:)") {
      let a = $0.matrices()
      let (p, l, u) = a.lu()
      let (lu, pivots, info) = a.luFactorEx()
      return [p, l, u, info, lu.luUnpack(pivots: pivots).l, a.luUnpack(pivots: $0.labels()).u]
    },
    Row("Tensor.luFactor()", "Tensor.luSolve(pivots:_:left:adjoint:)") {
      let (lu, pivots) = $0.matrices().luFactor()
      return [
        lu.luSolve(pivots: pivots, $0.matrices(), left: $0.bool(), adjoint: $0.bool()),
        lu.luSolve(pivots: $0.labels(), $0.matrices()),
      ]
    },
    Row("Tensor.ldlFactor()", "Tensor.ldlFactorEx()", "Tensor.ldlSolve(pivots:_:)") {
      let a = $0.matrices()
      let (ld, pivots) = a.ldlFactor()
      return [
        a.ldlFactorEx().info, ld.ldlSolve(pivots: pivots, $0.matrices()),
        ld.ldlSolve(pivots: $0.labels(), $0.matrices()),
      ]
    },
    Row("Tensor.det()") { $0.matrices().det() }, Row("Tensor.logdet()") { $0.matrices().logdet() },
    Row("Tensor.slogdet()") {
      let found = $0.matrices().slogdet()
      return [found.sign, found.logAbsDet]
    },
    Row("Tensor.qr(_:)") {
      let found = $0.matrices().qr($0.pick(QRMode.allCases))
      return [found.q, found.r]
    },
    Row(
      "Tensor.geqrf()", "Tensor.householderProduct(_:)", "Tensor.ormqr(_:_:left:transpose:)"
    ) {
      let (reflectors, scales) = $0.matrices().geqrf()
      return [
        reflectors.householderProduct(scales), $0.matrices().householderProduct($0.tensor()),
        reflectors.ormqr(scales, $0.matrices(), left: $0.bool(), transpose: $0.bool()),
      ]
    },
    Row("Tensor.eigh(upper:)", "Tensor.eigvalsh(upper:)") {
      let a = $0.matrices()
      let found = a.eigh(upper: $0.bool())
      return [found.values, found.vectors, a.eigvalsh(upper: $0.bool())]
    },
    Row("Tensor.svd(fullMatrices:)", "Tensor.svdvals()") {
      let a = $0.matrices()
      let found = a.svd(fullMatrices: $0.bool())
      return [found.u, found.s, found.vh, a.svdvals()]
    },
    Row("Tensor.polarDecomposition()") {
      let found = $0.matrices().polarDecomposition()
      return [found.u, found.h]
    },
    Row("Tensor.matrixSqrth()") { $0.matrices().matrixSqrth() },
  ]

  static let linearAlgebra: [Row] =
    solvers + factors + [
      Row("Tensor.matrixExp()") { $0.matrices().matrixExp() },
      Row("Tensor.matrixNorm(_:axes:keepDims:)", "Tensor.cond(_:)") {
        let a = $0.matrices()
        let norm = $0.pick([.frobenius, .nuclear, .order($0.double())] as [MatrixNorm])
        return [
          a.matrixNorm(norm, axes: ($0.int(), $0.int()), keepDims: $0.bool()), a.cond(norm),
          a.matrixNorm(norm),
        ]
      },
      Row("Tensor.vecdot(_:axis:)") { $0.tensor().vecdot($0.tensor(), axis: $0.int()) },
      Row("multiDot(_:)") { multiDot([$0.matrices(), $0.matrices()] + $0.tensors()) },
      Row(
        "Tensor.svdLowRank(_:iterations:mean:generator:)",
        "Tensor.pcaLowRank(_:center:iterations:generator:)"
      ) {
        let a = $0.matrices()
        let found = a.svdLowRank(
          $0.size(), iterations: $0.pick([0, 1, 2, -1]), mean: $0.maybeTensor(),
          generator: $0.generator())
        let parts = a.pcaLowRank(
          $0.size(), center: $0.bool(), iterations: 1, generator: $0.generator())
        return [found.u, found.s, found.v, parts.v]
      },
    ]
}
