/// How a graph is run many times as one program.
struct Repetition: Sendable, Hashable {
  /// How many times, 1 or more.
  var steps: Int
  /// Arguments that each step takes from a result of the one before it.
  var carried: [Carried]
  /// Results of which every step's is kept.
  var stacked: [Int]
  /// Arguments that are another for each step.
  var perStep: [Int]

  struct Carried: Sendable, Hashable {
    /// Which of the graph's arguments.
    var argument: Int
    /// Which of the graph's results; of the argument's shape and dtype.
    var result: Int
  }
}

extension PlanGraph {
  /// The graph as a program that runs it many times.
  ///
  /// `@main` takes the graph's arguments, those of `perStep` with a first axis of all steps, then
  /// the packed scalars as `[steps, count]`. It returns, in this order, what `carried` is after
  /// the last step and `stacked` with a first axis of all steps; `resultPlaces` counts these. The
  /// graph's other results are left out.
  ///
  /// - Throws: `TensorError` for a carried result that is not like its argument, for no step, and
  ///   with the name of an op that has no text.
  func lowered(
    repeating repetition: Repetition, allowsTF32: Bool = Environment.allowsTF32
  ) throws(TensorError) -> LoweredGraph {
    let step = try LoweredFunction(self, allowsTF32: allowsTF32)
    if repetition.steps < 1 {
      throw TensorError("compile", "\(repetition.steps) steps", help: "run one step or more")
    }
    for pair in repetition.carried {
      let (argument, result) = (values[pair.argument], values[results[pair.result]])
      if argument.type != result.type {
        throw TensorError(
          "compile",
          "a step makes \(result.dtype)\(result.shape) of a state of "
            + "\(argument.dtype)\(argument.shape)",
          help: "what one step leaves the next one takes: keep its shape and dtype")
      }
    }
    let loop = Loop(graph: self, step: step, repetition: repetition)
    return LoweredGraph(
      program: Program(
        text: """
          module @blitz {
          \(ShardingText(mesh: mesh).module)\(step.text(name: "@step", isPrivate: true))
          \(loop.main)
          }

          """, arguments: loop.arguments, results: loop.results, donated: loop.donated),
      scalarPacks: step.packs, resultPlaces: Array(loop.results.indices))
  }
}

/// The `@main` that calls `@step` in a loop.
private struct Loop {
  let step: LoweredFunction
  let repetition: Repetition
  let donated: [Int]
  private let words: ShardingText
  let arguments: [Program.Value]
  let results: [Program.Value]
  /// For each parameter of the step, whether each step has another.
  private let isPerStep: [Bool]

  init(graph: PlanGraph, step: LoweredFunction, repetition: Repetition) {
    (self.step, self.repetition, donated) = (step, repetition, graph.donated)
    words = ShardingText(mesh: graph.mesh)
    var isPerStep = step.parameters.indices.map { $0 >= graph.argumentCount }
    for argument in repetition.perStep { isPerStep[argument] = true }
    self.isPerStep = isPerStep
    arguments = zip(step.parameters, isPerStep).map { parameter, isPerStep in
      isPerStep ? parameter.type.history(repetition.steps) : parameter.type
    }
    results =
      repetition.carried.map { step.parameters[$0.argument].type }
      + repetition.stacked.map {
        step.results[step.resultPlaces[$0]].type.history(repetition.steps)
      }
  }

