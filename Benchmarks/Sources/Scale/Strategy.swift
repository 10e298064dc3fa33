/// How a step is shared out.
enum Strategy {
  /// Each device has the whole network and its rows of the batch; gradients travel as float32.
  case data
  /// Weights, gradients and the optimizer's state in pieces on all devices, gathered when they are
  /// needed, in bfloat16: Rajbhandari and others, "ZeRO", 2020, stage 3.
  case sharded
  /// The weights of each layer in pieces on so many devices: Shoeybi and others, "Megatron-LM",
  /// 2019; each group of devices is one of data parallelism.
  case tensor(Int)
  /// Tensor parallelism in each stage of a pipeline: Narayanan and others, 2021.
  case pipeline(stages: Int, tensor: Int)

  /// Devices that hold one network.
  var group: Int {
    switch self {
    case .data, .sharded: 1
    case .tensor(let count): count
    case .pipeline(let stages, let tensor): stages * tensor
    }
  }
}

/// What a step comes to.
struct StepCost {
  var devices: Int
  /// Bytes of weights, gradients and Adam's state on a device, without activations.
  var memory: Double
  /// Bytes that a device sends.
  var bytes: Double
  /// Seconds of arithmetic on the busiest device, and of the whole step.
  var arithmetic, step: Double
  /// Seconds of a step whose gradients travel while others are still computed: the best there is.
  var overlapped: Double
  /// Examples in the step.
  var examples: Double

  /// - Returns: nil where there are fewer examples than groups of devices.
  init?(
    _ strategy: Strategy, _ model: Model, _ machine: Machine, devices: Int, examples: Int
  ) {
    let group = strategy.group
    let replicas = devices / group
    guard replicas >= 1, examples >= replicas else { return nil }
    self.devices = replicas * group
    self.examples = Double(examples)
    // Some have one more if it does not divide.
    let own = Double((examples + replicas - 1) / replicas)
    let work = own * model.flopsPerExample / machine.flops / Double(group)
    arithmetic = work
    // float32 weights, gradients and two moments of Adam.
    memory = 16 * model.parameters / Double(group)
    var simulation = Simulation(machine)
    let times = simulation.finishTimes(work, replicas)
    let slowest = times.max()!
    switch strategy {
    case .data:
      bytes = Collective.allReduceBytes(4 * model.parameters, replicas)
      step = simulation.allReduce(4 * model.parameters, from: times)
      overlapped = max(slowest, step - slowest)
    case .sharded:
      memory /= Double(replicas)
      // Weights for the forward pass, again for the backward pass, and gradients back.
      let one = 2 * model.parameters
      bytes = 3 * Collective.allReduceBytes(one, replicas) / 2
      let seconds = 1.5 * Collective.hierarchical(one, replicas, machine)
      step = slowest + seconds
      overlapped = max(slowest, seconds)
    case .tensor(let count), .pipeline(_, let count):
      var stages = 1.0
      if case .pipeline(let number, _) = strategy { stages = Double(number) }
      // Two all-reduces forward and two backward for each layer and example, which nothing hides.
      let layers = model.layers / stages
      let each = own * model.activationBytes
      let within = 4 * layers * Collective.ring(each, count, machine.near)
      // The idle beginning and end of a pipeline, one example at a time: Huang and others, 2019.
      let bubble = (stages - 1) / own * (work + within)
      // A group's gradients meet those of the other groups on the links between nodes.
      var outside = machine
      outside.perNode = 1
      let part = 4 * model.parameters / Double(group)
      let seconds = Collective.hierarchical(part, replicas, outside)
      bytes =
        4 * layers * Collective.allReduceBytes(each, count)
        + Collective.allReduceBytes(part, replicas) + (stages > 1 ? 2 * each / Double(count) : 0)
      step = slowest + within + bubble + seconds
      overlapped = max(slowest + within + bubble, seconds)
    }
  }

  /// Arithmetic as a share of the step.
  var efficiency: Double { arithmetic / step }
  var bestEfficiency: Double { arithmetic / overlapped }
}
