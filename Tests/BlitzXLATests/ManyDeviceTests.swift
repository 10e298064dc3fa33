import BlitzTensor
import Testing

@testable import BlitzXLA

/// One program on four devices of a CPU plugin.
@Suite("Many devices", .enabled(if: RealPlugin.isFound))
struct ManyDeviceTests {
  @Test("replicas sum over all of them", arguments: [[0, 1, 2, 3], [3, 1, 0, 2]])
  func allReduce(order: [Int]) throws {
    let client = try RealPlugin.client(devices: 4)
    #expect(client.devices.count == 4)
    let program = Program(
      text: """
        module @sum attributes {mhlo.num_replicas = 4 : i32} {
          func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {
            %0 = "stablehlo.all_reduce"(%a)
                <{replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>}> ({
            ^bb0(%x: tensor<f32>, %y: tensor<f32>):
              %s = stablehlo.add %x, %y : tensor<f32>
              stablehlo.return %s : tensor<f32>
            }) : (tensor<2xf32>) -> tensor<2xf32>
            return %0 : tensor<2xf32>
          }
        }
        """,
      arguments: [.float([2])], results: [.float([2])])
    let compiled = try client.compile(program, on: .replicas(on: order))
    let lists = try order.map { device in
      [try client.upload([Float(device), 1], [2], to: device)]
    }
    let results = try compiled.run(lists: lists)
    #expect(results.map { ($0[0] as? XLAArray)?.deviceIndex } == order)
    for result in results { #expect(try result[0].values() == [6, 4] as [Float]) }

    let short = [lists[0], lists[1]]
    #expect(
      try message { _ = try compiled.run(lists: short) }
        .hasPrefix("run: the program runs on 4 devices, 2 lists were given"))
    #expect(
      try message { _ = try compiled.run(lists[0], keeping: []) }
        .hasPrefix("run: the program runs on 4 devices, one list was given"))
    let swapped = [lists[1], lists[0], lists[2], lists[3]]
    #expect(try message { _ = try compiled.run(lists: swapped) }.contains("argument 0 lies on"))
  }

  @Test("one program split over them gives each its rows", arguments: [false, true])
  func partitions(shardy: Bool) throws {
    // The rows of x over the devices, w everywhere; the sum needs an all-reduce.
    let rows =
      shardy
      ? #"{sdy.sharding = #sdy.sharding<@mesh, [{"b"}, {}]>}"#
      : #"{mhlo.sharding = "{devices=[4,1]<=[4]}"}"#
    let whole =
      shardy
      ? "{sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>}"
      : #"{mhlo.sharding = "{replicated}"}"#
    let number = shardy ? "{sdy.sharding = #sdy.sharding<@mesh, []>}" : whole
    let mesh = shardy ? #"sdy.mesh @mesh = <["b"=4]>"# : ""
    let text = """
      module @split attributes {mhlo.num_partitions = 4 : i32} {
        \(mesh)
        func.func @main(%x: tensor<8x2xf32> \(rows), %w: tensor<2x2xf32> \(whole))
            -> (tensor<8x2xf32> \(rows), tensor<f32> \(number)) {
          %z = stablehlo.constant dense<0.0> : tensor<f32>
          %h = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0]
              : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
          %s = stablehlo.reduce(%h init: %z) applies stablehlo.add across dimensions = [0, 1]
              : (tensor<8x2xf32>, tensor<f32>) -> tensor<f32>
          return %h, %s : tensor<8x2xf32>, tensor<f32>
        }
      }
      """
    let program = Program(
      text: text, arguments: [.float([2, 2]), .float([2, 2])],
      results: [.float([2, 2]), .float([])])
    let backend = try RealPlugin.backend(devices: 4)
    let client = backend.client
    let compiled = try backend.compile(
      program, on: .partitions(on: [0, 1, 2, 3], usesShardy: shardy))
    #expect(compiled.donated == [])
    let lists = try (0..<4).map { device in
      [
        try client.upload((0..<4).map { Float(device * 4 + $0) }, [2, 2], to: device),
        try client.upload([1, 0, 1, 2] as [Float], [2, 2], to: device),
      ]
    }
    let results = try compiled.run(lists: lists)
    var total: Float = 0
    for (device, result) in results.enumerated() {
      let x = (0..<4).map { Float(device * 4 + $0) }
      let expected = [x[0] + x[1], 2 * x[1], x[2] + x[3], 2 * x[3]]
      #expect(try result[0].values() == expected)
      total += expected.reduce(0, +)
    }
    for result in results { #expect(try result[1].values() == [total]) }
  }

  @Test("a placement that cannot be is refused, as XLA would end the process")
  func placement() throws {
    let client = try RealPlugin.client()
    for bad in [
      Placement(devices: [], partitions: 1, usesShardy: false),
      Placement(devices: [0], partitions: 0, usesShardy: false),
      Placement(devices: [0], partitions: 2, usesShardy: false),
      .replicas(on: [0, 1]), .single(-1),
    ] {
      #expect(throws: XLAError.self) {
        _ = try client.compile(RealPluginTests.add, on: bad)
      }
    }
  }
}
