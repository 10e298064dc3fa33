import BlitzTensor
import Synchronization

/// How far the inputs of each weight reach, while `during` calls a model.
final class Calibration: Sendable {
  private struct Seen: Sendable {
    var most: [ObjectIdentifier: Double] = [:]
    var error: TensorError?
  }

  private let seen = Lock(Seen())
  private static let task = TaskLocal<Calibration?>(wrappedValue: nil)
  /// How many there are: mostly none, and then a layer's call costs a look at this.
  private static let count = Atomic<Int>(0)

  static var current: Calibration? {
    count.load(ordering: .relaxed) == 0 ? nil : task.get()
  }

  func during(_ body: () throws -> Void) rethrows {
    Calibration.count.wrappingAdd(1, ordering: .relaxed)
    defer { Calibration.count.wrappingSubtract(1, ordering: .relaxed) }
    try Calibration.task.withValue(self, operation: body)
  }

  /// Notes an input of a weight.
  func note(_ input: Tensor, for parameter: Parameter) {
    if input.error == nil, input.elementCount == 0 { return }
    do throws(TensorError) {
      let most = try input.detached().abs().max().item()
      guard most.isFinite else {
        throw TensorError(
          "quantized", "an input of a layer is not finite while the model is calibrated",
          operands: [("input", input.signature)], help: "leave such examples out")
      }
      seen.withLock { seen in
        seen.most[ObjectIdentifier(parameter)] = max(
          most, seen.most[ObjectIdentifier(parameter)] ?? 0)
      }
    } catch {
      seen.withLock { $0.error = $0.error ?? error }
    }
  }

  func reached() throws -> [ObjectIdentifier: Double] {
    try seen.withLock { seen in
      if let error = seen.error { throw error }
      return seen.most
    }
  }
}
