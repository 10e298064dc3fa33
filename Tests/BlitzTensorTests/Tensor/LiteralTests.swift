import Blitz
import Testing

/// Numbers that are written out take the dtype of the tensor that they meet, by whatever way.
@Suite struct LiteralTests {
  @Test("numbers that meet before they meet a tensor stay numbers")
  func meetsLater() throws {
    let momentum = 0.9
    let delta = 1.5
    let x = Tensor([1.0, 2.0], dtype: .float64)
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

  /// `torch.tensor` makes float32 of Python's numbers.
  @Test("plain numbers are float32 however they are spelled, and dtype: .float64 keeps them")
  func plainNumbers() throws {
    let (r, list, rows) = (0.1, [0.1, 0.25], [[0.1, 1], [2, 3]])
    let spelled = [
      Tensor([1.0 / 3, 2]), Tensor([r, 1.0]), Tensor([r, 1]), Tensor(list), Tensor(r),
      Tensor(-r), Tensor(rows), Tensor([[r, 1], [2, r * 3]]), Tensor([list, list]),
      Tensor(list, shape: [2, 1]), Tensor(list.map { $0 * 2 }, requiresGrad: true),
      Tensor([Double]()), Tensor([Double.pi, .infinity]),
    ]
    #expect(spelled.allSatisfy { $0.dtype == .float32 && $0.error == nil })
    #expect(spelled[10].requiresGrad && spelled[10].isLeaf)
    #expect(try spelled[3].scalars(as: Float.self) == [0.1, 0.25])
    #expect(try spelled[6].array(as: [[Float]].self) == [[0.1, 1], [2, 3]])
    let kept = [
      Tensor([1.0 / 3, r], dtype: .float64), Tensor(list, dtype: .float64),
      Tensor(rows, dtype: .float64), Tensor(list, shape: [2, 1], dtype: .float64),
      Tensor(r, dtype: .float64), Tensor([0.1, 1], dtype: .float64),
    ]
    #expect(kept.allSatisfy { $0.dtype == .float64 })
    #expect(try kept[0].scalars(as: Double.self) == [1.0 / 3, 0.1])
    #expect(try kept[2].array(as: [[Double]].self) == rows)
    #expect(try kept[4].item() == 0.1 && kept[5][0].item() == 0.1)
    // Beside float64 they are numbers of float64, as PyTorch has it.
    #expect((Tensor([r], dtype: .float64) * Tensor([r])).dtype == .float64)
    #expect(Tensor([0.5] as [Float16]).dtype == .float16)
  }

  @Test("item() is of the type that is wanted")
  func itemByType() throws {
    let (scores, a, b) = (Tensor([0.5, 2, 1]), Tensor(2.0), Tensor(1.0))
    let best: Int = try scores.argmax().item()
    #expect(best == 1)
    let single: Float = try scores[1].item()
    #expect(single == 2)
    let plain = try scores[2].item()
    #expect(type(of: plain) == Double.self && plain == 1)
    if try (a .> b).item() {} else { Issue.record("2 is more than 1") }
    #expect(try !(a .< b).item())
    let wrong = #expect(throws: TensorError.self) { let _: Int = try scores[0].item() }
    #expect(wrong?.summary == "item: float32 numbers cannot all be kept as Int")
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
