import SwiftParser
import SwiftSyntax

/// A cell as the compiler gets it.
public struct RewrittenCell: Sendable {
  /// The text of the module.
  public var text: String
  /// What was put in, to find the reader's own columns again.
  public var columns: ColumnMap
  /// What the cell declares, in its order.
  public var names: [CellName]
}

/// Something that a cell brings for the cells that follow.
public struct CellName: Sendable {
  /// What a name can be; the words are those of a scoped import, `import struct Cell_3.Point`.
  public enum Kind: String, Sendable {
    case variable = "var"
    case function = "func"
    case structure = "struct"
    case reference = "class"
    case enumeration = "enum"
    case interface = "protocol"
    case alias = "typealias"
    /// A whole module; the name is the import itself.
    case module = "import"
    /// An extension, an operator or a macro: there, or not, with all of the cell.
    case unnamed = ""
  }

  /// What it is.
  public var kind: Kind
  /// The name.
  public var name: String
  /// How many steps of the cell are done when the name is reached: as many as stand above it, and
  /// for a variable those that give it its value.
  public var steps: Int
  /// What a function is called with; also one that an extension has.
  public var function: FunctionSignature?
}

/// Turns a cell, which is Swift as written at top level, into a module: declarations stay where
/// they are, statements go into functions, the last expression is shown. Text is only put in,
/// never moved, and no line is added, so that lines are right by themselves.
public struct CellRewriter {
  /// Which cell of the session it is.
  public var number: Int
  /// What errors call the cell, `In[3]`.
  public var file: String
  /// The lines before the reader's own: imports.
  public var header: String
  /// The module that each variable of an earlier cell is in.
  public var earlier: [String: String]

  /// A rewriter for one cell.
  public init(number: Int, file: String, header: String, earlier: [String: String]) {
    self.number = number
    self.file = file
    self.header = header
    self.earlier = earlier
  }

  /// Whether a cell is whole, waits for its end, or is wrong whatever follows; the names are
  /// Jupyter's.
  public enum Wholeness: String {
    case complete, incomplete, invalid
  }

  /// What a console asks before it runs a line.
  public static func wholeness(of source: String) -> Wholeness {
    let tree = Parser.parse(source: source)
    if !tree.hasError { return .complete }
    // What may still come is missed at the end.
    let end = tree.endOfFileToken.position
    let missing = tree.tokens(viewMode: .all).filter { $0.presence == .missing }
    return missing.contains { $0.position < end } ? .invalid : .incomplete
  }

  /// The cell as a module; nil if it has syntax errors, which the compiler explains best.
  public func rewrite(_ source: String) -> RewrittenCell? {
    let tree = Parser.parse(source: source)
    if tree.hasError { return nil }
    let lines = SourceLocationConverter(fileName: file, tree: tree)
    var pass = RewritePass(rewriter: self, tree: tree, lines: lines)
    pass.run()
    var insertions = pass.insertions
    // Where two meet, the one made first stays first.
    insertions.sort { ($0.offset, $0.order) < ($1.offset, $1.order) }
    var text = "\(header)#sourceLocation(file: \"\(file)\", line: 1)\n"
    let bytes = Array(source.utf8)
    var written = 0
    for insertion in insertions {
      text += String(decoding: bytes[written..<insertion.offset], as: UTF8.self)
      text += insertion.text
      written = insertion.offset
    }
    text += String(decoding: bytes[written...], as: UTF8.self)
    text += "\n#sourceLocation()\n" + pass.entry
    return RewrittenCell(
      text: text, columns: ColumnMap(insertions, lines: lines), names: pass.names)
  }

  /// The name of the module.
  public var module: String { "Cell_\(number)" }

  /// The C name of the function that the host calls.
  public var entryName: String { "__entry_\(module)" }
}

/// A piece of text to put in before a byte of the source.
struct Insertion {
  var offset: Int
  var order: Int
  var text: String
}

/// Finds the reader's column for a column of the rewritten text.
public struct ColumnMap: Sendable {
  private let insertions: [Int: [(column: Int, length: Int)]]

  init(_ insertions: [Insertion], lines: SourceLocationConverter) {
    var table: [Int: [(column: Int, length: Int)]] = [:]
    for insertion in insertions {
      let place = lines.location(for: AbsolutePosition(utf8Offset: insertion.offset))
      table[place.line, default: []].append((place.column, insertion.text.utf8.count))
    }
    self.insertions = table
  }

  /// A map for text that nothing was put into.
  public init() { insertions = [:] }

  /// The column, from 1 and in bytes, of the source. A place inside inserted text counts as the
  /// place it was inserted at.
  public func source(line: Int, column: Int) -> Int {
    var added = 0
    for (start, length) in insertions[line] ?? [] {
      if column < start + added { break }
      if column < start + added + length { return start }
      added += length
    }
    return column - added
  }
}
