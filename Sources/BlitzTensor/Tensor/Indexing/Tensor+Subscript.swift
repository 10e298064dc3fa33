extension Tensor {
  /// The part of the tensor that the indexes name, as NumPy's do; see ``TensorIndex``.
  ///
  ///     let row = x[2]
  ///     let corner = x[..<2, ..<2]
  ///     let picked = x[rows, columns]      // x[rows[i], columns[i]] for each i
  ///     let positive = x[x .> 0]           // one axis: its size is known when it is computed
  ///
  ///     x[1, 2...] = y
  ///     x[x .< 0] = 0
  ///     x[0] = .real(rate)
  ///
  /// Ranges are cut off at the ends of an axis; a place outside it is an error at the call,
  /// one inside an index tensor an error when it is used. Reading by a mask computes the mask.
  /// Assigning gives the variable a new tensor: copies keep their elements. What is assigned is
  /// cast to the tensor's dtype.
  ///
  /// - Returns: without the axes for which a single place was named.
  /// - Gradient: `g` at the places that were read, zero elsewhere (added up where a place was
  ///   read twice). Of assigning: zero for what was replaced, `g` from there for the value.
  /// - Error: more indexes than axes, places outside, a mask of another shape; of assigning: a
  ///   number that the dtype cannot hold, or a shape that does not broadcast to what is named. A
  ///   leaf that requires its gradient can be assigned to inside `noGrad` only.
  public subscript(_ indexes: any TensorIndex...) -> Tensor {
    get { part(indexes.map(\.axisIndex)) }
    set { assign(newValue, to: indexes.map(\.axisIndex)) }
  }

  /// The whole tensor: `x[...] = y` replaces all elements, keeping shape and dtype.
  public subscript(_ all: UnboundedRange) -> Tensor {
    get { self }
    set { assign(newValue, to: [.ellipsis]) }
  }

  /// The part that the indexes of the last axes name: `x[..., 0]`.
  public subscript(_ all: UnboundedRange, _ indexes: any TensorIndex...) -> Tensor {
    get { part([.ellipsis] + indexes.map(\.axisIndex)) }
    set { assign(newValue, to: [.ellipsis] + indexes.map(\.axisIndex)) }
  }

  /// The part that indexes of the first axes and of the last name: `x[0, ..., 1]`.
  public subscript(
    _ first: any TensorIndex, _ all: UnboundedRange, _ indexes: any TensorIndex...
  ) -> Tensor {
    get { part([first.axisIndex, .ellipsis] + indexes.map(\.axisIndex)) }
    set { assign(newValue, to: [first.axisIndex, .ellipsis] + indexes.map(\.axisIndex)) }
  }

  private func part(_ indexes: [AxisIndex]) -> Tensor {
    if node.failure != nil { return self }
    do throws(TensorError) {
      return try Selection(indexes, of: self).read(self)
    } catch {
      return Tensor(error: error)
    }
  }

  private mutating func assign(_ value: Tensor, to indexes: [AxisIndex]) {
    if node.failure != nil { return }
    do throws(TensorError) {
      if let error = value.error { throw error }
      var value = value
      if value.dtype != dtype {
        if value.node.isLiteral, case .scalar(let number) = value.node.op {
          // As in PyTorch a fraction is cut off, and what the dtype cannot hold at all is an error.
          guard number.truncated.fits(dtype) || dtype == .bool else {
            throw TensorError.scalar("[]=", number, for: self)
          }
        }
        value = value.converted(to: dtype)
      }
      if let masked = try assignedByMask(value, indexes) {
        self = updated("[]=", masked)
      } else {
        self = updated("[]=", try Selection(indexes, of: self).write(value, to: self))
      }
    } catch {
      self = Tensor(error: error)
    }
  }

  /// The tensor with a value where a mask that is the only index is true, or nil if there are
  /// other indexes, or a value for each place: nothing needs to be computed now for this.
  private func assignedByMask(
    _ value: Tensor, _ indexes: [AxisIndex]
  ) throws(TensorError) -> Tensor? {
    guard indexes.count == 1, case .tensor(let mask) = indexes[0].kind, mask.dtype == .bool else {
      return nil
    }
    _ = try IndexReader(tensor: self).complete(indexes)
    try IndexReader(tensor: self).check(mask: mask, axis: 0)
    let rest = Shape(Array(shape.sizes[mask.rank...]))
    var value = value
    while value.rank > rest.rank, value.shape[0] == 1 {
      value = value.viewed(as: Shape(Array(value.shape.sizes.dropFirst())))
    }
    guard Shape.broadcast(value.shape, rest) == rest else { return nil }
    let ones = [Int](repeating: 1, count: rest.rank)
    let whole = mask.viewed(as: Shape(mask.shape.sizes + ones)).broadcastCopy(to: shape)
    return .selecting(whole, value, self)
  }
}
