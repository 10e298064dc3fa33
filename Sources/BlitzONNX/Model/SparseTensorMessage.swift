import BlitzData
import BlitzTensor

/// A tensor of which a file has the elements that are not zero, and their places.
enum SparseTensorMessage {
  /// The most elements that are made of a few, so that a small file cannot take all memory.
  private static let limit = 1 << 28

  /// Reads the message to the dense tensor that it stands for, under the name of its elements.
  ///
  /// - Throws: `DataError` about sizes, places and elements that do not fit each other.
  static func read(
    _ message: WireReader, _ source: ModelSource
  ) throws(DataError) -> (name: String, value: Value) {
    var reader = message
    var (values, places): (TensorMessage?, TensorMessage?)
    var sizes: [Int] = []
    while let field = try reader.next() {
      switch field.number {
      case 1: values = try TensorMessage(try reader.message(field), source)
      case 2: places = try TensorMessage(try reader.message(field), source)
      case 3: try reader.ints(field, to: &sizes)
      default: break
      }
    }
    let name = values?.name ?? ""
    func failure(_ reason: String) -> DataError {
      source.file.failure(message.place, "sparse tensor \(JSONText.quoted(name)): \(reason)")
    }
    guard let values, case .tensor(let elements, let type) = try values.value() else {
      throw failure("its elements are no numbers")
    }
    let shape = Shape(sizes)
    guard sizes.count <= Shape.maximumRank, sizes.allSatisfy({ $0 >= 0 }),
      shape.elementCount <= limit
    else { throw failure("the sizes \(sizes) are none, or over \(limit) elements") }
    let count = elements.elementCount
    let index: [Int]
    if count == 0 {
      index = []
    } else if let places, case .tensor(let numbers, .int64) = try places.value() {
      do { index = try numbers.scalars(as: Int.self) } catch { throw failure(error.rule) }
    } else {
      throw failure("the places of its elements are no int64 tensor")
    }
    guard index.count == count || index.count == count * sizes.count else {
      throw failure("it has \(count) elements of \(sizes.count) axes, and \(index.count) places")
    }
    // One number says where an element is, or one for each axis.
    let isFlat = index.count == count && (places?.sizes.count ?? 1) < 2
    var flat: [Int] = []
    flat.reserveCapacity(count)
    for element in 0..<count {
      var place = 0
      if isFlat {
        place = index[element]
      } else {
        for (axis, size) in sizes.enumerated() {
          let along = index[element * sizes.count + axis]
          guard along >= 0, along < size else {
            throw failure(
              "element \(element) is at \(along) of axis \(axis), whose size is \(size)")
          }
          place = place * size + along
        }
      }
      guard place >= 0, place < shape.elementCount else {
        throw failure("element \(element) is at place \(place) of \(shape.elementCount)")
      }
      flat.append(place)
    }
    let dense = Tensor.zeros([shape.elementCount], dtype: elements.dtype).scatter(
      axis: 0, index: Tensor(flat, shape: [count]), updates: elements.reshaped(to: [count])
    ).reshaped(to: shape)
    do { try eval(dense) } catch { throw failure(error.rule) }
    return (name, .tensor(dense, type))
  }
}
