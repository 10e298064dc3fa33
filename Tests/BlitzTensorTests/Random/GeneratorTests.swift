import Foundation
import Testing

@testable import BlitzTensor

@Suite("Generator")
struct GeneratorTests {
  // MARK: PyTorch's numbers

  @Test("the stored numbers are PyTorch's, and all there")
  func reference() throws {
    let reference = try RandomReference.load()
    #expect(reference.torch.hasPrefix("2.15"))
    #expect(reference.cases.count == 183)
    #expect(reference.cases.allSatisfy { !$0.steps.isEmpty })
  }

  @Test("gives the numbers of PyTorch", arguments: try RandomReference.load().cases)
  func matches(_ stored: RandomReference.Case) throws {
    let generator = Generator()
    for (index, step) in stored.steps.enumerated() {
      switch (step.op, step.dtype) {
      case ("seed", _):
        generator.seed(try #require(step.seed.flatMap { UInt64($0) }))
      case (_, "float32"):
        let drawn: [Float] = try drawn(step) { buffer in
          switch step.op {
          case "rand": try generator.fillUniform(buffer)
          case "randn": try generator.fillNormal(buffer)
          case "uniform":
            try generator.fillUniform(buffer, from: Float(step[0]), to: Float(step[1]))
          case "normal": try generator.fillNormal(buffer, mean: step[0], std: step[1])
          case "bernoulli": try generator.fillBernoulli(buffer, probability: step[0])
          default: Issue.record("unknown step \(step.op)")
          }
        }
        // Of many normals some and the sum are stored: all are equal to the last bit.
        if step.isNormal, drawn.count >= 16 {
          expectClose(
            drawn.map(Double.init), to: step, step.words.map(Double.init(float:)), 0, index)
        } else {
          expectSame(drawn.map { UInt64($0.bitPattern) }, to: step, byteCount: 4, index)
        }
      case (_, "float64"):
        let drawn: [Double] = try drawn(step) { buffer in
          switch step.op {
          case "rand": try generator.fillUniform(buffer)
          case "randn": try generator.fillNormal(buffer)
          case "uniform": try generator.fillUniform(buffer, from: step[0], to: step[1])
          case "normal": try generator.fillNormal(buffer, mean: step[0], std: step[1])
          default: Issue.record("unknown step \(step.op)")
          }
        }
        if step.isNormal {
          expectClose(drawn, to: step, step.words.map(Double.init(bitPattern:)), 1e-15, index)
        } else {
          expectSame(drawn.map(\.bitPattern), to: step, byteCount: 8, index)
        }
      case (_, "int32"):
        let drawn: [Int32] = try drawn(step) { try fillIntegers($0, step, generator) }
        expectSame(
          drawn.map { UInt64(UInt32(bitPattern: $0)) }, to: step, byteCount: 4, index)
      case (_, "int64"):
        let drawn: [Int64] = try drawn(step) { try fillIntegers($0, step, generator) }
        expectSame(drawn.map { UInt64(bitPattern: $0) }, to: step, byteCount: 8, index)
      default:
        Issue.record("unknown dtype \(step.dtype ?? "none")")
      }
    }
  }

  // MARK: State

  @Test("the same state gives the same numbers", arguments: [0, 1, 5, 623, 624, 1000])
  func restores(_ before: Int) throws {
    let generator = Generator(seed: 3)
    _ = try normals(generator, 5)  // Leaves the second of a pair waiting.
    _ = try uniforms(generator, before)
    let state = generator.state
    let first = try normals(generator, 3) + uniforms(generator, 700) + normals(generator, 50)

    generator.seed(99)
    #expect(generator.state != state)
    generator.state = state
    #expect(generator.state == state)
    #expect(generator.initialSeed == 3)
    #expect(try normals(generator, 3) + uniforms(generator, 700) + normals(generator, 50) == first)
  }

  @Test("a state goes through JSON, with and without a waiting normal", arguments: [4, 5])
  func codes(_ before: Int) throws {
    let generator = Generator(seed: .max)
    _ = try normals(generator, before)
    let data = try JSONEncoder().encode(generator.state)
    let copy = Generator(seed: 1)
    copy.state = try JSONDecoder().decode(Generator.State.self, from: data)
    #expect(copy.state == generator.state)
    #expect(try normals(copy, 9) == normals(generator, 9))
  }

  private static let sevens = Array(repeating: "7", count: 624).joined(separator: ",")

  @Test(
    "refuses a damaged state",
    arguments: [
      #"{"seed":1,"words":[1,2,3],"position":3}"#,
      #"{"seed":1,"words":[\#(Self.sevens)],"position":625}"#,
      #"{"seed":1,"words":[\#(Self.sevens)],"position":-1}"#,
      #"{"seed":1,"position":0}"#,
    ])
  func refusesState(_ json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Generator.State.self, from: Data(json.utf8))
    }
  }

  @Test("seeding is a new start, and generators are independent")
  func seeding() throws {
    let a = Generator(seed: 8)
    let b = Generator()
    #expect(b.initialSeed == 67_280_421_310_721)
    let numbers = try normals(a, 3)
    _ = try normals(b, 7)
    b.seed(8)
    #expect(b.initialSeed == 8)
    #expect(try normals(b, 3) == numbers)
    #expect(try normals(b, 3) != numbers)
  }

  // MARK: Concurrency

  @Test("two tasks get each number once, and each call its numbers in one piece")
  func tasks() async throws {
    // 40 calls of 1,001 numbers: were one handed out twice or torn, the pieces would not make up
    // the sequence that one caller gets.
    let size = 1_001
    let generator = Generator(seed: 5)
    let pieces = try await withThrowingTaskGroup(of: [[Double]].self) { group in
      for _ in 0..<2 {
        group.addTask { try (0..<20).map { _ in try uniforms(generator, size) } }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    let alone = try uniforms(Generator(seed: 5), 40 * size)
    let expected = (0..<40).map { Array(alone[$0 * size..<($0 + 1) * size]) }
    #expect(Set(pieces) == Set(expected))
  }

  // MARK: Refusals

  @Test("refuses bad arguments in one line, and draws nothing")
  func refuses() throws {
    let generator = Generator(seed: 4)
    let before = generator.state
    let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2)
    let doubles = UnsafeMutableBufferPointer<Double>.allocate(capacity: 2)
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 300)
    defer {
      floats.deallocate()
      doubles.deallocate()
      bytes.deallocate()
    }
    expect("the bounds are reversed: from is 2.0, to is 1.0; write from: 1.0, to: 2.0") {
      try generator.fillUniform(floats, from: 2, to: 1)
    }
    expect(
      "the bounds nan and 1.0 have no finite distance; give two finite numbers closer together"
    ) {
      try generator.fillUniform(doubles, from: .nan, to: 1)
    }
    expect(
      "the bounds -inf and 0.0 have no finite distance; give two finite numbers closer together"
    ) {
      try generator.fillUniform(floats, from: -.infinity, to: 0)
    }
    expect("the standard deviation is -1.0; give 0 or more") {
      try generator.fillNormal(floats, std: -1)
    }
    expect("the standard deviation is nan; give 0 or more") {
      try generator.fillNormal(doubles, std: .nan)
    }
    expect("no integer is at least 3 and below 3; give a high above low") {
      try generator.fillIntegers(bytes, from: 3, to: 3)
    }
    expect("no integer is at least 3 and below -9223372036854775808; give a high above low") {
      try generator.fillIntegers(bytes, from: 3, to: .min)
    }
    expect(
      "the integers from 0 up to, not including, 257 do not all fit uint8; narrow the range or "
        + "take int64"
    ) {
      try generator.fillIntegers(bytes, from: 0, to: 257)
    }
    expect(
      "the integers from 0 up to, not including, 300 do not all fit uint8; narrow the range or "
        + "take int64"
    ) {
      try generator.fillPermutation(bytes)
    }
    expect("the probability is 1.5; give a number from 0 to 1") {
      try generator.fillBernoulli(floats, probability: 1.5)
    }
    expect("the number of elements is -3; give 0 or more") { try DrawError.checkCount(-3) }
    #expect(generator.state == before)
  }

  @Test("takes empty buffers and the widest ranges that fit")
  func edges() throws {
    let generator = Generator(seed: 4)
    let before = generator.state
    let empty = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)
    try generator.fillUniform(empty)
    try generator.fillNormal(empty)
    try generator.fillPermutation(UnsafeMutableBufferPointer<Int64>(start: nil, count: 0))
    #expect(generator.state == before)

    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256)
    defer { bytes.deallocate() }
    try generator.fillPermutation(bytes)
    #expect(bytes.sorted() == Array(0...255))
    try generator.fillIntegers(bytes, from: 0, to: 256)
    try generator.fillIntegers(bytes, from: 255, to: 256)
    #expect(bytes.allSatisfy { $0 == 255 })
  }
}

