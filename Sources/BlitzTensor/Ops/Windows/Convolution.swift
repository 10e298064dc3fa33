extension Rule {
  /// A convolution is linear in both operands, and each of its adjoints is a convolution of
  /// the same kind: so are the gradients' gradients.
  static let convolution = Rule(
    name: "convolution",
    .kernel { site in
      guard case .convolution(let convolution) = site.op else { site.refuse() }
      return ConvolutionKernel(
        convolution, shapes: site.shapes + [site.shape], operands: site.operands,
        result: site.result)
    }, saves: .inputs,
    strides: .likeOperands { _, inputs, shape in
      inputs[0].isChannelsLast || inputs[1].isChannelsLast ? Strides.channelsLast(shape) : nil
    }, samples: Convolution.samples, lowering: .convolution
  ) {
    step in
    guard case .convolution(let convolution) = step.node.op else { return [] }
    let (a, b, g) = (step.inputs[0], step.inputs[1], step.gradient)
    func adjoint(_ role: Convolution.Role, _ left: Tensor, _ right: Tensor, like: Tensor) -> Tensor
    {
      var convolution = convolution
      convolution.role = role
      return .make(.convolution(convolution), [left, right], shape: like.shape, dtype: g.dtype)
    }
    switch convolution.role {
    case .output:
      return [
        step.wants(0) ? adjoint(.input, g, b, like: a) : nil,
        step.wants(1) ? adjoint(.weight, a, g, like: b) : nil,
      ]
    case .input:
      return [
        step.wants(0) ? adjoint(.output, g, b, like: a) : nil,
        step.wants(1) ? adjoint(.weight, g, a, like: b) : nil,
      ]
    case .weight:
      return [
        step.wants(0) ? adjoint(.input, b, g, like: a) : nil,
        step.wants(1) ? adjoint(.output, a, g, like: b) : nil,
      ]
    }
  }
}

extension Convolution {
  /// One for each role: four images of 3 channels, and filters from 3 channels to 5.
  fileprivate static let samples: [Sample] = {
    let arrays = Sample.Operands { generator in
      [[4, 3, 12, 12], [5, 3, 3, 3], [4, 5, 6, 6]].map {
        Tensor.randn($0, generator: generator, device: .cpu)
      }
    }
    return [
      Sample("convolution output", tolerance: Sample.sumTolerance, arrays) {
        $0[0].conv2d($0[1], stride: 2, padding: 1)
      },
      Sample("convolution input", tolerance: Sample.sumTolerance, arrays) {
        $0[2].convTranspose2d($0[1], stride: 2, padding: 1, outputPadding: 1)
      },
      Sample("convolution weight", tolerance: Sample.sumTolerance, arrays) {
        let weight = $0[1].requiringGrad()
        let output = $0[0].conv2d(weight, stride: 2, padding: 1)
        return BlitzTensor.gradient(of: (output * $0[2]).sum(), wrt: weight)
      },
    ]
  }()
}

