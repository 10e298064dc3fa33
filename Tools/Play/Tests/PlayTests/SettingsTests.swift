import Foundation
import Playing
import Testing

@Suite("Settings")
struct SettingsTests {
  @Test("are changed by the names of an object")
  func change() throws {
    let json = #"{"hidden": 8, "bias": false, "data": "xor", "rate": 0.1}"#
    let settings = try Settings().changed(by: Data(json.utf8))
    var expected = Settings()
    (expected.hidden, expected.bias, expected.data, expected.rate) = (8, false, .xor, 0.1)
    #expect(settings == expected)
  }

  @Test(
    "refuse what is not possible, and say what is",
    arguments: [
      (#"{"hidden": 500}"#, "hidden is 500.0; give a whole number from 1 to 24"),
      (#"{"hidden": 1.5}"#, "hidden is 1.5; give a whole number from 1 to 24"),
      (#"{"hidden": true}"#, "hidden is true; give a whole number from 1 to 24"),
      (#"{"rate": 0}"#, "rate is 0.0; give a number from 1e-05 to 10.0"),
      (#"{"rate": "x"}"#, "rate is \"x\"; give a number from 1e-05 to 10.0"),
      (#"{"noise": -0.1}"#, "noise is -0.1; give a number from 0.0 to 0.5"),
      (#"{"bias": 1}"#, "bias is 1.0; give true or false"),
      (
        #"{"data": "mnist"}"#,
        "data is \"mnist\"; choose one of spirals, circles, moons, xor, digits"
      ),
      ("[]", "the settings are no flat JSON object; send {\"hidden\": 8}"),
      ("{", "the settings are no flat JSON object; send {\"hidden\": 8}"),
      (#"{"hidden": [1]}"#, "the settings are no flat JSON object; send {\"hidden\": 8}"),
      (#"{"hidden": null}"#, "the settings are no flat JSON object; send {\"hidden\": 8}"),
    ])
  func refusals(_ json: String, _ text: String) {
    let refusal = #expect(throws: Refusal.self) { try Settings().changed(by: Data(json.utf8)) }
    #expect(refusal?.description == text)
  }

  @Test("name an unknown setting")
  func unknown() {
    let refusal = #expect(throws: Refusal.self) {
      try Settings().changed(by: Data(#"{"hiden": 1}"#.utf8))
    }
    #expect(refusal?.description.hasPrefix("there is no setting \"hiden\"") == true)
  }

  @Test("refuse deep nesting without descending")
  func nesting() {
    let deep = Data(String(repeating: "[", count: 60_000).utf8)
    #expect(throws: Refusal.self) { try Settings().changed(by: deep) }
  }

  @Test("survive 5,000 damaged objects, and stay in their ranges")
  func random() {
    let valid = Array(#"{"hidden": 8, "rate": 0.01, "data": "xor", "seed": 12}"#.utf8)
    for _ in 0..<5000 {
      var bytes = valid
      for _ in 0..<Int.random(in: 1...3) {
        bytes[Int.random(in: bytes.indices)] = .random(in: 32...126)
      }
      guard let settings = try? Settings().changed(by: Data(bytes)) else { continue }
      #expect((1...24).contains(settings.hidden) && (1e-5...10).contains(settings.rate))
      #expect((0...999_999).contains(settings.seed))
    }
  }
}
