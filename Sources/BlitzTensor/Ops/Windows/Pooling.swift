extension Rule {
  /// The places do not change with the values, so each of the two is the other's adjoint.
  static let windowMaximum = Rule(
    name: "maxPool2d",
    .kernel { site in
      guard case .windowMaximum(let window, let places) = site.op else { site.refuse() }
      let image = site.shapes[0]
      let pooled = places ? site.shapes[1] : site.shape
      return WindowMaximumKernel(
        places: places, planes: image[0] * image[1],
        window: WindowKernelShape(window, channels: 1, image: image, output: pooled),
        keys: site.operands[0], values: site.operands[1], result: site.result)
    }, saves: .inputs,
    strides: .likeOperands { op, inputs, shape in
      guard case .windowMaximum(_, places: false) = op else { return nil }
      return inputs[1].isChannelsLast ? Strides.channelsLast(shape) : nil
    },
    samples: [
      Sample("windowMaximum", .normal([2, 3, 8, 8])) {
        $0[0].maxPool2d(3, stride: 2, padding: 1)
      },
      Sample("windowMaximum's places", .normal([2, 3, 8, 8])) {
        let x = $0[0].requiringGrad()
        return BlitzTensor.gradient(of: (x.maxPool2d(2) * x.maxPool2d(2)).sum(), wrt: x)
      },
      Sample("windowMaximum of others", .normal([2, 3, 8, 8])) { inputs in
        // The places' gradient: the elements of another array at the places of the maxima.
        let x = inputs[0].requiringGrad()
        let weight = inputs[1].maxPool2d(2).detached().requiringGrad()
        let places = BlitzTensor.gradient(
          of: (x.maxPool2d(2) * weight).sum(), wrt: x, createGraph: true)
        return BlitzTensor.gradient(of: (places * inputs[1]).sum(), wrt: weight)
      },
    ], lowering: .windowMaximum
  ) {
    step in
    guard case .windowMaximum(let window, let places) = step.node.op, step.wants(1) else {
      return [nil, nil]
    }
    let (keys, values) = (step.inputs[0], step.inputs[1])
    return [
      nil,
      .make(
        .windowMaximum(window, places: !places), [keys, step.gradient], shape: values.shape,
        dtype: values.dtype),
    ]
  }
}

extension Lowering {
  /// The maxima themselves are a reduction of windows; everything else picks, or adds to, the
  /// places where they are.
  fileprivate static let windowMaximum = Lowering.text { text, operation in
    guard case .windowMaximum(let window, let places) = operation.op else {
      return operation.inputs[0]
    }
    let (keys, values) = (operation.inputs[0], operation.inputs[1])
    if keys.shape.elementCount == 0 || values.shape.elementCount == 0 {
      return text.constant(.integer(0), operation.shape, operation.dtype)
    }
    if !places && keys.name == values.name {
      return text.windowMaxima(keys, window, operation.type)
    }
    let (images, channels) = (keys.shape[0], keys.shape[1])
    let plane = keys.shape[2] * keys.shape[3]
    let pooled = places ? values.shape : operation.shape
    let index = IndexAlongAxis(
      text.reshape(
        text.windowMaximumPlaces(keys, window, pooled),
        to: [images, channels, pooled[2] * pooled[3]]), axis: 2, &text)
    if places {
      let updates = text.reshape(values, to: [images, channels, pooled[2] * pooled[3]])
      let zeros = text.constant(.integer(0), [images, channels, plane], operation.dtype)
      return text.reshape(
        text.scatter(zeros, index, updates, axis: 2, adds: true), to: operation.shape)
    }
    let flat = text.reshape(values, to: [images, channels, plane])
    let found = text.gather(
      flat, index, axis: 2, to: [images, channels, pooled[2] * pooled[3]])
    return text.reshape(found, to: operation.shape)
  }
}

extension ProgramText {
  /// The largest element under each window: `torch.nn.functional.max_pool2d`.
  fileprivate mutating func windowMaxima(
    _ keys: Value, _ window: Window, _ type: Program.Value
  ) -> Value {
    let start = extreme(greatest: false, keys.dtype)
    let one = start.type
    return emit(
      """
      "stablehlo.reduce_window"(\(keys), \(start)) \
      <{\(window.attributes(over: keys.shape, to: type.shape))}> ({
        ^bb0(%x: \(one), %y: \(one)):
          %z = stablehlo.maximum %x, %y : \(one)
          stablehlo.return %z : \(one)
      }) : \(signature([keys, start], type))
      """, type.shape, type.dtype)
  }

