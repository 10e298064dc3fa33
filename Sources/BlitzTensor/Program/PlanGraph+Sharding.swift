/// How what a graph computes lies on a mesh.
extension PlanGraph {
  /// How each value lies: what is computed element by element as its operands of that shape do,
  /// all else replicated. Compilers may keep it otherwise on the way; this is for results.
  var resultShardings: [Sharding] {
    guard mesh != nil else { return results.map { _ in .replicated } }
    var layouts = shardings
    layouts += [Sharding](repeating: .replicated, count: scalarCount)
    for value in values[firstOp...] {
      let keepsPlaces = value.op.rule.stage == .elementwise || value.op == .reshape
      let operands = value.inputs.filter { values[$0].shape == value.shape }
      layouts.append(
        keepsPlaces
          ? operands.lazy.map { layouts[$0] }.first { !$0.isReplicated } ?? .replicated
          : .replicated)
    }
    return results.map { layouts[$0] }
  }
}

/// Shardy's words in a program: a mesh, and for each argument and result how it lies there.
struct ShardingText {
  let mesh: Mesh?

  /// The mesh's line in a module; empty if there is no mesh.
  var module: String {
    guard let mesh else { return "" }
    let axes = mesh.axes.map { "\"\($0.name)\"=\($0.count)" }.joined(separator: ", ")
    return "  sdy.mesh @mesh = <[\(axes)]>\n"
  }

  /// What stands behind the type of an argument or result, with other attributes.
  func attributes(of value: Program.Value, donated: Bool = false) -> String {
    var parts = donated ? ["jax.buffer_donor = true"] : []
    if mesh != nil {
      let axes = value.shape.indices.map { axis in
        let names = value.sharding.axes
        return axis < names.count ? names[axis].map { "{\"\($0)\"}" } ?? "{}" : "{}"
      }
      parts.append("sdy.sharding = #sdy.sharding<@mesh, [\(axes.joined(separator: ", "))]>")
    }
    return parts.isEmpty ? "" : " {\(parts.joined(separator: ", "))}"
  }
}
