import Blitz
import Testing

@Suite struct AutocastTests {
  static let x = Tensor([[0.5, -1.25, 2], [1, 0.75, -0.5]])
  static let half = x.cast(to: .bfloat16)

  /// An op, and the dtype that it returns in autocast to float16.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let dtype: DType
    let op: @Sendable () -> Tensor

    init(_ name: String, _ dtype: DType, _ op: @escaping @Sendable () -> Tensor) {
      (self.name, self.dtype, self.op) = (name, dtype, op)
    }

    var testDescription: String { name }
  }

  @Test(
    "casts products down and sums up, and leaves the rest",
    arguments: [
      Row("matmul", .float16) { x.matmul(x.transposed()) },
      Row("matmul of other halves", .float16) { half.matmul(x.transposed()) },
      Row("matmul of a vector", .float16) { x.matmul(x[0]) },
      Row("einsum", .float16) { einsum("ij,kj->ik", x, half) },
      Row("conv2d", .float16) { x.reshaped(to: [1, 1, 2, 3]).conv2d(Tensor.ones([1, 1, 1, 1])) },
      Row("conv1d", .float16) { x.unsqueezed(axis: 0).conv1d(Tensor.ones([1, 2, 1])) },
      Row("convTranspose2d", .float16) {
        x.reshaped(to: [1, 1, 2, 3]).convTranspose2d(Tensor.ones([1, 1, 1, 1]))
      },
      Row("float64 matmul", .float64) {
        x.cast(to: .float64).matmul(x.transposed().cast(to: .float64))
      },
      Row("softmax", .float32) { half.softmax(axis: 1) },
      Row("logSoftmax", .float32) { half.logSoftmax(axis: 1) },
      Row("logSumExp", .float32) { half.logSumExp() },
      Row("exp", .float32) { half.exp() }, Row("log", .float32) { half.log() },
      Row("pow", .float32) { half.pow(2) }, Row("pow of a tensor", .float32) { half.pow(half) },
      Row("rsqrt", .float32) { half.rsqrt() }, Row("sum", .float32) { half.sum() },
      Row("prod", .float32) { half.prod(axis: 0) }, Row("norm", .float32) { half.norm() },
      Row("cumsum", .float32) { half.cumsum(axis: 0) },
      Row("softplus", .float32) { half.softplus() },
      Row("half + float32", .float32) { half + x }, Row("float32 * half", .float32) { x * half },
      Row("two halves", .float32) { half + x.cast(to: .float16) },
      Row("where", .float32) { Tensor.where(x .> 0, half, x) },
      Row("concatenate", .float32) { concatenate([half, x]) },
      Row("stack", .float32) { stack([half, x]) },
      Row("relu", .bfloat16) { half.relu() }, Row("gelu", .bfloat16) { half.gelu() },
      Row("add", .bfloat16) { half + half }, Row("add a number", .bfloat16) { half + 0.1 },
      Row("max", .bfloat16) { half.max() }, Row("mean", .bfloat16) { half.mean() },
    ])
  func dtypes(row: Row) throws {
    let found = autocast(to: .float16) { row.op() }
    #expect(found.error == nil && found.dtype == row.dtype, "\(found.signature)")
    try found.eval()
  }

  @Test("holds inside only, and an inner one is what counts")
  func nesting() async throws {
    let x = Self.x
    func dtype() -> DType { x.matmul(x.transposed()).dtype }
    #expect(dtype() == .float32)
    autocast(to: .bfloat16) {
      #expect(dtype() == .bfloat16)
      autocast(to: .float16) { #expect(dtype() == .float16) }
      autocast(to: .float32) { #expect(dtype() == .float32) }
      #expect(dtype() == .bfloat16)
    }
    await autocast(to: .bfloat16) {
      await Task.yield()
      #expect(dtype() == .bfloat16)
      let other = await Task.detached { Self.x.matmul(Self.x.transposed()).dtype }.value
      #expect(other == .float32)
    }
    #expect(dtype() == .float32)
    #expect((Self.half + x).dtype == .float32)
    #expect(Self.half.matmul(x.transposed()).error != nil)
  }

  @Test("gives float32 weights float32 gradients, whether the reverse walk is inside or outside")
  func gradientsOfWeights() throws {
    func gradient(inside: Bool) throws -> Tensor {
      let w = Self.x.requiringGrad()
      let loss = autocast(to: .bfloat16) { Self.x.matmul(w.transposed()).exp().sum() }
      if inside { try autocast(to: .bfloat16) { try loss.backward() } } else { try loss.backward() }
      return w.grad
    }
    let (one, other) = (try gradient(inside: true), try gradient(inside: false))
    #expect(one.dtype == .float32)
    #expect(try one.scalars(as: Float.self) == other.scalars(as: Float.self))
  }

  @Test("is part of what a compiled function is recorded for")
  func compiled() throws {
    let function = compile { x in x.matmul(x.transposed()) }
    #expect(try function(Self.x).dtype == .float32)
    #expect(try autocast(to: .bfloat16) { try function(Self.x) }.dtype == .bfloat16)
    #expect(try function(Self.x).dtype == .float32)
    #expect(function.planCount == 2)
    let inside = compile { x in autocast(to: .float16) { x.matmul(x.transposed()) } }
    #expect(try inside(Self.x).dtype == .float16)
  }

  @Test("rounds after each op, and once, also where a loop does several")
  func rounding() throws {
    // 256 + 1 is a tie between 256 and 258 in bfloat16: twice it stays, in float32 it would not.
    let x = Tensor([256.0, 3], dtype: .bfloat16)
    #expect(try (x + 1 + 1).scalars(as: Float.self) == [256, 5])
    #expect(try (x.cast(to: .float32) + 2).cast(to: .bfloat16).scalars(as: Float.self) == [258, 5])
    // A chain of casts rounds too.
    let chain = Tensor([1.001]).cast(to: .bfloat16).cast(to: .float32)
    #expect(try chain.scalars(as: Float.self) == [1])
    // Sums accumulate in float32 and round once.
    #expect(try Tensor.ones([1000], dtype: .bfloat16).sum().item() == 1000)
    // Numbers count with all their digits: 0.1 rounded first would give 100.0625 in float16.
    #expect(try (Tensor([1000.0], dtype: .float16) * 0.1).scalars(as: Float.self) == [100])
    // What is compared is rounded.
    #expect(try (Tensor([0.1], dtype: .bfloat16) .== 0.1).scalars(as: Bool.self) == [true])
    #expect(try Tensor.full([2], 0.1, dtype: .bfloat16).scalars(as: Float.self)[0] == 0.10009765625)
    var w = Tensor([1.0, 2], dtype: .float16)
    w[0] = 0.1
    #expect(try w.scalars(as: Float.self) == [0.0999755859375, 2])
  }

  @Test("draws halves as rounded float32", arguments: [DType.float16, .bfloat16])
  func draws(dtype: DType) throws {
    let half = Tensor.randn([32], generator: Generator(seed: 3), dtype: dtype)
    let float = Tensor.randn([32], generator: Generator(seed: 3))
    #expect(half.dtype == dtype)
    #expect(try half.scalars(as: Float.self) == float.cast(to: dtype).scalars(as: Float.self))
    #expect(Tensor.rand([2], dtype: dtype, requiresGrad: true).isLeaf)
  }
}
