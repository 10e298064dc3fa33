import Blitz
import BlitzXLA
import Testing

/// Tensors and training on four devices of the CPU plugin. The number of devices is decided before
/// the plugin starts, so each test is a process of its own.
@Suite(.enabled(if: RealPlugin.isFound)) struct MeshTests {
  @Test("a chain of ops goes to a device and back twice, and half of it is asked for, too")
  func thereAndBack() async {
    await #expect(processExitsWith: .success) {
      let device = Device.xla("cpu")
      for isOrdered in [true, false] {
        let once = (Tensor([1.0, 2]).to(device) * 2).to(.cpu) + 1
        let twice = ((once.to(device) * 3).to(.cpu) + 1).to(device) * 10
        try eval(isOrdered ? [once, twice] : [twice, once])
        #expect(try once.array(as: [Float].self) == [3, 5])
        #expect(try twice.array(as: [Float].self) == [100, 160])
      }
    }
  }

  @Test("splits a tensor over the devices and puts it together again")
  func splits() async {
    await #expect(processExitsWith: .success) {
      XLA.hostDeviceCount = 4
      let mesh = Device.mesh(.xla("cpu"), ["batch": 2, "model": 2])
      let x = Tensor.arange(48, dtype: .float32).reshaped(to: [4, 6, 2])
      for axes in [["batch", nil, nil], ["model", "batch", nil], [nil, nil, "model"], []] {
        let moved = x.to(mesh, split: axes)
        #expect(moved.sharding == Sharding(axes: axes))
        let (there, here) = (
          try moved.scalars(as: Float.self), try x.scalars(as: Float.self)
        )
        #expect(there == here)
        let (sums, wanted) = (
          try (moved * 2).sum(axis: 1).scalars(as: Float.self),
          try (x * 2).sum(axis: 1).scalars(as: Float.self)
        )
        #expect(sums == wanted)
      }
    }
  }

  @Test("trains with the losses of one device, within 1e-5")
  func dataParallel() async {
    await #expect(processExitsWith: .success) {
      XLA.hostDeviceCount = 4
      func losses(_ count: Int?) throws -> (losses: [Double], weights: [Float]) {
        let generator = Generator(seed: 1)
        let x = Tensor.randn([32, 12], generator: generator)
        let y = Tensor.randint(0, 4, [32], generator: generator)
        let model = Sequential(
          Linear(12, 16, generator: generator), BatchNorm1d(16), ReLU(),
          Linear(16, 4, generator: generator))
        let parallel = count.map { DataParallel(model, over: .xla("cpu"), count: $0) }
        let optimizer = Adam(model, rate: 0.01)
        let step = compile(model, optimizer) { x, y in
          crossEntropy(logits: model(x), labels: y)
        }
        let losses = try (0..<20).map { index in
          // The last batch of an epoch is smaller, and does not divide.
          let rows = index % 5 == 4 ? 30 : 32
          let (x, y) = (x[..<rows], y[..<rows])
          return try step(parallel?.split(x) ?? x, parallel?.split(y) ?? y).item()
        }
        return (losses, try model.parameters[0].parameter.value.scalars(as: Float.self))
      }
      let (one, four) = (try losses(nil), try losses(4))
      for (a, b) in zip(one.losses, four.losses) { #expect(abs(a - b) <= 1e-5 * abs(a)) }
      for (a, b) in zip(one.weights, four.weights) { #expect(abs(a - b) <= 1e-4) }
    }
  }

  @Test("splits a layer's weights over the devices by annotation alone")
  func tensorParallel() async {
    await #expect(processExitsWith: .success) {
      XLA.hostDeviceCount = 4
      func losses(_ mesh: Device?) throws -> [Double] {
        let generator = Generator(seed: 2)
        var x = Tensor.randn([8, 12], generator: generator)
        var y = Tensor.randn([8, 4], generator: generator)
        let (up, down) = (
          Linear(12, 16, generator: generator), Linear(16, 4, generator: generator)
        )
        let model = Sequential(up, ReLU(), down)
        if let mesh {
          model.to(mesh)
          // The hidden units of both layers are spread over the devices.
          up.weight = up.weight.detached().to(mesh, split: "model")
          up.parameters[1].parameter.value = up.parameters[1].parameter.value.detached()
            .to(mesh, split: "model")
          down.weight = down.weight.detached().to(mesh, split: nil, "model")
          (x, y) = (x.to(mesh, split: "batch"), y.to(mesh, split: "batch"))
        }
        let optimizer = SGD(model, rate: 0.05, momentum: 0.9)
        let step = compile(model, optimizer) { x, y in (model(x) - y).square().mean() }
        let losses = try (0..<10).map { _ in try step(x, y).item() }
        if mesh != nil {
          #expect(up.weight.sharding == Sharding(axes: ["model"]))
          #expect(down.weight.sharding == Sharding(axes: [nil, "model"]))
        }
        return losses
      }
      let one = try losses(nil)
      let four = try losses(.mesh(.xla("cpu"), ["batch": 2, "model": 2]))
      for (a, b) in zip(one, four) { #expect(abs(a - b) <= 1e-5 * abs(a)) }
    }
  }

  @Test("says which axis the devices cannot share, and which mesh axes there are")
  func badSplits() {
    let mesh = Device.mesh(.xla("cpu"), ["batch": 4])
    let x = Tensor.ones([6, 4])
    #expect(
      x.to(mesh, split: "batch").error?.rule
        == "axis 0 has size 6, which 4 devices cannot share evenly")
    #expect(x.to(mesh, split: nil, "rows").error?.help == "its axes are: batch")
    #expect(x.to(mesh, split: nil, nil, "batch").error?.rule.contains("the tensor has 2") == true)
    #expect(x.to(.cpu, split: "batch").error?.rule == "cpu is one device, which splits nothing")
  }

  @Test("says how many devices there are")
  func tooFew() async {
    await #expect(processExitsWith: .success) {
      let mesh = Device.mesh(.xla("cpu"), ["batch": 4])
      let error = Tensor.ones([4]).to(mesh).error
      #expect(error?.rule.contains("takes 4 devices: there is 1 of the kind xla:cpu") == true)
      let behind = Tensor.ones([4]).to(.mesh(.xla("cpu", 1), ["batch": 2])).error
      #expect(
        behind?.rule
          == "the mesh xla:cpu:1[batch=2] takes 2 devices from number 1 on: there is 1 of the kind "
          + "xla:cpu")
    }
  }
}
