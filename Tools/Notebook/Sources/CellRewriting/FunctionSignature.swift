import SwiftSyntax

/// A function of a cell as callers see it, to know which functions of earlier cells it takes the
/// place of.
///
/// The compiler lets a later module's function shadow an earlier one that has the very same type.
/// Where only the result, `throws` or `async` differ, it calls the use of either ambiguous.
public struct FunctionSignature: Sendable {
  struct Parameter: Sendable {
    var label: String
    var type: String
    var hasDefault: Bool
  }

  /// The extension that it is a member of, `Int`, with its `where`; empty at top level.
  let scope: String
  let name: String
  let parameters: [Parameter]
  /// All that may differ: effects, result, generic constraints.
  let rest: String
  /// The declaration without body, attributes and default values.
  let declaration: String

  init(_ function: FunctionDeclSyntax, scope: String = "") {
    self.scope = scope
    name = function.name.text
    // `f<T>(_ x: T)` and `f<U>(_ x: U)` are one: generic parameters go by their place.
    let generic = function.genericParameterClause?.parameters.map(\.name.text) ?? []
    func text(_ node: (some SyntaxProtocol)?) -> String {
      let tokens = node?.tokens(viewMode: .sourceAccurate).map { token in
        generic.firstIndex(of: token.text).map { "$\($0)" } ?? token.text
      }
      return tokens?.joined(separator: " ") ?? ""
    }
    let signature = function.signature
    parameters = signature.parameterClause.parameters.map { parameter in
      Parameter(
        label: parameter.firstName.text,
        type: text(parameter.type) + text(parameter.ellipsis),
        hasDefault: parameter.defaultValue != nil)
    }
    let kind = function.modifiers.filter { Self.kinds.contains($0.name.text) }
    rest = [
      text(kind), text(signature.effectSpecifiers), text(signature.returnClause),
      text(function.genericParameterClause), text(function.genericWhereClause),
    ].joined(separator: " | ")

    var bare = function
    bare.attributes = []
    bare.modifiers = kind
    bare.body = nil
    bare.signature.parameterClause.parameters = FunctionParameterListSyntax(
      signature.parameterClause.parameters.map { $0.with(\.defaultValue, nil) })
    declaration = bare.trimmedDescription
  }

  private static let kinds: Set = ["static", "class", "mutating", "prefix", "postfix", "infix"]

  /// Whether the two are the same to the compiler.
  func isSame(as other: FunctionSignature) -> Bool {
    rest == other.rest && parameters.count == other.parameters.count && takesCalls(of: other)
  }

  /// Whether whatever calls the other one can call this: the same parameters, and at most some
  /// more with default values.
  func takesCalls(of other: FunctionSignature) -> Bool {
    guard scope == other.scope, name == other.name else { return false }
    var rest = other.parameters[...]
    for parameter in parameters {
      if let next = rest.first, next.label == parameter.label, next.type == parameter.type {
        rest = rest.dropFirst()
      } else if !parameter.hasDefault {
        return false
      }
    }
    return rest.isEmpty
  }

  /// A declaration that shadows this function and that the compiler never prefers; nil if there
  /// is none: the body of `some P` is part of its type.
  public var hiding: String? {
    if rest.contains("-> some ") { return nil }
    if scope.isEmpty { return "@available(*, unavailable) \(declaration) { fatalError() }" }
    // The unavailable member of an extension would shadow nothing.
    return """
      extension \(scope) {
        @_alwaysEmitIntoClient @_disfavoredOverload public \(declaration) {
          fatalError("a later cell declares this function with another type")
        }
      }
      """
  }
}

extension [FunctionSignature] {
  /// The earlier functions that these take the place of, and that the compiler would not take
  /// for the same.
  public func replaced(of earlier: [FunctionSignature]) -> [FunctionSignature] {
    earlier.filter { old in
      contains { $0.takesCalls(of: old) } && !contains { $0.isSame(as: old) }
    }
  }

  /// The earlier functions that can still be called beside these.
  public func kept(of earlier: [FunctionSignature]) -> [FunctionSignature] {
    earlier.filter { old in !contains { $0.takesCalls(of: old) } }
  }
}