  /// Where in its image, counted by rows, the largest element under each window is.
  fileprivate mutating func windowMaximumPlaces(
    _ keys: Value, _ window: Window, _ pooled: Shape
  ) -> Value {
    let plane = Shape([keys.shape[2] * keys.shape[3]])
    let row = reshape(
      positions(plane, axis: 0, .int32), to: [1, 1, keys.shape[2], keys.shape[3]])
    let places = spread(row, to: keys.shape)
    // What surrounds the image comes last, whatever is in it.
    let starts = [
      extreme(greatest: false, keys.dtype), constant(.integer(Int(Int32.max)), .int32),
    ]
    let types = [keys.dtype, .int32].map { Program.Value(shape: pooled, dtype: $0) }
    return emit(
      """
      "stablehlo.reduce_window"(\(keys), \(places), \(starts)) \
      <{\(window.attributes(over: keys.shape, to: pooled))}> ({
      \(ProgramText.firstExtreme(greatest: true, of: keys.dtype, at: .int32, lastNaN: true))
      }) : \(signature([keys, places] + starts, types[0], types[1]))
      """, types)[1]
  }
}

extension Window {
  /// How a reduction of windows over images of one shape that gives another one slides.
  fileprivate func attributes(over images: Shape, to pooled: Shape) -> String {
    func border(_ path: KeyPath<Size2D, Int>, _ axis: Int) -> String {
      let reach = reach(along: path)
      let covered = (pooled[axis] - 1) * stride[keyPath: path] + reach
      let low = padding[keyPath: path]
      // Rows that no window covers need not be cut off.
      return "[\(low), \(max(covered - images[axis] - low, 0))]"
    }
    func list(_ size: Size2D) -> String { "array<i64: 1, 1, \(size.height), \(size.width)>" }
    return """
      window_dimensions = \(list(size)), window_strides = \(list(stride)), \
      window_dilations = \(list(dilation)), \
      padding = dense<[[0, 0], [0, 0], \(border(\.height, 2)), \(border(\.width, 3))]> \
      : tensor<4x2xi64>
      """
  }
}

extension Tensor {
  /// The largest element under each window: `torch.nn.functional.max_pool2d`.
  ///
  /// - Parameters:
  ///   - size: the window's.
  ///   - stride: the distance between neighbouring windows; the window's size if nil.
  ///   - padding: how far windows reach out of the image, where nothing is; at most half the size.
  ///   - dilation: the distance between a window's elements.
  ///   - ceil: whether a last window may reach further out.
  /// - Returns: of `[n, channels, h, w]` the shape `[n, channels, oh, ow]`, or both without n; NaN
  ///   wins.
  /// - Gradient: `g` at the first of the largest elements, in the order of rows.
  /// - Error: another rank; bool; sizes that do not fit.
  /// - Note: whole numbers are computed in float64, so they are exact up to 2^53.
  @inline(never)
  public func maxPool2d(
    _ size: Size2D, stride: Size2D? = nil, padding: Size2D = 0, dilation: Size2D = 1,
    ceil: Bool = false
  ) -> Tensor {
    func pooled(_ images: Tensor) -> Tensor {
      images.maxPool2d(size, stride: stride, padding: padding, dilation: dilation, ceil: ceil)
    }
    if let result = inFloat64(pooled) ?? asBatch(pooled) { return result }
    let window = Window(
      size: size, stride: stride ?? size, padding: padding, dilation: dilation)
    switch pooledShape("maxPool2d", window, ceil) {
    case .failure(let error): return Tensor(error: error)
    case .success(let result):
      return .make(
        .windowMaximum(window, places: false), [self, self], shape: result, dtype: dtype)
    }
  }

