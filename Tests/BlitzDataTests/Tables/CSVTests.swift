import BlitzData
import Testing

@Suite("CSV")
struct CSVTests {
  private func read(_ text: String, _ options: CSV.Options = CSV.Options()) throws -> CSV {
    try CSV(bytes: Array(text.utf8), path: "t.csv", options: options)
  }

  @Test(
    "reads the same table however it is written",
    arguments: [
      "1,2.5,0\n-3,4e1,1\n",
      "1,2.5,0\n-3,4e1,1",
      "1;2.5;0\n-3;4e1;1\n",
      "1;2,5;0\n-3;4e1;1\n",
      "1|2.5|0\n-3|4e1|1\n",
      "1 2.5 0\n-3  4e1 1\n",
      "  1   2.5\t0  \n -3 4e1   1",
      "1\t2.5\t0\n-3\t4e1\t1\n",
      "1\t2,5\t0\n-3\t40,0\t1\n",
      "1,2.5,0\r\n-3,4e1,1\r\n",
      "1,2.5,0\r-3,4e1,1\r",
      "\u{FEFF}1,2.5,0\n-3,4e1,1\n",
      "\n\n1,2.5,0\n   \n\t\n\n-3,4e1,1\n\n",
      "# a comment, with a comma\n1,2.5,0\n  # another\n-3,4e1,1\n#",
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
    #expect(!table.layout.isNamed)
    #expect(table.layout.inputNames == ["column 1", "column 2"])
  }

  @Test("reads UTF-16 of both orders, with and without a mark, and gzip")
  func encodings() throws {
    let text = "größe,art\n1.5,a\n2.5,b\n"
    var files: [[UInt8]] = [
      Array(text.utf8).withUnsafeBytes { Deflate.deflate([$0], .gzip) }
    ]
    for mark in ["\u{FEFF}", ""] {
      let units = Array((mark + text).utf16)
      if mark.isEmpty {
        let plain = Array(text.replacing("ö", with: "o").utf16)
        files.append(plain.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
      } else {
        files.append(units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        files.append(units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })
      }
    }
    // Latin-1.
    files.append(text.unicodeScalars.map { UInt8($0.value) })
    for file in files {
      let table = try CSV(bytes: file, path: "t.csv")
      #expect(["größe", "große"].contains(table.layout.columns[0].name))
      #expect(table.features == [1.5, 2.5])
      #expect(table.classNames == ["a", "b"])
    }
  }

  @Test(
    "decides by all rows whether the first one holds names",
    arguments: [
      ("a,b,label\n1,2,0\n3,4,1\n", ["a", "b", "label"]),
      ("\"a;1\";b c;\"\"\n1;2;0\n3;4;1\n", ["a;1", "b c", ""]),
      // What pandas writes for columns without names, with and without its index.
      ("0,1,2,3\n5.1,3.5,1.4,0\n4.9,3.0,1.3,1\n", ["0", "1", "2", "3"]),
      ("2019,2020,1\n3.5,2.25,0\n4.5,1.5,1\n2.5,0.5,1\n", ["2019", "2020", "1"]),
      ("2019,2020,1\n3,2,0\n4,1,1\n2,5,1\n", ["2019", "2020", "1"]),
      ("\"first\nline\",b,l\n1,2,0\n2,3,1\n", ["first\nline", "b", "l"]),
      ("größe,b,l\n1,2,0\n2,3,1\n", ["größe", "b", "l"]),
      ("a,a,b\n1,2,0\n2,3,1\n", ["a", "a.1", "b"]),
      ("\"say \"\"x\"\"\",b\n1,0\n2,1\n", ["say \"x\"", "b"]),
      (
        "colour,size,kind\nred,big,x\nblue,big,y\nred,small,x\nred,big,y\n",
        ["colour", "size", "kind"]
      ),
      // scikit-learn's iris.csv.
      (
        "150,4,setosa,versicolor,virginica\n5.1,3.5,1.4,0.2,0\n4.9,3.0,1.4,0.2,0\n6.2,2.9,4.3,1.3,1\n",
        ["150", "4", "setosa", "versicolor", "virginica"]
      ),
    ])
  func header(text: String, names: [String]) throws {
    let layout = try read(text).layout
    #expect(layout.isNamed)
    #expect(
      layout.columns.map(\.name) + [layout.label.name] == names
        || layout.columns.count + 1 < names.count)
    #expect(layout.label.name == names.last)
  }

  @Test(
    "takes a first row for data that is like the others",
    arguments: [
      "5.1,red,1\n4.9,blue,0\n4.7,red,0\n4.8,blue,1\n",
      "5.1,3.5,setosa\n4.9,3.0,setosa\n6.2,2.9,virginica\n",
      "5.1,n/a,1\n4.9,3.0,0\n4.7,3.2,1\n",
      "1,2,3\n4,5,6\n7,8,9\n",
      "5,3,1\n5.1,3.5,0\n6,2.9,1\n",
      "red,big,x\nblue,big,y\nred,small,x\nred,big,y\n",
    ])
  func noHeader(text: String) throws {
    let table = try read(text, CSV.Options(missing: .mean))
    #expect(!table.layout.isNamed)
    #expect(table.rowCount == text.split(separator: "\n").count)
    let told = try read(text, CSV.Options(hasHeader: true, missing: .mean))
    #expect(told.layout.isNamed && told.rowCount == table.rowCount - 1)
  }

  @Test("says what was decided about the first row, and does as it is told")
  func toldHeader() throws {
    let text = "0,1,2,3\n5.1,3.5,1.4,0\n4.9,3.0,1.3,1\n"
    #expect(
      try read(text).notes[0]
        == "the first row holds the columns' names (--header no takes it as data)")
    let table = try read(text, CSV.Options(hasHeader: false))
    #expect(table.rowCount == 3 && table.features[..<3] == [0, 1, 2])
    #expect(table.classNames == ["0", "1", "3"])
  }

