import BlitzTensor

extension Exporter {
  /// Repeats along axes of size 1; a 1 leaves an axis as it is.
  mutating func expand(_ place: Int) throws -> String {
    let value = graph.values[place]
    let input = graph.values[value.inputs[0]!]
    if input.shape == value.shape { return try name(value.inputs[0]!) }
    let added = value.shape.count - input.shape.count
    let wanted = value.shape.enumerated().map { axis, size in
      axis >= added && input.shape[axis - added] == size ? fixed(1) : size
    }
    return emit("Expand", [try operands(place)[0], try vector(wanted)])
  }

  /// The start, step and count of each axis of a slice or a pad.
  private func slices(_ place: Int) -> [(start: Extent, step: Int, count: Extent)] {
    let value = graph.values[place]
    let numbers = value.extents { op in
      switch op {
      case .slice(let slices), .pad(let slices): slices.flatMap { [$0.start, $0.step, $0.count] }
      default: []
      }
    }
    return stride(from: 0, to: numbers.count, by: 3).map {
      (numbers[$0], numbers[$0 + 1].values[0], numbers[$0 + 2])
    }
  }

  mutating func slice(_ place: Int) throws -> String {
    let value = graph.values[place]
    let sizes = graph.values[value.inputs[0]!].shape
    return try slice(try operands(place)[0], sizes, slices(place))
  }

  private mutating func slice(
    _ name: String, _ sizes: [Extent], _ slices: [(start: Extent, step: Int, count: Extent)]
  ) throws -> String {
    var (starts, ends, axes, steps): ([Extent], [Extent], [Int], [Int]) = ([], [], [], [])
    for (axis, slice) in slices.enumerated() {
      if slice.start.fixed == 0, slice.step == 1, slice.count == sizes[axis] { continue }
      axes.append(axis)
      steps.append(slice.step)
      starts.append(fromEitherEnd(slice.start, sizes[axis]))
      let past = Extent(
        values: zip(slice.start.values, slice.count.values).map { $0 + $1 * slice.step })
      if slice.count.values.allSatisfy({ $0 == 0 }) {
        ends.append(starts[starts.count - 1])
      } else if slice.step > 0 {
        let reachesEnd = zip(past.values, sizes[axis].values).allSatisfy { $0 >= $1 }
        let end = past.map { $0 - slice.step + 1 }
        ends.append(reachesEnd ? fixed(Int.max) : fromEitherEnd(end, sizes[axis]))
      } else {
        // Below the first element counts from the end, unless it is far below.
        let reachesFirst = past.values.allSatisfy { $0 < 0 }
        ends.append(reachesFirst ? fixed(Int.min + 1) : past.map { $0 - slice.step - 1 })
      }
    }
    if axes.isEmpty { return name }
    return emit(
      "Slice",
      [name, try vector(starts), try vector(ends), try ints(axes)]
        + (steps.allSatisfy { $0 == 1 } ? [] : [try ints(steps)]))
  }

  /// A place as ONNX counts it: from the end, if that is always the same and from the start it is
  /// not.
  private func fromEitherEnd(_ place: Extent, _ size: Extent) -> Extent {
    let back = place - size
    if place.fixed == nil, let number = back.fixed, number < 0 { return back }
    return place
  }

  mutating func pad(_ place: Int) throws -> String {
    let value = graph.values[place]
    let slices = slices(place)
    var name = try operands(place)[0]
    var sizes = graph.values[value.inputs[0]!].shape
    let fill = try filler(value.inputs[1]!)
    // Backwards first, then apart.
    let turned = sizes.indices.filter { slices[$0].step < 0 }
    if !turned.isEmpty {
      name = try slice(
        name, sizes,
        sizes.indices.map { axis in
          turned.contains(axis)
            ? (sizes[axis].map { $0 - 1 }, -1, sizes[axis]) : (fixed(0), 1, sizes[axis])
        })
    }
    for axis in sizes.indices where abs(slices[axis].step) > 1 {
      (name, sizes) = try spread(name, sizes, axis, by: abs(slices[axis].step), fill)
    }
    let starts = sizes.indices.map { axis -> Extent in
      let slice = slices[axis]
      return slice.step > 0
        ? slice.start
        : Extent(
          values: zip(slice.start.values, slice.count.values).map { $0 + ($1 - 1) * slice.step })
    }
    let ends = sizes.indices.map { value.shape[$0] - starts[$0] - sizes[$0] }
    if (starts + ends).allSatisfy({ $0.fixed == 0 }) { return name }
    return emit("Pad", [name, try vector(starts + ends), fill])
  }

  /// The number around what is padded, without axes.
  private mutating func filler(_ place: Int) throws -> String {
    let shape = graph.values[place].shape
    return try reshape(name(place), from: shape, to: [])
  }

  /// With gaps between the elements along an axis.
  private mutating func spread(
    _ name: String, _ sizes: [Extent], _ axis: Int, by step: Int, _ fill: String
  ) throws -> (String, [Extent]) {
    let one = fixed(1)
    var apart = sizes
    apart.insert(one, at: axis + 1)
    var widths = [Extent](repeating: fixed(0), count: 2 * apart.count)
    widths[apart.count + axis + 1] = fixed(step - 1)
    let unsqueezed = emit("Unsqueeze", [name, try ints([axis + 1])])
    let gapped = emit("Pad", [unsqueezed, try vector(widths), fill])
    apart[axis + 1] = fixed(step)
    var joined = sizes
    joined[axis] = sizes[axis].map { $0 * step }
    let flat = try reshape(gapped, from: apart, to: joined)
    var whole: [(start: Extent, step: Int, count: Extent)] = joined.map { (fixed(0), 1, $0) }
    whole[axis].count = sizes[axis].map { max(0, ($0 - 1) * step + 1) }
    let cut = try slice(flat, joined, whole)
    joined[axis] = whole[axis].count
    return (cut, joined)
  }

  // MARK: Positions

  mutating func gather(_ axis: Int, _ place: Int) throws -> String {
    let value = graph.values[place]
    let (data, index) = (value.inputs[0]!, value.inputs[1]!)
    let names = try operands(place)
    let sizes = graph.values[data].shape
    // Whole slices, where the positions are the same along all other axes.
    if let source = expanded(index) {
      let one = fixed(1)
      let shape = graph.values[source].shape
      let narrow = [Extent](repeating: one, count: sizes.count - shape.count) + shape
      let others = sizes.indices.filter { $0 != axis }
      if others.allSatisfy({ narrow[$0] == one && value.shape[$0] == sizes[$0] }) {
        let (positions, from) = try flat(source)
        let flat = try reshape(positions, from: from, to: [narrow[axis]])
        return emit("Gather", [names[0], flat], ["axis": .int(axis)])
      }
    }
    return emit("GatherElements", names, ["axis": .int(axis)])
  }

  /// What a chain of reshapes begins with.
  private func flat(_ place: Int) throws -> (String, [Extent]) {
    var place = place
    while case .op(.reshape) = graph.values[place].source,
      let input = graph.values[place].inputs[0],
      graph.values[input].shape.count == 1
    {
      place = input
    }
    return (try name(place), graph.values[place].shape)
  }

  mutating func scatter(_ axis: Int, adds: Bool, _ place: Int) throws -> String {
    let names = try operands(place)
    guard adds else { return emit("ScatterElements", names, ["axis": .int(axis)]) }
    guard opset >= 16 else { throw needs(16, place, "ScatterElements that adds") }
    return emit(
      "ScatterElements", names, ["axis": .int(axis), "reduction": .text("add")])
  }
}