extension Lowering {
  /// Each of the three roles is a convolution of StableHLO's; the adjoints have the strides of
  /// the filters as gaps in one of the arrays.
  fileprivate static let convolution = Lowering.text { text, operation in
    guard case .convolution(let convolution) = operation.op else { return operation.inputs[0] }
    let (a, b) = (operation.inputs[0], operation.inputs[1])
    if a.shape.elementCount == 0 || b.shape.elementCount == 0 {
      return text.constant(.integer(0), operation.shape, operation.dtype)
    }
    let (window, groups) = (convolution.window, convolution.groups)
    /// The border along both axes: so much before, and what the sizes ask for behind.
    func padding(_ border: (KeyPath<Size2D, Int>, Int) -> (Int, Int)) -> [(Int, Int)] {
      [border(\.height, 2), border(\.width, 3)]
    }
    switch convolution.role {
    case .output:
      let padding = padding { path, axis in
        let reach = window.reach(along: path)
        let covered = (operation.shape[axis] - 1) * window.stride[keyPath: path] + reach
        let low = window.padding[keyPath: path]
        return (low, covered - a.shape[axis] - low)
      }
      return text.convolution(
        a, b, operation, numbers: "[b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1]", stride: window.stride,
        padding: padding, rightDilation: window.dilation, groups: groups)
    case .input:
      let padding = padding { path, axis in
        let reach = window.reach(along: path)
        let spread = (a.shape[axis] - 1) * window.stride[keyPath: path] + 1
        let low = reach - 1 - window.padding[keyPath: path]
        return (low, operation.shape[axis] + reach - 1 - spread - low)
      }
      var weight = text.reverse(b, [2, 3])
      if groups > 1 {
        // From [groups * o, c, ...] to [o, groups * c, ...].
        let (o, c, height, width) = (
          b.shape[0] / groups, b.shape[1], b.shape[2], b.shape[3]
        )
        weight = text.reshape(weight, to: [groups, o, c, height, width])
        weight = text.permute(weight, [1, 0, 2, 3, 4])
        weight = text.reshape(weight, to: [o, groups * c, height, width])
      }
      return text.convolution(
        a, weight, operation, numbers: "[b, f, 0, 1]x[i, o, 0, 1]->[b, f, 0, 1]", padding: padding,
        leftDilation: window.stride, rightDilation: window.dilation, groups: groups)
    case .weight:
      // Channels count as images, and images as channels.
      let padding = padding { path, axis in
        let spread = (b.shape[axis] - 1) * window.stride[keyPath: path] + 1
        let covered = (operation.shape[axis] - 1) * window.dilation[keyPath: path] + spread
        let low = window.padding[keyPath: path]
        return (low, covered - a.shape[axis] - low)
      }
      return text.convolution(
        a, b, operation, numbers: "[f, b, 0, 1]x[i, o, 0, 1]->[f, b, 0, 1]",
        stride: window.dilation,
        padding: padding, rightDilation: window.stride, batchGroups: groups)
    }
  }
}

extension ProgramText {
  fileprivate mutating func convolution(
    _ a: Value, _ b: Value, _ operation: Lowering.Operation, numbers: String, stride: Size2D = 1,
    padding: [(Int, Int)], leftDilation: Size2D = 1, rightDilation: Size2D = 1, groups: Int = 1,
    batchGroups: Int = 1
  ) -> Value {
    let precision =
      isExact(operation.dtype)
      ? ", precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]" : ""
    let border = padding.map { "[\($0.0), \($0.1)]" }.joined(separator: ", ")
    return emit(
      """
      "stablehlo.convolution"(\(a), \(b)) <{batch_group_count = \(batchGroups) : i64, \
      dimension_numbers = #stablehlo.conv<\(numbers)>, \
      feature_group_count = \(groups) : i64, \
      lhs_dilation = \(array: [leftDilation.height, leftDilation.width]), \
      padding = dense<[\(border)]> : tensor<2x2xi64>\(precision), \
      rhs_dilation = \(array: [rightDilation.height, rightDilation.width]), \
      window_strides = \(array: [stride.height, stride.width])}> \
      : \(signature([a, b], operation.type))
      """, operation.shape, operation.dtype)
  }
}

