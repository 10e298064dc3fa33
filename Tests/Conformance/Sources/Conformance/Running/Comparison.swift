import Blitz

/// What Blitz computed beside what PyTorch did.
struct Comparison {
  let sample: Sample
  let load: (String) throws -> Tensor
  let drawn: Bool
  /// Whether only the first result is compared where the inputs are whole numbers.
  let ties: Bool
  /// How much farther than usual numbers may be from PyTorch's.
  var tolerance = 0.0
  /// The module that was called, if it is one.
  var module: (any Module)?

  /// What differs, in words; nil if nothing does.
  func difference(_ found: [Tensor], leaves: [String: Tensor]) throws -> String? {
    guard found.count == sample.out.count else {
      return "\(found.count) results, not \(sample.out.count)"
    }
    for (place, (result, expected)) in zip(found, sample.out).enumerated() {
      if let error = result.error { throw error }
      let name: String
      var result = result
      switch expected {
      case .tensor(let real): name = real
      case .pairs(let pairs):
        name = pairs
        result = result.viewAsReal()
        if let error = result.error { throw error }
      default:
        name = ""
      }
      if name.isEmpty {
        if let text = try difference(result, number: expected) { return text }
        continue
      }
      let right = try load(name)
      if result.shape != right.shape { return "shape \(result.shape), not \(right.shape)" }
      if result.dtype != right.dtype { return "dtype \(result.dtype), not \(right.dtype)" }
      if ties && place > 0 && !found[0].dtype.isFloating { continue }
      let exact = sample.out64?.dropFirst(place).first
      if let text = try difference(result, right, exact) { return "result: \(text)" }
    }
    return drawn ? nil : try gradientDifference(found, leaves)
  }

  /// What a gradient is of, what it is, and what it is in float64.
  private typealias Slope = (name: String, of: Tensor, right: Value, exact: Value?)

  private func gradientDifference(
    _ found: [Tensor], _ leaves: [String: Tensor]
  ) throws -> String? {
    var slopes: [Slope] = []
    for (place, name) in (sample.wrt ?? []).enumerated() {
      guard let name, let leaf = leaves[name], let right = sample.grads?[place] else { continue }
      if ties && place > 0 && !found[0].dtype.isFloating { continue }
      let exact = sample.grads64?.dropFirst(place).first
      slopes.append(("gradient \(place)", leaf, right, exact))
    }
    for (name, right) in (sample.slopes ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let parameter = module?.parameters.first(where: { $0.name == name }) else { continue }
      slopes.append(("gradient of \(name)", parameter.parameter.value, right, nil))
    }
    if slopes.isEmpty { return nil }
    var total: Tensor?
    for (result, weights) in zip(found, sample.w) {
      guard case .tensor(let name) = weights, result.requiresGrad else { continue }
      let result = result.isComplex ? result.viewAsReal() : result
      let part = (result * (try load(name))).sum().cast(to: .float64)
      total = total.map { $0 + part } ?? part
    }
    let isTwice = sample.grads2 != nil
    let given = total.map { gradients(of: $0, wrt: slopes.map(\.of), createGraph: isTwice) }
    for (place, slope) in slopes.enumerated() {
      let found = given?[place] ?? Tensor.zeros(like: slope.of)
      if let error = found.error { throw error }
      var right = Tensor.zeros(like: found)
      if let name = slope.right.stored { right = try load(name) }
      if let text = try difference(found, right, slope.exact) { return "\(slope.name): \(text)" }
    }
    return isTwice ? try secondDifference(given ?? [], leaves) : nil
  }

