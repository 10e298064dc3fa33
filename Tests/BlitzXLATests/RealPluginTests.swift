import BlitzTensor
import Foundation
import Testing

@testable import BlitzXLA

/// A plugin that computes: what goes in comes out, and what may not go in is refused.
@Suite("A CPU plugin", .enabled(if: RealPlugin.isFound))
struct RealPluginTests {
  static let add = Program(
    text: """
      module @add {
        func.func @main(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xf32> {
          %0 = stablehlo.add %a, %b : tensor<2x3xf32>
          return %0 : tensor<2x3xf32>
        }
      }
      """,
    arguments: [.float([2, 3]), .float([2, 3])], results: [.float([2, 3])])

  static let donating = Program(
    text: add.text.replacing(
      "%a: tensor<2x3xf32>", with: "%a: tensor<2x3xf32> {tf.aliasing_output = 0 : i32}"),
    arguments: add.arguments, results: add.results, donated: [0])

  @Test("numbers of every dtype go there and back")
  func roundTrip() throws {
    let client = try RealPlugin.client()
    for dtype in DType.allCases {
      for shape: Shape in [[], [3], [2, 3], [0, 4]] {
        let bytes = (0..<(shape.elementCount * dtype.byteCount)).map {
          UInt8(dtype == .bool ? $0 % 2 : $0)
        }
        let array = try bytes.withUnsafeBytes {
          try client.upload($0, shape: shape, dtype: dtype, to: 0)
        }
        var back = [UInt8](repeating: 0xFF, count: bytes.count)
        try back.withUnsafeMutableBytes { try array.read(into: $0) }
        #expect(back == bytes, "\(dtype)\(shape)")
        array.prefetch()
        array.prefetch()
        back = [UInt8](repeating: 0xFF, count: bytes.count)
        try back.withUnsafeMutableBytes { try array.read(into: $0) }
        #expect(back == bytes, "\(dtype)\(shape) after prefetch")
        try array.wait()
        #expect(array.isReady)
        #expect(try array.onDeviceByteCount() >= bytes.count)
      }
    }
    #expect(client.devices[0].liveBytes == 0)
    #expect(client.platform == "cpu")
  }

