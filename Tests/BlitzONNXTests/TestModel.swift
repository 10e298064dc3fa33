@testable import BlitzONNX

/// A model made in a test.
struct TestModel {
  var nodes: [(op: String, inputs: [String], outputs: [String], domain: String)] = []
  var inputs: [(name: String, type: Int, sizes: [String])] = []
  var outputs: [String] = []
  var initializers: [(name: String, numbers: [Float])] = []
  /// A tensor whose elements are said to be in a file.
  var external: (name: String, entries: [String: String])?
  /// A tensor of which the model has some elements, with their places, whose sizes are given, too.
  var sparse: (name: String, numbers: [Float], places: [Int], placeSizes: [Int], sizes: [Int])?
  var opset = 17
  var version = 8

  var bytes: [UInt8] {
    var model = WireWriter()
    model.int(1, version)
    model.message(7) { graph in
      for node in nodes {
        graph.message(1) { message in
          for name in node.inputs { message.text(1, name) }
          for name in node.outputs { message.text(2, name) }
          message.text(3, "the \(node.op)")
          message.text(4, node.op)
          if !node.domain.isEmpty { message.text(7, node.domain) }
        }
      }
      for (name, numbers) in initializers {
        graph.message(5) { TestModel.write(numbers, name, to: &$0) }
      }
      if let sparse {
        graph.message(15) { message in
          message.message(1) { TestModel.write(sparse.numbers, sparse.name, to: &$0) }
          message.message(2) { places in
            for size in sparse.placeSizes { places.int(1, size) }
            places.int(2, 7)
            for place in sparse.places { places.int(7, place) }
          }
          for size in sparse.sizes { message.int(3, size) }
        }
      }
      if let external {
        graph.message(5) { tensor in
          tensor.int(1, 2)
          tensor.int(2, 1)
          tensor.text(8, external.name)
          for (key, value) in external.entries.sorted(by: { $0.key < $1.key }) {
            tensor.message(13) { entry in
              entry.text(1, key)
              entry.text(2, value)
            }
          }
          tensor.int(14, 1)
        }
      }
      for input in inputs { graph.message(11) { TestModel.write(input, to: &$0) } }
      for name in outputs { graph.message(12) { $0.text(1, name) } }
    }
    model.message(8) { $0.int(2, opset) }
    return model.bytes
  }

  private static func write(_ numbers: [Float], _ name: String, to tensor: inout WireWriter) {
    tensor.int(1, numbers.count)
    tensor.int(2, 1)
    tensor.text(8, name)
    tensor.bytes(
      9, numbers.flatMap { n in (0..<4).map { UInt8(n.bitPattern >> ($0 * 8) & 255) } })
  }

  private static func write(
    _ port: (name: String, type: Int, sizes: [String]), to message: inout WireWriter
  ) {
    message.text(1, port.name)
    message.message(2) { type in
      type.message(1) { tensor in
        tensor.int(1, port.type)
        tensor.message(2) { shape in
          for size in port.sizes {
            shape.message(1) { dimension in
              if let number = Int(size) {
                dimension.int(1, number)
              } else {
                dimension.text(2, size)
              }
            }
          }
        }
      }
    }
  }

  /// `y = relu(x * weight)` for rows of two.
  static let scaled = TestModel(
    nodes: [("Mul", ["x", "weight"], ["p"], ""), ("Relu", ["p"], ["y"], "")],
    inputs: [("x", 1, ["batch", "2"])], outputs: ["y"], initializers: [("weight", [2, -3])])
}
