import BlitzNN
import BlitzTensor

/// Recordings of a model, one for each signature of what it is given: shapes, dtypes, devices.
///
/// Weights are given to a recording, so that a changed one is seen; those of a few numbers, which
/// may decide shapes, are a part of the signature, as are those of 8 bits, which no optimizer
/// changes.
final class PlanCache: Sendable {
  private struct Key: Hashable {
    var names: [String]
    var signatures: [Recording.Signature]
    var small: [[UInt8]]
    /// What tells the elements of weights of 8 bits from others.
    var bytes: [Int]
  }

  private enum Plan: Sendable {
    /// With what the recording captured, so that it stays.
    case recorded(Recording, types: [ElementType], captured: [String: Value])
    /// The model asks for numbers on the way: it is run node by node.
    case eager
  }

  /// The initializers of a model, as they are at a call.
  struct Stored {
    let weights: [(name: String, weight: Parameter)]
    let constants: [(name: String, constant: Buffer, type: ElementType)]
    let names: Set<String>

    /// Where each is.
    var places: [String: Int] {
      var places: [String: Int] = [:]
      for (place, entry) in weights.enumerated() { places[entry.name] = place }
      for (place, entry) in constants.enumerated() { places[entry.name] = weights.count + place }
      return places
    }

    var count: Int { weights.count + constants.count }

    subscript(place: Int) -> Tensor {
      place < weights.count
        ? weights[place].weight.value : constants[place - weights.count].constant.wrappedValue
    }
  }

  /// A call: the next ones are mostly like it, and found so without dictionaries and hashes.
  private struct Call: Sendable {
    /// The inputs in the order in which they were given.
    let names: [String]
    let signatures: [Recording.Signature]
    let types: [ElementType?]
    /// What tells the initializers' elements from others, in the order of the file.
    let identities: [Int]
    /// Where each tensor of a run is: among the initializers, or, behind them, the inputs.
    let places: [Int]
    let recording: Recording
    let results: [ElementType]

    /// Whether inputs are of the same names, shapes and types.
    func takes(_ given: [(name: String, value: Value)]) -> Bool {
      guard names.count == given.count else { return false }
      for (place, entry) in given.enumerated() {
        guard case .tensor(let tensor, let type) = entry.value, type == types[place],
          Recording.Signature(tensor) == signatures[place], entry.name == names[place]
        else { return false }
      }
      return true
    }
  }

  private struct Plans {
    /// One call of each signature, the latest first.
    var calls: [Call] = []
    var plans: [Key: Plan] = [:]
    /// The keys, the oldest first.
    var order: [Key] = []
  }

  private let plans = Lock(Plans())
  /// How many signatures are kept.
  private let limit = 16
  /// Weights of at most so many numbers are a part of the signature.
  static let smallCount = 16

  /// How many signatures have a recording.
  var count: Int {
    plans.withLock { plans in
      plans.plans.values.count { if case .recorded = $0 { true } else { false } }
    }
  }

  /// The outputs of a call that is like an earlier one; nil if none is.
  func repeated(
    _ given: [(name: String, value: Value)], _ stored: Stored
  ) throws -> [Value]? {
    guard let call = plans.withLock({ $0.calls.first { $0.takes(given) } }) else { return nil }
    var tensors: [Tensor] = []
    tensors.reserveCapacity(stored.count + given.count)
    for place in 0..<stored.count {
      let tensor = stored[place]
      guard tensor.identity == call.identities[place] else { return nil }
      tensors.append(tensor)
    }
    for case .tensor(let tensor, _) in given.map(\.value) {
      try eval(tensor)
      tensors.append(tensor)
    }
    var none: [Tensor] = []
    let results = try call.recording.run(&none, call.places.map { tensors[$0] })
    return zip(results, call.results).map { .tensor($0, $1) }
  }

  /// Keeps a call for the next one.
  private func keep(
    _ key: Key, _ given: [(name: String, value: Value)], _ stored: Stored,
    _ recording: Recording, _ results: [ElementType]
  ) {
    let tensors = given.compactMap(\.value.tensor)
    guard tensors.count == given.count else { return }
    var places = stored.places
    for (place, entry) in given.enumerated() { places[entry.name] = stored.count + place }
    let call = Call(
      names: given.map(\.name), signatures: tensors.map(Recording.Signature.init),
      types: given.map(\.value.type), identities: (0..<stored.count).map { stored[$0].identity },
      places: key.names.compactMap { places[$0] }, recording: recording, results: results)
    plans.withLock { plans in
      plans.calls.removeAll { $0.takes(given) }
      plans.calls.insert(call, at: 0)
      if plans.calls.count > limit { plans.calls.removeLast() }
    }
  }

  /// The outputs for values by name, by a recording where there can be one.
  ///
  /// - Parameter run: runs the model node by node.
  func run(
    _ values: [String: Value], given: [(name: String, value: Value)], _ stored: Stored,
    _ run: ([String: Value]) throws -> [Value]
  ) throws -> [Value] {
    let weights = stored.names.subtracting(given.map(\.name))
    var (names, tensors, small): ([String], [Tensor], [[UInt8]]) = ([], [], [])
    var bytes: [Int] = []
    var fixed = values
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard case .tensor(let tensor, _) = value else {
        // Lists and texts are in no signature.
        if weights.contains(name) { continue }
        return try run(values)
      }
      if weights.contains(name), tensor.elementCount <= Self.smallCount {
        small.append(try tensor.withBytes { Array($0) })
        continue
      }
      if weights.contains(name), tensor.dtype == .int8 || tensor.dtype == .uint8 {
        // Their sums, which products of whole numbers need, are a part of the recording.
        bytes.append(tensor.identity)
        continue
      }
      fixed[name] = nil
      names.append(name)
      tensors.append(tensor)
    }
    try eval(tensors)
    let key = Key(
      names: names, signatures: tensors.map(Recording.Signature.init), small: small,
      bytes: bytes)
    switch plan(for: key, fixed, values, run) {
    case .eager: return try run(values)
    case .recorded(let recording, let types, _):
      keep(key, given, stored, recording, types)
      var none: [Tensor] = []
      let results = try recording.run(&none, tensors)
      return zip(results, types).map { .tensor($0, $1) }
    }
  }

  private func plan(
    for key: Key, _ fixed: [String: Value], _ values: [String: Value],
    _ run: ([String: Value]) throws -> [Value]
  ) -> Plan {
    if let known = plans.withLock({ plans in plans.plans[key] }) { return known }
    var types: [ElementType] = []
    let recording = try? Recording(stateCount: 0, signatures: key.signatures) { given in
      var recorded = fixed
      for (name, tensor) in zip(key.names, given.inputs) {
        recorded[name] = .tensor(tensor, values[name]?.type ?? ElementType(tensor.dtype))
      }
      let results = try run(recorded)
      let tensors = results.compactMap(\.tensor)
      guard tensors.count == results.count else {
        throw TensorError("ONNXModel", "an output is no tensor")
      }
      types = results.map { $0.type ?? .float32 }
      return ([], tensors)
    }
    let plan = recording.map { Plan.recorded($0, types: types, captured: fixed) } ?? .eager
    let limit = limit
    plans.withLock { plans in
      // Another thread may have planned the same.
      guard plans.plans.updateValue(plan, forKey: key) == nil else { return }
      plans.order.append(key)
      if plans.order.count > limit { plans.plans[plans.order.removeFirst()] = nil }
    }
    return plan
  }
}
