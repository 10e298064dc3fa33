/// Who reads positions along an axis, so that the error about one that is not there, which comes
/// when the elements are asked for, names what the user called.
package enum PositionReader: UInt8, Sendable, Hashable {
  /// `gather(axis:index:)`, and what picks positions that it found itself.
  case gather
  /// `scatter(axis:index:updates:)`
  case scatter
  /// `scatterAdd(axis:index:updates:)`
  case scatterAdd
  /// `indexSelect(axis:indices:)`
  case indexSelect
  /// `takeAlong(axis:_:)`
  case takeAlong
  /// `take(_:)`
  case take
  /// `put(_:_:accumulate:)`
  case put
  /// `scatterReduce(axis:index:updates:_:includingSelf:)`
  case scatterReduce
  /// `indexReduce(axis:indices:updates:_:includingSelf:)`
  case indexReduce
  /// `indexAdd(axis:indices:updates:)`
  case indexAdd
  /// `indexCopy(axis:indices:updates:)`
  case indexCopy
  /// `indexFill(axis:indices:value:)`
  case indexFill
  /// `maskedScatter(_:_:)`, whose source is too short
  case maskedScatter
  /// `indexPut(_:_:accumulate:)`
  case indexPut
  /// A tensor in a subscript that is read.
  case `subscript`
  /// A tensor in a subscript that is written to.
  case subscriptAssignment
  /// `oneHot(classCount:dtype:)`
  case oneHot
  /// The layer `Embedding`.
  case embedding
  /// The loss `crossEntropy`.
  case crossEntropy
  /// The loss `negativeLogLikelihood`.
  case negativeLogLikelihood
  /// The loss `multiClassHinge`.
  case multiClassHinge

  /// What the user wrote.
  package var op: String {
    switch self {
    case .gather: "gather"
    case .scatter: "scatter"
    case .scatterAdd: "scatterAdd"
    case .indexSelect: "indexSelect"
    case .takeAlong: "takeAlong"
    case .take: "take"
    case .put: "put"
    case .scatterReduce: "scatterReduce"
    case .indexReduce: "indexReduce"
    case .indexAdd: "indexAdd"
    case .indexCopy: "indexCopy"
    case .indexFill: "indexFill"
    case .maskedScatter: "maskedScatter"
    case .indexPut: "indexPut"
    case .subscript: "[]"
    case .subscriptAssignment: "[]="
    case .oneHot: "oneHot"
    case .embedding: "Embedding"
    case .crossEntropy: "crossEntropy"
    case .negativeLogLikelihood: "negativeLogLikelihood"
    case .multiClassHinge: "multiClassHinge"
    }
  }

  /// The error about a position outside an axis.
  ///
  /// - Parameters:
  ///   - position: the number that was read.
  ///   - place: where in the index it stands: along the axes before the read one, along it, and
  ///     behind.
  ///   - size: of the axis.
  package func error(
    _ position: Int, at place: (outer: Int, along: Int, inner: Int), size: Int
  ) -> TensorError {
    let fault = position < 0 ? "is negative" : "is not below \(size)"
    func located(_ noun: String, _ name: String, _ number: Int, help: String) -> TensorError {
      TensorError(op, "\(noun) \(position) at \(name) \(number) \(fault)", help: help)
    }
    switch self {
    case .gather, .scatter, .scatterAdd, .indexSelect, .subscript, .subscriptAssignment,
      .takeAlong, .take, .put, .scatterReduce, .indexReduce, .indexAdd, .indexCopy, .indexFill,
      .maskedScatter, .indexPut:
      return TensorError(
        op, "the index \(position) is out of range for an axis of size \(size)",
        help: size == 0 ? "the axis is empty" : "indexes are 0 to \(size - 1)")
    case .oneHot:
      return located(
        "label", "place", place.outer,
        help: "classCount, \(size) here, is one more than the greatest label")
    case .embedding:
      return located(
        "number", "place", place.along,
        help: "the table has \(size) vectors, for the numbers 0 to \(size - 1)")
    case .multiClassHinge:
      return located(
        "label", "row", place.outer + place.along, help: "labels are 0 to \(size - 1)")
    case .crossEntropy, .negativeLogLikelihood:
      return located(
        "label", "row", place.outer + place.along,
        help: "labels are 0 to \(size - 1); ignoredLabel: \(position) leaves such rows out")
    }
  }
}