extension Tensor {
  /// The convolution of images with filters, a cross-correlation as in every framework:
  /// `torch.nn.functional.conv2d`.
  ///
  ///     y[n, o, y, x] = sum over c, i, j of
  ///       weight[o, c, i, j] * x[n, c, y * stride + i * dilation - padding, ...]
  ///
  /// - Parameters:
  ///   - weight: `[outputs, channels / groups, height, width]`.
  ///   - bias: a number for each output, `[outputs]`, in the dtype of the input.
  ///   - stride: the distance between neighbouring windows, 1 or more.
  ///   - padding: how many zeros surround the image on each side, 0 or more.
  ///   - dilation: the distance between a window's taps, 1 or more.
  ///   - groups: parts of the channels, each of which sees its own filters only.
  /// - Returns: of `[n, channels, h, w]` the shape `[n, outputs, oh, ow]`, or both without n, with
  ///   `oh = (h + 2 * padding - dilation * (height - 1) - 1) / stride + 1`, rounded down.
  /// - Gradient: the two adjoint convolutions, to any order.
  /// - Error: other ranks; dtypes that differ, bool; channels that do not fit; a bias of another
  ///   shape; a window larger than the padded image.
  /// - Note: whole numbers are computed in float64, so they are exact up to 2^53.
  public func conv2d(
    _ weight: Tensor, bias: Tensor? = nil, stride: Size2D = 1, padding: Size2D = 0,
    dilation: Size2D = 1, groups: Int = 1
  ) -> Tensor {
    if let bias {
      return conv2d(weight, stride: stride, padding: padding, dilation: dilation, groups: groups)
        .biased(bias, axes: 2, of: "conv2d")
    }
    if let failed = Tensor.failed(self, weight) { return failed }
    if Autocast.isOn {
      let (input, weight) = (downcast, weight.downcast)
      return Autocast.off {
        input.conv2d(weight, stride: stride, padding: padding, dilation: dilation, groups: groups)
      }
    }
    if let single = asBatch({
      $0.conv2d(weight, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }) {
      return single
    }
    if weight.dtype == dtype,
      let whole = inFloat64({
        $0.conv2d(
          weight.cast(to: .float64), stride: stride, padding: padding, dilation: dilation,
          groups: groups)
      })
    {
      return whole
    }
    let call = ConvolutionCall(name: "conv2d", input: self, weight: weight, groups: groups)
    if let error = call.error(weightAxis: 1) { return Tensor(error: error) }
    let window = Window(
      size: Size2D(weight.shape[2], weight.shape[3]), stride: stride, padding: padding,
      dilation: dilation)
    switch window.outputSize(over: self, op: "conv2d", operands: call.operands) {
    case .failure(let error): return Tensor(error: error)
    case .success(let size):
      let result = Shape([shape[0], weight.shape[0], size.height, size.width])
      if result.checkedElementCount == nil {
        return Tensor(error: .tooLarge("conv2d", result, [("input", self), ("weight", weight)]))
      }
      return .make(
        .convolution(Convolution(role: .output, window: window, groups: groups)), [self, weight],
        shape: result, dtype: dtype)
    }
  }

  /// The convolution of sequences with filters, `conv2d` of images one element high:
  /// `torch.nn.functional.conv1d`.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, channels / groups, length]`.
  ///   - bias: a number for each output, `[outputs]`, in the dtype of the input.
  ///   - stride: the distance from one place of the filters to the next.
  ///   - padding: how many zeros are thought at both ends.
  ///   - dilation: the distance between the elements under a filter.
  ///   - groups: into how many groups the channels are divided; each filter sees one.
  /// - Returns: of `[n, channels, l]` the shape `[n, outputs, ol]`, or both without n; see
  ///   ``conv2d(_:bias:stride:padding:dilation:groups:)``.
  public func conv1d(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1
  ) -> Tensor {
    if let bias {
      return conv1d(weight, stride: stride, padding: padding, dilation: dilation, groups: groups)
        .biased(bias, axes: 1, of: "conv1d")
    }
    if let failed = Tensor.failed(self, weight) { return failed }
    if rank == 2 {
      let single = viewed(as: [1, shape[0], shape[1]]).conv1d(
        weight, stride: stride, padding: padding, dilation: dilation, groups: groups)
      return single.error == nil ? single.viewed(as: [single.shape[1], single.shape[2]]) : single
    }
    guard rank == 3, weight.rank == 3 else {
      return Tensor(
        error: TensorError(
          "conv1d", "takes an input [n, channels, l] and a weight [outputs, channels / groups, l]",
          operands: [("input", signature), ("weight", weight.signature)],
          help: "add missing axes with unsqueezed(axis:)"))
    }
    let image = conv2dInput.conv2d(
      weight.conv2dInput, stride: Size2D(1, stride), padding: Size2D(0, padding),
      dilation: Size2D(1, dilation), groups: groups)
    return image.error == nil
      ? image.viewed(as: [image.shape[0], image.shape[1], image.shape[3]]).contiguous()
        .noted(
          .convolution(
            Composite.Filters(
              stride: [stride], padding: [padding], dilation: [dilation], groups: groups)),
          of: [self, weight])
      : image.named("conv1d")
  }

  /// The result of a convolution, with so many axes behind the channels, and a number added to each
  /// channel.
  private func biased(_ bias: Tensor, axes: Int, of name: String) -> Tensor {
    if let failed = Tensor.failed(self, bias) { return failed }
    let bias = Autocast.isOn ? bias.downcast : bias
    let outputs = shape[rank - axes - 1]
    guard bias.shape == [outputs], bias.dtype == dtype else {
      return Tensor(
        error: TensorError(
          name, "the bias is not \(dtype)[\(outputs)], a number for each output",
          operands: [("result", signature), ("bias", bias.signature)],
          help: bias.shape == [outputs]
            ? "write bias.cast(to: .\(dtype))" : "the outputs are counted by the weight"))
    }
    return self + bias.viewed(as: Shape([outputs] + [Int](repeating: 1, count: axes)))
  }

  private var conv2dInput: Tensor { viewed(as: [shape[0], shape[1], 1, shape[2]]) }

  /// The transposed convolution, in which each element of the input adds a filter to the result:
  /// `torch.nn.functional.conv_transpose2d`.
  ///
  /// - Parameters:
  ///   - weight: `[channels, outputs / groups, height, width]`.
  ///   - bias: a number for each output, `[outputs]`, in the dtype of the input.
  ///   - stride: the distance between neighbouring filters in the result, 1 or more.
  ///   - padding: how much is cut from each side of the result, 0 or more.
  ///   - outputPadding: how much is added at the end of the result, less than the stride.
  ///   - dilation: the distance between a filter's taps, 1 or more.
  ///   - groups: parts of the channels.
  /// - Returns: of `[n, channels, h, w]` the shape `[n, outputs, oh, ow]` with
  ///   `oh = (h - 1) * stride - 2 * padding + dilation * (height - 1) + outputPadding + 1`.
  /// - Error: as for `conv2d`; a result without elements along an axis.
  public func convTranspose2d(
    _ weight: Tensor, bias: Tensor? = nil, stride: Size2D = 1, padding: Size2D = 0,
    outputPadding: Size2D = 0, dilation: Size2D = 1, groups: Int = 1
  ) -> Tensor {
    if let bias {
      return convTranspose2d(
        weight, stride: stride, padding: padding, outputPadding: outputPadding,
        dilation: dilation, groups: groups
      ).biased(bias, axes: 2, of: "convTranspose2d")
    }
    if let failed = Tensor.failed(self, weight) { return failed }
    if Autocast.isOn {
      let (input, weight) = (downcast, weight.downcast)
      return Autocast.off {
        input.convTranspose2d(
          weight, stride: stride, padding: padding, outputPadding: outputPadding,
          dilation: dilation, groups: groups)
      }
    }
    if let single = asBatch({
      $0.convTranspose2d(
        weight, stride: stride, padding: padding, outputPadding: outputPadding,
        dilation: dilation, groups: groups)
    }) {
      return single
    }
    if weight.dtype == dtype,
      let whole = inFloat64({
        $0.convTranspose2d(
          weight.cast(to: .float64), stride: stride, padding: padding,
          outputPadding: outputPadding, dilation: dilation, groups: groups)
      })
    {
      return whole
    }
    let name = "convTranspose2d"
    let call = ConvolutionCall(name: name, input: self, weight: weight, groups: groups)
    if let error = call.error(weightAxis: 0) { return Tensor(error: error) }
    let window = Window(
      size: Size2D(weight.shape[2], weight.shape[3]), stride: stride, padding: padding,
      dilation: dilation)
    if let error = window.error(op: name, operands: call.operands) { return Tensor(error: error) }
    if outputPadding.height < 0 || outputPadding.width < 0
      || outputPadding.height >= Swift.max(stride.height, dilation.height)
      || outputPadding.width >= Swift.max(stride.width, dilation.width)
    {
      return Tensor(
        error: TensorError(
          name, "the output padding is \(outputPadding), with stride \(stride)",
          operands: call.operands, help: "it is 0 or more, and less than the stride or dilation"))
    }
    func size(_ count: Int, _ path: KeyPath<Size2D, Int>) -> Int {
      let reach = dilation[keyPath: path] * (window.size[keyPath: path] - 1)
      let (product, overflows) = (count - 1).multipliedReportingOverflow(
        by: stride[keyPath: path])
      return overflows
        ? Int.max / 2
        : product - 2 * padding[keyPath: path] + reach + outputPadding[keyPath: path] + 1
    }
    let (height, width) = (size(shape[2], \.height), size(shape[3], \.width))
    let result = Shape([shape[0], weight.shape[1] * groups, height, width])
    if height < 1 || width < 1 {
      return Tensor(
        error: TensorError(
          name, "the result would be \(height) high and \(width) wide", operands: call.operands,
          help: "use a smaller padding"))
    }
    if result.checkedElementCount == nil {
      return Tensor(error: .tooLarge(name, result, [("input", self), ("weight", weight)]))
    }
    return .make(
      .convolution(Convolution(role: .input, window: window, groups: groups)), [self, weight],
      shape: result, dtype: dtype)
  }
}

/// What the convolutions check alike.
private struct ConvolutionCall {
  let name: String
  let input: Tensor
  let weight: Tensor
  let groups: Int

