import BlitzTensor

// Layers with weights of 8 bits. With a fixed step of the inputs: what stands between a
// QuantizeLinear and a DequantizeLinear, which runtimes turn into products of bytes. With a step
// for each row: the integers of that row, and an op for their product.
extension Exporter {
  mutating func quantizedProduct(_ names: [String], _ sizes: [Extent]) throws -> String {
    if !names[3].isEmpty {
      let input = try requantized(names[0], step: names[3])
      let weight = dequantized(names[1], steps: names[2])
      if sizes.count == 2 { return emit("Gemm", [input, weight], ["transB": .int(1)]) }
      return emit("MatMul", [input, emit("Transpose", [weight], ["perm": .ints([1, 0])])])
    }
    let (numbers, scale) = try rowsQuantized(names[0], axes: [sizes.count - 1])
    let bytes = emit("Cast", [numbers], ["to": type(.int8)])
    let turned = emit("Transpose", [names[1]], ["perm": .ints([1, 0])])
    let sums = emit("MatMulInteger", [bytes, turned])
    return emit(
      "Mul", [emit("Mul", [emit("Cast", [sums], ["to": type(.float32)]), scale]), names[2]])
  }

  mutating func quantizedConvolution(
    _ names: [String], _ filters: Composite.Filters, _ shapes: [[Extent]]
  ) throws -> String {
    if !names[3].isEmpty {
      let input = try requantized(names[0], step: names[3])
      return emit(
        "Conv", [input, dequantized(names[1], steps: names[2])], filters: filters,
        sizes: shapes[1])
    }
    let (numbers, scale) = try rowsQuantized(names[0], axes: [1, 2, 3])
    // Runtimes convolve unsigned bytes.
    let moved = emit("Add", [numbers, try number(128, .float32)])
    let bytes = emit("Cast", [moved], ["to": type(.uint8)])
    let sums = emit(
      "ConvInteger", [bytes, names[1], try number(128, .uint8)], filters: filters,
      sizes: shapes[1])
    let steps = emit("Reshape", [names[2], try ints([-1, 1, 1])])
    return emit(
      "Mul", [emit("Mul", [emit("Cast", [sums], ["to": type(.float32)]), scale]), steps])
  }

  /// Numbers rounded to whole steps.
  private mutating func requantized(_ name: String, step: String) throws -> String {
    let zero = try number(0, .int8)
    return emit("DequantizeLinear", [emit("QuantizeLinear", [name, step, zero]), step, zero])
  }

  /// Weights of whole numbers with a step for each output.
  private mutating func dequantized(_ name: String, steps: String) -> String {
    emit("DequantizeLinear", [name, steps], ["axis": .int(0)])
  }

  /// The whole numbers of each row, as floats, and their steps.
  private mutating func rowsQuantized(
    _ name: String, axes: [Int]
  ) throws -> (numbers: String, scale: String) {
    let most = try reduce("ReduceMax", emit("Abs", [name]), axes, keepDims: true)
    let step = emit("Div", [most, try number(127, .float32)])
    let scale = emit("Max", [step, try number(Double(Float.leastNormalMagnitude), .float32)])
    return (emit("Round", [emit("Div", [name, scale])]), scale)
  }
}
