import Blitz
import BlitzLinearAlgebra
import Foundation
import Testing

/// What factors and solutions must fulfil, for any numbers. The numbers themselves are PyTorch's:
/// Tests/Conformance compares them, and the gradients.
struct Law: Sendable, CustomTestStringConvertible {
  let name: String
  /// Two arrays that must be equal, made of a well-conditioned square matrix and of a tall one.
  let sides: @Sendable (_ square: Tensor, _ tall: Tensor) -> (Tensor, Tensor)

  init(_ name: String, _ sides: @escaping @Sendable (Tensor, Tensor) -> (Tensor, Tensor)) {
    (self.name, self.sides) = (name, sides)
  }

  var testDescription: String { name }

  static let all: [Law] = [
    Law("inverse times matrix") { a, _ in (a.inverse().matmul(a), one(a)) },
    Law("solve from the right") { a, b in
      (a.solve(b.mirrored, left: false).matmul(a), b.mirrored)
    },
    Law("cholesky") { a, _ in
      let s = a.matmul(a.mirrored)
      let u = s.cholesky(upper: true)
      return (u.mirrored.matmul(u), s)
    },
    Law("choleskySolve") { a, _ in
      let s = a.matmul(a.mirrored)
      return (s.matmul(a.choleskySolve(s.cholesky())), a)
    },
    Law("lu") { _, b in
      let (p, l, u) = b.lu()
      return (p.matmul(l).matmul(u), b)
    },
    Law("luSolve, adjoint") { a, b in
      let (lu, pivots) = a.luFactor()
      return (a.mirrored.matmul(lu.luSolve(pivots: pivots, b, adjoint: true)), b)
    },
    Law("qr, complete") { _, b in
      let (q, r) = b.qr(.complete)
      return (q.matmul(r), b)
    },
    Law("householderProduct") { _, b in
      let (reflectors, scales) = b.geqrf()
      return (reflectors.householderProduct(scales), b.qr().q)
    },
    Law("eigh") { a, _ in
      let s = a + a.mirrored
      let (w, v) = s.eigh()
      return ((v * w.unsqueezed(axis: -2)).matmul(v.mirrored), s)
    },
    Law("svd") { _, b in
      let (u, s, vh) = b.svd(fullMatrices: false)
      return ((u * s.unsqueezed(axis: -2)).matmul(vh), b)
    },
    Law("pinv") { _, b in (b.matmul(b.pinv()).matmul(b), b) },
    Law("lstsq") { a, b in
      // What is left over stands upright on the columns.
      let left = b.matmul(b.lstsq(a).solution)
      return (b.mirrored.matmul(left), b.mirrored.matmul(a))
    },
    Law("det") { a, _ in (a.matmul(a).det(), a.det().square()) },
    Law("slogdet") { a, _ in
      let (sign, size) = a.slogdet()
      return (sign * size.exp(), a.det())
    },
    Law("matrixExp") { a, _ in (a.matrixExp().matmul((-a).matrixExp()), one(a)) },
    Law("matrixSqrth") { a, _ in
      let s = a.matmul(a.mirrored)
      let root = s.matrixSqrth()
      return (root.matmul(root), s)
    },
    Law("ldlSolve") { a, _ in
      let s = a + a.mirrored
      let (ld, pivots) = s.ldlFactor()
      return (s.matmul(ld.ldlSolve(pivots: pivots, a)), a)
    },
    Law("polarDecomposition") { _, b in
      let (u, h) = b.polarDecomposition()
      return (u.matmul(h), b)
    },
    Law("cond") { a, _ in (a.cond(), a.matrixNorm(.order(2)) * a.inverse().matrixNorm(.order(2)))
    },
  ]

  private static func one(_ a: Tensor) -> Tensor {
    Tensor.eye(4, dtype: a.dtype).expanded(to: a.shape)
  }
}

extension Tensor {
  fileprivate var mirrored: Tensor { transposed(-2, -1) }
}

private let hasLAPACK = (try? Tensor.eye(1).inverse().wait()) != nil

@Suite(
  "Linear algebra",
  .enabled(if: hasLAPACK, "there is no LAPACK here: apt install liblapacke"))
struct LinearAlgebraTests {
  static func square(_ dtype: DType) -> Tensor {
    Tensor.randn([3, 4, 4], generator: Generator(seed: 1), dtype: dtype)
      + 3 * Tensor.eye(4, dtype: dtype)
  }

  static func tall(_ dtype: DType) -> Tensor {
    Tensor.randn([3, 4, 2], generator: Generator(seed: 2), dtype: dtype)
  }

  private static func expectEqual(_ a: Tensor, _ b: Tensor, _ tolerance: Double) throws {
    #expect(a.shape == b.shape)
    let apart: Double = try (a - b).abs().max().item()
    let size: Double = try b.abs().max().item()
    #expect(apart <= tolerance * (1 + size), "apart by \(apart)")
  }

  @Test("fulfils its law, define-by-run and compiled", arguments: Law.all)
  func law(_ law: Law) throws {
    for (dtype, tolerance) in [(DType.float32, 2e-4), (.float64, 1e-11)] {
      let (a, b) = (Self.square(dtype), Self.tall(dtype))
      let (left, right) = law.sides(a, b)
      try Self.expectEqual(left, right, tolerance)
      // A function compiled for another device must not leave it.
      guard Device.default == .cpu else { continue }
      let compiled = compile { x in law.sides(x, b).0 }
      try Self.expectEqual(try compiled(a), right, tolerance)
    }
  }

