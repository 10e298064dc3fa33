/// Products of tensors summed over named axes, by Einstein's convention: `torch.einsum`.
///
///     einsum("ij,jk->ik", a, b)        // matrix product
///     einsum("bij,bjk->bik", a, b)     // of each matrix of a batch
///     einsum("i,j->ij", a, b)          // all products
///     einsum("...ii->...i", a)         // diagonals
///
/// - Parameters:
///   - equation: a letter for each axis of each operand, operands separated by commas, and
///     behind an arrow the axes of the result; the other letters are summed over. Without an
///     arrow the result has the letters that occur once, in alphabetical order. An ellipsis
///     stands for any axes, which broadcast. Spaces do not matter.
///   - operands: one for each part of the equation.
/// - Returns: the axes behind the arrow, in the operands' dtype.
/// - Gradient: the same kind of sum of `g` and the other operands.
/// - Error: an equation that cannot be read or does not fit the operands' axes, sizes of a
///   letter or dtypes that differ, bool.
public func einsum(_ equation: String, _ operands: Tensor...) -> Tensor {
  if let failed = operands.first(where: { $0.error != nil }) { return failed }
  let operands = Autocast.isOn ? operands.map(\.downcast) : operands
  for operand in operands {
    if let error = operand.domainError("einsum", .numeric) { return Tensor(error: error) }
    if operand.dtype != operands[0].dtype {
      return Tensor(error: .dtypes("einsum", operands[0], operand))
    }
  }
  do {
    return try Einsum(equation, operands).result()
  } catch {
    return Tensor(error: error)
  }
}

/// An equation and its operands, taken together pair by pair from the left.
private struct Einsum {
  /// A tensor whose axes have names, each of them once.
  struct Factor {
    var tensor: Tensor
    var names: [Character]

    func size(_ name: Character) -> Int? {
      names.firstIndex(of: name).map { tensor.shape[$0] }
    }
  }

  let equation: String
  let operands: [Tensor]
  var factors: [Factor] = []
  var output: [Character] = []

  init(_ equation: String, _ operands: [Tensor]) throws(TensorError) {
    self.equation = equation
    self.operands = operands
    let text = equation.filter { $0 != " " }
    let sides = text.split(separator: "->", omittingEmptySubsequences: false)
    guard sides.count <= 2 else { throw error("there is more than one arrow") }
    let parts = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == operands.count else {
      throw error(
        "the equation has \(Einsum.counted(parts.count, "part")), "
          + "but there \(operands.count == 1 ? "is" : "are") "
          + Einsum.counted(operands.count, "operand"))
    }
    var names: [[Character]] = []
    var widest = 0
    for (index, part) in parts.enumerated() {
      let (before, after) = try letters(part)
      let named = before.count + (after?.count ?? 0)
      let hidden = operands[index].rank - named
      guard after == nil ? hidden == 0 : hidden >= 0 else {
        throw error(
          "\"\(part)\" names \(Einsum.counted(named, "axis", "axes")), "
            + "operand \(index) has \(operands[index].rank)")
      }
      if after != nil { widest = max(widest, hidden) }
      names.append(before + Einsum.hiddenNames(hidden) + (after ?? []))
    }
    try align(names)
    try chooseOutput(sides.count == 2 ? sides[1] : nil, names: names, hidden: widest)
  }

  /// Names of the axes that an ellipsis stands for, counted from the last: digits, then on.
  private static func hiddenNames(_ count: Int) -> [Character] {
    (0..<count).reversed().map { Character(Unicode.Scalar(0xE000 + UInt32($0))!) }
  }

  private static func isHidden(_ name: Character) -> Bool { !name.isASCII }

