// Products that are added to something, under PyTorch's words; the planner makes one of both.

extension Tensor {
  /// A matrix product added to this tensor: `torch.addmm`.
  ///
  ///     y = beta * self + alpha * (left @ right)
  ///
  /// - Parameters:
  ///   - left: `[n, k]`.
  ///   - right: `[k, m]`.
  ///   - beta: a factor of `self`; of what counts 0 times, NaN and infinities are left out, too.
  ///   - alpha: a factor of the product.
  /// - Returns: `[n, m]`; `self` is broadcast to it.
  /// - Gradient: that of the formula.
  /// - Error: as `matmul(_:)`; shapes that do not broadcast.
  public func addmm(_ left: Tensor, _ right: Tensor, beta: Double = 1, alpha: Double = 1) -> Tensor
  {
    added("addmm", left.matmul(right), beta, alpha)
  }

  /// The product of a matrix and a vector added to this tensor: `torch.addmv`.
  ///
  ///     y = beta * self + alpha * (matrix @ vector)
  ///
  /// - Parameters:
  ///   - matrix: `[n, k]`.
  ///   - vector: `[k]`.
  ///   - beta: a factor of `self`; of what counts 0 times, NaN and infinities are left out, too.
  ///   - alpha: a factor of the product.
  /// - Returns: `[n]`; `self` is broadcast to it.
  /// - Gradient: that of the formula.
  /// - Error: as `matmul(_:)`; shapes that do not broadcast.
  public func addmv(
    _ matrix: Tensor, _ vector: Tensor, beta: Double = 1, alpha: Double = 1
  ) -> Tensor { added("addmv", matrix.matmul(vector), beta, alpha) }

  /// The outer product of two vectors added to this tensor: `torch.addr`.
  ///
  ///     y = beta * self + alpha * (left outer right)
  ///
  /// - Parameters:
  ///   - left: `[n]`.
  ///   - right: `[m]`.
  ///   - beta: a factor of `self`; of what counts 0 times, NaN and infinities are left out, too.
  ///   - alpha: a factor of the product.
  /// - Returns: `[n, m]`; `self` is broadcast to it.
  /// - Gradient: that of the formula.
  /// - Error: as `outer(_:)`; shapes that do not broadcast.
  public func addr(_ left: Tensor, _ right: Tensor, beta: Double = 1, alpha: Double = 1) -> Tensor {
    added("addr", left.outer(right), beta, alpha)
  }

  /// The matrix products of a batch added to this tensor: `torch.baddbmm`.
  ///
  ///     y[b] = beta * self[b] + alpha * (left[b] @ right[b])
  ///
  /// - Parameters:
  ///   - left: `[batch, n, k]`.
  ///   - right: `[batch, k, m]`.
  ///   - beta: a factor of `self`; of what counts 0 times, NaN and infinities are left out, too.
  ///   - alpha: a factor of the products.
  /// - Returns: `[batch, n, m]`; `self` is broadcast to it.
  /// - Gradient: that of the formula.
  /// - Error: as `matmul(_:)`; shapes that do not broadcast.
  public func baddbmm(
    _ left: Tensor, _ right: Tensor, beta: Double = 1, alpha: Double = 1
  ) -> Tensor { added("baddbmm", left.matmul(right), beta, alpha) }

  /// The sum of a batch's matrix products added to this tensor: `torch.addbmm`.
  ///
  ///     y = beta * self + alpha * (sum over b of left[b] @ right[b])
  ///
  /// - Parameters:
  ///   - left: `[batch, n, k]`.
  ///   - right: `[batch, k, m]`.
  ///   - beta: a factor of `self`; of what counts 0 times, NaN and infinities are left out, too.
  ///   - alpha: a factor of the sum.
  /// - Returns: `[n, m]`; `self` is broadcast to it.
  /// - Gradient: that of the formula.
  /// - Error: as `matmul(_:)`; shapes that do not broadcast.
  public func addbmm(
    _ left: Tensor, _ right: Tensor, beta: Double = 1, alpha: Double = 1
  ) -> Tensor {
    // The sum of products of small whole numbers is one of them, as each product's is.
    let products = left.matmul(right)
    return added("addbmm", products.sum(axis: 0).cast(to: products.dtype), beta, alpha)
  }

  private func added(
    _ name: String, _ product: Tensor, _ beta: Double, _ alpha: Double
  ) -> Tensor {
    if let failed = Tensor.failed(self, product) { return failed.named(name) }
    func times(_ number: Double, _ tensor: Tensor) -> Tensor {
      // As in PyTorch, a factor of whole numbers is one, without its fraction.
      if number == 1 { return tensor }
      if !tensor.dtype.hasGradients, let whole = Int(exactly: number.rounded(.towardZero)) {
        return tensor * whole
      }
      return tensor * number
    }
    let own = beta == 0 ? Tensor.zeros(like: self) : times(beta, self)
    return (own + times(alpha, product)).named(name)
  }

  /// The products of two tensors' elements added to this one: `torch.addcmul`.
  ///
  ///     y = self + value * first * second
  ///
  /// - Parameters:
  ///   - first: broadcast.
  ///   - second: broadcast.
  ///   - value: a factor of the products.
  /// - Returns: the broadcast shape.
  /// - Gradient: that of the formula.
  /// - Error: shapes that do not broadcast.
  public func addcmul(_ first: Tensor, _ second: Tensor, value: Tensor = 1) -> Tensor {
    let (first, second) = inCommonDType(first, second)
    return (self + value * (first * second)).named("addcmul")
  }

  /// The quotients of two tensors' elements added to this one: `torch.addcdiv`.
  ///
  ///     y = self + value * first / second
  ///
  /// - Parameters:
  ///   - first: broadcast.
  ///   - second: broadcast.
  ///   - value: a factor of the quotients.
  /// - Returns: the broadcast shape.
  /// - Gradient: that of the formula.
  /// - Error: shapes that do not broadcast.
  public func addcdiv(_ first: Tensor, _ second: Tensor, value: Tensor = 1) -> Tensor {
    let (first, second) = inCommonDType(first, second)
    return (self + value * (first / second)).named("addcdiv")
  }

  /// Two factors in the dtype of them and this tensor, as PyTorch computes all three.
  private func inCommonDType(_ first: Tensor, _ second: Tensor) -> (Tensor, Tensor) {
    let dtype = self.dtype.promoted(with: first.dtype).promoted(with: second.dtype)
    guard Tensor.failed(self, first, second) == nil, dtype.isFloating,
      first.rank > 0, second.rank > 0
    else { return (first, second) }
    return (first.converted(to: dtype), second.converted(to: dtype))
  }
}
