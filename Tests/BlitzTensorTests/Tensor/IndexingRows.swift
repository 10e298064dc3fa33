import Blitz

// The lines of Tests/Reference/indexing.py, in Swift.
extension IndexingTests {
  static let subscripts: [IndexingRead] = [
    IndexingRead("x[1]") { $0[1] },
    IndexingRead("x[-1]") { $0[-1] },
    IndexingRead("x[0, 1]") { $0[0, 1] },
    IndexingRead("x[1, 2, 3]") { $0[1, 2, 3] },
    IndexingRead("x[...]") { $0[...] },
    IndexingRead("x[:, 1:3]") { $0[0..., 1..<3] },
    IndexingRead("x[..., 0]") { $0[..., 0] },
    IndexingRead("x[0, ..., 1]") { $0[0, ..., 1] },
    IndexingRead("x[:, :, ::2]") { $0[..., .slice(by: 2)] },
    IndexingRead("x[::-1]") { $0[.slice(by: -1)] },
    IndexingRead("x[:, 2:0:-1]") { $0[0..., .slice(from: 2, to: 0, by: -1)] },
    IndexingRead("x[..., -3:-1]") { $0[..., .slice(from: -3, to: -1)] },
    IndexingRead("x[..., -3]") { $0[..., -3] },
    IndexingRead("x[5:]") { $0[5...] },
    IndexingRead("x[:, 1:100]") { $0[0..., 1...99] },
    IndexingRead("x[:, :, -100:2]") { $0[..., (-100)..<2] },
    IndexingRead("x[:, 1:1]") { $0[0..., 1..<1] },
    IndexingRead("x[:, ::5]") { $0[0..., .slice(by: 5)] },
    IndexingRead("x[:, None]") { $0[0..., .newAxis] },
    IndexingRead("x[..., None]") { $0[..., .newAxis] },
    IndexingRead("x[None, 0, None]") { $0[.newAxis, 0, .newAxis] },
    IndexingRead("x[[1, 0, 1]]") { $0[[1, 0, 1]] },
    IndexingRead("x[:, [0, 2]]") { $0[0..., [0, 2]] },
    IndexingRead("x[..., [3, -1]]") { $0[..., Tensor([3, -1], dtype: .int32)] },
    IndexingRead("x[np.array([[0, 1], [1, 0], [-1, -2]])]") {
      $0[Tensor([[0, 1], [1, 0], [-1, -2]])]
    },
    IndexingRead("x[:, np.array([[0], [2]]), [1, 3]]") { $0[0..., Tensor([[0], [2]]), [1, 3]] },
    IndexingRead("x[[0, 1], [1, 2]]") { $0[[0, 1], [1, 2]] },
    IndexingRead("x[[0, 1], :, [1, 3]]") { $0[[0, 1], 0..., [1, 3]] },
    IndexingRead("x[0, :, [1, 3]]") { $0[0, 0..., [1, 3]] },
    IndexingRead("x[:, 0, [1, 3]]") { $0[0..., 0, [1, 3]] },
    IndexingRead("x[[1], 1:, [0]]") { $0[[1], 1..., [0]] },
    IndexingRead("x[0, None, [1, 2], 1:3]") { $0[0, .newAxis, [1, 2], 1..<3] },
    IndexingRead("x[[0, 1], [2, 0], [3, 3]]") { $0[[0, 1], [2, 0], [3, 3]] },
    IndexingRead("x[np.array([], dtype=int)]") { $0[[Int]()] },
    IndexingRead("x[X > 2]") { $0[$0 .> 2] },
    IndexingRead("x[X > 100]") { $0[$0 .> 100] },
    IndexingRead("x[X[..., 0] > 0]") { $0[$0[..., 0] .> 0] },
    IndexingRead("x[0, X[0] > -4]") { $0[0, $0[0] .> -4] },
    IndexingRead("x[:, np.array([True, False, True])]") { $0[0..., Tensor([true, false, true])] },
    IndexingRead("x[np.array([True, False]), :, 1]") { $0[Tensor([true, false]), 0..., 1] },
    IndexingRead("x[:, np.array([True, False, True]), [0, 3]]") {
      $0[0..., Tensor([true, false, true]), [0, 3]]
    },
  ]