  // pandas 3.1.1: pd.DataFrame(...).to_csv writes the index as a first column without a name.
  @Test(
    "leaves out an index, and says so",
    arguments: [
      (
        ",a,b,y\n0,1,2,0\n1,3,4,1\n2,5,6,1\n",
        "column 1, an index: it has no name and counts up from 0"
      ),
      (
        ",a,b,y\n7,1,2,0\n3,3,4,1\n5,5,6,1\n",
        "column 1, an index: it has no name and differs in every row"
      ),
      (
        ",a,b,y\nann,1,2,0\nbob,3,4,1\neve,5,6,1\n",
        "column 1, an index: it has no name and differs in every row"
      ),
      (
        "Unnamed: 0,a,b,y\n0,1,2,0\n1,3,4,1\n2,5,6,1\n",
        "column 1, an index: it has no name and counts up from 0"
      ),
      ("Id,a,b,y\n1,1,2,0\n2,3,4,1\n3,5,6,1\n", "Id, an index: it counts up from 1"),
      // R's write.table: names of rows, but none of theirs.
      (
        "\"a\" \"b\" \"y\"\n\"1\" 1 2 0\n\"2\" 3 4 1\n\"3\" 5 6 1\n",
        "column 1, an index: it has no name and counts up from 1"
      ),
    ])
  func index(text: String, note: String) throws {
    let table = try read(text)
    #expect(table.features == [1, 2, 3, 4, 5, 6])
    #expect(table.notes.contains("left out: \(note)"), "\(table.notes)")
    #expect(table.layout.inputNames == ["a", "b"])
  }

  @Test("keeps a first column that is no index")
  func noIndex() throws {
    #expect(try read(",a,y\n1,1,0\n1,3,1\n2,5,1\n").columnCount == 2)
    #expect(try read("t,a,y\n0,1,0\n1,3,1\n2,5,1\n").columnCount == 2)
    #expect(try read("0,1,0\n1,3,1\n2,5,1\n").columnCount == 2)
    let huge = "99999999999999999999"
    #expect(try read("id,a,y\n\(huge),1,0\n\(huge),2,1\n\(huge),3,1\n").columnCount == 2)
    // Without names, from ten rows on that count up.
    let rows = (0..<12).map { "\($0),\($0 * 7 % 5),\($0 % 2)\n" }.joined()
    let table = try read(rows)
    #expect(table.columnCount == 1)
    #expect(table.notes.contains("left out: column 1, an index: it counts up from 0"))
  }

  @Test("takes texts, whole numbers and booleans for classes, from any column")
  func labels() throws {
    let flowers = try read("a,species\n1,virginica\n2,setosa\n3,virginica\n")
    #expect(flowers.classNames == ["setosa", "virginica"])
    #expect(flowers.labels == [1, 0, 1])
    #expect(flowers.notes.contains("label: species, 2 classes: setosa, virginica"))
    let far = try read("1,8000\n2,0\n3,4000\n4,0\n")
    #expect(far.classNames == ["0", "4000", "8000"])
    #expect(far.labels == [2, 0, 1, 0])
    let negative = try read("1,-1\n2,1\n")
    #expect(negative.classNames == ["-1", "1"])
    let truths = try read("a,y\n1,True\n2,FALSE\n3,true\n")
    #expect(truths.classNames == ["false", "true"] && truths.labels == [1, 0, 1])
    let named = try read("y,a,b\nu,1,2\nv,3,4\n", CSV.Options(label: "y"))
    #expect(named.labels == [0, 1] && named.features == [1, 2, 3, 4])
    let numbered = try read("u,1,2\nv,3,4\n", CSV.Options(label: "1"))
    #expect(numbered.labels == [0, 1] && numbered.features == [1, 2, 3, 4])
    let mixed = try read("a,y\n1,x\n2,7\n3,x\n4,007\n5,x\n")
    #expect(mixed.classNames == ["007", "7", "x"])
  }

