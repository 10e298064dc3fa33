import Blitz
import BlitzONNX
import Foundation
import HTTP
import Serving
import Testing

@Suite("A served model")
struct ServiceTests {
  /// A model that gives `x w` of rows `[batch, 3]`, with two classes and names of columns.
  static func service(_ settings: Service.Settings = .init()) throws -> Service {
    let path = FileManager.default.temporaryDirectory.path + "/\(UUID()).onnx"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let layer = Linear(3, 2, bias: false)
    try layer.load(["weight": Tensor([[1.0, 0, 0], [0, 2, 0]])])
    try ONNX.save(
      layer, inputs: [Tensor.zeros([2, 3])], to: path, inputNames: ["x"], outputNames: ["y"],
      dynamicAxes: ["x": [0: "batch"]],
      metadata: [
        "classes": #"["first","second \"2\""]"#,
        "columns": #"["a","b","c"]"#,
      ])
    return try Service(ServedModel(path: path, name: "test"), settings: settings)
  }

  static func post(_ body: String, _ type: String = "application/json") -> Request {
    Request(
      method: "POST", path: "/predict", isVersion11: true, headers: ["content-type": type],
      body: Data(body.utf8))
  }

  @Test("gives what the model gives, with the class's name")
  func predicts() async throws {
    let service = try ServiceTests.service()
    let expected =
      #"{"outputs":{"y":[[1.0,4.0],[3.0,0.0]]},"predictions":[{"class":1,"name":"second \"2\"","#
      + #""probability":4.0},{"class":0,"name":"first","probability":3.0}]}"#
    for body in [
      #"{"inputs": [[1, 2, 9], [3, 0, 9]]}"#, #"{"inputs": {"x": [[1, 2, 9], [3, 0, 9]]}}"#,
      #"{"rows": [{"a": 1, "b": 2, "c": 9}, {"c": 9, "b": 0, "a": 3}]}"#,
    ] {
      let answer = await service.answer(ServiceTests.post(body))
      #expect(answer.status == 200)
      #expect(String(decoding: answer.body, as: UTF8.self) == expected)
    }
  }

