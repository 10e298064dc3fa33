// Temporary: rules whose op file is being written. Delete a line when its file lands.
extension Rule {
  static let reshape = Rule.constant("reshape")
  static let permute = Rule.constant("permute")
  static let expand = Rule.constant("expand")
  static let slice = Rule.constant("slice")
  static let embed = Rule.constant("embed")
  static let concatenate = Rule.constant("concatenate")
  static let argSort = Rule.constant("argSort")
  static let gather = Rule.constant("gather")
  static let scatter = Rule.constant("scatter")
  static let cast = Rule.constant("cast")
}
extension Tensor {
  func transposed(_ a: Int, _ b: Int) -> Tensor { self }
}
extension Tensor {
  static func ones(_ s: Shape, dtype: DType, device: Device) -> Tensor { fatalError() }
  static func zeros(_ s: Shape, dtype: DType, device: Device) -> Tensor { fatalError() }
  static func + (l: Tensor, r: Tensor) -> Tensor { l }
}
