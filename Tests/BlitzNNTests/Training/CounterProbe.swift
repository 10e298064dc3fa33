import Blitz
import Testing

@Suite struct CounterProbe {
  @Test("a counter of whole numbers keeps its count")
  func counts() throws {
    for count in [1, 4, 8] {
      var number = Tensor(0)
      for _ in 0..<count { number = number + 1 }
      #expect(try number.cast(to: .float32).scalars(as: Float.self) == [Float(count)])
      #expect(try number.scalars(as: Int.self) == [count])
    }
  }
}
