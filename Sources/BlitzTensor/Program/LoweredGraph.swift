struct LoweredGraph {
  var program: Program
  var scalarPacks: [ScalarPack]
  var resultPlaces: [Int]
}
struct ScalarPack: Sendable {
  var dtype: DType
  var scalars: [Int]
}
extension PlanGraph {
  func lowered() throws(TensorError) -> LoweredGraph { throw TensorError("lower", "not yet") }
}
