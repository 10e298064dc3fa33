import Testing

@testable import BlitzPlot

@Suite("axes")
struct AxisTests {
  @Test(
    "marks round numbers from one at or below the least to one at or above the largest",
    arguments: [
      ([0, 1], 5, "0.0 0.2 0.4 0.6 0.8 1.0"), ([0, 0.99], 5, "0.0 0.2 0.4 0.6 0.8 1.0"),
      ([3, 97], 5, "0 20 40 60 80 100"), ([-1, 1], 4, "-1.0 -0.5 0.0 0.5 1.0"),
      ([1, 1], 5, "0.4 0.6 0.8 1.0 1.2 1.4 1.6"), ([0, 0], 5, "0.0 0.2 0.4 0.6 0.8 1.0"),
      ([], 5, "0.0 0.2 0.4 0.6 0.8 1.0"), ([.nan, .infinity], 2, "0.0 0.5 1.0"),
      ([0, 3e7], 3, "0 1e7 2e7 3e7"), ([0, 2e-7], 2, "0 1e-7 2e-7"),
      ([-1e300, 1e300], 2, "-1e250 0 1e250"), ([1, 1.0001], 2, "1.00000 1.00005 1.00010"),
      ([1e6, 1_000_009], 3, "1000000 1000005 1000010"), ([0, 2e6], 2, "0 1e6 2e6"),
    ] as [([Double], Int, String)])
  func linear(values: [Double], count: Int, labels: String) {
    let axis = Axis(over: values, count: count)
    #expect(axis.ticks.map(\.label).joined(separator: " ") == labels)
    #expect(axis.range == axis.ticks[0].value...axis.ticks[axis.ticks.count - 1].value)
  }

  @Test(
    "marks powers of ten, and 2 and 5 times them where there are few",
    arguments: [
      ([0.001, 1], 5, "0.001 0.01 0.1 1"), ([2, 80], 5, "1 2 5 10 20 50 100"),
      ([1e-9, 1], 5, "1e-9 1e-7 1e-5 0.001 0.1 10"), ([3, 3], 5, "1 2 5 10"),
      ([-5, 0, 20, 30], 5, "10 20 50 100"), ([2e5, 9e5], 5, "1e5 2e5 5e5 1e6"),
    ] as [([Double], Int, String)])
  func logarithmic(values: [Double], count: Int, labels: String) {
    let axis = Axis(over: values, count: count, scale: .logarithmic)
    #expect(axis.isLogarithmic)
    #expect(axis.ticks.map(\.label).joined(separator: " ") == labels)
  }

  @Test(
    "chooses a logarithmic axis for positive values that span more than a factor of 50",
    arguments: [([1, 49], false), ([1, 51], true), ([0, 51], false), ([-1, 1000], false)]
      as [([Double], Bool)])
  func automatic(values: [Double], isLogarithmic: Bool) {
    #expect(Axis(over: values, count: 5, scale: .automatic).isLogarithmic == isLogarithmic)
  }

  @Test("ends where the values do, if that is asked for")
  func tight() {
    let axis = Axis.tight(over: [0.13, 0.97], count: 4, margin: 0)
    #expect(axis.range == 0.13...0.97)
    #expect(axis.ticks.map(\.label) == ["0.2", "0.4", "0.6", "0.8"])
    let counting = Axis.tight(over: [1, 2], count: 5, counts: true)
    #expect(counting.ticks.map(\.label) == ["1", "2"])
    // Far from 0 whole numbers are as far from each other.
    #expect(Axis.tight(over: [1e9, 1e9 + 9], count: 5, counts: true).range == 1e9...1e9 + 9)
  }

  @Test("has no place for what is no number, or below what a logarithm takes")
  func positions() {
    let axis = Axis(over: [1, 100], count: 2, scale: .logarithmic)
    #expect(axis.position(of: 10) == 0.5)
    for value in [0, -1, .nan, .infinity] { #expect(axis.position(of: value) == nil) }
    #expect(Axis(over: [0, 1], count: 2).position(of: .nan) == nil)
    // What is too large or too small to compute with is at the end of the axis.
    #expect(Axis(over: [0, 1e300], count: 2).position(of: 1e300) == 1)
    let wide = Axis(over: [1e-300, 1e300], count: 4, scale: .logarithmic)
    #expect(wide.isLogarithmic)
    #expect(wide.position(of: 1e-300) == 0 && wide.position(of: 1) == 0.5)
  }
}
