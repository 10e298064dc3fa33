/// How a primitive becomes text in StableHLO: a part of its rule.
enum Lowering: Sendable {
  /// Writes the op and returns its value.
  case text(@Sendable (inout ProgramText, Operation) -> ProgramText.Value)
  /// There is no text, and why.
  case refused(String)

  /// One op on its way into a program.
  struct Operation {
    let op: Op
    let inputs: [ProgramText.Value]
    let shape: Shape
    let dtype: DType

    var type: Program.Value { Program.Value(shape: shape, dtype: dtype) }
  }

  /// An elementwise op that StableHLO has under a name of its own.
  static func named(_ name: String) -> Lowering {
    elementwise { text, a in
      let type = a[0].type
      return text.emit("stablehlo.\(name) \(a) : \(type)", type.shape, type.dtype)
    }
  }

  /// The same, where whole numbers stay as they are.
  static func rounding(_ name: String) -> Lowering {
    elementwise { $1[0].dtype.isFloating ? $0.same(name, $1[0]) : $1[0] }
  }

  /// A comparison.
  static func comparison(_ direction: String) -> Lowering {
    elementwise { $0.compare(direction, $1[0], $1[1]) }
  }

  /// An elementwise op, from operands in the shape of the result.
  static func elementwise(
    _ write: @escaping @Sendable (inout ProgramText, [ProgramText.Value]) -> ProgramText.Value
  ) -> Lowering {
    .text { text, operation in
      write(&text, operation.inputs.map { text.spread($0, to: operation.shape) })
    }
  }
}

extension ProgramText {
  /// Writes an op of a graph.
  ///
  /// - Throws: `TensorError` with the op's name if it has no text.
  mutating func lower(_ operation: Lowering.Operation) throws(TensorError) -> Value {
    let rule = operation.op.rule
    switch rule.lowering {
    case .refused(let reason):
      throw TensorError(
        rule.name, "cannot run on an accelerator: it \(reason)",
        help: "compute this part on the CPU")
    case .text(let write):
      // Nothing needs no computing, and not every compiler takes all ops on it.
      if operation.shape.elementCount == 0 {
        return emit(
          "stablehlo.constant dense<> : \(operation.type)", operation.shape, operation.dtype)
      }
      return write(&self, operation)
    }
  }
}
