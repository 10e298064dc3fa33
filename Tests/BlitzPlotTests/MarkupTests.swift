import Foundation
import Testing

@testable import BlitzCLI

@Suite("report.html: words and colours")
struct MarkupTests {
  // RFC 4648, section 10.
  @Test(
    "gives the base64 of RFC 4648",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64(text: String, encoded: String) {
    #expect(Markup.base64(Array(text.utf8)) == encoded)
  }

  @Test("gives Foundation's base64 for all bytes")
  func base64OfAllBytes() {
    let bytes = Array(UInt8.min ... .max) + Array((UInt8.min ... .max).reversed())
    #expect(Markup.base64(bytes) == Data(bytes).base64EncodedString())
  }

  @Test(
    "escapes what markup is made of",
    arguments: [
      ("a & b", "a &amp; b"), ("<i>", "&lt;i&gt;"), ("\"'", "&quot;&#39;"),
      ("a\u{0}\t\r\n\u{1F}\u{7F}\u{85}b", "a       b"), ("é猫 \u{A0}", "é猫 \u{A0}"),
      ("\u{FFFF}", "\u{FFFD}"), ("&amp;", "&amp;amp;"),
    ])
  func escaping(text: String, escaped: String) {
    #expect(Markup.escaped(text) == escaped)
  }

  @Test(
    "never rounds a share to all or nothing that is neither",
    arguments: [
      (0, "0.0 %"), (1, "100.0 %"), (0.5, "50.0 %"), (0.99999, "over 99.9 %"),
      (0.00001, "under 0.1 %"), (0.9994, "99.9 %"), (.nan, "nan %"),
    ] as [(Double, String)])
  func percent(share: Double, text: String) {
    #expect(HTMLReport.percent(share) == text.replacingOccurrences(of: " ", with: "\u{A0}"))
  }

  @Test(
    "tells how long something took in the units that people use",
    arguments: [
      (0.123, "0.12 s"), (59.99, "59.99 s"), (60, "1 min 0 s"), (3599.4, "59 min 59 s"),
      (7260, "2 h 1 min"), (.infinity, "inf s"), (.nan, "nan s"),
    ] as [(Double, String)])
  func duration(seconds: Double, text: String) {
    #expect(HTMLReport.duration(seconds) == text)
  }

  @Test(
    "sets thousands apart",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"),
      (Int.min, "-9,223,372,036,854,775,808"),
    ])
  func grouped(number: Int, text: String) {
    #expect(number.grouped == text)
  }

  @Test("writes on each colour in the ink that reads better, with the contrast that WCAG asks for")
  func ink() {
    func luminance(_ color: Color) -> Double {
      let parts = [color.red, color.green, color.blue].map { value in
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    for code in stride(from: 0, through: 0xFFFFFF, by: 0x0B0D11) {
      let color = Color(code)
      let (a, b) = (luminance(color), luminance(color.ink))
      #expect((max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4.5, "\(color.hex)")
    }
  }

  @Test("scales weights so that a single large one does not make all others pale")
  func scale() {
    let many = RunRecord.WeightPicture(
      width: 400, height: 1, channelCount: 1,
      values: (0..<400).map { $0 == 0 ? 1000 : Float($0) / 400 })
    #expect((0.99...1).contains(WeightScale([many]).limit))
    let none = RunRecord.WeightPicture(width: 1, height: 1, channelCount: 1, values: [.nan])
    #expect(WeightScale([none]).limit == 1)
    #expect(WeightScale([]).limit == 1)
    // All but one are zero: the one must show.
    var zeros = many
    zeros.values = (0..<400).map { $0 == 0 ? 2 : 0 }
    #expect(WeightScale([zeros]).limit == 2)
  }

  @Test("refuses pictures whose sides do not fit their weights")
  func shapes() {
    let scale = WeightScale([])
    for (width, height, channels) in [
      (0, 1, 1), (1, 0, 1), (1, 1, 0), (-1, -1, 1), (2, 1, 1), (.max, .max, .max), (.max, 1, 1),
    ] {
      #expect(
        scale.image(
          .init(width: width, height: height, channelCount: channels, values: [1])) == nil)
    }
    let pair = scale.image(.init(width: 1, height: 1, channelCount: 2, values: [1, -1]))
    #expect(pair?.width == 3)
    let color = scale.image(.init(width: 1, height: 1, channelCount: 3, values: [1, -1, 0]))
    #expect(color?.pixels == [255, 0, 128])
  }
}
