import BlitzData
import BlitzNN
import BlitzTensor

/// A model on several devices, each of which trains on a share of every batch's rows.
///
///     let parallel = DataParallel(model, over: .cuda, count: 4)
///     let optimizer = Adam(model)
///     let step = compile(model, optimizer) { x, y in crossEntropy(logits: model(x), labels: y) }
///     for batch in loader {
///       let part = parallel.split(batch)
///       print(try step(part.inputs, part.labels).item())
///     }
///
/// The step is one program for the whole batch, which the accelerator's compiler splits: it adds up
/// the gradients over the devices with collectives of its own. So the losses are those of one
/// device, up to the order of sums; also with batch normalisation, whose means are those of the
/// whole batch.
public struct DataParallel: Sendable {
  /// The devices, along the one axis `batch`.
  public let mesh: Device

  /// Copies all weights of a model to each of the devices.
  ///
  /// - Parameters:
  ///   - model: the module whose parameters and buffers move; make the optimizer afterwards.
  ///   - first: the first device; the others follow it in index.
  ///   - count: the number of devices. If this machine has fewer, the parameters carry an error.
  public init(_ model: any Module, over first: Device, count: Int) {
    mesh = .mesh(first, ["batch": count])
    model.to(mesh)
  }

  /// A batch with its rows spread over the devices; see ``split(_:)-(Tensor)``.
  public func split(_ batch: Batch) -> Batch { batch.map { split($0) } }

  /// A tensor with its rows spread over the devices.
  ///
  /// - Parameter rows: `[rows, ...]`. Where the rows cannot be shared evenly, as is common in an
  ///   epoch's last batch, each device gets all of them: the results are the same.
  public func split(_ rows: Tensor) -> Tensor {
    if rows.error != nil { return rows }
    let count = mesh.mesh?.deviceCount ?? 1
    guard rows.rank > 0, rows.shape[0] % count == 0 else { return rows.to(mesh) }
    return rows.to(mesh, split: "batch")
  }
}
