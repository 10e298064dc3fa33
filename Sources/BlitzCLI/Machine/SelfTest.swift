import Blitz
import BlitzTensor

/// What every primitive computes on a device, beside what it computes on the processor.
struct SelfTest {
  /// How one sample went on one device.
  enum Outcome: Equatable {
    /// The largest error of all elements; 0 where all are the same.
    case computed(error: Double)
    /// It could not be computed, and why.
    case failed(String)
  }

  /// The devices, by the names that `--device` takes.
  let devices: [String]
  /// For each sample, its outcome on each device.
  private(set) var rows: [(sample: Sample, outcomes: [Outcome])] = []

  /// Computes all samples on all devices.
  ///
  /// - Parameter progress: called before each with its place, from 0.
  init(
    on devices: [String], samples: [Sample] = Sample.all,
    progress: (_ done: Int, _ name: String) -> Void = { _, _ in }
  ) {
    self.devices = devices
    // One that is not there is not looked for once for each sample.
    let found = devices.map { name in Result { () throws(TensorError) in try Device(named: name) } }
    for (place, sample) in samples.enumerated() {
      progress(place, sample.name)
      let inputs = sample.inputs()
      let expected = Result { () throws(TensorError) in
        try SelfTest.numbers(sample.compute(inputs))
      }
      let outcomes = found.map { device -> Outcome in
        do throws(TensorError) {
          let device = try device.get()
          let answer = sample.compute(inputs.map { $0.to(device) })
          return .computed(
            error: SelfTest.error(
              try SelfTest.numbers(answer), of: try expected.get()))
        } catch {
          return .failed(error.line)
        }
      }
      rows.append((sample, outcomes))
    }
  }

  /// A result's shape and numbers, as the processor holds them.
  private static func numbers(_ tensor: Tensor) throws(TensorError) -> (Shape, DType, [Double]) {
    let there = try tensor.eval().to(.cpu)
    return (tensor.shape, tensor.dtype, try there.cast(to: .float64).scalars(as: Double.self))
  }

  /// The largest difference, each over the greater of 1 and the number that is expected. NaN is
  /// NaN's equal; anything else beside it is infinitely wrong.
  private static func error(
    _ found: (shape: Shape, dtype: DType, numbers: [Double]),
    of expected: (shape: Shape, dtype: DType, numbers: [Double])
  ) -> Double {
    guard found.shape == expected.shape, found.dtype == expected.dtype else { return .infinity }
    return zip(found.numbers, expected.numbers).reduce(0) { largest, pair in
      let (a, b) = pair
      if a == b || (a.isNaN && b.isNaN) { return largest }
      let error = abs(a - b) / max(1, abs(b))
      return max(largest, error.isNaN ? .infinity : error)
    }
  }

  /// Whether a sample's outcome is within its tolerance.
  static func passes(_ outcome: Outcome, _ sample: Sample) -> Bool {
    if case .computed(let error) = outcome { return error <= sample.tolerance }
    return false
  }

  /// What did not pass: which sample on which device.
  var failures: [(sample: Sample, device: String, outcome: Outcome)] {
    rows.flatMap { sample, outcomes in
      zip(devices, outcomes).filter { !SelfTest.passes($1, sample) }
        .map { (sample, $0, $1) }
    }
  }

  /// The sample with the largest error on a device, if something was computed there.
  func worst(on device: Int) -> (name: String, error: Double)? {
    let computed = rows.compactMap { row -> (name: String, error: Double)? in
      guard case .computed(let error) = row.outcomes[device] else { return nil }
      return (row.sample.name, error)
    }
    return computed.max { $0.error < $1.error }
  }
}

extension TensorError {
  /// Everything but the place, on one line: rule, operands, help.
  var line: String { "\(op): \(details)" }

  /// The rule, the operands and the help on one line. Operands of one role share its name.
  var details: String {
    var parts = [rule]
    var last: String?
    for (role, description) in operands {
      let text = description.split(whereSeparator: \.isNewline).joined(separator: " ")
      parts.append(role == last ? text : "\(role): \(text)")
      last = role
    }
    return (parts + (help.map { [$0] } ?? [])).joined(separator: "; ")
  }
}
