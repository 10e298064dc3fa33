/// A function of numbers in this machine's memory, called once for each item of a batch: how a
/// module beside this one adds what only a library of the system computes, such as LAPACK.
///
/// Two are the same if their names and numbers are; nothing else that `compute` knows may differ.
package struct HostFunction: Sendable {
  /// Its name in errors and printed plans.
  package let name: String
  /// What tells it from others of the name: sizes, options.
  package let numbers: [Int]
  /// How many operations an item takes, about.
  package let work: Int
  /// Writes the result of one item.
  package let compute: @Sendable (Item) throws(TensorError) -> Void

  /// One item of a batch.
  package struct Item {
    /// Which it is, from 0.
    package let index: Int
    /// Its elements of each operand, row-major.
    package let inputs: [UnsafeRawPointer]
    /// Its elements of the result.
    package let output: UnsafeMutableRawPointer

    package init(index: Int, inputs: [UnsafeRawPointer], output: UnsafeMutableRawPointer) {
      (self.index, self.inputs, self.output) = (index, inputs, output)
    }
  }

  package init(
    _ name: String, _ numbers: [Int], work: Int,
    compute: @escaping @Sendable (Item) throws(TensorError) -> Void
  ) {
    (self.name, self.numbers, self.work, self.compute) = (name, numbers, work, compute)
  }
}

extension HostFunction: Hashable {
  /// By name and numbers.
  package static func == (left: HostFunction, right: HostFunction) -> Bool {
    left.name == right.name && left.numbers == right.numbers
  }

  /// Name and numbers.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(numbers)
  }

  /// Both as numbers.
  func encode(into words: inout [Int]) {
    let bytes = name.utf8
    words.append(bytes.count)
    for byte in bytes { words.append(Int(byte)) }
    words.append(numbers.count)
    words.append(contentsOf: numbers)
  }
}