  /// Functions with a gradient of their own, of a matrix [4, 4].
  static let smooth: [(name: String, of: @Sendable (Tensor) -> Tensor)] = [
    ("inverse", { $0.inverse() }), ("det", { $0.det() }), ("logdet", { $0.slogdet().logAbsDet }),
    ("solve", { $0.solve($0.square()) }), ("cholesky", { $0.matmul($0.mirrored).cholesky() }),
    ("choleskyInverse", { $0.matmul($0.mirrored).cholesky().choleskyInverse() }),
    ("lu", { $0.lu().l + $0.lu().u }), ("lu of a tall one", { $0[..., 0..<2].lu().l }),
    ("lu of a wide one", { $0[0..<2].lu().u }), ("q", { $0[..., 0..<2].qr().q }),
    ("r", { $0.qr().r }), ("r of a wide one", { $0[0..<2].qr().r }),
    ("eigenvalues", { ($0 + $0.mirrored).eigvalsh() }),
    ("eigenvectors", { ($0 + $0.mirrored).eigh().vectors.abs() }),
    ("singular values", { $0[..., 0..<3].svdvals() }),
    ("u", { $0[..., 0..<3].svd(fullMatrices: false).u.abs() }),
    ("v", { $0[0..<3].svd(fullMatrices: false).vh.abs() }),
    ("pinv", { $0[..., 0..<2].pinv() }), ("lstsq", { $0[..., 0..<3].lstsq($0).solution }),
    ("matrixExp", { (0.3 * $0).matrixExp() }),
    ("matrixSqrth", { $0.matmul($0.mirrored).matrixSqrth() }),
    ("polar", { $0[..., 0..<3].polarDecomposition().u }),
    (
      "householderProduct",
      { x in
        (0.3 * x[..., 0..<3]).householderProduct(x[0, 0..<2])
      }
    ),
  ]

  /// To the second with `BLITZ_TEST_FULL=1`, which `.ci/run` sets; else to the first.
  static let order = ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1" ? 2 : 1

  @Test("has the derivatives of finite differences", arguments: smooth.indices)
  func derivatives(_ place: Int) throws {
    let report = try gradCheck([Self.square(.float64)[0]], step: 1e-4, order: Self.order) {
      Self.smooth[place].of($0[0])
    }
    #expect(report.passes(1e-4), "\(Self.smooth[place].name)\n\(report)")
  }

  /// Bad input, and what is said of it.
  static let misuses: [(@Sendable () -> Tensor, String)] = [
    (
      { Tensor.stack1([.eye(2), .zeros([2, 2])]).inverse() },
      """
      inverse: matrix 1 of the batch is singular: pivot 0 is 0
        help: pinv() and lstsq() take singular matrices
      """
    ),
    (
      { Tensor([[1.0, 2], [2, 1]]).cholesky() },
      """
      cholesky: matrix 0 of the batch is not positive definite: pivot 1 is not above 0
        help: choleskyEx() tells which matrices are; eigvalsh() shows how far they are from it
      """
    ),
    (
      { Tensor.zeros([2, 3]).det() },
      """
      det: the matrices have 2 rows and 3 columns: they are not square
        input: float32[2, 3]
        help:  shapes are [..., n, n]; pinv() and lstsq() take others
      """
    ),
    (
      { Tensor.eye(2, dtype: .int64).solve(.eye(2, dtype: .int64)) },
      """
      solve: computes in float32 and float64, not in int64
        input: int64[2, 2]
        help:  write .cast(to: .float32) first
      """
    ),
    (
      { Tensor.eye(2).solve(.ones([3, 1])) },
      """
      solve: the right side has 3 rows, the matrices have 2
        input: float32[2, 2]
        right: float32[3, 1]
        help:  shapes are [..., n, n] and [..., n, k]
      """
    ),
    (
      { Tensor([[1.0, .nan], [0, 1]]).svdvals() },
      """
      svdvals: matrix 0 of the batch has an element that is infinite or not a number
        help: isFinite() tells where
      """
    ),
  ]

  @Test("says which matrix of the batch, and which pivot", arguments: misuses.indices)
  func messages(_ place: Int) {
    let (call, message) = Self.misuses[place]
    let error = #expect(throws: TensorError.self) { try call().eval() }
    #expect(error?.message == message)
  }

  @Test("answers which matrices are singular, without an error")
  func numbers() throws {
    let a = Tensor.stack1([.eye(2), .zeros([2, 2])])
    let (inverse, info) = a.inverseEx()
    #expect(try info.scalars(as: Int.self) == [0, 1])
    #expect(try inverse[0].scalars(as: Double.self) == [1, 0, 0, 1])
    #expect(try a.choleskyEx().info.scalars(as: Int.self) == [0, 1])
    #expect(try a.matrixRank().scalars(as: Int.self) == [2, 0])
  }
}

extension Tensor {
  fileprivate static func stack1(_ matrices: [Tensor]) -> Tensor { stack(matrices, axis: 0) }
}
