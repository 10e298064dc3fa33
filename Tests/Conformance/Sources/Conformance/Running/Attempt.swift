import Blitz

/// One sample, computed with Blitz's words.
struct Attempt {
  let unit: Unit
  let sample: Sample
  let file: SafetensorsFile

  /// What came of it, and why.
  func outcome() -> (Outcome.Kind, String) {
    if sample.torch == "no error" { return (.foreign, "PyTorch computes it") }
    // Which of Python's values are tensors is the compiler's business in Swift.
    let words = [
      "must be Tensor, not", "invalid combination", "descriptor", "has no attribute",
      "should be of type", "must be an int or None", "should contain one int",
      "output_size must be", "output_size.size() must be",
    ]
    if let torch = sample.torch ?? sample.regex, words.contains(where: torch.contains) {
      return (.foreign, "values of other types")
    }
    if isError { return refusal() }
    if sample.out.isEmpty { return (.foreign, "an answer without tensors") }
    if let what = foreignPart { return (.foreign, what) }
    do {
      // The seed that PyTorch sets for what it draws.
      manualSeed(unit.kind == .modules ? 1 : 42)
      let text: String?
      switch unit.kind {
      case .modules: text = try moduleDifference()
      case .optimizers: text = try optimizerDifference()
      case .schedules: text = try scheduleDifference()
      case .distributions: text = try distributionDifference()
      default: text = try opDifference()
      }
      return text.map { (.wrong, $0) } ?? (.passes, "")
    } catch let error as Lacking {
      return (.lacks, error.what)
    } catch is NoSuchCase {
      return (.foreign, "values of other types")
    } catch let error as TensorError {
      return (.refused, error.summary)
    } catch {
      return (.refused, "\(error)")
    }
  }

  /// A tensor of the sample, on the device that `BLITZ_DEVICE` names.
  private func load(_ name: String) throws -> Tensor {
    try file.tensor(named: name).to(.default)
  }

  private var isError: Bool { unit.kind == .errors || unit.kind == .moduleErrors }

  private var foreignPart: String? {
    let given = [sample.in] + sample.args + Array(sample.kw.values) + sample.out
    let made = (sample.made ?? []) + Array((sample.madeBy ?? [:]).values)
    return (given + made).lazy.compactMap(\.foreignPart).first
  }

  /// Bad input passes that gives an error value or throws one.
  private func refusal() -> (Outcome.Kind, String) {
    if let what = foreignPart { return (.foreign, what) }
    if sample.kw["out"] != nil { return (.foreign, "a tensor to write into: results are values") }
    do {
      let found: [Tensor]
      let lacking: String?
      if unit.kind == .errors {
        let call = Call(sample, load: load)
        found = try Table.ops.rows[unit.op]!.compute(call)
        lacking = call.lacking
      } else {
        let made = Call(making: sample, load: load)
        let network = try Table.modules.rows[unit.op]!.make(made)
        // Weights that cannot be carry the error.
        let weights = network.module?.parameters.map(\.parameter.value) ?? []
        if weights.contains(where: { $0.error != nil }) { return (.passes, "") }
        // What is wrong with a constructor's arguments shows when the layer is called.
        var call = Call(sample, load: load)
        if case .none = sample.in, let input = try probe(made) {
          call = Call(input: input, like: sample)
        }
        found = try network.compute(call)
        lacking = made.lacking ?? call.lacking
      }
      // Numbers out of range show when they are computed.
      for tensor in found { try eval(tensor) }
      if let lacking { return (.lacks, "the option \(lacking)") }
      return (.wrong, "gives \(found.map(\.signature).joined(separator: ", "))")
    } catch let error as Lacking {
      return (.lacks, error.what)
    } catch is NoSuchCase {
      return (.foreign, "values of other types")
    } catch {
      return (.passes, "")
    }
  }

