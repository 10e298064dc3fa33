import Blitz
import BlitzData

extension DataSplit {
  /// The first number that is not finite as the network is given it, with its row and column; nil
  /// if all of the examples to learn from are finite.
  func firstNotFinite() throws -> String? {
    for batch in loader(training, batch: 4096).batches {
      let inputs = try batch.inputs.scalars(as: Float.self)
      if let place = inputs.firstIndex(where: { !$0.isFinite }) {
        let (row, column) = place.quotientAndRemainder(dividingBy: inputs.count / batch.count)
        let example = batch.indices[row]
        let found = try training.examples(at: [example]).inputs.tensor
        return position(of: example, isImages ? nil : columnName(column))
          + describe(try found.scalars(as: Float.self)[column], inputs[place])
      }
      guard batch.labels.dtype.isFloating else { continue }
      let (mean, deviation) = (target?.mean.first ?? 0, target?.deviation.first ?? 1)
      let labels = try batch.labels.scalars(as: Float.self)
      if let place = labels.firstIndex(where: { !(($0 - mean) / deviation).isFinite }) {
        let example = batch.indices[place / (labels.count / batch.count)]
        return position(of: example, "the label")
          + describe(labels[place], (labels[place] - mean) / deviation)
      }
    }
    return nil
  }

  private func columnName(_ column: Int) -> String {
    let names = table?.inputNames ?? []
    return names.indices.contains(column) ? names[column] : "column \(column + 1)"
  }

  /// Where an example of the training data stands in all of it, from 1.
  private func position(of example: Int, _ column: String?) -> String {
    let number = (training as? Subset)?.indices[example] ?? example
    let used = table?.missing == .drop ? " of those without empty cells" : ""
    let row = isImages ? "picture \(number + 1)" : "row \(number + 1)\(used)"
    return column.map { "\(row), \($0): " } ?? "\(row): "
  }

  private func describe(_ number: Float, _ scaled: Float) -> String {
    number.isFinite
      ? "\(number) less its mean, divided by its deviation, is \(scaled)" : "\(number)"
  }
}