  var main: String {
    let carried = repetition.carried.enumerated()
    let stacked = repetition.stacked.enumerated()
    let histories = results[repetition.carried.count...].map(\.text)
    var lines = [
      "%zero = stablehlo.constant dense<0> : tensor<i32>",
      "%one = stablehlo.constant dense<1> : tensor<i32>",
      "%count = stablehlo.constant dense<\(repetition.steps)> : tensor<i32>",
    ]
    for (place, result) in stacked {
      let empty = Scalar.integer(0).programText(type(of: result).dtype)
      lines.append("%h\(place)s = stablehlo.constant dense<\(empty)> : \(histories[place])")
    }
    let start =
      carried.map { "%c\($0) = \(step.parameters[$1.argument].name)" }
      + stacked.map { place, _ in "%h\(place) = %h\(place)s" }
    let types = ["tensor<i32>"] + results.map(\.text)
    lines += [
      "%loop:\(types.count) = stablehlo.while("
        + (["%i = %zero"] + start).joined(separator: ", ")
        + ") : \(types.joined(separator: ", "))",
      " cond {",
      "  %more = stablehlo.compare LT, %i, %count, SIGNED : "
        + "(tensor<i32>, tensor<i32>) -> tensor<i1>",
      "  stablehlo.return %more : tensor<i1>",
      "} do {",
    ]
    lines += body(histories).map { "  " + $0 } + ["}"]
    let names = results.indices.map { "%loop#\($0 + 1)" }
    lines.append(
      "return \(names.joined(separator: ", ")) : "
        + results.map(\.text).joined(separator: ", "))
    let list = zip(step.parameters, arguments).enumerated().map { place, pair in
      "\(pair.0.name): \(pair.1.text)"
        + words.attributes(of: pair.1, donated: donated.contains(place))
    }
    return """
        func.func @main(\(list.joined(separator: ", "))) \
      -> (\(results.map { $0.text + words.attributes(of: $0) }.joined(separator: ", "))) {
      \(lines.map { "    " + $0 }.joined(separator: "\n"))
        }
      """
  }

  /// One turn of the loop.
  private func body(_ histories: [String]) -> [String] {
    var lines: [String] = []
    var names = step.parameters.map(\.name)
    for (place, pair) in repetition.carried.enumerated() { names[pair.argument] = "%c\(place)" }
    for (place, parameter) in step.parameters.enumerated() where isPerStep[place] {
      let type = parameter.type
      let part = type.history(1)
      let zeros = String(repeating: ", %zero", count: type.shape.rank)
      let indices = [String](repeating: "tensor<i32>", count: type.shape.rank + 1)
      lines += [
        "%s\(place) = stablehlo.dynamic_slice \(parameter.name), %i\(zeros), "
          + "sizes = \(part.shape.sizes) : "
          + "(\(([arguments[place].text] + indices).joined(separator: ", "))) -> \(part.text)",
        "%p\(place) = stablehlo.reshape %s\(place) : (\(part.text)) -> \(type.text)",
      ]
      names[place] = "%p\(place)"
    }
    let types = step.results.map(\.type.text).joined(separator: ", ")
    lines.append(
      "%r:\(step.results.count) = func.call @step(\(names.joined(separator: ", "))) : "
        + "(\(step.parameters.map(\.type.text).joined(separator: ", "))) -> (\(types))")
    for (place, result) in repetition.stacked.enumerated() {
      let type = type(of: result)
      let part = type.history(1)
      let zeros = String(repeating: ", %zero", count: type.shape.rank)
      let indices = [String](repeating: "tensor<i32>", count: type.shape.rank + 1)
      lines += [
        "%u\(place) = stablehlo.reshape \(name(of: result)) : (\(type.text)) -> \(part.text)",
        "%n\(place) = stablehlo.dynamic_update_slice %h\(place), %u\(place), %i\(zeros) : "
          + "(\(([histories[place], part.text] + indices).joined(separator: ", "))) "
          + "-> \(histories[place])",
      ]
    }
    lines.append("%next = stablehlo.add %i, %one : tensor<i32>")
    let left =
      ["%next"] + repetition.carried.map { name(of: $0.result) }
      + repetition.stacked.indices.map { "%n\($0)" }
    lines.append(
      "stablehlo.return \(left.joined(separator: ", ")) : "
        + (["tensor<i32>"] + results.map(\.text)).joined(separator: ", "))
    return lines
  }

  private func type(of result: Int) -> Program.Value {
    step.results[step.resultPlaces[result]].type
  }

  private func name(of result: Int) -> String {
    step.results.count == 1 ? "%r" : "%r#\(step.resultPlaces[result])"
  }
}

extension Program.Value {
  /// One of these for each step.
  fileprivate func history(_ steps: Int) -> Program.Value {
    Program.Value(
      shape: Shape([steps] + shape.sizes), dtype: dtype,
      sharding: Sharding(axes: [nil] + sharding.axes))
  }
}
