import Blitz
import BlitzTensor

/// Shows a value below the cell now, as the cell's last expression is shown at its end.
///
///     for epoch in 1...3 { show(plot(epoch)) }
///
/// A tensor that carries an error is said to do so on standard error.
public func show<Value>(_ value: Value) { publish("display", value) }

/// Shows a value in the place of what was last shown under the same name.
///
///     for step in 1...100 { show(plot(losses), named: "losses") }
public func show<Value>(_ value: Value, named name: String) {
  publish("update", value, name: name)
}

/// Shows the value of a cell's last expression; nothing for `()`. The error that a tensor carries
/// is the cell's.
public func __cellShow<Value>(_ value: Value) throws {
  if value is Void { return }
  if let error = carriedError(value) { throw error }
  publish("result", value)
}

/// A value that cannot be copied has no description either.
@_disfavoredOverload
public func __cellShow<Value: ~Copyable>(_ value: borrowing Value) {}

private func publish<Value>(_ kind: String, _ value: Value, name: String = "") {
  if let error = carriedError(value) { return CellSession.warn(error, of: "what is shown") }
  var fields = [Array(kind.utf8), Array(name.utf8)]
  func add(_ type: String, _ bytes: [UInt8]) { fields += [Array(type.utf8), bytes] }
  let display = displayed(value)
  if let svg = display?.svg { add("image/svg+xml", Array(svg.utf8)) }
  if let png = display?.png { add("image/png", png) }
  if let html = display?.html { add("text/html", Array(html.utf8)) }
  add("text/plain", Array((display?.text ?? plain(value)).utf8))
  CellSession.send(fields)
}

/// The error that a tensor carries, also one in an optional, a tuple, an array or a dictionary; of
/// many values the first are looked at.
func carriedError(_ value: Any) -> TensorError? {
  if let tensor = value as? Tensor { return tensor.error }
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional, .tuple, .collection, .dictionary:
    return mirror.children.prefix(100).lazy.compactMap { carriedError($0.value) }.first
  default: return nil
  }
}

private func displayed(_ value: Any) -> Display? {
  if let value = value as? any Displayable { return value.display }
  return nil
}

/// What `print` shows, but strings in quotes; an optional shows what it holds.
private func plain(_ value: Any) -> String {
  let mirror = Mirror(reflecting: value)
  if mirror.displayStyle == .optional {
    guard let held = mirror.children.first?.value else { return "nil" }
    return plain(held)
  }
  return String(reflecting: value)
}
