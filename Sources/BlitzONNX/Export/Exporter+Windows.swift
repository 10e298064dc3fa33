import BlitzTensor

extension Exporter {
  /// The borders of a window that slides over images: `[top, left, bottom, right]`.
  ///
  /// - Throws: `TensorError` if the border below or at the right follows the images' sizes.
  private func border(
    _ window: Window, over images: ArraySlice<Extent>, to windows: ArraySlice<Extent>,
    _ place: Int
  ) throws(TensorError) -> [Int] {
    let paths = [\Size2D.height, \Size2D.width]
    let low = paths.map { window.padding[keyPath: $0] }
    var high: [Int] = []
    for (axis, path) in paths.enumerated() {
      let (step, first) = (window.stride[keyPath: path], low[axis])
      let reach = window.reach(along: path)
      let (image, count) = (images[images.startIndex + axis], windows[windows.startIndex + axis])
      // As much as before, unless that gives another number of windows.
      let isUsual = zip(image.values, count.values).allSatisfy {
        ($0 + 2 * first - reach) / step + 1 == $1
      }
      if isUsual {
        high.append(first)
        continue
      }
      let needed = Extent(
        values: zip(image.values, count.values).map { ($1 - 1) * step + reach - $0 - first })
      guard let width = needed.fixed, width >= 0 else {
        throw refusal(
          place, "its windows reach beyond the border by another width for each size",
          help: "leave the height and width fixed")
      }
      high.append(width)
    }
    return low + high
  }

  private func pair(_ size: Size2D) -> ExportNode.Attribute { .ints([size.height, size.width]) }

  mutating func convolution(
    _ convolution: Convolution, _ place: Int, bias: String = ""
  ) throws -> String {
    let value = graph.values[place]
    let names = try operands(place)
    let window = convolution.window
    let shapes = value.inputs.map { graph.values[$0!].shape }
    switch convolution.role {
    case .output:
      let pads = try border(window, over: shapes[0][2...], to: value.shape[2...], place)
      return emit(
        "Conv", names + [bias],
        [
          "dilations": pair(window.dilation), "group": .int(convolution.groups),
          "kernel_shape": pair(window.size), "pads": .ints(pads), "strides": pair(window.stride),
        ])
    case .input:
      let paths = [\Size2D.height, \Size2D.width]
      var extra: [Int] = []
      for (axis, path) in paths.enumerated() {
        let reach = window.reach(along: path)
        let (step, low) = (window.stride[keyPath: path], window.padding[keyPath: path])
        let rest = Extent(
          values: zip(shapes[0][2 + axis].values, value.shape[2 + axis].values).map {
            $1 - (($0 - 1) * step + reach - 2 * low)
          })
        guard let rest = rest.fixed else {
          throw refusal(
            place, "its output has a border of another width for each size",
            help: "leave the height and width fixed")
        }
        extra.append(rest)
      }
      // What is missing at the end is cut off, what is beyond is added.
      let low = paths.map { window.padding[keyPath: $0] }
      let high = zip(low, extra).map { $0 + max(0, -$1) }
      return emit(
        "ConvTranspose", names + [bias],
        [
          "dilations": pair(window.dilation), "group": .int(convolution.groups),
          "kernel_shape": pair(window.size), "pads": .ints(low + high),
          "strides": pair(window.stride), "output_padding": .ints(extra.map { max(0, $0) }),
        ])
    case .weight:
      throw refusal(
        place, "it is the gradient of a convolution's filters",
        help: "export a forward pass without gradients in it")
    }
  }

