import Blitz
import Foundation
import Testing

/// First and second gradients at points where they are easy to get wrong, against PyTorch's.
@Suite struct KinkTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let row: String
    let inputs: [[String]]
    let first: [[String]]
    let second: [[String]]
    var testDescription: String { row }
  }
  private struct Stored: Decodable { let cases: [Case] }

  static let cases: [Case] = {
    guard
      let url = Bundle.module.url(
        forResource: "kinks", withExtension: "json", subdirectory: "Reference"),
      let data = try? Data(contentsOf: url)
    else { return [] }
    return (try? JSONDecoder().decode(Stored.self, from: data).cases) ?? []
  }()

  /// Where a gradient is another than PyTorch's on purpose. What is not a number stays so, and the
  /// slope of `elu` at its kink is that of its exponential to every order.
  static let differences: Set<String> = [
    "elu(alpha: 1.5) first 0 at nan: nan, not 1.0", "elu(alpha: 1.5) plain 0 at nan: nan, not 1.0",
    "elu(alpha: 1.5) second 0 at nan: nan, not 0.0", "elu(alpha: 1.5) second 0 at 0: 1.5, not 0.0",
    "x % y first 1 at inf, 1: -inf, not nan", "x % y plain 1 at inf, 1: -inf, not nan",
  ]

  /// Every place at which a gradient differs, in words.
  static func faults(_ row: Case) throws -> [String] {
    guard let function = OpTable.row(row.row)?.function else { return ["no row"] }
    let inputs = row.inputs.map {
      Tensor($0.map { Double($0)! }, dtype: .float64, requiresGrad: true)
    }
    func slopes(_ total: Tensor) -> [Tensor] {
      total.requiresGrad
        ? gradients(of: total, wrt: inputs, createGraph: true)
        : inputs.map { Tensor.zeros(like: $0) }
    }
    let first = slopes(function(inputs)[0].sum())
    let plain =
      function(inputs)[0].requiresGrad
      ? gradients(of: function(inputs)[0].sum(), wrt: inputs) : first
    let second = first.flatMap { slopes($0.sum()) }
    var faults: [String] = []
    for (name, found, expected) in [
      ("first", first, row.first), ("plain", plain, row.first), ("second", second, row.second),
    ] {
      for (place, (tensor, numbers)) in zip(found, expected).enumerated() {
        let values = try tensor.scalars(as: Double.self)
        for (index, (a, text)) in zip(values, numbers).enumerated() {
          let b = Double(text)!
          if a == b || (a.isNaN && b.isNaN) || abs(a - b) <= 1e-9 * max(1, abs(b)) { continue }
          // PyTorch's second gradient of powers is NaN at base 0 even where it exists.
          if name == "second" && row.row == "pow(y)" && b.isNaN { continue }
          let point = row.inputs.map { $0[index] }.joined(separator: ", ")
          faults.append("\(row.row) \(name) \(place) at \(point): \(a), not \(b)")
        }
      }
    }
    return faults
  }

  @Test("gradients at kinks, bounds and infinities are PyTorch's", arguments: cases)
  func equalsPyTorch(_ row: Case) throws {
    let faults = try Self.faults(row)
    #expect(faults.filter { !Self.differences.contains($0) } == [])
  }

  @Test("the gradient of a quotient does not overflow where its square would")
  func largeDivisors() throws {
    // b = torch.tensor([1e30, 1e-30], requires_grad=True)
    // (torch.tensor([1e35, 1e-35]) / b).sum().backward(): -1e-25, -1e25; torch 2.15.0.
    let b = Tensor([1e30, 1e-30], requiresGrad: true)
    try (Tensor([1e35, 1e-35]) / b).sum().backward()
    let found = try b.grad.scalars(as: Double.self)
    #expect(abs(found[0] / -1e-25 - 1) < 1e-5 && abs(found[1] / -1e25 - 1) < 1e-5, "\(found)")
  }

  @Test("a branch that is not taken makes NaN, unless what it reads is replaced")
  func untakenBranches() throws {
    let x = Tensor([0.0, 4.0], requiresGrad: true)
    let wrong = gradient(of: Tensor.where(x .> 0, x.sqrt(), 0).sum(), wrt: x)
    let safe = Tensor.where(x .> 0, x, 1)
    let right = gradient(of: Tensor.where(x .> 0, safe.sqrt(), 0).sum(), wrt: x)
    // PyTorch 2.15.0 has nan, 0.25 and 0, 0.25 for the same with torch.where.
    #expect(try wrong.scalars(as: Float.self)[0].isNaN)
    #expect(try right.scalars(as: Float.self) == [0, 0.25])
  }

  @Test("every difference that is listed is still one")
  func differencesAreTrue() throws {
    let faults = Set(try Self.cases.flatMap { try Self.faults($0) })
    #expect(Self.cases.count > 30)
    #expect(Self.differences.subtracting(faults) == [])
  }

  /// A function, where it is asked, and PyTorch 2.15's number in float64; where PyTorch lost its
  /// digits, SciPy 1.17's.
  private static let extremes: [(String, @Sendable (Tensor) -> Tensor, Double, Double)] = [
    ("ldexp", { $0.ldexp($0) }, .infinity, .infinity),
    ("erfcx", { $0.erfcx() }, -5e6, .infinity),
    ("digamma", { $0.digamma() }, .infinity, .infinity),
    ("igamma", { $0.igamma($0) }, 1e20, 0.500000000013298),
    ("acosh's slope", { gradient(of: $0.acosh(), wrt: $0) }, -2, 0.5773502691896258),
    ("angle's slope", { gradient(of: $0.angle(), wrt: $0) }, .nan, 0),
    ("fmax's slope", { gradient(of: $0.fmax(3), wrt: $0) }, 3, 0.5),
    ("nextAfter's slope", { gradient(of: $0.nextAfter(Tensor(3.0)), wrt: $0) }, 3, 0),
    ("logNdtr's slope", { gradient(of: $0.logNdtr(), wrt: $0) }, -5e6, 5_000_000.0000002),
    (
      "logAddExp's second slope",
      { x in
        let slope = gradients(of: x.logAddExp(Tensor(2.0)), wrt: [x], createGraph: true)[0]
        return gradient(of: slope, wrt: x)
      }, 2, 0.25
    ),
  ]

  @Test("values and slopes far out and where operands are equal")
  func farOut() throws {
    for (name, function, place, expected) in Self.extremes {
      let x = Tensor(place, dtype: .float64).requiringGrad()
      let found = try function(x).cast(to: .float64).item()
      #expect(found == expected || abs(found - expected) <= 1e-7 * abs(expected), "\(name)")
    }
  }
}
