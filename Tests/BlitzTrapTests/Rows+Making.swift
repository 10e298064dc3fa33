import Blitz

extension Row {
  static let making: [Row] = [
    Row("Tensor.exponential(_:rate:generator:dtype:device:)") {
      Tensor.exponential(
        $0.shape(), rate: $0.double(), generator: $0.generator(), dtype: $0.dtype(),
        device: $0.device())
    },
    Row("Tensor.cauchy(_:median:spread:generator:dtype:device:)") {
      Tensor.cauchy(
        $0.shape(), median: $0.double(), spread: $0.double(), generator: $0.generator(),
        dtype: $0.dtype(), device: $0.device())
    },
    Row("Tensor.geometric(_:probability:generator:dtype:device:)") {
      Tensor.geometric(
        $0.shape(), probability: $0.double(), generator: $0.generator(), dtype: $0.dtype(),
        device: $0.device())
    },
    Row("Tensor.logNormal(_:mean:std:generator:dtype:device:)") {
      Tensor.logNormal(
        $0.shape(), mean: $0.double(), std: $0.double(), generator: $0.generator(),
        dtype: $0.dtype(), device: $0.device())
    },
    Row("Tensor.zeros(_:dtype:device:requiresGrad:)") {
      Tensor.zeros($0.shape(), dtype: $0.dtype(), device: $0.device(), requiresGrad: $0.bool())
    },
    Row("Tensor.ones(_:dtype:device:requiresGrad:)") {
      Tensor.ones($0.shape(), dtype: $0.dtype(), device: $0.device(), requiresGrad: $0.bool())
    },
    Row("Tensor.full(_:_:dtype:device:requiresGrad:)") {
      Tensor.full($0.shape(), $0.double(), dtype: $0.dtype(), device: $0.device())
    },
    Row("Tensor.zeros(like:)", "Tensor.ones(like:)", "Tensor.full(like:_:)") {
      let other = $0.tensor()
      return [.zeros(like: other), .ones(like: other), Tensor.full(like: other, $0.double())]
    },
    Row("Tensor.eye(_:columns:dtype:device:requiresGrad:)") {
      Tensor.eye($0.int(), columns: $0.bool() ? nil : $0.int(), dtype: $0.dtype())
    },
    Row("Tensor.arange(_:dtype:device:requiresGrad:)") {
      Tensor.arange($0.int(), dtype: $0.dtype(), device: $0.device(), requiresGrad: $0.bool())
    },
    Row("Tensor.arange(_:_:step:dtype:device:requiresGrad:)") {
      [
        Tensor.arange($0.int(), $0.int(), step: $0.int(), dtype: $0.dtype()),
        Tensor.arange($0.double(), $0.double(), step: $0.double(), dtype: $0.dtype()),
      ]
    },
    Row("Tensor.linspace(_:_:count:dtype:device:requiresGrad:)") {
      Tensor.linspace($0.double(), $0.double(), count: $0.int(), dtype: $0.dtype())
    },
    Row("Tensor.init(_:shape:dtype:device:requiresGrad:)") {
      [
        Tensor([$0.double(), 1, 2], shape: $0.shape(), dtype: $0.dtype(), device: $0.device()),
        Tensor($0.ints(), shape: $0.shape(), dtype: $0.dtype(), requiresGrad: $0.bool()),
      ]
    },
    Row("Tensor.init(_:dtype:device:requiresGrad:)") {
      [
        Tensor($0.int(), dtype: $0.dtype(), requiresGrad: $0.bool()),
        Tensor([$0.ints(), $0.ints()], dtype: $0.dtype()), Tensor([$0.ints()]),
        Tensor([[[$0.double()], []], [[1], [2]]], device: $0.device()),
        Tensor([true, false], dtype: $0.dtype()), Tensor([Float($0.double())], dtype: $0.dtype()),
      ]
    },
    Row(
      "Tensor.init(_:dtype:device:requiresGrad:)", "TensorLiteral.init(arrayLiteral:)",
      "TensorLiteral.init(floatLiteral:)",
      "TensorLiteral.init(integerLiteral:)", "TensorLiteral.init(booleanLiteral:)"
    ) {
      let number = TensorLiteral(floatLiteral: $0.double())
      let row = TensorLiteral(arrayLiteral: number, TensorLiteral(integerLiteral: $0.int()))
      return [
        Tensor(row, dtype: $0.dtype()), Tensor(TensorLiteral(arrayLiteral: row, number)),
        Tensor(TensorLiteral(arrayLiteral: true, number), dtype: $0.dtype()),
        Tensor(TensorLiteral(arrayLiteral: row, TensorLiteral(arrayLiteral: row))),
      ]
    },
    Row("Tensor.init(floatLiteral:)", "Tensor.init(integerLiteral:)", "Tensor.real(_:)") {
      [Tensor(floatLiteral: $0.double()), Tensor(integerLiteral: $0.int()), .real($0.double())]
    },
    Row("Tensor.init(error:)", "TensorError.init(_:_:operands:help:)") {
      let error = TensorError(
        "init", $0.string() + ".", operands: [($0.string(), $0.string())], help: $0.string())
      return [Tensor(error: error) + $0.tensor(), Tensor($0.isOneIn(20) ? "\(error)".count : 0)]
    },
    Row("Tensor.item()", "Tensor.item(as:)") {
      let x = $0.tensor()
      _ = try? x.item(as: Int.self)
      _ = try? x.item(as: UInt8.self)
      _ = try? x.item(as: Bool.self)
      _ = try? x.item(as: Float16.self)
      return try x.item()
    },
    Row("Tensor.array()", "Tensor.array(as:)", "Tensor.scalars(as:)") {
      let x = $0.tensor()
      if x.elementCount > 1000 { return 0 }
      _ = try? x.array(as: [[[Int]]].self)
      _ = try? x.array(as: [Int32].self)
      _ = try? x.scalars(as: Int.self)
      _ = try? x.scalars(as: Int32.self)
      return (try x.array(), x.description)
    },
    Row(
      "Tensor.eval()", "Tensor.wait()", "Tensor.prefetch()", "eval(_:)", "Tensor.detached()",
      "Tensor.requiringGrad()"
    ) {
      let (x, y) = ($0.tensor(), $0.tensor())
      if x.elementCount > 1000 || y.elementCount > 1000 { return 0 }
      try? eval(x, y)
      try? eval([y, x])
      try? x.wait()
      try? x.prefetch()
      return [try x.eval(), y.detached(), y.requiringGrad()]
    },
    Row("Tensor.rand(_:generator:dtype:device:requiresGrad:)") {
      Tensor.rand($0.shape(), generator: $0.generator(), dtype: $0.dtype(), device: $0.device())
    },
    Row("Tensor.randn(_:generator:dtype:device:requiresGrad:)") {
      Tensor.randn($0.shape(), generator: $0.generator(), dtype: $0.dtype())
    },
    Row("Tensor.normal(_:mean:std:generator:dtype:device:requiresGrad:)") {
      Tensor.normal($0.shape(), mean: $0.double(), std: $0.double(), dtype: $0.dtype())
    },
    Row("Tensor.uniform(_:from:to:generator:dtype:device:requiresGrad:)") {
      Tensor.uniform($0.shape(), from: $0.double(), to: $0.double(), dtype: $0.dtype())
    },
    Row("Tensor.bernoulli(_:probability:generator:dtype:device:)") {
      Tensor.bernoulli($0.shape(), probability: $0.double(), dtype: $0.dtype())
    },
    Row(
      "Tensor.randint(_:_:_:generator:dtype:device:)",
      "Tensor.randint(_:_:generator:dtype:device:)",
      "Tensor.randint(low:high:_:generator:dtype:device:)"
    ) {
      let (a, b) = ($0.int(), $0.int())
      return [
        Tensor.randint(a, b, $0.shape(), dtype: $0.dtype()),
        Tensor.randint(a, $0.shape(), dtype: $0.dtype()),
        Tensor.randint(min(a, b)..<max(a, b), $0.shape(), dtype: $0.dtype()),
        Tensor.randint(low: a, high: b, $0.shape(), dtype: $0.dtype()),
      ]
    },
    Row("Tensor.randperm(_:generator:dtype:device:)") {
      Tensor.randperm($0.int(), generator: $0.generator(), dtype: $0.dtype())
    },
    Row(
      "Generator.init(seed:)", "Generator.seed(_:)", "manualSeed(_:)", "Generator.State.==(_:_:)"
    ) {
      let seed = UInt64(bitPattern: Int64($0.int()))
      manualSeed(seed)
      let generator = Generator(seed: seed)
      let state = generator.state
      generator.seed(seed &+ 1)
      return state == generator.state
    },
    Row("Tensor.kaimingNormal(_:nonlinearity:mode:generator:dtype:)") {
      Tensor.kaimingNormal(
        $0.shape(), nonlinearity: .leakyReLU(slope: $0.double()),
        mode: $0.pick([.fanIn, .fanOut]), dtype: $0.dtype())
    },
    Row("Tensor.kaimingUniform(_:nonlinearity:mode:generator:dtype:)") {
      Tensor.kaimingUniform(
        $0.shape(), nonlinearity: .leakyReLU(slope: $0.double()),
        mode: $0.pick([.fanIn, .fanOut]), dtype: $0.dtype())
    },
    Row("Tensor.xavierNormal(_:gain:generator:dtype:)") {
      Tensor.xavierNormal($0.shape(), gain: $0.double(), dtype: $0.dtype())
    },
    Row("Tensor.xavierUniform(_:gain:generator:dtype:)") {
      Tensor.xavierUniform($0.shape(), gain: $0.double(), dtype: $0.dtype())
    },
    Row("Tensor.orthogonal(_:gain:generator:dtype:)") {
      Tensor.orthogonal($0.shape(), gain: $0.double(), dtype: $0.dtype())
    },
    Row("Tensor.truncatedNormal(_:mean:std:from:to:generator:)") {
      Tensor.truncatedNormal(
        $0.shape(), mean: $0.double(), std: $0.double(), from: $0.double(), to: $0.double())
    },
  ]
}