  @Test("takes a label that is a number, if asked")
  func numbers() throws {
    let table = try read("a,price\n1,2.5\n2,-3\n", CSV.Options(labelIsNumber: true))
    #expect(table.targets == [2.5, -3] && table.labels.isEmpty && table.classNames.isEmpty)
    let batch = table[0...]
    #expect(batch.labels.shape == [2, 1] && batch.labels.dtype == .float32)
    #expect(try batch.labels.scalars(as: Float.self) == [2.5, -3])
  }

  @Test("makes an input of each word of a column, and 0 and 1 of booleans")
  func categories() throws {
    let table = try read(
      "colour,on,y\nred,True,0\n\"blue, dark\",false,1\nred,TRUE,1\n")
    #expect(table.layout.inputNames == ["colour=blue, dark", "colour=red", "on"])
    #expect(table.features == [0, 1, 1, 1, 0, 0, 0, 1, 1])
    #expect(table.notes.contains("one input for each colour: blue, dark, red"))
    // Texts that nearly all differ tell rows apart.
    let rows = (0..<30).map { "name \($0),\($0 * 3 % 7),\($0 % 2)\n" }.joined()
    let people = try read("name,a,y\n" + rows)
    #expect(people.layout.inputNames == ["a"])
    #expect(people.notes.contains("left out: name, 30 different texts"))
  }

