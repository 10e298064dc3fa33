/// What a notebook shows of a value: the same content in as many formats as it has. The
/// notebook picks the richest that it can draw.
///
///     Display(svg: picture, text: "a plot of 3 curves")
public struct Display: Sendable, Equatable {
  /// An SVG document.
  public var svg: String?
  /// The bytes of a PNG file.
  public var png: [UInt8]?
  /// A piece of HTML.
  public var html: String?
  /// Plain text, for terminals and logs; nil stands for the value's description.
  public var text: String?

  /// Makes a display of the formats that are given.
  public init(
    svg: String? = nil, png: [UInt8]? = nil, html: String? = nil, text: String? = nil
  ) {
    self.svg = svg
    self.png = png
    self.html = html
    self.text = text
  }
}

/// A value that a notebook can draw.
///
///     extension Board: Displayable {
///       var display: Display { Display(svg: drawing) }
///     }
public protocol Displayable {
  /// The value in the formats it can be shown in.
  var display: Display { get }
}

extension Display: Displayable {
  /// The display itself.
  public var display: Display { self }
}
