import BlitzTensor

extension Tensor {
  /// The inverse with regard to `tensorDot`: `torch.linalg.tensorinv`.
  ///
  /// - Parameter split: how many axes are the rows; the sizes of the others have the same product.
  /// - Returns: the other axes, then the first `split`, in the dtype of `self`.
  /// - Gradient: that of the inverse.
  /// - Error: products that differ; `split` below 1; as `inverse()`.
  public func tensorInv(_ split: Int = 2) -> Tensor {
    let word = "tensorInv"
    if error != nil { return self }
    let sizes = shape.sizes
    let count = Tensor.product(Array(sizes.prefix(Swift.max(0, split))))
    guard split >= 1, split <= rank, count < 1 << 31,
      count == Tensor.product(Array(sizes.dropFirst(split)))
    else {
      return Tensor(
        error: TensorError(
          word, "the first \(split) axes have not as many places as the others",
          operands: [("input", signature)], help: "split where the products of sizes are equal"))
    }
    return reshaped(to: [count, count]).inverse().named(word)
      .reshaped(to: Shape(Array(sizes.dropFirst(split)) + sizes.prefix(split)))
  }

  /// The solution x of `self.tensorDot(x, axes: x.rank) = right`: `torch.linalg.tensorsolve`.
  ///
  /// - Parameters:
  ///   - right: of the first axes' sizes.
  ///   - axes: axes of `self` that are moved behind all others first.
  /// - Returns: the sizes of the axes that `right` has not.
  /// - Gradient: that of the solution.
  /// - Error: sizes or axes that do not fit; as `solve(_:left:)`.
  public func tensorSolve(_ right: Tensor, axes: [Int] = []) -> Tensor {
    let word = "tensorSolve"
    if error != nil { return self }
    if right.error != nil { return right }
    let moved = axes.map { $0 < 0 ? $0 &+ rank : $0 }
    guard moved.allSatisfy({ (0..<rank).contains($0) }), Set(moved).count == moved.count else {
      return Tensor(
        error: TensorError(
          word, "\(axes) are not different axes", operands: [("input", signature)],
          help: "axes are 0 to \(Swift.max(0, rank - 1))"))
    }
    let all = permuted((0..<rank).filter { !moved.contains($0) } + moved)
    let sizes = Array(all.shape.sizes.dropFirst(right.rank))
    let count = Tensor.product(sizes)
    guard right.rank <= rank, right.elementCount == count, count < 1 << 31,
      Tensor.product(Array(all.shape.sizes.prefix(right.rank))) == count
    else {
      return Tensor(
        error: TensorError(
          word, "the equations and unknowns are not as many",
          operands: [("input", signature), ("right", right.signature)],
          help: "the product of all sizes is that of the right side's, squared"))
    }
    return all.reshaped(to: [count, count]).solve(right.reshaped(to: [count])).named(word)
      .reshaped(to: Shape(sizes))
  }
}