  private static func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
  }

  /// The letters before and, if there is an ellipsis, behind it.
  private func letters(
    _ part: Substring
  ) throws(TensorError) -> (before: [Character], after: [Character]?) {
    let pieces = part.split(separator: "...", omittingEmptySubsequences: false)
    guard pieces.count <= 2 else { throw error("\"\(part)\" has more than one ellipsis") }
    for character in pieces.joined() where !(character.isASCII && character.isLetter) {
      throw error("\"\(character)\" is not a letter")
    }
    return (Array(pieces[0]), pieces.count == 2 ? Array(pieces[1]) : nil)
  }

  /// Takes diagonals where an operand repeats a letter, broadcasts what ellipses stand for,
  /// and checks that a letter has one size.
  private mutating func align(_ names: [[Character]]) throws(TensorError) {
    var sizes: [Character: Int] = [:]
    for (operand, names) in zip(operands, names) {
      for (axis, name) in names.enumerated() {
        let size = operand.shape[axis]
        let known = sizes[name] ?? size
        if Einsum.isHidden(name) && (size == 1 || known == 1) {
          sizes[name] = size == 1 ? known : size
        } else if size == known {
          sizes[name] = size
        } else if Einsum.isHidden(name) {
          throw error("the axes of the ellipses do not broadcast: \(known) and \(size)")
        } else {
          throw error("the axis \(name) has two sizes, \(known) and \(size)")
        }
      }
    }
    for (operand, names) in zip(operands, names) {
      var factor = Factor(tensor: operand, names: names)
      while let (first, second) = Einsum.repetition(factor.names) {
        factor = Einsum.diagonal(factor, first, second)
      }
      let full = Shape(
        factor.names.map { Einsum.isHidden($0) ? sizes[$0]! : factor.size($0)! })
      factor.tensor = factor.tensor.broadcast(to: full)
      factors.append(factor)
    }
  }

  private static func repetition(_ names: [Character]) -> (Int, Int)? {
    for (place, name) in names.enumerated() {
      if let first = names[..<place].firstIndex(of: name) { return (first, place) }
    }
    return nil
  }

  /// Two axes of the same size become one: every (n + 1)th element of the two flattened.
  private static func diagonal(_ factor: Factor, _ first: Int, _ second: Int) -> Factor {
    let tensor = factor.tensor
    let count = tensor.shape[first]
    let rest = tensor.shape.indices.filter { $0 != first && $0 != second }
    let sizes = rest.map { tensor.shape[$0] }
    let flat = tensor.reordered(rest + [first, second])
      .viewed(as: Shape(sizes + [count * count]))
    let step = AxisSlice(start: 0, step: count + 1, count: count)
    return Factor(
      tensor: flat.sliced(axis: rest.count, step),
      names: rest.map { factor.names[$0] } + [factor.names[first]])
  }

  private mutating func chooseOutput(
    _ text: Substring?, names: [[Character]], hidden: Int
  ) throws(TensorError) {
    guard let text else {
      let all = names.joined()
      let once = Set(all).filter { name in all.lazy.filter { $0 == name }.count == 1 }
      output =
        Einsum.hiddenNames(hidden) + once.filter { !Einsum.isHidden($0) }.sorted()
      return
    }
    let (before, after) = try letters(text)
    if after == nil && hidden > 0 {
      throw error("the result has no ellipsis, but an operand has")
    }
    output = before + (after == nil ? [] : Einsum.hiddenNames(hidden)) + (after ?? [])
    for (place, name) in output.enumerated() {
      if output[..<place].contains(name) { throw error("the result names \(name) twice") }
      if !names.joined().contains(name) {
        throw error("the result names \(name), which no operand has")
      }
    }
  }

  func result() -> Tensor {
    var left = factors[0]
    for (index, factor) in factors.dropFirst().enumerated() {
      let needed = Set(output).union(factors.dropFirst(index + 2).flatMap(\.names))
      left = Einsum.product(left, factor, keeping: needed)
      if left.tensor.error != nil { return left.tensor }
    }
    let needed = Set(output)
    left = Einsum.summed(left) { needed.contains($0) }
    return left.tensor.reordered(output.map { left.names.firstIndex(of: $0)! })
  }

  /// The sum over the axes that are not needed any more.
  private static func summed(_ factor: Factor, keeping: (Character) -> Bool) -> Factor {
    let axes = factor.names.indices.filter { !keeping(factor.names[$0]) }
    if axes.isEmpty { return factor }
    return Factor(
      tensor: factor.tensor.reduced("einsum", .sum, axes: axes, keepDims: false),
      names: factor.names.filter(keeping))
  }

  /// Two factors as one batch of matrix products.
  private static func product(
    _ left: Factor, _ right: Factor, keeping needed: Set<Character>
  ) -> Factor {
    let a = summed(left) { needed.contains($0) || right.names.contains($0) }
    let b = summed(right) { needed.contains($0) || left.names.contains($0) }
    let shared = a.names.filter { b.names.contains($0) }
    let batch = shared.filter { needed.contains($0) }
    let inner = shared.filter { !needed.contains($0) }
    let rows = a.names.filter { !shared.contains($0) }
    let columns = b.names.filter { !shared.contains($0) }
    func sizes(_ names: [Character], of factor: Factor) -> [Int] {
      names.map { factor.size($0)! }
    }
    func arranged(_ factor: Factor, _ names: [Character], as shape: [Int]) -> Tensor {
      factor.tensor.reordered(names.map { factor.names.firstIndex(of: $0)! })
        .viewed(as: Shape(shape))
    }
    let names = batch + rows + columns
    let full = Shape(
      sizes(batch, of: a) + sizes(rows, of: a) + sizes(columns, of: b))
    func count(_ names: [Character], _ factor: Factor) -> Int {
      sizes(names, of: factor).reduce(1, *)
    }
    if full.checkedElementCount == nil {
      let operands = [("left", a.tensor), ("right", b.tensor)]
      return Factor(tensor: Tensor(error: .tooLarge("einsum", full, operands)), names: names)
    }
    if inner.isEmpty {
      let ones = { (names: [Character]) in names.map { _ in 1 } }
      let product =
        arranged(a, batch + rows, as: sizes(batch + rows, of: a) + ones(columns))
        * arranged(b, batch + columns, as: sizes(batch, of: b) + ones(rows) + sizes(columns, of: b))
      return Factor(tensor: product, names: names)
    }
    let (m, k, n) = (count(rows, a), count(inner, a), count(columns, b))
    let front = sizes(batch, of: a)
    let product = Tensor.product(
      of: arranged(a, batch + rows + inner, as: front + [m, k]),
      arranged(b, batch + inner + columns, as: front + [k, n]))
    return Factor(tensor: product.viewed(as: full), names: names)
  }

  private func error(_ rule: String) -> TensorError {
    TensorError(
      "einsum", rule,
      operands: [("equation", "\"\(equation)\"")]
        + operands.enumerated().map { ("operand \($0.offset)", $0.element.signature) },
      help: "a letter for each axis of each operand, as in einsum(\"ij,jk->ik\", a, b)")
  }
}
