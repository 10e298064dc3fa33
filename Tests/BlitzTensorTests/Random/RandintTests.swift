import BlitzTensor
import Testing

/// Every way to write `randint` against PyTorch 2.15.0, after `torch.manual_seed(0)`:
/// `torch.randint(low, high, (6,)).tolist()`, `torch.randint(high, (6,)).tolist()`.
@Suite struct RandintTests {
  /// Bounds, and six numbers. A range of 2^28 and more takes two words a number.
  private static let table: [(low: Int, high: Int, numbers: [Int])] = [
    (0, 10, [4, 9, 3, 0, 3, 9]),
    (5, 10, [9, 9, 8, 5, 8, 9]),
    (-5, 5, [-1, 4, -2, -5, -2, 4]),
    (0, 1, [0, 0, 0, 0, 0, 0]),
    (
      0, (1 << 28) - 1,
      [209_652_404, 130_329_144, 118_924_928, 136_432_845, 172_929_868, 195_187_464]
    ),
    (0, 1 << 28, [130_329_135, 136_432_832, 195_187_451, 149_257_575, 262_266_579, 40_294_130]),
    (
      0, 1 << 32,
      [2_546_248_239, 3_626_093_760, 3_684_848_379, 3_638_918_503, 2_678_185_683, 1_650_906_866]
    ),
    (
      -(1 << 40), 1 << 40,
      [
        -358_231_004_625, -593_374_360_384, 291_447_657_211, -258_354_086_553,
        -1_058_178_736_429, 91_845_220_082,
      ]
    ),
    (
      Int.min, Int.max,
      [
        900_450_186_894_289_455, 3_969_543_146_641_149_120, 1_895_649_597_198_586_619,
        827_948_490_035_658_087, -1_408_320_422_220_276_013, 2_691_271_404_617_651_954,
      ]
    ),
  ]

  private var seeded: Generator { Generator(seed: 0) }

  @Test(arguments: table.indices) func drawsPyTorchsNumbers(_ index: Int) throws {
    let (low, high, numbers) = Self.table[index]
    var forms = [
      Tensor.randint(low, high, [6], generator: seeded),
      Tensor.randint(low..<high, [6], generator: seeded),
      Tensor.randint(low: low, high: high, [6], generator: seeded),
    ]
    if low == 0 {
      forms.append(Tensor.randint(high, [6], generator: seeded))
      forms.append(Tensor.randint(high: high, [6], generator: seeded))
    }
    for tensor in forms {
      #expect(tensor.dtype == .int64)
      #expect(try tensor.array(as: [Int].self) == numbers)
    }
  }

  /// `torch.randint(10, (2, 3), dtype=torch.uint8)`, and float32 of shape (2,).
  @Test func takesShapesAndDTypes() throws {
    let bytes = Tensor.randint(10, [2, 3], generator: seeded, dtype: .uint8)
    #expect(try bytes.array(as: [[UInt8]].self) == [[4, 9, 3], [0, 3, 9]])
    manualSeed(0)
    #expect(try Tensor.randint(10, [1], dtype: .float32).array(as: [Float].self) == [4])
  }

  @Test func refusesRangesWithoutNumbers() {
    #expect(
      Tensor.randint(0, [2]).error?.rule == "no integer is at least 0 and below 0")
    #expect(Tensor.randint(5..<5, [2]).error != nil)
    #expect(Tensor.randint(low: 3, high: -3, [2]).error != nil)
    #expect(Tensor.randint(10, [-1]).error != nil)
  }
}
