import BlitzTensor

/// The seed of an epoch's random transforms, and its batches once the first is asked for.
///
/// As PyTorch's `DataLoader` does, a number of 63 bits is drawn when iteration starts, its seed for
/// workers, and the sampler draws when the first batch is asked for. Two loaders walked in step
/// then have PyTorch's orders.
struct EpochOrder: Sendable {
  /// What random transforms start from, with each example's number.
  let seed: UInt64
  /// How the sampler's generator stood before it drew the batches; nil until it has.
  var start: BlitzTensor.Generator.State?
}
