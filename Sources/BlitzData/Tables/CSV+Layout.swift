extension CSV {
  /// How a table's columns became inputs and labels: kept with a network, it reads other tables for
  /// it, whatever the order of their columns.
  public struct Layout: Codable, Equatable, Sendable {
    /// The columns that the network sees, in its order.
    public var columns: [Column]
    /// The column to be told.
    public var label: Label
    /// How many columns the file had.
    public var fileWidth: Int
    /// Whether the columns had names.
    public var isNamed: Bool
    /// What became of rows with empty cells.
    public var missing: Missing

    /// Puts a layout together, of columns of numbers in front of a label.
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

    /// Whether it can be of a network with so many inputs and such classes; it may come from a file.
    package func fits(inputCount: Int, classNames: [String]) -> Bool {
      self.inputCount == inputCount && label.classNames == classNames
        && 2...10_000_000 ~= fileWidth && label.place >= 0 && label.place < fileWidth
        && columns.allSatisfy { column in
          column.place >= 0 && column.place < fileWidth
            && column.fill.map { $0.count == column.inputCount } ?? true
        }
    }

    /// How many numbers a row of inputs has.
    public var inputCount: Int { columns.reduce(0) { $0 + $1.inputCount } }

    /// What each input is called: a column's name or "column 3", and of a category `colour=red`.
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
    /// Its name; "" if it has none.
    public var name: String
    /// Where it was, from 0.
    public var place: Int
    /// What it holds.
    public var kind: Kind
    /// The inputs for an empty cell; nil if there is to be none.
    public var fill: [Float]?

    /// How many inputs the column makes.
    public var inputCount: Int {
      if case .categories(let names) = kind { names.count } else { 1 }
    }

    var title: String { name.isEmpty ? "column \(place + 1)" : name }
  }

  /// What a column holds.
  public enum Kind: Codable, Equatable, Sendable {
    /// Numbers.
    case number
    /// True and false, in capitals or not: 1 and 0.
    case boolean
    /// One of these words: an input for each, 1 for the one that it is and 0 for the others.
    case categories([String])
  }

  /// The column to be told.
  public struct Label: Codable, Equatable, Sendable {
    /// Its name; "" if it has none.
    public var name: String
    /// Where it was, from 0.
    public var place: Int
    /// The classes in their order; empty if the label is a number.
    public var classNames: [String]
    /// Whether classes are texts, or whole numbers.
    public var isText: Bool

    var title: String { name.isEmpty ? "column \(place + 1)" : name }
  }
}