  /// The mean of the elements under each window: `torch.nn.functional.avg_pool2d`.
  ///
  /// - Parameters:
  ///   - size: the window's.
  ///   - stride: the distance between neighbouring windows; the window's size if nil.
  ///   - padding: how far windows reach out of the image; at most half the size.
  ///   - ceil: whether a last window may reach further out.
  ///   - countsPadding: whether padding counts as zeros, or not at all.
  ///   - divisor: what every window's sum is divided by, in place of how many elements it counts;
  ///     `divisor_override` in PyTorch.
  /// - Returns: of `[n, channels, h, w]` the shape `[n, channels, oh, ow]`, or both without n.
  /// - Gradient: `g` over the number that was divided by, at each element of the window.
  /// - Error: another rank; bool; sizes that do not fit; a divisor of 0.
  /// - Note: whole numbers are computed in float64, so they are exact up to 2^53; of a mean the
  ///   fraction is cut off.
  public func avgPool2d(
    _ size: Size2D, stride: Size2D? = nil, padding: Size2D = 0, ceil: Bool = false,
    countsPadding: Bool = true, divisor: Int? = nil
  ) -> Tensor {
    averaged(
      Window(size: size, stride: stride ?? size, padding: padding, dilation: 1), ceil: ceil,
      countsPadding: countsPadding, divisor: divisor)
  }

  /// - Parameter dividesLast: whether sums are divided, in place of what is added up: what is a
  ///   whole number then comes out as one.
  private func averaged(
    _ window: Window, ceil: Bool, countsPadding: Bool, divisor: Int?, dividesLast: Bool = false
  ) -> Tensor {
    func pooled(_ images: Tensor) -> Tensor {
      images.averaged(
        window, ceil: ceil, countsPadding: countsPadding, divisor: divisor,
        dividesLast: dividesLast || dtype.isInteger)
    }
    // The windows' weights have more digits than a half.
    if let wide = inFloat32(upcasts: false, pooled) ?? inFloat64(pooled) { return wide }
    if let single = asBatch(pooled) { return single }
    let (size, padding) = (window.size, window.padding)
    if divisor == 0 {
      return Tensor(
        error: TensorError(
          "avgPool2d", "the divisor is 0", operands: [("input", signature)],
          help: "write another number, or leave it out for the mean"))
    }
    switch pooledShape("avgPool2d", window, ceil) {
    case .failure(let error): return Tensor(error: error)
    case .success(let result):
      let (count, planes) = (size.height * size.width, shape[0] * shape[1])
      let isWhole =
        divisor == nil && !dividesLast && (countsPadding || padding == Size2D(0))
        && (result[2] - 1) * window.stride.height + size.height <= shape[2] + 2 * padding.height
        && (result[3] - 1) * window.stride.width + size.width <= shape[3] + 2 * padding.width
      // Every channel is an image of its own under one filter of ones.
      let ones = Tensor.full(
        [1, 1, size.height, size.width], isWhole ? 1 / Double(count) : 1, dtype: dtype,
        device: device)
      let sums = Tensor.make(
        .convolution(Convolution(role: .output, window: window, groups: 1)),
        [viewed(as: [planes, 1, shape[2], shape[3]]), ones],
        shape: Shape([planes, 1, result[2], result[3]]), dtype: dtype
      ).viewed(as: result).laidOut(likeImages: self)
      func noted(_ means: Tensor) -> Tensor {
        // What reaches beyond the border is a matter of each language's own.
        ceil || divisor != nil
          ? means
          : means.noted(.averagePool(window, countsPadding: countsPadding), of: [self])
      }
      if isWhole { return noted(sums) }
      if let divisor { return sums / Double(divisor) }
      let counts =
        window.counts(\.height, over: shape[2], result[2], countsPadding, like: self)
        .unsqueezed(axis: 1)
        * window.counts(\.width, over: shape[3], result[3], countsPadding, like: self)
      return noted(sums / counts)
    }
  }

