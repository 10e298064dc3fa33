import BlitzData
import Foundation
import Testing

@testable import BlitzPlot

@Suite("markup and colours")
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
}
