import BlitzTensor

/// A module that turns one tensor into one tensor, `torch.nn.Module` with one input.
///
/// A type implements `forward`; it is used by calling it: `layer(input)`.
public protocol Layer: Module {
  /// The output of the layer for an input.
  func forward(_ input: Tensor) -> Tensor
}

extension Layer {
  /// The output of the layer; calls `forward`.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    Observer.watch(self, \.self) { forward(input) }
  }
}

/// Sees every call of a layer while a summary is made.
final class Observer {
  /// A call: the layer, what it gave, and how deep inside other calls it was.
  struct Call {
    let layer: any Module
    let depth: Int
    var output: Tensor?
  }

  private(set) var calls: [Call] = []
  private var depth = 0

  private struct Box: @unchecked Sendable {
    // Unchecked: a task's own value, used only while `watching` runs on that task.
    let observer: Observer?
  }
  private static let task = TaskLocal<Box>(wrappedValue: Box(observer: nil))

  static var current: Observer? { task.get().observer }

  /// The calls of layers that `body` makes.
  static func watching(_ body: () throws -> Void) rethrows -> [Call] {
    let observer = Observer()
    try task.withValue(Box(observer: observer), operation: body)
    return observer.calls
  }

  /// Runs a module's call and notes its output, if anybody watches.
  static func watch<Answer>(
    _ layer: some Module, _ output: KeyPath<Answer, Tensor>, _ body: () -> Answer
  ) -> Answer {
    guard let observer = current else { return body() }
    let index = observer.calls.count
    observer.calls.append(Call(layer: layer, depth: observer.depth))
    observer.depth += 1
    let answer = body()
    observer.depth -= 1
    observer.calls[index].output = answer[keyPath: output]
    return answer
  }
}