  /// What differs in the gradients of the sum of the gradients times fixed weights.
  private func secondDifference(
    _ slopes: [Tensor], _ leaves: [String: Tensor]
  ) throws -> String? {
    let wanted = zip(sample.wrt ?? [], sample.grads2 ?? []).compactMap { name, right in
      name.flatMap { leaves[$0] }.map { (of: $0, right: right) }
    }
    let weights = zip(sample.wrt ?? [], sample.w2 ?? []).compactMap { name, weights in
      name.flatMap { leaves[$0] } == nil ? nil : weights
    }
    var total: Tensor?
    for (slope, weights) in zip(slopes, weights) {
      guard case .tensor(let name) = weights, slope.requiresGrad else { continue }
      let slope = slope.isComplex ? slope.viewAsReal() : slope
      let part = (slope * (try load(name))).sum()
      total = total.map { $0 + part } ?? part
    }
    let given = total.map { gradients(of: $0, wrt: wanted.map(\.of)) }
    for (place, (leaf, right)) in wanted.enumerated() {
      let found = given?[place] ?? Tensor.zeros(like: leaf)
      if let error = found.error { throw error }
      let right = try right.stored.map(load) ?? Tensor.zeros(like: found)
      if let text = try difference(found, right, nil) {
        return "second gradient \(place): \(text)"
      }
    }
    return nil
  }

  /// What differs in a module's buffers after the call.
  func bufferDifference() throws -> String? {
    for (name, buffer) in module?.buffers ?? [] {
      guard case .tensor(let right)? = sample.buffers?[name] else { continue }
      if let text = try difference(buffer.wrappedValue, try load(right), nil) {
        return "\(name): \(text)"
      }
    }
    return nil
  }

  /// Numbers pass that are near PyTorch's, or near those that it computes in float64; where these
  /// two are apart, near is as far as that.
  private func difference(_ found: Tensor, _ right: Tensor, _ exact: Value?) throws -> String? {
    if drawn { return nil }
    if found.shape != right.shape { return "shape \(found.shape), not \(right.shape)" }
    if !found.dtype.isFloating {
      let (a, b) = (try wholes(found), try wholes(right))
      guard let place = a.indices.first(where: { a[$0] != b[$0] }) else { return nil }
      return "\(a[place]) at \(place), not \(b[place])"
    }
    let (a, b) = (try reals(found), try reals(right))
    var c = b
    if let name = exact?.stored { c = try reals(try load(name)) }
    let (absolute, relative) = found.dtype == .float64 ? (1e-9, 1e-7) : (1e-5, 1.3e-5)
    for place in a.indices {
      let (x, y, z) = (a[place], b[place], c[place])
      if x == y || x == z || x.isNaN && (y.isNaN || z.isNaN) { continue }
      var near = absolute + relative * abs(y) + tolerance * (1 + abs(y))
      if z.isFinite && y.isFinite { near += 2 * abs(y - z) }
      if !(abs(x - y) <= near) { return "\(x) at \(place), not \(y)" }
    }
    return nil
  }

  /// A result that is no tensor.
  private func difference(_ found: Tensor, number: Value) throws -> String? {
    let wanted = numbers(number)
    let given = try reals(found.isComplex ? found.detached().viewAsReal() : found.detached())
    if drawn { return nil }
    guard given.count == wanted.count else { return "\(given.count) numbers, not \(wanted.count)" }
    for (a, b) in zip(given, wanted) where !(a == b || a.isNaN && b.isNaN) {
      if !(abs(a - b) <= 1e-6 * (1 + abs(b))) { return "\(a), not \(b)" }
    }
    return nil
  }

  private func numbers(_ value: Value) -> [Double] {
    switch value {
    case .bool(let flag): [flag ? 1 : 0]
    case .integer(let number): [Double(number)]
    case .real(let number): [number]
    case .complex(let real, let imag): [real, imag]
    case .list(let values): values.flatMap(numbers)
    default: []
    }
  }

  private func reals(_ tensor: Tensor) throws -> [Double] {
    try tensor.detached().cast(to: .float64).scalars(as: Double.self)
  }

  private func wholes(_ tensor: Tensor) throws -> [Int] {
    try tensor.detached().cast(to: .int64).scalars(as: Int.self)
  }
}
