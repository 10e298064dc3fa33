/// The structure of a pending graph, as the planner sees it: values by id, operands
/// before their users.
///
/// Arguments come first, then scalars, then ops.
struct PlanGraph: Sendable {
  struct Value: Sendable, Hashable {
    var op: Op
    var inputs: [Int]
    var shape: Shape
    var dtype: DType
  }

  let values: [Value]
  let argumentCount: Int
  let scalarCount: Int
  /// For each argument, whether its memory may be overwritten.
  let mayOverwrite: [Bool]
  /// The mesh that it is computed on, and how each argument lies there.
  let mesh: Mesh?
  let shardings: [Sharding]
  /// The values that are asked for, in order.
  let results: [Int]

  var firstOp: Int { argumentCount + scalarCount }

  /// Whether a value is one of the scalars.
  func isScalar(_ value: Int) -> Bool { value >= argumentCount && value < firstOp }

  init(
    values: [Value], argumentCount: Int, scalarCount: Int, mayOverwrite: [Bool], results: [Int],
    mesh: Mesh? = nil, shardings: [Sharding] = []
  ) {
    self.values = values
    self.argumentCount = argumentCount
    self.scalarCount = scalarCount
    self.mayOverwrite = mayOverwrite
    self.results = results
    self.mesh = mesh
    self.shardings = shardings
  }
}