  @Test("a program computes, again and again")
  func addition() throws {
    let backend = try RealPlugin.backend()
    let compiled = try backend.compile(Self.add, on: .single(0))
    let a = try backend.client.upload([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
    var sum = try compiled.run([a, a], keeping: [])
    #expect(try sum[0].values() == [2, 4, 6, 8, 10, 12] as [Float])
    for _ in 0..<10 { sum = try compiled.run([sum[0], a], keeping: []) }
    #expect(try sum[0].values() == [12, 24, 36, 48, 60, 72] as [Float])
  }

  @Test("arguments that do not fit are refused by name before the plugin sees them")
  func arguments() throws {
    let client = try RealPlugin.client(devices: 2)
    let compiled = try client.compile(Self.add, on: .single(0))
    let a = try client.upload([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
    let integers = try client.upload([1, 2, 3, 4, 5, 6] as [Int32], [2, 3])
    let flat = try client.upload([1, 2, 3, 4, 5, 6] as [Float], [6])
    let there = try client.upload([1, 2, 3, 4, 5, 6] as [Float], [2, 3], to: 1)
    let other = try RealPlugin.client().upload([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
    let rows: [([any DeviceArray], String)] = [
      ([a], "run: the program takes 2 arguments, 1 were given"),
      ([a, integers], "run: argument 1 is int32[2, 3], the program takes float32[2, 3]"),
      ([flat, a], "run: argument 0 is float32[6], the program takes float32[2, 3]"),
      ([a, there], "run: argument 1 lies on xla:cpu:1, the program runs on xla:cpu\n"),
      ([a, other], "run: argument 1 does not lie on a device of xla:cpu\n"),
      (
        [ArrayOfNobody(), a],
        "run: argument 0 does not lie on a device of xla:cpu\n"
      ),
    ]
    for (given, words) in rows {
      #expect(try message { _ = try compiled.run(given, keeping: []) }.hasPrefix(words))
    }
    let moved = try client.copy(there, to: 0)
    #expect(try compiled.run([a, moved], keeping: [])[0].values()[5] == Float(12))
  }

  @Test("a program on the second device runs there")
  func secondDevice() throws {
    let client = try RealPlugin.client(devices: 2)
    let compiled = try client.compile(Self.add, on: .single(1))
    let there = try client.upload([1, 2, 3, 4, 5, 6] as [Float], [2, 3], to: 1)
    let sum = try compiled.run([there, there], keeping: [])
    #expect((sum[0] as? XLAArray)?.deviceIndex == 1)
    #expect(try sum[0].values()[0] == Float(2))
    #expect(throws: XLAError.self) { _ = try client.compile(Self.add, on: .single(2)) }
  }

  @Test("an argument that may be overwritten is, unless the run keeps it")
  func donation() throws {
    let client = try RealPlugin.client()
    let compiled = try client.compile(Self.donating, on: .single(0))
    #expect(compiled.donated == [0])
    let a = try client.upload([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
    let b = try client.upload([1, 1, 1, 1, 1, 1] as [Float], [2, 3])

    let kept = try compiled.run([a, b], keeping: [0])
    #expect(try a.values() == [1, 2, 3, 4, 5, 6] as [Float])
    #expect(client.devices[0].liveBytes == 3 * 24)
    let sum = try compiled.run([a, b], keeping: [])
    #expect(try sum[0].values() == kept[0].values() as [Float])
    #expect(client.devices[0].liveBytes == 3 * 24)
    #expect(a.isConsumed && !b.isConsumed)
    #expect(
      try message { _ = try a.values() as [Float] }
        .hasPrefix("read: float32[2, 3] was overwritten by a later run of a program\n"))
    #expect(
      try message { _ = try compiled.run([a, b], keeping: []) }
        .hasPrefix("read: float32[2, 3] was overwritten"))
  }

  @Test("a run whose result does not fit in memory says so, and its arguments stay")
  func outOfMemory() throws {
    let client = try RealPlugin.client()
    let huge = Program(
      text: """
        module @huge {
          func.func @main(%a: tensor<8xf32> {jax.buffer_donor = true})
              -> tensor<4398046511104x8xf32> {
            %0 = stablehlo.broadcast_in_dim %a, dims = [1]
                : (tensor<8xf32>) -> tensor<4398046511104x8xf32>
            return %0 : tensor<4398046511104x8xf32>
          }
        }
        """,
      arguments: [.float([8])], results: [.float([4_398_046_511_104, 8])])
    let a = try client.upload([1, 2, 3, 4, 5, 6, 7, 8] as [Float], [8])
    let compiled = try client.compile(huge, on: .single(0))
    // Some plugins say so when the run starts, some when it computes.
    let text = try message { try compiled.run([a], keeping: [0])[0].wait() }
    #expect(text.contains(": xla:cpu is out of memory: "))
    #expect(try a.values()[7] == Float(8))
    let small = try client.compile(Self.add, on: .single(0))
    let b = try client.upload([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
    #expect(try small.run([b, b], keeping: [])[0].values()[5] == Float(12))
  }

  @Test("a text that XLA cannot read is refused with its words")
  func refused() throws {
    var program = Self.add
    program.text = program.text.replacing("stablehlo.add", with: "stablehlo.plus")
    let backend = try RealPlugin.backend()
    let text = try message { _ = try backend.compile(program, on: .single(0)) }
    #expect(text.hasPrefix("compile: the compiler of xla:cpu refuses the program\n"))
    #expect(text.contains("stablehlo.plus"))
    #expect(text.contains("BLITZ_LOG=program"))
  }

  @Test("an option that the compiler does not know is an error, one it knows is taken")
  func options() throws {
    let client = try RealPlugin.client()
    #expect(throws: XLAError.self) {
      _ = try client.compile(Self.add, on: .single(0), options: [("xla_no_such", .bool(true))])
    }
    _ = try client.compile(
      Self.add, on: .single(0), options: [("xla_cpu_enable_fast_math", .bool(false))])
  }

  @Test("1000 steps leave memory as it was")
  func memory() async {
    await #expect(processExitsWith: .success) {
      let client = try RealPlugin.client()
      let compiled = try client.compile(RealPluginTests.donating, on: .single(0))
      let big = Program(
        text: RealPluginTests.add.text.replacing("2x3", with: "256x256"),
        arguments: [.float([256, 256]), .float([256, 256])], results: [.float([256, 256])])
      let adding = try client.compile(big, on: .single(0))
      func steps(_ count: Int) throws {
        var a = try client.upload([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
        let b = try client.upload([1, 1, 1, 1, 1, 1] as [Float], [2, 3])
        let c = try client.upload([Float](repeating: 1, count: 65536), [256, 256])
        for step in 0..<count {
          a = try compiled.run([a, b], keeping: step % 10 == 0 ? [0] : [])[0] as! XLAArray
          let sum = try adding.run([c, c], keeping: [])[0]
          sum.prefetch()
          if step % 2 == 0 { _ = try sum.values()[0] as Float }
          // Failures leave nothing behind either.
          guard step % 10 == 0 else { continue }
          #expect(try !message { _ = try compiled.run([c, b], keeping: []) }.isEmpty)
          #expect(throws: XLAError.self) { _ = try client.upload([1] as [Float], [2]) }
        }
        #expect(try a.values()[0] == Float(1 + count))
      }
      try steps(200)
      let before = residentBytes()
      try steps(1000)
      // A leak of one of the arrays of 256 kB in each step would take 262 MB.
      #expect(residentBytes() - before < 8 << 20)
      #expect(client.devices[0].liveBytes == 0)
    }
  }
}

/// What the process has in memory now.
func residentBytes() -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
  let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  return pages * sysconf(Int32(_SC_PAGESIZE))
}

/// An array that no plugin has made.
private final class ArrayOfNobody: DeviceArray {
  let shape: Shape = [2, 3]
  let dtype = DType.float32
  let sharding = Sharding.replicated

  func read(into target: UnsafeMutableRawBufferPointer) {}
  func wait() {}
  func prefetch() {}
}
