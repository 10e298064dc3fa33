import Blitz
import Foundation
import Testing

/// Dtypes of results, against `torch.result_type` and PyTorch's ops.
@Suite struct PromotionTests {
  private static let dtypes: [String: DType] = Dictionary(
    uniqueKeysWithValues: DType.allCases.map { ("\($0)", $0) })

  /// The operand that a row names: `float32[2]` has an axis, `float32[]` none, `1` and `1.5` are
  /// plain numbers.
  private static func operand(_ name: String) throws -> Tensor {
    if name == "1" { return 1 }
    if name == "1.5" { return 1.5 }
    let parts = name.split(separator: "[")
    let dtype = try #require(dtypes[String(parts[0])])
    return Tensor.ones(parts[1] == "]" ? [] : [2], dtype: dtype)
  }

  /// Every pair of dtypes, with and without axes, and of plain numbers:
  /// Tests/Reference/promotion.py.
  @Test func resultTypeIsPyTorchs() throws {
    let url = try #require(
      Bundle.module.url(forResource: "promotion", withExtension: "json", subdirectory: "Reference"))
    let rows = try JSONDecoder().decode([[String]].self, from: Data(contentsOf: url))
    #expect(rows.count == 676)
    for row in rows {
      let (left, right) = (try Self.operand(row[0]), try Self.operand(row[1]))
      let expected = try #require(Self.dtypes[row[2]])
      #expect(Tensor.resultType(left, right) == expected, "\(row)")
      let sum = left + right
      #expect(sum.dtype == expected && sum.error == nil, "\(row): \(sum.dtype)")
      let literals = ["1", "1.5"]
      if !(literals.contains(row[0]) && literals.contains(row[1])) {
        let quotient = left / right
        let isExact = expected.isFloating || expected.isComplex
        #expect(quotient.dtype == (isExact ? expected : .float32), "\(row)")
        #expect((left .== right).dtype == .bool)
        #expect(Tensor.where(Tensor([true, false]), left, right).dtype == expected, "\(row)")
      }
    }
  }

  /// A number from a Swift variable counts as one that is written out.
  @Test(arguments: DType.allCases)
  func variablesAreWeak(_ dtype: DType) throws {
    let (whole, real) = (2, 1.5)
    for tensor in [Tensor.ones([2], dtype: dtype), Tensor.ones([], dtype: dtype)] {
      #expect((tensor * whole).dtype == Tensor.resultType(tensor, 1))
      #expect((whole * tensor).dtype == Tensor.resultType(tensor, 1))
      #expect((tensor * real).dtype == Tensor.resultType(tensor, 1.5))
      #expect((real * tensor).dtype == Tensor.resultType(tensor, 1.5))
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let text: String
    let dtype: DType
    let values: [Double]
    let make: @Sendable () -> Tensor
    var testDescription: String { text }

    init(
      _ text: String, _ dtype: DType, _ values: [Double], _ make: @escaping @Sendable () -> Tensor
    ) { (self.text, self.dtype, self.values, self.make) = (text, dtype, values, make) }
  }

  /// Made from Swift arrays, so that no literal becomes a tensor of another dtype.
  private static func int(_ values: Int...) -> Tensor { Tensor(values) }
  private static func byte(_ values: UInt8...) -> Tensor { Tensor(values) }
  private static func real(_ values: Float...) -> Tensor { Tensor(values) }
  private static func bool(_ values: Bool...) -> Tensor { Tensor(values) }

  /// The values are those of torch 2.15.0 for the same line.
  static let rows: [Row] = [
    Row("int / int", .float32, [0.5]) { int(1) / int(2) },
    Row("int / 2", .float32, [0.5]) { int(1) / 2 },
    Row("int * 0.5", .float32, [1.5]) { int(3) * 0.5 },
    Row("bool + bool", .bool, [1, 1, 0]) { bool(true, true, false) + bool(true, false, false) },
    Row("bool * bool", .bool, [1, 0, 0]) { bool(true, true, false) * bool(true, false, false) },
    Row("bool + 1", .int64, [2, 1]) { bool(true, false) + 1 },
    Row("bool * 2.5", .float32, [2.5, 0]) { bool(true, false) * 2.5 },
    Row("bool / bool", .float32, [1]) { bool(true) / bool(true) },
    Row("bool * float", .float32, [2.5, 0]) { bool(true, false) * real(2.5, 2.5) },
    Row("uint8 + 0.5", .float32, [1.5, 2.5]) { byte(1, 2) + 0.5 },
    Row("uint8 == 0.5", .bool, [0, 0]) { byte(1, 2) .== 0.5 },
    Row("uint8 + int64[]", .uint8, [4, 5]) { byte(1, 2) + Tensor(3) },
    Row("maximum(uint8, int64)", .int64, [1, 5]) { byte(1, 2).maximum(int(1, 5)) },
    Row("maximum(bool, bool)", .bool, [1]) { bool(true).maximum(bool(false)) },
    Row("where", .float32, [1, 1.5]) { .where(bool(true, false), int(1, 1), real(1.5, 1.5)) },
    Row("where with 1.5", .float32, [1, 1.5]) { .where(bool(true, false), int(1, 1), 1.5) },
    Row("where of numbers", .int64, [1, 0]) { .where(bool(true, false), 1, 0) },
    Row("concatenate", .float32, [1, 1.5]) { concatenate([int(1), real(1.5)]) },
    Row("stack", .float32, [1, 1.5]) { stack([int(1), real(1.5)]).flattened() },
    Row("exp", .float32, [2.7182817459106445]) { int(1).exp() },
    Row("exp of bool", .float32, [2.7182817459106445]) { bool(true).exp() },
    Row("erf", .float32, [0.8427007794380188]) { int(1).erf() },
    Row("sigmoid", .float32, [0.9820137619972229]) { int(4).sigmoid() },
    Row("sqrt", .float32, [2]) { int(4).sqrt() },
    Row("reciprocal", .float32, [0.25]) { int(4).reciprocal() },
    Row("logSumExp", .float32, [2.3132617473602295]) { int(1, 2).logSumExp() },
    Row("pow(0.5)", .float32, [2]) { int(4).pow(0.5) },
    Row("bool pow(2)", .int64, [1]) { bool(true).pow(2) },
    Row("pow of ints", .int64, [0]) { int(4).pow(int(-1)) },
    Row("pow int float", .float32, [2]) { int(4).pow(real(0.5)) },
    Row("int % 2.5", .float32, [0]) { int(5) % 2.5 },
    Row("clamp(max: 2.5)", .float32, [2.5]) { int(5).clamp(max: 2.5) },
    Row("clamp(max: 2)", .int64, [2]) { int(5).clamp(max: 2) },
    Row("clamp of bool", .int64, [1]) { bool(true).clamp(min: 0, max: 1) },
    Row("square of bool", .int64, [1]) { bool(true).square() },
    Row("sign of bool", .bool, [1]) { bool(true).sign() },
    Row("int .& bool", .int64, [1]) { int(5) .& bool(true) },
    Row("int .== bool", .bool, [1]) { int(1) .== bool(true) },
    Row("atan2 of ints", .float32, [0.7853981852531433]) { int(1).atan2(int(1)) },
    Row("float16 + bfloat16", .float32, [2]) {
      Tensor.ones([1], dtype: .float16) + Tensor.ones([1], dtype: .bfloat16)
    },
    Row("squared error of float and int", .float32, [0.25]) {
      squaredError(predictions: real(1.5), targets: int(2))
    },
  ]

  @Test(arguments: rows)
  func values(_ row: Row) throws {
    let result = row.make()
    #expect(result.dtype == row.dtype)
    let found = try result.cast(to: .float64).scalars(as: Double.self)
    #expect(found == row.values, "\(found)")
  }

  /// A tensor changed in place keeps its dtype, and what that cannot hold is an error.
  @Test func updatesKeepTheDType() throws {
    var reals = Self.real(1, 1)
    reals += Tensor.ones([2], dtype: .float64)
    reals += Self.int(1, 2)
    #expect(reals.dtype == .float32)
    #expect(try reals.scalars(as: Float.self) == [3, 4])
    var bytes = Self.byte(1, 2)
    bytes += Self.int(1, 2)
    #expect(bytes.dtype == .uint8)
    #expect(try bytes.scalars(as: UInt8.self) == [2, 4])
    var mask = Self.bool(true, false)
    mask += mask
    #expect(mask.dtype == .bool)
    var whole = Self.int(1, 2)
    whole[0] = 1.5
    whole[1] = Self.real(2.75)[0]
    #expect(try whole.scalars(as: Int.self) == [1, 2])
    mask[1] = 2.5
    #expect(try mask.scalars(as: Bool.self) == [true, true])
    var total: Tensor = 0
    total += Self.real(1.5)
    #expect(total.dtype == .float32)

    func message(_ change: () -> Tensor) -> String { change().error?.description ?? "none" }
    #expect(
      message {
        var x = Self.int(1)
        x += 1.5
        return x
      }.contains("+=: the result is float32, which int64 cannot hold"))
    #expect(
      message {
        var x = Self.int(1)
        x /= 2
        return x
      }.contains("write x = x / ..., or cast x to .float32 first"))
    #expect(
      message {
        var x = Self.bool(true)
        x += 1
        return x
      }.contains("+=: the result is int64, which bool cannot hold"))
    #expect(
      message {
        var x = Self.byte(1)
        x[0] = 300
        return x
      }.contains("300 is not a value of uint8"))
  }

  /// What PyTorch refuses stays an error.
  @Test func refusals() throws {
    let mask = Self.bool(true)
    #expect((mask - mask).error?.description.contains("takes numbers, not bool") == true)
    #expect((mask % mask).error != nil)
    #expect(mask.pow(mask).error != nil)
    #expect((Self.int(5) .& Self.real(1.5)).error?.description.contains("not float32") == true)
    #expect(Self.int(1, 2).softmax(axis: 0).error != nil)
    #expect(Self.int(1, 2).mean().error != nil)
    #expect(Self.int(4).pow(-1).error != nil)
    let filled = Self.int(1, 2).indexFill(axis: 0, indices: Self.int(0), value: Self.real(1.5)[0])
    #expect(filled.error?.description.contains("indexFill: the dtypes differ") == true)
    #expect(Tensor.ones([2, 2]).matmul(Tensor.ones([2, 2], dtype: .float64)).error != nil)
  }

  /// Gradients come back in the dtype of each operand.
  @Test func gradientsKeepTheDType() throws {
    let x = Tensor([Float(1), 2], requiresGrad: true)
    let y = Tensor([3.0, 4], dtype: .float64, requiresGrad: true)
    let found = gradients(of: (x * y * Self.int(2, 2)).sum(), wrt: [x, y])
    #expect(found.map(\.dtype) == [.float32, .float64])
    #expect(try found[0].scalars(as: Float.self) == [6, 8])
    #expect(try found[1].scalars(as: Double.self) == [2, 4])
  }
}
