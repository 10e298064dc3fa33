import Blitz
import Testing

/// Numbers that are written out take the dtype of the tensor that they meet, by whatever way.
@Suite struct LiteralTests {
  @Test("numbers that meet before they meet a tensor stay numbers")
  func meetsLater() throws {
    let momentum = 0.9
    let delta = 1.5
    let x = Tensor([1.0, 2.0] as [Double], shape: [2])
    #expect(x.dtype == .float64)
    let kept = x * (1 - momentum)
    #expect(kept.dtype == .float64)
    #expect(try kept.scalars(as: Double.self) == [1 - momentum, 2 * (1 - momentum)])
    let moved = delta * (x - 0.5 * delta)
    #expect(moved.dtype == .float64)
    #expect(try moved.scalars(as: Double.self) == [1.5 * 0.25, 1.5 * 1.25])
    let shrunk = x / (2 * delta + 1)
    #expect(try shrunk.scalars(as: Double.self) == [0.25, 0.5])
    let integers = Tensor([1, 2]) * (3 - 5)
    #expect(integers.dtype == .int64)
    #expect(try integers.scalars(as: Int64.self) == [-2, -4])
  }

  @Test("a fraction beside whole numbers makes float32 of them")
  func fractionsAreNotWhole() throws {
    let momentum = 0.75
    let product = Tensor([1, 2]) * (1 - momentum)
    #expect(product.dtype == .float32)
    #expect(try product.scalars(as: Float.self) == [0.25, 0.5])
  }

  @Test("a number by itself is float32, a whole one int64")
  func alone() throws {
    let number: Tensor = 0.5
    let whole: Tensor = 2
    #expect(number.dtype == .float32)
    #expect(whole.dtype == .int64)
    #expect(try (-number).item() == -0.5)
    #expect(try (number * 4).item() == 2)
  }
}
