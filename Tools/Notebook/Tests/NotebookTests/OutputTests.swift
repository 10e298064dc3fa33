import Foundation
import NotebookKernel
import Testing

extension NotebookTests {
  struct OutputTests {
    @Test("sends output while the cell runs, carriage returns and all, and stderr apart")
    func live() throws {
      let notebook = try NotebookTests.shared.get()
      let folder = FileManager.default.temporaryDirectory.path + "/live-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      // The cell goes on with a step when the one before has been read here.
      let result = try notebook.run(
        """
        import Glibc
        for step in 1...3 {
          print("\\rstep \\(step)/3", terminator: "")
          while access("\(folder)/\\(step)", F_OK) != 0 {
            try await Task.sleep(for: .milliseconds(10))
          }
        }
        print()
        fputs("careful\\n", stderr)
        """
      ) { output in
        let step = output.count { $0 == "\r" }
        _ = FileManager.default.createFile(atPath: "\(folder)/\(step)", contents: nil)
      }
      #expect(result.output == "\rstep 1/3\rstep 2/3\rstep 3/3\n")
      #expect(result.pieces.count >= 3, "\(result.pieces)")
      #expect(result.errors == "careful\n")
    }

    @Test("shows on stderr what only looks like the words of a trap")
    func saidOnly() throws {
      let notebook = try NotebookTests.shared.get()
      let result = try notebook.run(
        """
        import Glibc
        fputs("one\\nFatal error: two\\nthree\\n", stderr)
        fputs("Precondition failed: four\\n", stderr)
        """)
      #expect(result.status == "ok")
      #expect(result.errors == "one\nFatal error: two\nthree\nPrecondition failed: four\n")
    }

    @Test("shows tensors as tables, and as pictures when asked")
    func tensors() throws {
      let notebook = try NotebookTests.shared.get()
      let table = try notebook.run("Tensor([[1.0, 2.5], [3, 4]])")
      #expect(table.value["text/html"]?.contains("<td>2.5000</td>") == true, "\(table)")
      #expect(table.value["text/plain"]?.hasSuffix("float32[2, 2]") == true)
      let picture = try notebook.run("try Tensor.arange(6).reshaped(to: [2, 3]).asImage()")
      let png = Data(base64Encoded: picture.value["image/png"] ?? "") ?? Data()
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]), "\(picture)")
    }

    @Test("shows what a type of the reader's draws, in a place of its own if it is named")
    func displayable() throws {
      let notebook = try NotebookTests.shared.get()
      let result = try notebook.run(
        """
        struct Circle: Displayable {
          var display: Display { Display(svg: "<svg><circle r='4'/></svg>", text: "a circle") }
        }
        show(Circle())
        show(Circle(), named: "place")
        show(Circle(), named: "place")
        Optional(Circle())
        """)
      #expect(
        result.shown == ["display_data", "display_data", "update_display_data", "execute_result"],
        "\(result)")
      #expect(result.value["image/svg+xml"] == "<svg><circle r='4'/></svg>")
      #expect(result.value["text/plain"] == "a circle")
    }

    @Test("completes names of cells and members of tensors, and no internal ones")
    func completion() throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run(
        "/// Where things are.\nstruct Board { func place(at row: Int) {} }\nlet board = Board()\n"
          + "let grid = Tensor([1.0])")
      func matches(_ code: String) throws -> [String] {
        let reply = try notebook.ask(
          "complete_request",
          ["code": .string(code), "cursor_pos": .integer(code.unicodeScalars.count)])
        return reply["matches"].array.compactMap(\.string)
      }
      #expect(try matches("boa") == ["Board", "board"])
      #expect(try matches("board.") == ["place(", "self"])
      #expect(try matches("board.place(") == ["at:"])
      #expect(try matches("Adam(").allSatisfy { !$0.hasPrefix(":") && !$0.contains("Cell_") })
      #expect(try matches("let é = 1\ngrid.matm") == ["matmul("])
      #expect(try matches("grid.transp") == ["transposed("])
      #expect(try matches("grid.hand").isEmpty, "Tensor.handle is internal")
      #expect(try matches("Tens").contains("Tensor"))
      let reply = try notebook.ask(
        "complete_request", ["code": "grid.transposed", "cursor_pos": 15])
      let kinds = reply["metadata"]["_jupyter_types_experimental"].array.map { $0["type"].string }
      #expect(!kinds.isEmpty && kinds.allSatisfy { $0 == "function" })
    }

    @Test("fills the caches before anybody waits for them")
    func preparation() throws {
      let folder = FileManager.default.temporaryDirectory.path + "/caches-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Client.kernel)
      process.arguments = ["--prepare"]
      process.environment = ProcessInfo.processInfo.environment.merging(
        ["XDG_CACHE_HOME": folder]) { $1 }
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let cache = folder + "/blitz/notebook"
      let symbols = try String(contentsOfFile: cache + "/public-symbols", encoding: .utf8)
      #expect(symbols.contains("\ns:11BlitzTensor0B0V"), "\(symbols.prefix(1000))")
      let modules = FileManager.default.enumerator(atPath: cache + "/modules")?.allObjects ?? []
      #expect(modules.contains { "\($0)".hasSuffix(".pcm") })
    }

    @Test("explains the symbol at the cursor")
    func inspection() throws {
      let notebook = try NotebookTests.shared.get()
      _ = try notebook.run("/// Where things are.\nstruct Spot {}\nlet values = Tensor([1.0])")
      func help(_ code: String, _ position: Int) throws -> String {
        let reply = try notebook.ask(
          "inspect_request",
          ["code": .string(code), "cursor_pos": .integer(position), "detail_level": 0])
        return reply["data"]["text/plain"].string ?? ""
      }
      #expect(try help("Spot()", 2) == "struct Spot\n\nWhere things are.")
      let relu = try help("values.relu()", 9)
      let start = "func relu() -> Tensor\n\nThe larger of each element and zero"
      #expect(relu.hasPrefix(start), "\(relu)")
      let half = try help("values.matmul(", 14)
      #expect(half.contains("matmul"), "\(half)")
      #expect(try help("nothingHere", 4) == "")
    }

    @Test(
      "knows a whole cell from half a one, and from one that no end makes right",
      arguments: [
        ("let x = 1", "complete"), ("%rerun", "complete"), ("for i in 0..<3 {\n", "incomplete"),
        ("let list = [1,  // and", "incomplete"), ("\"\"\"\nabc", "incomplete"),
        ("let = 2", "invalid"), ("struct S { func }\nlet x = 1", "invalid"),
      ])
    func wholeness(code: String, status: String) throws {
      let notebook = try NotebookTests.shared.get()
      let reply = try notebook.ask("is_complete_request", ["code": .string(code)])
      #expect(reply["status"].string == status)
    }
  }
}
