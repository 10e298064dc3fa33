extension CSV {
  /// How the columns of a table become inputs and labels. Kept with a network, it reads other
  /// tables for it, whatever the order of their columns.
  public struct Layout: Codable, Equatable, Sendable {
    /// The columns of inputs, in the network's order.
    public var columns: [Column]
    /// The column of labels.
    public var label: Label
    /// The number of columns of the file.
    public var fileWidth: Int
    /// Whether the columns had names.
    public var isNamed: Bool
    /// What happens to rows with empty cells.
    public var missing: Missing

    /// Makes a layout of columns of numbers followed by a label.
    public init(names: [String], label: String, classNames: [String]) {
      columns = names.enumerated().map { Column(name: $1, place: $0, kind: .number) }
      self.label = Label(
        name: label, place: names.count, classNames: classNames, isText: true)
      fileWidth = names.count + 1
      isNamed = true
      missing = .refuse
    }

    init(
      columns: [Column], label: Label, fileWidth: Int, isNamed: Bool, missing: Missing
    ) {
      self.columns = columns
      self.label = label
      self.fileWidth = fileWidth
      self.isNamed = isNamed
      self.missing = missing
    }

    /// Whether it can be of a network with so many inputs and such classes; it may come from a
    /// file.
    package func fits(inputCount: Int, classNames: [String]) -> Bool {
      self.inputCount == inputCount && label.classNames == classNames
        && 2...10_000_000 ~= fileWidth && label.place >= 0 && label.place < fileWidth
        && columns.allSatisfy { column in
          column.place >= 0 && column.place < fileWidth
            && column.fill.map { $0.count == column.inputCount } ?? true
        }
    }

    /// The number of inputs in a row.
    public var inputCount: Int { columns.reduce(0) { $0 + $1.inputCount } }

    /// The name of each input: that of a column or "column 3", and `colour=red` for a category.
    public var inputNames: [String] {
      columns.flatMap { column in
        guard case .categories(let names) = column.kind else { return [column.title] }
        return names.map { "\(column.title)=\($0)" }
      }
    }
  }
}

extension CSV.Layout {
  /// A column of inputs.
  public struct Column: Codable, Equatable, Sendable {
    /// The name; "" if it has none.
    public var name: String
    /// The place in the file, from 0.
    public var place: Int
    /// The kind of its values.
    public var kind: Kind
    /// The inputs for an empty cell; nil if there may be none.
    public var fill: [Float]?

    /// The number of inputs that the column makes.
    public var inputCount: Int {
      if case .categories(let names) = kind { names.count } else { 1 }
    }

    var title: String { name.isEmpty ? "column \(place + 1)" : name }
  }

  /// The kind of a column's values.
  public enum Kind: Codable, Equatable, Sendable {
    /// Numbers.
    case number
    /// True and false, in any case: 1 and 0.
    case boolean
    /// One of these words: an input for each word, 1 for the word of the cell and 0 for the others.
    case categories([String])
  }

  /// The column of labels.
  public struct Label: Codable, Equatable, Sendable {
    /// The name; "" if it has none.
    public var name: String
    /// The place in the file, from 0.
    public var place: Int
    /// The classes in order; empty if the label is a number.
    public var classNames: [String]
    /// Whether classes are texts; if not, they are integers.
    public var isText: Bool

    var title: String { name.isEmpty ? "column \(place + 1)" : name }
  }
}