  var operands: [(role: String, description: String)] {
    [("input", input.signature), ("weight", weight.signature)]
  }

  /// - Parameter weightAxis: where the weight's filters for the input's channels are counted:
  ///   1 for those of a group, 0 for all.
  func error(weightAxis: Int) -> TensorError? {
    guard input.rank == 4, weight.rank == 4 else {
      return TensorError(
        name, "takes an input [n, channels, h, w] and a weight of four axes", operands: operands,
        help: "add missing axes with unsqueezed(axis:)")
    }
    if input.dtype != weight.dtype { return .dtypes(name, input, weight) }
    if let error = input.domainError(name, .floating) { return error }
    guard groups >= 1, weight.shape[0] % groups == 0 else {
      return TensorError(
        name, "\(groups) groups do not divide the weight's first axis, \(weight.shape[0])",
        operands: operands, help: "groups are 1 or more, and divide both numbers of channels")
    }
    let expected = weightAxis == 1 ? weight.shape[1] * groups : weight.shape[0]
    if input.shape[1] != expected {
      return TensorError(
        name, "the input has \(input.shape[1]) channels, the weight is for \(expected)",
        operands: operands,
        help: weightAxis == 1
          ? "weights are [outputs, channels / groups, h, w], with groups \(groups)"
          : "weights are [channels, outputs / groups, h, w]")
    }
    return nil
  }
}

extension Window {
  /// What is wrong with a window whatever it slides over.
  func error(
    op: String, operands: [(role: String, description: String)]
  ) -> TensorError? {
    func all(_ size: Size2D, _ least: Int) -> Bool {
      (least...Window.limit).contains(size.height) && (least...Window.limit).contains(size.width)
    }
    let wrong: (String, Size2D, Int)? =
      !all(size, 1)
      ? ("window", size, 1)
      : !all(stride, 1)
        ? ("stride", stride, 1)
        : !all(padding, 0)
          ? ("padding", padding, 0) : !all(dilation, 1) ? ("dilation", dilation, 1) : nil
    return wrong.map { what, value, least in
      TensorError(
        op, "the \(what) is \(value)", operands: operands,
        help: "write a whole number from \(least) on, or [height, width]")
    }
  }

