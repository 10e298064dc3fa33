import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as a parser of XML sees it: only what is well nested comes through.
final class PageTree: NSObject, XMLParserDelegate {
  /// An element, its attributes, and all text in it.
  struct Element {
    var name: String
    var attributes: [String: String]
    var text = ""
    /// The names of those around it, from the outermost.
    var path: [String]
  }

  /// The elements in the order in which they start.
  private(set) var elements: [Element] = []
  private var open: [Int] = []

  /// Reads a page; one that is not well-formed fails the test.
  init(_ page: String) throws {
    super.init()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = self
    let isRead = parser.parse()
    try #require(
      isRead, "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "no XML")")
  }

  /// The elements of a name, or of a name and a class.
  func all(_ name: String, class kind: String? = nil) -> [Element] {
    elements.filter { element in
      element.name == name
        && (kind == nil
          || element.attributes["class"]?.split(separator: " ").contains { $0 == kind! } == true)
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append(
      Element(name: name, attributes: attributes, path: open.map { elements[$0].name }))
    open.append(elements.count - 1)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    for index in open { elements[index].text += text }
  }
}
