import BlitzData
import Testing

@Suite("CSV")
struct CSVTests {
  private func read(_ text: String) throws -> CSV {
    try CSV(bytes: Array(text.utf8), path: "t.csv")
  }

  @Test(
    "reads the same table however it is written",
    arguments: [
      "1,2.5,0\n-3,4e1,1\n",
      "1,2.5,0\n-3,4e1,1",
      "1;2.5;0\n-3;4e1;1\n",
      "1\t2.5\t0\n-3\t4e1\t1\n",
      "1,2.5,0\r\n-3,4e1,1\r\n",
      "1,2.5,0\r-3,4e1,1\r",
      "\u{FEFF}1,2.5,0\n-3,4e1,1\n",
      "\n\n1,2.5,0\n   \n\t\n\n-3,4e1,1\n\n",
      " 1 , 2.5 ,0 \n -3 ,\t4E+1, 1.0",
      "\"1\",\"2.5\",\"0\"\n\"-3\", \" 40 \" ,\"1\"\n",
      "+1.,+2.50,00\n-3.0e0,400e-1,1e0",
    ])
  func spellings(text: String) throws {
    let table = try read(text)
    #expect(table.features == [1, 2.5, -3, 40])
    #expect(table.labels == [0, 1])
    #expect(table.columnCount == 2)
    #expect(table.rowCount == 2)
    #expect(table.columnNames == nil)
  }

  @Test(
    "takes a first row with text as the columns' names",
    arguments: [
      ("a,b,label\n1,2,0\n", ["a", "b", "label"]),
      ("\"a;1\";b c;\"\"\n1;2;0\n", ["a;1", "b c", ""]),
      ("\n  a ,1,2\r\n1,2,0\n", ["a", "1", "2"]),
      ("\"first\nline\",b,l\n1,2,0\n", ["first\nline", "b", "l"]),
      ("größe,b,l\n1,2,0\n", ["größe", "b", "l"]),
    ])
  func header(text: String, names: [String]) throws {
    let table = try read(text)
    #expect(table.columnNames == names)
    #expect(table.features == [1, 2])
    #expect(table.labels == [0])
  }

  // NumPy 2.4.6 rounds these spellings to the same float32.
  @Test(
    "rounds decimals as Swift's own parser does",
    arguments: [
      "0.1", "123456789012345678901234567890", "1e-45", "1.17549435e-38", "3.4028234e38", "1e23",
      "9007199254740993", "0.000000000000000000000000000000000000123", "1e-400", "-0.0", "1e22",
      "8.5", "4503599627370497.5", "0000000000000000000000000000012.5", "2.2250738585072014e-308",
      "1e-99999999999999999999999",
    ])
  func rounding(text: String) throws {
    let value = try read("\(text),0\n").features[0]
    #expect(value.bitPattern == Float(Double(text)!).bitPattern)
  }

  @Test(
    "says in one line what is wrong and where",
    arguments: [
      ("", "is empty; a row per example is needed"),
      ("\u{FEFF}\n \r\n", "is empty; a row per example is needed"),
      ("a,b\n", "has column names but no rows of numbers"),
      ("\n1\n2\n", "row 2 has 1 column; two are needed: features, then the label"),
      ("1,2,0\n1,2\n", "row 2 has 2 columns, row 1 has 3; every row needs as many"),
      ("a,b,c\n\n1,2,0,9,\n", "row 3 has 5 columns, row 1 has 3; every row needs as many"),
      ("1,2,0\n5\n", "row 2 has 1 column, row 1 has 3; every row needs as many"),
      ("1,2,0\n\n1,x y,0\n", "row 3, column 2: \"x y\" is not a number"),
      ("a,b\n1,2\n1,cat\n", "row 3, column 2: \"cat\" is not a number"),
      ("1,2,0\n1,,0\n", "row 2, column 2: the cell is empty; a number belongs here"),
      ("1,2,0\n1,2,\n", "row 2, column 3: the cell is empty; a number belongs here"),
      ("1;2,5;0\n1;2;0\n1;2;0x1\n", "row 3, column 3: \"0x1\" is not a number"),
      ("1,2,0\n1,1e,0\n", "row 2, column 2: \"1e\" is not a number"),
      ("1,2,0\n1,1-2,0\n", "row 2, column 2: \"1-2\" is not a number"),
      ("1,2,0\n1,--2,0\n", "row 2, column 2: \"--2\" is not a number"),
      ("1,2,0\n1,.,0\n", "row 2, column 2: \".\" is not a number"),
      ("1,2,0\n1,nan,0\n", "row 2, column 2: \"nan\" is not a finite number"),
      ("-Inf,2,0\n", "row 1, column 1: \"-Inf\" is not a finite number"),
      ("1e999,2,0\n", "row 1, column 1: \"1e999\" is not a finite number"),
      ("1e39,2,0\n", "row 1, column 1: \"1e39\" is too large for float32"),
      ("1,0.5\n", "row 1, column 2: the label is \"0.5\", not a whole number in 0...9999"),
      ("1,-1\n", "row 1, column 2: the label is \"-1\", not a whole number in 0...9999"),
      ("1,1e300\n", "row 1, column 2: the label is \"1e300\", not a whole number in 0...9999"),
      ("1,10000\n", "row 1, column 2: the label is \"10000\", not a whole number in 0...9999"),
      ("1,2,0\n\"1,2,0\n", "row 2, column 1: the quote is never closed"),
      ("1,2,0\n\"1\"2,2,0\n", "row 2, column 1: text follows the closing quote of \"1\""),
      ("1,2\n\"a\nb\",0\n", "row 2, column 1: \"a\\nb\" is not a number"),
      ("1,2\n3,\u{1B}[31m\n", "row 2, column 2: \"\\u{1B}[31m\" is not a number"),
    ])
  func errors(text: String, reason: String) throws {
    let error = try #require(throws: DataError.self) { try read(text) }
    #expect(error.description == "t.csv: \(reason)")
  }

  @Test("cuts long text short in an error")
  func longText() throws {
    let text = String(repeating: "é", count: 1000)
    let error = try #require(throws: DataError.self) { try read("1,2\n\(text),0\n") }
    let shown = String(repeating: "é", count: 40) + "..."
    #expect(error.reason == "row 2, column 1: \"\(shown)\" is not a number")
  }

  @Test(
    "names a missing file and a folder",
    arguments: [
      ("/no/such.csv", "/no/such.csv: cannot be opened: there is no such file or folder"),
      ("/tmp", "/tmp: is a folder; name a file in it"),
    ])
  func files(path: String, message: String) throws {
    let error = try #require(throws: DataError.self) { try CSV(path: path) }
    #expect(error.description == message)
  }

  @Test("survives any bytes: 20,000 random files end in a table or an error")
  func randomBytes() {
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("0123459.,;\t \n\r\"-+eExnaif".utf8) + [0xEF, 0xFF, 0x00]
    var tables = 0
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0..<40)).map { _ in
        alphabet.randomElement(using: &generator)!
      }
      if let table = try? CSV(bytes: bytes, path: "r.csv") {
        tables += 1
        #expect(table.features.count == table.rowCount * table.columnCount, "\(bytes)")
        #expect(table.features.allSatisfy { $0.isFinite }, "\(bytes)")
      }
    }
    #expect(tables > 0)
  }
}