  @Test("refuses, leaves out or fills in empty cells")
  func missing() throws {
    let text = "a,c,y\n1,u,0\n,v,1\n5,?,1\n4,v,NA\n"
    let error = try #require(throws: DataError.self) { try read(text) }
    #expect(
      error.reason == "row 3, column 1 (a): the cell is empty; --missing drop leaves such rows "
        + "out, --missing mean fills in the column's mean")
    let dropped = try read(text, CSV.Options(missing: .drop))
    #expect(dropped.rowCount == 1)
    #expect(dropped.notes.contains("left out: 3 rows with an empty cell"))
    let filled = try read(text, CSV.Options(missing: .mean))
    #expect(filled.features == [1, 1, 0, 3, 0, 1, 5, 0.5, 0.5])
    #expect(filled.labels == [0, 1, 1])
    #expect(filled.notes.contains("left out: 1 row with an empty cell"))
    #expect(filled.notes.contains("2 empty cells filled with the mean of the column"))
    #expect(filled.layout.columns.map(\.fill) == [[3], [0.5, 0.5]])
  }

  // NumPy 2.4.6 rounds these spellings to the same float32.
  @Test(
    "rounds decimals as Swift's own parser does",
    arguments: [
      "0.1", "123456789012345678901234567890", "1e-45", "1.17549435e-38", "3.4028234e38", "1e23",
      "9007199254740993", "0.000000000000000000000000000000000000123", "1e-400", "-0.0", "1e22",
      "8.5", "4503599627370497.5", "0000000000000000000000000000012.5", "2.2250738585072014e-308",
      "1e-99999999999999999999999", "1.234567890123456789e+00", "0.30000000000000004",
    ])
  func rounding(text: String) throws {
    let value = try read("\(text),0\n2,1\n").features[0]
    #expect(value.bitPattern == Float(Double(text)!).bitPattern)
  }

  @Test(
    "says in one line what is wrong and where",
    arguments: [
      ("", "is empty; a row per example is needed"),
      ("\u{FEFF}\n \r\n# only this\n", "is empty; a row per example is needed"),
      ("a,b\n", "has column names but no rows of numbers"),
      ("\n1\n2\n", "has 1 column; two are needed: features and a label"),
      ("1,2,0\n1,2\n", "row 2 has 2 columns, row 1 has 3; every row needs as many"),
      ("a,b,c\n\n1,2,0,9,\n", "row 3 has 5 columns, row 1 has 3; every row needs as many"),
      ("1,2,0\n5\n", "row 2 has 1 column, row 1 has 3; every row needs as many"),
      (
        "1,2,0\n\n1,x y,0\n2,2,1\n",
        "row 3, column 2: \"x y\" is not a number, as most cells of the column are"
      ),
      (
        "a,b\n1,2\n1,cat\n2,1\n",
        "row 3, column 2 (b): \"cat\" is not a number, as most cells of the column are"
      ),
      (
        "1,2,0\n1,,1\n",
        "row 2, column 2: the cell is empty; --missing drop leaves such rows out, "
          + "--missing mean fills in the column's mean"
      ),
      (
        "1,2,0\n1,2,nan\n3,4,1\n",
        "row 2, column 3: \"nan\" stands for no value; --missing drop leaves such rows out, "
          + "--missing mean fills in the column's mean"
      ),
      (
        "1,2,0\n1,1e,1\n2,3,1\n",
        "row 2, column 2: \"1e\" is not a number, as most cells of the column are"
      ),
      ("-Inf,2,0\n1,2,1\n", "row 1, column 1: \"-Inf\" is not a finite number"),
      ("1e999,2,0\n1,2,1\n", "row 1, column 1: \"1e999\" is not a finite number"),
      ("1e39,2,0\n1,2,1\n", "row 1, column 1: \"1e39\" is too large for float32"),
      (
        "1,0.5\n2,1\n",
        "row 1, column 2: the label is \"0.5\", not a whole number or a text that could be a "
          + "class; learn it as a number with --loss mse"
      ),
      (
        "1,1\n2,1\n",
        "every label is 1 (column 2); at least two classes are needed, or another column with "
          + "--label"
      ),
      ("1,2,0\n\"1,2,0\n", "row 2, column 1: the quote is never closed"),
      ("1,2,0\n\"1\"2,2,0\n", "row 2, column 1: text follows the closing quote of \"1\""),
      ("PK\u{3}\u{4}abc", "is a zip archive or a spreadsheet, not a table of text; save it as CSV"),
    ])
  func errors(text: String, reason: String) throws {
    let error = try #require(throws: DataError.self) { try read(text) }
    #expect(error.description == "t.csv: \(reason)")
  }

  @Test("names a column that is not there, and labels that nearly all differ")
  func wrongLabel() throws {
    let error = try #require(throws: DataError.self) {
      try read("a,b\n1,2\n3,4\n", CSV.Options(label: "c"))
    }
    #expect(error.reason == "there is no column \"c\" for the label; its columns are a, b")
    let rows = (0..<50).map { "\($0 % 3),\($0 * $0)\n" }.joined()
    let many = try #require(throws: DataError.self) { try read("a,price\n" + rows) }
    #expect(
      many.reason == "the label price has 50 different values in 50 rows; learn it as a number "
        + "with --loss mse, or name another column with --label")
    let text = try #require(throws: DataError.self) {
      try read("a,y\n1,u\n2,v\n", CSV.Options(labelIsNumber: true))
    }
    #expect(
      text.reason == "row 2, column 2 (y): the label is to be a number, but it is \"u\"")
  }

  @Test("cuts long text short in an error")
  func longText() throws {
    let text = String(repeating: "é", count: 1000)
    let error = try #require(throws: DataError.self) { try read("1,2\n\(text),0\n3,1\n") }
    let shown = String(repeating: "é", count: 40) + "..."
    #expect(error.reason.hasPrefix("row 2, column 1: \"\(shown)\" is not a number"))
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

  @Test("reads a large file in parts as in one, and finds what is wrong in any of them")
  func parts() throws {
    func text(_ last: String) -> String {
      var text = "a,b,y\n"
      for row in 0..<100_000 {
        text += "\(row % 1000).\(row % 7),-0.12345678901234567,\(row % 3)\n"
      }
      return text + last
    }
    let table = try read(text("1,2,1\n"))
    #expect(table.rowCount == 100_001)
    #expect(table.labels[99_999] == 99_999 % 3 && table.labels[100_000] == 1)
    for row in [0, 49_999, 50_000, 99_999] {
      #expect(table.features[2 * row] == Float("\(row % 1000).\(row % 7)"))
      #expect(table.features[2 * row + 1] == Float(-0.12345678901234567))
    }
    let error = try #require(throws: DataError.self) { try read(text("1,x,1\n")) }
    #expect(error.reason.hasPrefix("row 100002, column 2 (b): \"x\" is not a number"))
    let ragged = try #require(throws: DataError.self) { try read(text("1,1\n")) }
    #expect(ragged.reason.hasPrefix("row 100002 has 2 columns, row 1 has 3"))
  }

  @Test("survives any bytes: random files, 20,000 in CI, end in a table or an error")
  func randomBytes() {
    var generator = ExampleGenerator(seed: 0, index: 0)
    let alphabet = Array("0123459.,;\t \n\r\"-+eExnaif|#".utf8) + [0xEF, 0xFF, 0x00]
    var tables = 0
    for _ in 0..<min(20_000, 2 * FuzzTests.count) {
      let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator)!
      }
      if let table = try? CSV(bytes: bytes, path: "r.csv", options: CSV.Options(missing: .mean)) {
        tables += 1
        #expect(table.features.count == table.rowCount * table.columnCount, "\(bytes)")
        #expect(table.features.allSatisfy { $0.isFinite }, "\(bytes)")
      }
    }
    #expect(tables > 0)
  }
}