  @Test(
    "says what is wrong with a request",
    arguments: [
      ("", 400, "byte 0 of the JSON: the end where an object must be"),
      ("{}", 400, #"the input "x" is missing; the model takes x: float32[batch, 3]"#),
      (
        #"{"inputs": [1, 2, 3]}"#, 400,
        #""x" has the shape [3]; the model takes x: float32[batch, 3]"#
      ),
      (#"{"inputs": [[1, 2]]}"#, 400, #""x" has the shape [1, 2]; the model takes"#),
      (#"{"inputs": []}"#, 400, #""x" has the shape [0]; the model takes"#),
      (#"{"inputs": {"z": 1}}"#, 400, #"there is no input "z"; the model takes "x""#),
      (#"{"input": 1}"#, 400, #""input" is no part of a request; it has "inputs" or "rows""#),
      (#"{"rows": [{"a": 1, "q": 2}]}"#, 400, #"row 0: there is no column "q"; the columns are"#),
      (#"{"rows": [{"a": 1, "b": 2}]}"#, 400, #"row 0: the column "c" is missing"#),
      (#"{"inputs": [[1, 2, 3]]} x"#, 400, "byte 24 of the JSON: 'x' after the end"),
      (#"{"inputs": [["1", 2, 3]]}"#, 400, "where a number must be"),
    ])
  func refuses(body: String, status: Int, reason: String) async throws {
    let answer = await (try ServiceTests.service()).answer(ServiceTests.post(body))
    let object = try JSONDecoder().decode([String: String].self, from: answer.body)
    #expect(answer.status == status)
    #expect(try #require(object["error"]).contains(reason))
  }

  @Test("answers 20,000 damaged requests, with numbers or a reason")
  func damaged() async throws {
    let service = try ServiceTests.service()
    let text = Array(#"{"inputs": {"\u0078": [[1.5e2, -2, true], [0, 7, 1]]}}"#.utf8)
    var statuses: [Int: Int] = [:]
    for _ in 0..<20_000 {
      var bytes = text
      for _ in 0..<Int.random(in: 1...3) {
        let place = Int.random(in: bytes.indices)
        bytes[place] = Bool.random() ? .random(in: 0...255) : text.randomElement()!
      }
      var request = ServiceTests.post("")
      request.body = Data(bytes.prefix(Int.random(in: 0...2 * bytes.count)))
      statuses[await service.answer(request).status, default: 0] += 1
    }
    #expect(statuses.keys.sorted() == [200, 400])
  }

  @Test("says that whole numbers of a model are too large for it")
  func largest() async throws {
    let path = FileManager.default.temporaryDirectory.path + "/\(UUID()).onnx"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let layer = Linear(3, 2, bias: false)
    try ONNX.save(
      layer, inputs: [Tensor.zeros([2, 3])], to: path, inputNames: ["x"], outputNames: ["y"]
    ) { [$0[0].cast(to: .int64) * 0 + .max] }
    let service = try Service(ServedModel(path: path))
    let body = #"{"inputs": [[1, 2, 3], [4, 5, 6]]}"#
    let answer = await service.answer(ServiceTests.post(body))
    #expect(
      String(decoding: answer.body, as: UTF8.self)
        == #"{"error":"some of the int64 numbers are too large to be kept as Double"}"#)
  }

  @Test("refuses other methods, paths and types")
  func others() async throws {
    let service = try ServiceTests.service()
    var request = ServiceTests.post("{}", "text/plain")
    #expect(await service.answer(request).status == 415)
    request = ServiceTests.post("no image", "image/png")
    #expect(await service.answer(request).status == 400)
    request = ServiceTests.post("no archive", "application/x-npz")
    #expect(await service.answer(request).status == 400)
    request.method = "GET"
    #expect(await service.answer(request).status == 405)
    request.path = "/nothing"
    #expect(await service.answer(request).status == 404)
  }

  @Test("takes and gives arrays as files", arguments: ["npz", "safetensors"])
  func arrays(kind: String) async throws {
    let path = FileManager.default.temporaryDirectory.path + "/\(UUID()).\(kind)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let x = ["x": Tensor([[1.0, 2, 3]])]
    try kind == "npz" ? Npz.save(x, to: path) : Safetensors.save(x, to: path)
    var request = ServiceTests.post("", "application/x-\(kind)")
    request.body = try Data(contentsOf: URL(fileURLWithPath: path))
    let answer = await (try ServiceTests.service()).answer(request)
    #expect(answer.status == 200 && answer.type == request.type)
    try answer.body.write(to: URL(fileURLWithPath: path))
    let y = try kind == "npz" ? Npz.load(path) : Safetensors.load(path)
    #expect(try #require(y["y"]).array(as: [[Float]].self) == [[1, 4]])
  }

  @Test("says of itself what it takes, to people and programs")
  func pages() async throws {
    let service = try ServiceTests.service()
    func get(_ path: String) async -> String {
      let request = Request(
        method: "GET", path: path, isVersion11: true, headers: ["host": "a<b"], body: Data())
      return String(decoding: await service.answer(request).body, as: UTF8.self)
    }
    #expect(await get("/").contains("x: float32[batch, 3]"))
    #expect(await get("/").contains("http://a&lt;b/predict"))
    let api = try JSONSerialization.jsonObject(with: Data(await get("/openapi.json").utf8))
    #expect(((api as? [String: Any])?["paths"] as? [String: Any])?["/predict"] != nil)
    _ = await service.answer(ServiceTests.post(#"{"inputs": [[1, 2, 3]]}"#))
    let metrics = await get("/metrics")
    #expect(metrics.contains("blitz_requests_total{path=\"/predict\",status=\"200\"} 1\n"))
    #expect(metrics.contains("blitz_rows_total 1\n"))
  }

  @Test("gives each of many requests its own rows, whatever is computed together")
  func together() async throws {
    var settings = Service.Settings()
    settings.wait = .milliseconds(5)
    let service = try ServiceTests.service(settings)
    await withTaskGroup(of: Bool.self) { group in
      for i in 0..<200 {
        group.addTask {
          let rows = (0...i % 3).map { "[\(i), \($0), 0]" }.joined(separator: ",")
          let wrong = i % 50 == 7
          let answer = await service.answer(
            ServiceTests.post("{\"inputs\": [\(wrong ? "[1]" : rows)]}"))
          let text = String(decoding: answer.body, as: UTF8.self)
          let y = (0...i % 3).map { "[\(i).0,\(2 * $0).0]" }.joined(separator: ",")
          return wrong ? answer.status == 400 : text.hasPrefix("{\"outputs\":{\"y\":[\(y)]}")
        }
      }
      for await isRight in group { #expect(isRight) }
    }
    let metrics = String(
      decoding: await service.answer(
        Request(method: "GET", path: "/metrics", isVersion11: true, headers: [:], body: Data())
      ).body, as: UTF8.self)
    let batches = try? #require(metrics.firstMatch(of: /blitz_batches_total (\d+)/)).1
    #expect(Int(batches ?? "") ?? 1000 < 150)
  }

  @Test("answers 429 when too many wait")
  func full() async throws {
    var settings = Service.Settings()
    (settings.queue, settings.wait) = (2, .milliseconds(300))
    let service = try ServiceTests.service(settings)
    let statuses = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<20 {
        group.addTask {
          await service.answer(ServiceTests.post(#"{"inputs": [[1, 2, 3]]}"#)).status
        }
      }
      return await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    }
    #expect(statuses[429] ?? 0 >= 10)
    #expect(statuses[200] ?? 0 >= 2)
    #expect((statuses[429] ?? 0) + (statuses[200] ?? 0) == 20)
  }
}