// MARK: Drawing

private func uniforms(_ generator: Generator, _ count: Int) throws -> [Double] {
  try [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
    try generator.fillUniform(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
    initialized = count
  }
}

private func normals(_ generator: Generator, _ count: Int) throws -> [Double] {
  try [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
    try generator.fillNormal(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
    initialized = count
  }
}

private func fillIntegers<T: FixedWidthInteger>(
  _ buffer: UnsafeMutableBufferPointer<T>, _ step: RandomReference.Step, _ generator: Generator
) throws {
  if step.op == "permutation" { return try generator.fillPermutation(buffer) }
  let low = try #require(step.low.flatMap { Int64($0) })
  let high = try #require(step.high.flatMap { Int64($0) })
  try generator.fillIntegers(buffer, from: low, to: high)
}

/// The `step.n` numbers that `fill` writes, with a guard on both sides that it must leave alone.
private func drawn<T: Numeric>(
  _ step: RandomReference.Step, _ fill: (UnsafeMutableBufferPointer<T>) throws -> Void
) throws -> [T] {
  let n = try #require(step.n)
  let guardValue: T = 77
  var numbers = [T](repeating: guardValue, count: n + 32)
  try numbers.withUnsafeMutableBufferPointer {
    try fill(UnsafeMutableBufferPointer(rebasing: $0[16..<16 + n]))
  }
  #expect((numbers.prefix(16) + numbers.suffix(16)).allSatisfy { $0 == guardValue })
  return Array(numbers[16..<16 + n])
}

// MARK: Comparing

private func expect(_ message: String, _ body: () throws -> Void) {
  let error = #expect(throws: DrawError.self) { try body() }
  #expect(error?.description == message)
}

/// Bit for bit: the stored numbers, and the hash of all.
private func expectSame(
  _ bits: [UInt64], to step: RandomReference.Step, byteCount: Int, _ index: Int
) {
  let shown = step.all == nil ? Array(bits.prefix(8) + bits.suffix(8)) : bits
  #expect(shown == step.words, "step \(index), \(step.op)")
  guard step.all == nil else { return }
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for word in bits {
    for byte in 0..<byteCount {
      hash = (hash ^ (word >> (8 * UInt64(byte)) & 0xff)) &* 0x100_0000_01b3
    }
  }
  #expect(step.hash == String(format: "%016lx", hash), "step \(index), \(step.op)")
}

/// Within `tolerance` times the deviation for standard normals up to 1 in size, relative beyond,
/// and half a unit in the last place of the result for the addition of the mean.
private func expectClose(
  _ numbers: [Double], to step: RandomReference.Step, _ stored: [Double], _ tolerance: Double,
  _ index: Int
) {
  let shown = step.all == nil ? Array(numbers.prefix(8) + numbers.suffix(8)) : numbers
  let mean = step.op == "normal" ? step[0] : 0
  let std = step.op == "normal" ? step[1] : 1
  #expect(shown.count == stored.count)
  for (i, (a, b)) in zip(shown, stored).enumerated() {
    let bound = tolerance * (max(std, abs(b - mean)) + abs(mean) / 4)
    #expect(abs(a - b) <= bound, "step \(index), number \(i): \(a) for \(b)")
  }
  guard let sum = step.sum else { return }
  // Errors of single numbers have either sign: together they grow with the root of the count.
  let bound = tolerance * (std + abs(mean) / 4) * 4 * Double(numbers.count).squareRoot()
  #expect(abs(numbers.reduce(0, +) - sum) <= bound + 1e-13 * Double(numbers.count))
}