  /// What a layer is called with that PyTorch only makes: an input that fits but for what is wrong.
  private func probe(_ made: Call) throws -> [Tensor]? {
    switch unit.op {
    case "nn.GroupNorm": [Tensor.ones([2, try made.int(1)])]
    case "nn.LinearCrossEntropyLoss":
      [Tensor.ones([2, try made.int(0)]), Tensor.zeros([2], dtype: .int64)]
    default: nil
    }
  }

  private func opDifference() throws -> String? {
    let row = Table.ops.rows[unit.op]!
    let leaves = Leaves(sample: sample, load: load)
    let call = Call(sample, load: leaves.tensor)
    let found = try row.compute(call)
    if let name = call.lacking { throw Lacking(what: "the option \(name)") }
    let comparison = Comparison(
      sample: sample, load: load, drawn: row.drawn, ties: row.ties)
    return try comparison.difference(found, leaves: leaves.tensors)
  }

  private func moduleDifference() throws -> String? {
    let row = Table.modules.rows[unit.op]!
    let leaves = Leaves(sample: sample, load: load)
    let made = Call(making: sample, load: load)
    let network = try row.make(made)
    if let module = network.module {
      var state: [String: Tensor] = [:]
      for case (let name, .tensor(let place)) in sample.state ?? [:] {
        state[name] = try load(place)
      }
      state["_random_samples"] = nil
      // The factors of classes are an argument here.
      if unit.op == "nn.LinearCrossEntropyLoss" { state["weight"] = nil }
      if unit.dtype == "float64" { module.cast(to: .float64) }
      unit.training == true ? module.train() : module.eval()
      if !state.isEmpty { try module.load(state) }
    }
    manualSeed(1)
    let call = Call(sample, load: leaves.tensor)
    let found = try network.compute(call)
    if let name = made.lacking ?? call.lacking { throw Lacking(what: "the option \(name)") }
    let comparison = Comparison(
      sample: sample, load: load, drawn: row.isDrawn && unit.training == true,
      ties: false, module: network.module)
    return try comparison.difference(found, leaves: leaves.tensors)
      ?? comparison.bufferDifference()
  }

  private func optimizerDifference() throws -> String? {
    let call = Call(sample, load: load)
    let found = try OptimizerRun(call: call).parameters(
      Table.optimizers.rows[unit.op]!)
    if let name = call.lacking { throw Lacking(what: "the option \(name)") }
    return try Comparison(
      sample: sample, load: load, drawn: false, ties: false,
      tolerance: OptimizerTable.tolerances[unit.op] ?? 0
    ).difference(found, leaves: [:])
  }
}

extension Attempt {
  private func scheduleDifference() throws -> String? {
    let call = Call(sample, load: load)
    let found = try ScheduleTable.rows[unit.op]!(call)
    if let name = call.lacking { throw Lacking(what: "the option \(name)") }
    return try Comparison(sample: sample, load: load, drawn: false, ties: false)
      .difference(found.map { Tensor($0, dtype: .float64) }, leaves: [:])
  }

  private func distributionDifference() throws -> String? {
    let leaves = Leaves(sample: sample, load: load)
    let found = try DistributionTable.rows[unit.op]!(Call(sample, load: leaves.tensor))
    return try Comparison(sample: sample, load: load, drawn: false, ties: false)
      .difference([found], leaves: leaves.tensors)
  }
}

/// The tensors of a sample; those whose gradients are stored require them.
private final class Leaves {
  private let load: (String) throws -> Tensor
  private let wanted: Set<String>
  private(set) var tensors: [String: Tensor] = [:]

  init(sample: Sample, load: @escaping (String) throws -> Tensor) {
    self.load = load
    wanted = Set((sample.wrt ?? []).compactMap { $0 })
  }

  func tensor(_ name: String) throws -> Tensor {
    if let leaf = tensors[name] { return leaf }
    let tensor = try load(name)
    guard wanted.contains(name) else { return tensor }
    let leaf = tensor.requiringGrad()
    tensors[name] = leaf
    return leaf
  }
}