  /// Larger numbers mean a mistake, and would overflow.
  private static let limit = 1 << 30

  /// How many windows fit over images `[n, c, h, w]`.
  ///
  /// - Parameter ceil: whether a last window may reach out of the padded image.
  func outputSize(
    over image: Tensor, op: String, operands: [(role: String, description: String)],
    ceil: Bool = false
  ) -> Result<Size2D, TensorError> {
    if let error = error(op: op, operands: operands) { return .failure(error) }
    func count(_ size: Int, _ path: KeyPath<Size2D, Int>) -> Int {
      let (stride, padding) = (stride[keyPath: path], padding[keyPath: path])
      let (taps, overflow) = dilation[keyPath: path].multipliedReportingOverflow(
        by: self.size[keyPath: path] - 1)
      if overflow || taps == .max { return 0 }
      let reach = taps + 1
      let room = size + 2 * padding - reach
      if room < 0 { return 0 }
      var count = (room + (ceil ? stride - 1 : 0)) / stride + 1
      // A window starts in the image or in the padding before it, not behind.
      if ceil && (count - 1) * stride >= size + padding { count -= 1 }
      return count
    }
    let (height, width) = (count(image.shape[2], \.height), count(image.shape[3], \.width))
    if height < 1 || width < 1 {
      return .failure(
        TensorError(
          op,
          "a window of \(size) with dilation \(dilation) is larger than the image with padding "
            + "\(padding)", operands: operands, help: "use a larger padding or a smaller window"))
    }
    return .success(Size2D(height, width))
  }
}
