import Foundation
import Playing
import Testing

@Suite("Settings")
struct SettingsTests {
  @Test("are changed by the names of an object")
  func change() throws {
    let json =
      #"{"hidden": "8,3", "bias": false, "data": "xor", "rate": 0.1, "features": "x1x2,sin1"}"#
    let settings = try Settings().changed(by: Data(json.utf8))
    var expected = Settings()
    (expected.hidden, expected.bias, expected.data, expected.rate) = (
      WordList([8, 3]), false, .xor, 0.1
    )
    expected.features = WordList([.x1x2, .sin1])
    #expect(settings == expected)
    let none = try Settings().changed(by: Data(#"{"hidden": "", "batch": 0}"#.utf8))
    #expect(none.hidden.elements == [])
    // What is told of settings is what they are changed by.
    let told = try JSONEncoder().encode(settings)
    #expect(try Settings().changed(by: told) == settings)
  }

  @Test(
    "refuse what is not possible, and say what is",
    arguments: [
      (#"{"speed": 500}"#, "speed is 500; give a whole number from 1 to 100"),
      (#"{"speed": 1.5}"#, "speed is 1.5; give a whole number from 1 to 100"),
      (#"{"speed": true}"#, "speed is true; give a whole number from 1 to 100"),
      (#"{"share": 100}"#, "share is 100; give a whole number from 10 to 90"),
      (
        #"{"hidden": "8,25"}"#,
        "hidden is \"8,25\"; give the sizes of at most 6 layers, from 1 to 24 each, as "
          + "\"12,12\", or \"\" for none"
      ),
      (
        #"{"hidden": 8}"#,
        "hidden is 8; give the sizes of at most 6 layers, from 1 to 24 each, as \"12,12\", or "
          + "\"\" for none"
      ),
      (
        #"{"features": "x1,x1"}"#,
        "features is \"x1,x1\"; give some of x1,x2,x1x1,x2x2,x1x2,sin1,sin2, each once"
      ),
      (
        #"{"features": ""}"#,
        "features is \"\"; give some of x1,x2,x1x1,x2x2,x1x2,sin1,sin2, each once"
      ),
      (#"{"rate": 0}"#, "rate is 0; give a number from 1e-05 to 10.0"),
      (#"{"rate": "x"}"#, "rate is \"x\"; give a number from 1e-05 to 10.0"),
      (#"{"noise": -0.1}"#, "noise is -0.1; give a number from 0.0 to 0.5"),
      (#"{"bias": 1}"#, "bias is 1; give true or false"),
      (
        #"{"data": "mnist"}"#,
        "data is \"mnist\"; choose one of spirals, circles, moons, xor, digits, plane, hills, table"
      ),
      ("[]", "the settings are no flat JSON object; send {\"rate\": 0.1}"),
      ("{", "the settings are no flat JSON object; send {\"rate\": 0.1}"),
      (#"{"hidden": [1]}"#, "the settings are no flat JSON object; send {\"rate\": 0.1}"),
      (#"{"hidden": null}"#, "the settings are no flat JSON object; send {\"rate\": 0.1}"),
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
    let valid = Array(#"{"hidden": "8", "rate": 0.01, "data": "xor", "seed": 12}"#.utf8)
    for _ in 0..<5000 {
      var bytes = valid
      for _ in 0..<Int.random(in: 1...3) {
        bytes[Int.random(in: bytes.indices)] = .random(in: 32...126)
      }
      guard let settings = try? Settings().changed(by: Data(bytes)) else { continue }
      #expect(settings.hidden.elements.allSatisfy { (1...24).contains($0) })
      #expect((1e-5...10).contains(settings.rate))
      #expect((0...999_999).contains(settings.seed))
    }
  }
}
