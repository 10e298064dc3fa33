extension Rule {
  static let host = constant(
    "host",
    .kernel { site in
      guard case .host(let function, let count) = site.op else { site.refuse() }
      return HostKernel(
        function: function, count: count, sources: site.operands,
        sizes: zip(site.dtypes, site.shapes).map {
          $0.byteCount * $1.elementCount / max(count, 1)
        },
        result: site.result,
        size: site.dtype.byteCount * site.shape.elementCount / max(count, 1))
    },
    samples: [
      // The first of each row's numbers.
      Sample("host", .normal([7, 5])) { operands in
        let first = HostFunction("first", [], work: 1) { item throws(TensorError) in
          item.output.copyMemory(from: item.inputs[0], byteCount: 4)
        }
        return .host(first, [operands[0]], count: 7, shape: [7, 1], dtype: .float32)
      }
    ], lowering: .refused("is a function of this machine's processor"))
}

extension Tensor {
  /// What a function of this machine's processor computes for each of `count` items. Operands on
  /// another device come here, and the result goes there.
  ///
  /// - Parameters:
  ///   - function: what is called.
  ///   - operands: one item's elements behind the other's, on one device.
  ///   - count: how many items there are.
  ///   - shape: that of the result, one item's elements behind the other's.
  ///   - dtype: that of the result.
  /// - Gradient: none; see `written`.
  package static func host(
    _ function: HostFunction, _ operands: [Tensor], count: Int, shape: Shape, dtype: DType
  ) -> Tensor {
    if let failed = operands.first(where: { $0.node.failure != nil }) { return failed }
    let device = operands.first { !$0.node.isUnplaced }?.device ?? .cpu
    return make(
      .host(function, count: count), operands.map { $0.to(.cpu) }, shape: shape, dtype: dtype
    ).to(device)
  }
}

extension Tensor {
  /// The tensor, where none of its numbers is below 0; they are looked at when they are computed.
  ///
  /// - Parameters:
  ///   - word: the user's word.
  ///   - noun: what one number is.
  /// - Gradient: `g`.
  /// - Error: when evaluated, a number below 0. On other devices nothing is looked at.
  func refusingNegative(_ word: String, _ noun: String) -> Tensor {
    guard node.failure == nil, device == .cpu, elementCount > 0 else { return self }
    let count = elementCount
    let look = HostFunction("\(word): no \(noun) below 0", [count], work: count) {
      item throws(TensorError) in
      let numbers = item.inputs[0].assumingMemoryBound(to: Double.self)
      for place in 0..<count where numbers[place] < 0 {
        throw TensorError(
          word, "\(noun) \(place) is \(numbers[place])", help: "each \(noun) is 0 or more")
      }
      item.output.storeBytes(of: 0, as: Double.self)
    }
    let zero = Tensor.host(
      look, [detached().cast(to: .float64)], count: 1, shape: [], dtype: .float64)
    return self + zero.cast(to: dtype)
  }
}