  static let words: [IndexingRead] = [
    IndexingRead("x.reshape(4, 6)") { $0.reshaped(to: [4, 6]) },
    IndexingRead("x.reshape(-1, 2)") { $0.reshaped(to: [-1, 2]) },
    IndexingRead("x.reshape(2, 12)") { $0.flattened(from: 1) },
    IndexingRead("x.ravel()") { $0.flattened() },
    IndexingRead("x.transpose(2, 0, 1)") { $0.permuted([2, 0, 1]) },
    IndexingRead("x.swapaxes(0, -1)") { $0.transposed(0, -1) },
    IndexingRead("x[0].T") { $0[0].transposed() },
    IndexingRead("np.broadcast_to(x[:, :1], (5, 2, 3, 4))") {
      $0[0..., ..<1].expanded(to: [5, -1, 3, -1])
    },
    IndexingRead("np.squeeze(x[:1, :, :1])") { $0[..<1, 0..., ..<1].squeezed() },
    IndexingRead("np.squeeze(x[:1], 0)") { $0[..<1].squeezed(axis: 0) },
    IndexingRead("np.expand_dims(x, -1)") { $0.unsqueezed(axis: -1) },
    IndexingRead("np.concatenate([x, x[:, :1]], 1)") {
      concatenate([$0, $0[0..., ..<1]], axis: 1)
    },
    IndexingRead("np.stack([x[0], x[1]], -1)") { stack([$0[0], $0[1]], axis: -1) },
    IndexingRead("np.split(x, 2, 2)[1]") { $0.split(count: 2, axis: 2)[1] },
    IndexingRead("np.split(x, [1], 1)[1]") { $0.split(sizes: [1, 2], axis: 1)[1] },
    IndexingRead("np.pad(x, [(1, 0), (0, 2), (0, 0)], constant_values=FILL)") {
      $0.padded([(1, 0), (0, 2), (0, 0)], value: -1.5)
    },
    IndexingRead("np.tile(x, (2, 1, 3))") { $0.tiled([2, 1, 3]) },
    IndexingRead("np.tile(x, (2, 1, 1, 1))") { $0.tiled([2, 1, 1, 1]) },
    IndexingRead("np.tile(x, (2,))") { $0.tiled([2]) },
    IndexingRead("np.flip(x)") { $0.flipped() },
    IndexingRead("np.flip(x, (0, 2))") { $0.flipped(axes: [0, 2]) },
    IndexingRead("np.roll(x, 3, 2)") { $0.rolled(by: 3, axis: 2) },
    IndexingRead("np.roll(x, -1, 1)") { $0.rolled(by: -1, axis: 1) },
    IndexingRead("np.tril(x + 0)") { $0.tril() },
    IndexingRead("np.triu(x + 0, 2)") { $0.triu(diagonal: 2) },
    IndexingRead("np.tril(x + 0, -1)") { $0.tril(diagonal: -1) },
    IndexingRead("np.take_along_axis(x, np.array([[[0], [2], [1]]]), 2)") {
      $0.takeAlong(axis: 2, Tensor([[[0], [2], [1]]]))
    },
    IndexingRead("np.take(x, [2, 0, 2], 1)") {
      $0.indexSelect(axis: 1, indices: Tensor([2, 0, 2]))
    },
    IndexingRead("np.take_along_axis(x, np.argsort(np.sin(X), 1), 1)") {
      $0.gather(axis: 1, index: $0.sin().argSort(axis: 1))
    },
    IndexingRead("np.take_along_axis(x, np.argsort(-np.sin(X), 2)[..., :2], 2)") {
      $0.gather(axis: -1, index: $0.sin().topK(2).indices)
    },
  ]

  static let writes: [IndexingWrite] = [
    IndexingWrite("x[0] = V()") { $0[0] = $1 },
    IndexingWrite("x[1, 2, 3] = V()") { $0[1, 2, 3] = $1 },
    IndexingWrite("x[...] = V()") { $0[...] = $1 },
    IndexingWrite("x[...] = V(4)") { $0[...] = $1 },
    IndexingWrite("x[-1, 1:] = V(2, 4)") { $0[-1, 1...] = $1 },
    IndexingWrite("x[:, 0] = V(4)") { $0[0..., 0] = $1 },
    IndexingWrite("x[..., ::2] = V(2)") { $0[..., .slice(by: 2)] = $1 },
    IndexingWrite("x[:, ::-1] = V(2, 3, 4)") { $0[0..., .slice(by: -1)] = $1 },
    IndexingWrite("x[:, 1:1] = V()") { $0[0..., 1..<1] = $1 },
    IndexingWrite("x[:, None, 0] = V(2, 1, 4)") { $0[0..., .newAxis, 0] = $1 },
    IndexingWrite("x[[1, 0]] = V(2, 3, 4)") { $0[[1, 0]] = $1 },
    IndexingWrite("x[[0, 1], [1, 2]] = V(4)") { $0[[0, 1], [1, 2]] = $1 },
    IndexingWrite("x[0, :, [1, 3]] = V(2, 3)") { $0[0, 0..., [1, 3]] = $1 },
    IndexingWrite("x[[0, 1], :, [1, 3]] = V(3)") { $0[[0, 1], 0..., [1, 3]] = $1 },
    IndexingWrite("x[:, [0, 2], 1:3] = V(2, 1, 2)") { $0[0..., [0, 2], 1..<3] = $1 },
    IndexingWrite("x[X > 2] = V()") { $0[$0 .> 2] = $1 },
    IndexingWrite("x[X > 2] = V(9)") { $0[$0 .> 2] = $1 },
    IndexingWrite("x[X[..., 0] > 0] = V(4)") { $0[$0[..., 0] .> 0] = $1 },
    IndexingWrite("x[X[..., 0] > 0] = V(3, 4)") { $0[$0[..., 0] .> 0] = $1 },
    IndexingWrite("x[0, X[0] > -4] = V(9)") { $0[0, $0[0] .> -4] = $1 },
  ]

  static let reads = subscripts + words
}
