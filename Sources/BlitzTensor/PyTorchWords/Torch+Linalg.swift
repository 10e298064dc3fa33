// `torch.linalg`, whose words are in BlitzLinearAlgebra; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension torch {
  /// PyTorch's module `torch.linalg`, for the compiler's advice.
  @_documentation(visibility: internal)
  public enum linalg: _Namespace {
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.cholesky()")
    public static var cholesky: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.choleskyEx()")
    public static var cholesky_ex: _Word { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.cond()")
    public static var cond: _TensorWord { .init() }
    @available(*, unavailable, message: "write x.cross(y)")
    public static var cross: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.det()")
    public static var det: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.eigh()")
    public static var eigh: _Word { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.eigvalsh()")
    public static var eigvalsh: _TensorWord { .init() }
    @available(
      *, unavailable, message: "import BlitzLinearAlgebra, and write x.householderProduct(scales)"
    )
    public static var householder_product: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.inverse()")
    public static var inv: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.inverseEx()")
    public static var inv_ex: _Word { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.ldlFactor()")
    public static var ldl_factor: _Word { .init() }
    @available(
      *, unavailable, message: "import BlitzLinearAlgebra, and write x.ldlSolve(pivots: pivots, y)"
    )
    public static var ldl_solve: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.lstsq(y)")
    public static var lstsq: _Word { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.lu()")
    public static var lu: _Word { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.luFactor()")
    public static var lu_factor: _Word { .init() }
    @available(
      *, unavailable, message: "import BlitzLinearAlgebra, and write x.luSolve(pivots: pivots, y)"
    )
    public static var lu_solve: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.matrixExp()")
    public static var matrix_exp: _TensorWord { .init() }
    @available(
      *, unavailable, message: "import BlitzLinearAlgebra, and write x.matrixNorm(.nuclear)"
    )
    public static var matrix_norm: _TensorWord { .init() }
    @available(*, unavailable, message: "write x.matrixPower(3)")
    public static var matrix_power: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.matrixRank()")
    public static var matrix_rank: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write multiDot([x, y])")
    public static var multi_dot: _TensorWord { .init() }
    @available(*, unavailable, message: "write x.norm()")
    public static var norm: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.pinv()")
    public static var pinv: _TensorWord { .init() }
    @available(
      *, unavailable, message: "import BlitzLinearAlgebra, and write x.polarDecomposition()"
    )
    public static var polar: _Word { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.qr()")
    public static var qr: _Word { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.slogdet()")
    public static var slogdet: _Word { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.solve(y)")
    public static var solve: _TensorWord { .init() }
    @available(
      *, unavailable,
      message: "import BlitzLinearAlgebra, and write x.solveTriangular(y, upper: true)"
    )
    public static var solve_triangular: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.svd()")
    public static var svd: _Word { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.svdvals()")
    public static var svdvals: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.tensorInv()")
    public static var tensorinv: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.tensorSolve(y)")
    public static var tensorsolve: _TensorWord { .init() }
    @available(*, unavailable, message: "write x.vandermonde(columns: 3)")
    public static var vander: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.vecdot(y)")
    public static var vecdot: _TensorWord { .init() }
    @available(*, unavailable, message: "write x.norm()")
    public static var vector_norm: _TensorWord { .init() }
    @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.matrixSqrth()")
    public static var matrix_sqrth: _TensorWord { .init() }
  }

  @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.inverse()")
  public static var inverse: _TensorWord { .init() }
  @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.pinv()")
  public static var pinverse: _TensorWord { .init() }
  @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.svd()")
  public static var svd: _Word { .init() }
  @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.det()")
  public static var det: _TensorWord { .init() }
  @available(*, unavailable, message: "import BlitzLinearAlgebra, and write x.logdet()")
  public static var logdet: _TensorWord { .init() }
}