  mutating func windowMaximum(_ window: Window, places: Bool, _ place: Int) throws -> String {
    let value = graph.values[place]
    let (keys, values) = (value.inputs[0]!, value.inputs[1]!)
    let images = graph.values[keys].shape
    let pooled = places ? graph.values[values].shape : value.shape
    let pads = try border(window, over: images[2...], to: pooled[2...], place)
    func pool(_ results: Int) throws -> [String] {
      emit(
        "MaxPool", [try name(keys)],
        [
          "dilations": pair(window.dilation), "kernel_shape": pair(window.size),
          "pads": .ints(pads), "strides": pair(window.stride),
        ], results: results)
    }
    if !places, keys == values { return try pool(1)[0] }
    let positions = try pool(2)[1]
    let all = try ints([-1])
    if !places {
      let flat = emit("Reshape", [try name(values), all])
      return emit("Gather", [flat, positions], ["axis": .int(0)])
    }
    guard opset >= 16 else { throw needs(16, place, "ScatterElements that adds") }
    let zeros = emit("Expand", [try number(0, value.dtype), try vector(value.shape)])
    let flat = [zeros, positions, try name(values)].map { emit("Reshape", [$0, all]) }
    let sums = emit(
      "ScatterElements", flat, ["axis": .int(0), "reduction": .text("add")])
    return emit("Reshape", [sums, try vector(value.shape)])
  }

  // MARK: Attention

  mutating func attention(_ attention: Attention, _ place: Int) throws -> String {
    let value = graph.values[place]
    if attention.isBackward {
      throw refusal(
        place, "it is the gradient of attention",
        help: "export a forward pass without gradients in it")
    }
    guard attention.dropout == 0 else {
      throw refusal(place, "it drops weights at random", help: "write model.eval()")
    }
    var names = try operands(place)
    let shapes = value.inputs.prefix(3).map { graph.values[$0!].shape }
    for index in 1...2 where shapes[index][1] != shapes[0][1] {
      names[index] = try repeatedHeads(names[index], shapes[index], shapes[0][1])
    }
    let mask = attention.hasMask ? (names[3], false) : nil
    let (result, scores) = try attended(
      names, shapes, mask: mask, scale: attention.scale, isCausal: attention.isCausal)
    let all = try ints([-1])
    let exponentials = try reduce("ReduceLogSumExp", scores, [3])
    return emit(
      "Concat", [emit("Reshape", [result, all]), emit("Reshape", [exponentials, all])],
      ["axis": .int(0)])
  }

  /// Keys or values whose heads are as many as the queries'.
  private mutating func repeatedHeads(
    _ name: String, _ shape: [Extent], _ heads: Extent
  ) throws -> String {
    guard let count = heads.fixed, let groups = shape[1].fixed, groups > 0 else { return name }
    let times = count / groups
    let apart = emit("Unsqueeze", [name, try ints([2])])
    let one = fixed(1)
    let repeated = emit("Expand", [apart, try vector([one, one, fixed(times), one, one])])
    var wide = shape
    wide.insert(fixed(times), at: 2)
    var joined = shape
    joined[1] = heads
    return try reshape(repeated, from: wide, to: joined)
  }

  /// Attention of `[N, H, L, D]`, and the scores before the softmax.
  mutating func attended(
    _ names: [String], _ shapes: [[Extent]], mask: (name: String, isBool: Bool)?, scale: Double,
    isCausal: Bool
  ) throws -> (result: String, scores: String) {
    let keys = emit("Transpose", [names[1]], ["perm": .ints([0, 1, 3, 2])])
    var scores = emit(
      "MatMul", [emit("Mul", [names[0], try number(scale, .float32)]), keys])
    let never = try number(-.infinity, .float32)
    if let mask {
      scores =
        mask.isBool
        ? emit("Where", [mask.name, scores, never]) : emit("Add", [scores, mask.name])
    }
    if isCausal {
      let allowed = try causal(shapes[0][2], shapes[1][2])
      scores = emit("Where", [allowed, scores, never])
    }
    var weights = emit("Softmax", [scores], ["axis": .int(-1)])
    if mask != nil {
      // A query that may attend to nothing has 0.
      weights = emit(
        "Where", [emit("IsNaN", [weights]), try number(0, .float32), weights])
    }
    return (emit("MatMul", [weights, names[2]]), scores)
  }

  /// Which keys each query may attend to.
  private mutating func causal(_ queries: Extent, _ keys: Extent) throws -> String {
    func places(_ count: Extent) throws -> String {
      let size = emit("Squeeze", [try dim(count)])
      return emit("Range", [try number(0, .int64), size, try number(1, .int64)])
    }
    let rows = emit("Unsqueeze", [try places(queries), try ints([1])])
    return emit("LessOrEqual", [try places(keys), rows])
  }
}
