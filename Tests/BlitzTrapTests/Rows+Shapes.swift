import Blitz

extension Row {
  static let shapes: [Row] = [
    Row("Tensor.reshaped(to:)") { $0.tensor().reshaped(to: $0.shape()) },
    Row("Tensor.transposed()") { $0.tensor().transposed() },
    Row("Tensor.transposed(_:_:)") { $0.tensor().transposed($0.int(), $0.int()) },
    Row("Tensor.permuted(_:)") { $0.tensor().permuted($0.ints()) },
    Row("Tensor.expanded(to:)") { $0.tensor().expanded(to: $0.shape()) },
    Row("Tensor.squeezed()") { $0.tensor().squeezed() },
    Row("Tensor.squeezed(axis:)") { $0.tensor().squeezed(axis: $0.int()) },
    Row("Tensor.unsqueezed(axis:)") { $0.tensor().unsqueezed(axis: $0.int()) },
    Row("Tensor.flattened(from:to:)") { $0.tensor().flattened(from: $0.int(), to: $0.int()) },
    Row("concatenate(_:axis:)") { concatenate($0.tensors(), axis: $0.int()) },
    Row("stack(_:axis:)") { stack($0.tensors(), axis: $0.int()) },
    Row("Tensor.split(count:axis:)") { $0.tensor().split(count: $0.int(), axis: $0.int()) },
    Row("Tensor.split(sizes:axis:)") { $0.tensor().split(sizes: $0.ints(), axis: $0.int()) },
    Row("Tensor.padded(_:value:)") { values in
      values.tensor().padded(
        values.ints().map { _ in (values.int(), values.int()) }, value: values.double())
    },
    Row("Tensor.tiled(_:)") { $0.tensor().tiled($0.ints()) },
    Row("Tensor.flipped(axes:)") { $0.tensor().flipped(axes: $0.bool() ? nil : $0.ints()) },
    Row("Tensor.rolled(by:axis:)") { $0.tensor().rolled(by: $0.int(), axis: $0.int()) },
    Row("Tensor.rolled(by:axes:)") { $0.tensor().rolled(by: $0.ints(), axes: $0.ints()) },
    Row("Tensor.narrowed(axis:from:count:)") {
      $0.tensor().narrowed(axis: $0.int(), from: $0.int(), count: $0.int())
    },
    Row("Tensor.tril(diagonal:)") { $0.tensor().tril(diagonal: $0.int()) },
    Row("Tensor.triu(diagonal:)") { $0.tensor().triu(diagonal: $0.int()) },
    Row("Tensor.cast(to:)") { $0.tensor().cast(to: $0.dtype()) },
    Row("Tensor.to(_:)") { $0.tensor().to($0.device()) },
    Row("Tensor.to(_:split:)") { values in
      let device = values.device()
      return [
        values.tensor().to(device, split: values.strings()),
        values.tensor().to(device, split: "a", nil),
      ]
    },
    Row("Shape.init(_:)", "Shape.init(arrayLiteral:)", "Shape.==(_:_:)", "Shape.hash(into:)") {
      let (shape, other) = ($0.shape(), Shape($0.ints()))
      _ = Set<Shape>([shape, other, []])
      return (shape.elementCount, other.elementCount, other.strides, shape.sizes, "\(other)")
    },
    Row(
      "Size2D.init(_:)", "Size2D.init(_:_:)", "Size2D.init(integerLiteral:)",
      "Size2D.init(arrayLiteral:)"
    ) { [Size2D($0.int()), Size2D($0.int(), $0.int()), 3, [2, 3]] },
    Row("Sharding.init(axes:)", "Sharding.part(of:on:)", "Sharding.start(of:on:device:)") {
      guard let mesh = Device.mesh(.cpu, ["a": $0.int(), "b": $0.int()]).mesh else { return 0 }
      let sharding = Sharding(axes: [nil, "a", "b", "c"].shuffled())
      let shape = $0.shape()
      return (
        sharding.part(of: shape, on: mesh), sharding.start(of: shape, on: mesh, device: $0.int())
      )
    },
    Row("Mesh.count(along:)", "Device.mesh(_:_:)") {
      Device.mesh($0.device(), ["a": $0.int(), "a": $0.int()]).mesh?.count(along: $0.string()) ?? 0
    },
    Row("Device.cuda(_:)", "Device.xla(_:_:)", "Device.init(named:)") {
      let devices = [Device.cuda($0.int()), .xla($0.string(), $0.int())]
      return (devices.map { "\($0)" }, try Device(named: $0.string()))
    },
  ]

  static let indexing: [Row] = [
    Row("Tensor.gather(axis:index:)") { $0.tensor().gather(axis: $0.int(), index: $0.labels()) },
    Row("Tensor.scatter(axis:index:updates:)") {
      $0.tensor().scatter(axis: $0.int(), index: $0.labels(), updates: $0.tensor())
    },
    Row("Tensor.scatterAdd(axis:index:updates:)") {
      $0.tensor().scatterAdd(axis: $0.int(), index: $0.labels(), updates: $0.tensor())
    },
    Row("Tensor.indexSelect(axis:indices:)") {
      $0.tensor().indexSelect(axis: $0.int(), indices: $0.labels())
    },
    Row("Tensor.oneHot(classCount:dtype:)") {
      $0.labels().oneHot(classCount: $0.int(), dtype: $0.dtype())
    },
    Row("Tensor.nonzero()") { $0.tensor().nonzero() },
    Row("Tensor.nonzeroStatic(count:fill:)") {
      $0.tensor().nonzeroStatic(count: $0.int(), fill: $0.int())
    },
    Row(
      "Tensor.subscript(_:)", "Tensor.subscript(_:_:)", "Tensor.subscript(_:_:_:)",
      "TensorIndex.slice(from:to:by:)"
    ) {
      let x = $0.tensor()
      return [
        x[$0.index()], x[$0.index(), $0.index()], x[..., $0.index()],
        x[$0.index(), ..., $0.index()],
        x[$0.index(), $0.index(), $0.index()], x[...],
      ]
    },
    Row("Tensor.subscript(_:)", "Tensor.subscript(_:_:)", "Tensor.subscript(_:_:_:)") {
      var (x, y, z, w) = ($0.tensor(), $0.tensor(), $0.tensor(), $0.tensor())
      x[$0.index()] = $0.tensor()
      y[$0.index(), $0.index()] = .real($0.double())
      z[..., $0.index()] = $0.tensor()
      z[$0.index(), ...] = $0.tensor()
      w[...] = $0.tensor()
      return [x, y, z, w]
    },
    Row("Tensor.topK(_:axis:largest:)") {
      let top = $0.tensor().topK($0.int(), axis: $0.int(), largest: $0.bool())
      return [top.values, top.indices]
    },
    Row("Tensor.sort(axis:descending:)") {
      let sorted = $0.tensor().sort(axis: $0.int(), descending: $0.bool())
      return [sorted.values, sorted.indices]
    },
    Row("Tensor.argSort(axis:descending:)") {
      $0.tensor().argSort(axis: $0.int(), descending: $0.bool())
    },
  ]
}
