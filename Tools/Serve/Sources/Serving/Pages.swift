import Blitz
import BlitzONNX
import Foundation

/// What a server says of itself: a page for people, and OpenAPI 3.1 for programs.
struct Pages {
  let model: ServedModel
  /// The most bytes of a body.
  let limit: Int

  /// A request of one row; "..." stands for more numbers than there is room for.
  var example: String {
    if !model.columns.isEmpty {
      let columns = model.columns.map { "\(Service.quoted($0)): 0" }
      return "{\"rows\": [{\(columns.joined(separator: ", "))}]}"
    }
    let inputs = model.inputs.map { input in
      "\(Service.quoted(input.name)): \(zeros(input.sizes ?? []))"
    }
    return "{\"inputs\": {\(inputs.joined(separator: ", "))}}"
  }

  private func zeros(_ sizes: [ONNXPort.Size]) -> String {
    guard let size = sizes.first else { return "0" }
    let inner = zeros(Array(sizes.dropFirst()))
    var count = 1
    if case .fixed(let fixed) = size { count = fixed }
    // Not all of a large one.
    let shown = Array(repeating: inner, count: min(count, 4)).joined(separator: ", ")
    return "[\(shown)\(count > 4 ? ", ..." : "")]"
  }

  var html: String {
    let ports = { (title: String, texts: [String]) in
      let items = texts.map { "<li><code>\(Pages.escaped($0))</code></li>" }
      return "<h2>\(title)</h2><ul>\(items.joined())</ul>"
    }
    let name = Pages.escaped(model.name)
    let image = model.inputs.count == 1 ? model.inputs[0].image : nil
    let upload = image.map { _, height, width in
      "<p>Or an image, which is brought to \(width) x \(height):</p><pre>curl --data-binary "
        + "@image.png -H 'Content-Type: image/png' ADDRESS/predict</pre>"
    }
    return """
      <!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>\(name)</title>
      <h1>\(name)</h1>
      \(ports("Takes", model.inputs.map(\.text)))
      \(ports("Gives", model.outputs.map { "\($0)" }))
      \(model.classNames.isEmpty ? "" : ports("Classes", model.classNames))
      <h2>Ask</h2><pre>curl ADDRESS/predict -H 'Content-Type: application/json' \\
        -d '\(Pages.escaped(example))'</pre>
      \(upload ?? "")
      <p>Arrays by name as application/x-npz or application/x-safetensors are answered likewise.
      A body has at most \(limit) bytes.</p>
      <p><a href="openapi.json">OpenAPI</a>, <a href="metrics">metrics</a>,
      <a href="healthz">health</a></p></html>

      """
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("'", with: "&#39;").replacing("\"", with: "&quot;")
  }

  /// The description of the paths.
  func openAPI() throws -> Data {
    let inputs = Dictionary(
      model.inputs.map { ($0.name, schema($0.sizes, $0.dtype.isFloating ? "number" : "integer")) }
    ) { first, _ in first }
    var body: [String: Any] = [
      "inputs": object(inputs, required: model.inputs.map(\.name))
    ]
    if !model.columns.isEmpty {
      let columns = Dictionary(model.columns.map { ($0, ["type": "number"]) }) { first, _ in first }
      body["rows"] = ["type": "array", "items": object(columns, required: model.columns)]
    }
    var content: [String: Any] = [
      "application/json": ["schema": ["type": "object", "properties": body]]
    ]
    for type in PredictionRequest.types.dropFirst() {
      content[type] = ["schema": ["type": "string", "format": "binary"]]
    }
    let outputs = Dictionary(model.outputs.map { ($0.name, schema($0.sizes, "number")) }) { a, _ in
      a
    }
    var answer: [String: Any] = ["outputs": object(outputs, required: model.outputs.map(\.name))]
    if !model.classNames.isEmpty {
      answer["predictions"] = [
        "type": "array",
        "items": object(
          [
            "class": ["type": "integer"], "name": ["type": "string"],
            "probability": ["type": "number"],
          ], required: ["class", "name", "probability"]),
      ]
    }
    let refusal = ["description": "A reason, as {\"error\": \"...\"}"]
    let read = { (summary: String) in
      ["get": ["summary": summary, "responses": ["200": ["description": "OK"]]]]
    }
    let paths: [String: Any] = [
      "/predict": [
        "post": [
          "summary": "What the model gives for these inputs.",
          "requestBody": ["required": true, "content": content],
          "responses": [
            "200": [
              "description": "The outputs by name.",
              "content": [
                "application/json": ["schema": ["type": "object", "properties": answer]]
              ],
            ],
            "400": refusal, "413": refusal, "415": refusal, "429": refusal,
          ],
        ] as [String: Any]
      ],
      "/healthz": read("Whether the server answers."),
      "/metrics": read("Counts and times in Prometheus' text format."),
    ]
    return try JSONSerialization.data(
      withJSONObject: [
        "openapi": "3.1.0", "info": ["title": model.name, "version": "1"], "paths": paths,
      ], options: [.sortedKeys, .withoutEscapingSlashes])
  }

  private func object(_ properties: [String: Any], required: [String]) -> [String: Any] {
    ["type": "object", "properties": properties, "required": required]
  }

  /// Nested arrays of numbers.
  private func schema(_ sizes: [ONNXPort.Size]?, _ number: String) -> [String: Any] {
    guard let sizes else { return [:] }
    return sizes.reversed().reduce(["type": number] as [String: Any]) { inner, size in
      var schema: [String: Any] = ["type": "array", "items": inner]
      if case .fixed(let fixed) = size {
        schema["minItems"] = fixed
        schema["maxItems"] = fixed
      }
      return schema
    }
  }
}
