import Foundation

/// Devices and what joins them. The speeds are those of data sheets, the rest assumptions that the
/// page names.
struct Machine {
  var name: String
  /// Floating-point operations a second that a device gets done: its peak times a share.
  var flops: Double
  /// Bytes that a device can hold.
  var memory: Double
  /// Devices whose links are the fast ones.
  var perNode: Int
  /// Within a node and between nodes.
  var near, far: Link
  /// The standard deviation of a device's time for the same work, as a share.
  var deviation = 0.02

  /// One direction of a link.
  struct Link {
    /// Seconds until the first byte arrives, with what software adds.
    var latency: Double
    /// Bytes a second.
    var bandwidth: Double
  }

  /// Nodes of eight NVIDIA H100 SXM: 989 TFLOP/s dense in bfloat16 and 80 GB (data sheet), of which
  /// 40 % is taken as reached; NVLink 450 GB/s each way, one 400 Gb/s port for each device.
  static let h100 = Machine(
    name: "H100", flops: 0.4 * 989e12, memory: 80e9, perNode: 8,
    near: Link(latency: 3e-6, bandwidth: 450e9), far: Link(latency: 8e-6, bandwidth: 50e9))

  /// Servers of one processor, 500 GFLOP/s reached in float32, on Ethernet of 10 Gb/s.
  static let cpus = Machine(
    name: "CPU", flops: 500e9, memory: 64e9, perNode: 1,
    near: Link(latency: 30e-6, bandwidth: 1.25e9), far: Link(latency: 30e-6, bandwidth: 1.25e9))
}

/// What a step of training needs, whatever it runs on.
struct Model {
  var name: String
  var parameters: Double
  /// Floating-point operations of forward and backward pass for one example.
  var flopsPerExample: Double
  /// Layers, and bytes of what a layer hands to the next for one example.
  var layers: Double
  var activationBytes: Double

  /// A network of linear layers: a multiply and an add for each weight forward, twice that
  /// backward.
  static func mlp(_ sizes: [Double]) -> Model {
    let weights = zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    return Model(
      name: sizes.map { "\(Int($0))" }.joined(separator: "-"),
      parameters: weights + sizes.dropFirst().reduce(0, +), flopsPerExample: 6 * weights,
      layers: Double(sizes.count - 1), activationBytes: 4 * sizes.dropFirst().max()!)
  }

  /// A decoder-only transformer, for sequences of 2048 tokens, in bfloat16.
  ///
  /// 12 h^2 weights a layer; 6 operations for each weight and token (Kaplan and others, 2020) and
  /// 12 h s for attention (Chowdhery and others, 2022, appendix B).
  static func transformer(_ name: String, layers: Double, width: Double) -> Model {
    let (length, vocabulary) = (2048.0, 50257.0)
    let parameters = 12 * layers * width * width + vocabulary * width
    return Model(
      name: name, parameters: parameters,
      flopsPerExample: length * (6 * parameters + 12 * layers * width * length),
      layers: layers, activationBytes: 2 * length * width)
  }

  // Sizes of Brown and others, 2020, table 2.1.
  static let xl = transformer("1.3B", layers: 24, width: 2048)
  static let large = transformer("13B", layers: 40, width: 5120)
  static let largest = transformer("175B", layers: 96, width: 12288)
}
