import BlitzSystem

/// A colour of a screen: red, green and blue as sRGB has them, 0...1.
package struct Color: Equatable, Sendable {
  package var red: Double
  package var green: Double
  package var blue: Double

  /// The colour that is written as six hexadecimal digits: `0x0072b2`.
  package init(_ code: Int) {
    red = Double(code >> 16 & 255) / 255
    green = Double(code >> 8 & 255) / 255
    blue = Double(code & 255) / 255
  }

  /// `share` of `other` (0...1) and the rest of this one.
  package func mixed(with other: Color, _ share: Double) -> Color {
    var color = self
    color.red += (other.red - red) * share
    color.green += (other.green - green) * share
    color.blue += (other.blue - blue) * share
    return color
  }

  /// The three bytes.
  package var bytes: [UInt8] {
    [red, green, blue].map { UInt8((min(max($0, 0), 1) * 255).rounded()) }
  }

  /// The colour in CSS: "#0072b2".
  package var hex: String {
    "#" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Black or white, whichever reads better on this colour (WCAG 2.2's relative luminance): the
  /// contrast is 4.58 or more on any colour, and 4.5 is asked for.
  package var ink: Color {
    func linear(_ value: Double) -> Double {
      value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    let (onBlack, onWhite) = ((luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05))
    return onBlack > onWhite ? Color(0x000000) : Color(0xffffff)
  }

  /// Blue for -1, light grey for 0, orange for 1, and between them: two hues that people tell apart
  /// whatever colours they see. Grey for what is not a number.
  package static func diverging(_ value: Double) -> Color {
    guard !value.isNaN else { return Color(0x808080) }
    let stops = value < 0 ? [0xf5f5f5, 0x66a3d2, 0x004488] : [0xf5f5f5, 0xf0a35e, 0xa23b00]
    let place = min(abs(value), 1) * 2
    let (from, to) = place < 1 ? (stops[0], stops[1]) : (stops[1], stops[2])
    return Color(from).mixed(with: Color(to), place < 1 ? place : place - 1)
  }
}
