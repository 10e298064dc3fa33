import Blitz
import BlitzPlot
import Foundation
import Testing

/// A square root whose gradient is kept finite at zero.
private struct SafeRoot: CustomFunction {
  func forward(_ inputs: [Tensor]) -> Tensor { inputs[0].sqrt() }

  func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
    [gradient / (2 * output.maximum(0.0625))]
  }
}

/// A number of one's own beside tensors, in their subscripts, and in plots.
private struct Percent: RealConvertible, TensorIndex, PlotNumber {
  let value: Int

  var scalar: Scalar { .real(Double(value) / 100) }
  var axisIndex: AxisIndex { .slice(to: value) }
  var plotted: Double { Double(value) }
}

/// A course of values that can be plotted, and that a notebook draws.
private struct Course: PlotValues, Displayable {
  let values: [Double]

  func plotted() throws(TensorError) -> [Double] { values }
  var display: Display { Display(svg: Plot.line(self).svg, text: "\(values.count) values") }
}

@Suite struct OwnTensorTests {
  @Test func differentiatesByHand() throws {
    let x = Tensor([0.0, 4], requiresGrad: true)
    try SafeRoot()(x).sum().backward()
    #expect(try x.grad.array(as: [Float].self) == [8, 0.25])
    let report = try gradCheck([Tensor([1.0, 2, 3])]) { SafeRoot()($0[0]) }
    #expect(report.passes())
  }

  @Test func takesOwnNumbers() throws {
    let x = Tensor([1.0, 2, 3, 4])
    #expect(try (x * Percent(value: 50)).array(as: [Float].self) == [0.5, 1, 1.5, 2])
    #expect(try x[Percent(value: 2)].array(as: [Float].self) == [1, 2])
    #expect(Plot.line([Percent(value: 10), Percent(value: 20)]).error == nil)
  }

  @Test func showsOwnValues() {
    let course = Course(values: [1, 4, 9])
    #expect(course.display.text == "3 values")
    #expect(course.display.svg?.contains("<svg") == true)
  }

  /// Generic code over what tensors are made of and read into.
  private func roundTrip<Numbers: NestedElements & Equatable>(_ numbers: Numbers) throws -> Bool {
    try Tensor(numbers).array(as: Numbers.self) == numbers
  }
  private func dtype<Element: TensorElement>(_: Element.Type) -> DType { Element.dtype }

  @Test func isGenericOverElements() throws {
    #expect(try roundTrip([[1.5, 2], [3, 4]] as [[Double]]))
    #expect(try roundTrip([[[true], [false]]]))
    #expect(dtype(UInt8.self) == .uint8)
  }
}
