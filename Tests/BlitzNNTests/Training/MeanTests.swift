import BlitzNN
import Testing

@Suite("a mean over rows")
struct MeanTests {
  @Test("counts each batch for its rows, not each batch once")
  func rows() {
    var mean = Mean()
    #expect(mean.value.isNaN && mean.rows == 0)
    mean.add(10, rows: 2)
    mean.add(9, rows: 1)
    // (10 * 2 + 9) / 3; a mean of the two means is 9.5.
    #expect(abs(mean.value - 29.0 / 3) < 1e-15)
    #expect(mean.rows == 3)
  }

  @Test("is not changed by a batch without rows, whose mean is NaN")
  func nothing() {
    var mean = Mean()
    mean.add(2, rows: 4)
    mean.add(.nan, rows: 0)
    #expect(mean.value == 2 && mean.rows == 4)
  }
}
