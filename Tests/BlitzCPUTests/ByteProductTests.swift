import Blitz
import BlitzTensor
import CKernels
import Testing

/// Products in int32 of what was widened from 8 bits have the numbers of the same sums in float64,
/// which are exact.
@Suite("Products of bytes")
struct ByteProductTests {
  @Test("are exact for both signs, transposed, cut and in batches")
  func exact() throws {
    let generator = Generator(seed: 5)
    func bytes(_ shape: Shape, _ dtype: DType) -> Tensor {
      let range: Range<Int> = dtype == .int8 ? -128..<128 : 0..<256
      return Tensor.randint(range, shape, generator: generator).cast(to: dtype)
    }
    var wrong: [String] = []
    func check(_ name: String, _ a: Tensor, _ b: Tensor) throws {
      let found = a.cast(to: .int32).matmul(b.cast(to: .int32))
      let expected = a.cast(to: .float64).matmul(b.cast(to: .float64))
      if try !found.cast(to: .float64).isEqual(to: expected).item(as: Bool.self) {
        wrong.append("\(name), \(a.dtype) and \(b.dtype)")
      }
    }
    for a in [DType.int8, .uint8] {
      for b in [DType.int8, .uint8] {
        try check("plain", bytes([37, 130], a), bytes([130, 45], b))
        try check(
          "transposed", bytes([130, 37], a).transposed(), bytes([45, 130], b).transposed())
        try check("few rows", bytes([3, 900], a), bytes([70, 900], b).transposed())
        try check("threads", bytes([200, 800], a), bytes([800, 150], b))
        try check("batches", bytes([6, 9, 33], a), bytes([6, 33, 18], b))
        try check("one matrix for all", bytes([6, 9, 33], a), bytes([33, 18], b))
        try check("one for all on the left", bytes([9, 33], a), bytes([6, 33, 18], b))
        try check("cut", bytes([40, 50], a)[3..<30, 7..<40], bytes([60, 50], b)[9..<42, 1..<20])
        try check("a vector", bytes([130], a), bytes([130, 7], b))
        try check("no terms", bytes([3, 0], a), bytes([0, 4], b))
      }
    }
    #expect(wrong.isEmpty, "\(wrong)")
  }
}