  /// The means over a grid of so many rows and columns of each image:
  /// `torch.nn.functional.adaptive_avg_pool2d`.
  ///
  /// Part `i` of `count` covers the places `i * size / count` (rounded down) up to
  /// `(i + 1) * size / count` (rounded up), as in PyTorch.
  ///
  /// - Parameter output: how many rows and columns.
  /// - Returns: of `[n, channels, h, w]` the shape `[n, channels, rows, columns]`, or both without
  ///   n.
  /// - Error: another rank; a dtype that is not floating; images without elements.
  public func adaptiveAvgPool2d(_ output: Size2D) -> Tensor {
    if let rejected = rejected("adaptiveAvgPool2d", .floating) { return rejected }
    if let wide = inFloat32(upcasts: false, { $0.adaptiveAvgPool2d(output) }) { return wide }
    if let single = asBatch({ $0.adaptiveAvgPool2d(output) }) { return single }
    guard rank == 4, output.height >= 1, output.width >= 1, shape[2] >= 1, shape[3] >= 1 else {
      return Tensor(
        error: TensorError(
          "adaptiveAvgPool2d",
          "takes images [n, channels, h, w] with elements, and 1 or more parts, not \(output)",
          operands: [("input", signature)], help: "add missing axes with unsqueezed(axis:)"))
    }
    let (height, width) = (shape[2], shape[3])
    if height % output.height == 0 && width % output.width == 0 {
      let means = avgPool2d(Size2D(height / output.height, width / output.width))
      return output == 1 ? means.noted(.globalAveragePool, of: [self]) : means
    }
    let sizes = [shape[0], shape[1], output.height, output.width]
    if let error = TensorError.badShape(
      "adaptiveAvgPool2d", sizes, operands: [("input", signature)])
    {
      return Tensor(error: error)
    }
    for (size, count) in [(height, output.height), (width, output.width)] {
      let (weights, overflow) = size.multipliedReportingOverflow(by: count)
      if overflow || weights > Tensor.mostWeights {
        return Tensor(
          error: TensorError(
            "adaptiveAvgPool2d", "\(count) parts of \(size) places are too many",
            operands: [("input", signature)],
            help: "parts times places are at most \(Tensor.mostWeights)"))
      }
    }
    let rows = Tensor.partsWeights(height, output.height, like: self)
    let columns = Tensor.partsWeights(width, output.width, like: self)
    return Autocast.off { rows.matmul(self).matmul(columns.transposed()) }
      .laidOut(likeImages: self)
  }

  /// What is done with batches of images, done with one; nil if this is none.
  func asBatch(_ body: (Tensor) -> Tensor) -> Tensor? {
    guard rank == 3, node.failure == nil else { return nil }
    let result = body(viewed(as: Shape([1] + shape.sizes)))
    if result.node.failure != nil { return result }
    return result.viewed(as: Shape(Array(result.shape.sizes.dropFirst())))
  }

  /// How many weights of means are held in memory, a gigabyte of them.
  private static let mostWeights = 1 << 27

  /// `[count, size]`: each row the weights of one part's mean.
  static func partsWeights(_ size: Int, _ count: Int, like tensor: Tensor) -> Tensor {
    var numbers = [Double](repeating: 0, count: size * count)
    for part in 0..<count {
      let range = part * size / count..<((part + 1) * size + count - 1) / count
      for place in range { numbers[part * size + place] = 1 / Double(range.count) }
    }
    return Tensor(
      numbers, shape: [count, size], dtype: tensor.dtype, device: tensor.device)
  }

  /// The shape of a pooling's result.
  private func pooledShape(
    _ name: String, _ window: Window, _ ceil: Bool
  ) -> Result<Shape, TensorError> {
    if let error = error ?? domainError(name, .floating) { return .failure(error) }
    let operands: [(role: String, description: String)] = [("input", signature)]
    if rank != 4 {
      return .failure(
        TensorError(
          name, "takes images [n, channels, h, w], not \(rank) axes", operands: operands,
          help: "add missing axes with unsqueezed(axis:)"))
    }
    return window.outputSize(over: self, op: name, operands: operands, ceil: ceil).flatMap { size in
      if 2 * window.padding.height > window.size.height
        || 2 * window.padding.width > window.size.width
      {
        return .failure(
          TensorError(
            name, "the padding \(window.padding) is more than half the window \(window.size)",
            operands: operands, help: "every window must cover an element"))
      }
      return .success(Shape([shape[0], shape[1], size.height, size.width]))
    }
  }
}

extension Window {
  /// By how many elements each window along an axis divides.
  fileprivate func counts(
    _ path: KeyPath<Size2D, Int>, over size: Int, _ count: Int, _ countsPadding: Bool,
    like tensor: Tensor
  ) -> Tensor {
    let padding = padding[keyPath: path]
    let numbers = (0..<count).map { index -> Double in
      let start = index * stride[keyPath: path] - padding
      let end = start + self.size[keyPath: path]
      return countsPadding
        ? Double(min(end, size + padding) - start) : Double(min(end, size) - max(start, 0))
    }
    return Tensor(numbers, shape: [count], dtype: tensor.dtype, device: tensor.device)
  }
}
