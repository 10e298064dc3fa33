import SwiftSyntax

/// Walks through the code that runs where it stands: not that of closures, functions and types in
/// it.
class CodeVisitor: SyntaxVisitor {
  override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_ node: StructDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_ node: ClassDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_ node: EnumDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_ node: ActorDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
}

/// Finds `try` and `await` that concern the code around an expression, not the closures in it.
final class EffectFinder: CodeVisitor {
  struct Effects {
    var throwing = false
    var awaiting = false
  }
  private var effects = Effects()

  static func effects(in node: Syntax) -> Effects {
    let finder = EffectFinder(viewMode: .sourceAccurate)
    finder.walk(node)
    return finder.effects
  }

  override func visit(_ node: TryExprSyntax) -> SyntaxVisitorContinueKind {
    if node.questionOrExclamationMark == nil { effects.throwing = true }
    return .visitChildren
  }

  override func visit(_ node: AwaitExprSyntax) -> SyntaxVisitorContinueKind {
    effects.awaiting = true
    return .visitChildren
  }

  override func visit(_ node: ForStmtSyntax) -> SyntaxVisitorContinueKind {
    if node.awaitKeyword != nil { effects.awaiting = true }
    return .visitChildren
  }

  override func visit(_ node: DeclModifierSyntax) -> SyntaxVisitorContinueKind {
    if node.name.tokenKind == .keyword(.async) { effects.awaiting = true }  // async let
    return .visitChildren
  }
}

/// Finds the places in and after loops at which an interrupt may end the cell by throwing.
final class LoopFinder: CodeVisitor {
  struct Places {
    /// After the opening braces.
    var begins: [AbsolutePosition] = []
    /// After loops that a cancelled stream ends as if it had come to its end.
    var ends: [AbsolutePosition] = []
  }
  private var places = Places()

  static func places(in node: Syntax) -> Places {
    let finder = LoopFinder(viewMode: .sourceAccurate)
    finder.walk(node)
    return finder.places
  }

  private func add(_ body: CodeBlockSyntax) {
    places.begins.append(body.leftBrace.endPositionBeforeTrailingTrivia)
  }

  override func visit(_ node: ForStmtSyntax) -> SyntaxVisitorContinueKind {
    add(node.body)
    if node.awaitKeyword != nil { places.ends.append(node.endPositionBeforeTrailingTrivia) }
    return .visitChildren
  }

  override func visit(_ node: WhileStmtSyntax) -> SyntaxVisitorContinueKind {
    add(node.body)
    return .visitChildren
  }

  override func visit(_ node: RepeatStmtSyntax) -> SyntaxVisitorContinueKind {
    add(node.body)
    return .visitChildren
  }

  // An added `try` would change what the `catch` of the reader's gets.
  override func visit(_ node: DoStmtSyntax) -> SyntaxVisitorContinueKind {
    node.catchClauses.isEmpty && node.throwsClause == nil ? .visitChildren : .skipChildren
  }

  override func visit(_ node: AccessorBlockSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_ node: DeferStmtSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
}

/// Finds out whether code leaves the function around it with `return`.
final class ReturnFinder: CodeVisitor {
  private var found = false

  static func returns(in node: Syntax) -> Bool {
    let finder = ReturnFinder(viewMode: .sourceAccurate)
    finder.walk(node)
    return finder.found
  }

  override func visit(_ node: ReturnStmtSyntax) -> SyntaxVisitorContinueKind {
    found = true
    return .skipChildren
  }
}

/// Finds the names that a pattern binds.
final class NameFinder: SyntaxVisitor {
  private var names: [String] = []

  static func names(in node: Syntax) -> [String] {
    let finder = NameFinder(viewMode: .sourceAccurate)
    finder.walk(node)
    return finder.names
  }

  override func visit(_ node: IdentifierPatternSyntax) -> SyntaxVisitorContinueKind {
    names.append(node.identifier.text)
    return .skipChildren
  }
}

/// Finds the uses of a variable's name in an expression, but for closures that have a parameter
/// or a variable of that name.
final class ReferenceFinder: SyntaxVisitor {
  private let name: String
  private var places: [AbsolutePosition] = []

  private init(name: String) {
    self.name = name
    super.init(viewMode: .sourceAccurate)
  }

  static func references(to name: String, in node: Syntax) -> [AbsolutePosition] {
    let finder = ReferenceFinder(name: name)
    finder.walk(node)
    return finder.places
  }

  override func visit(_ node: DeclReferenceExprSyntax) -> SyntaxVisitorContinueKind {
    let isMember = node.parent?.as(MemberAccessExprSyntax.self)?.declName.id == node.id
    if node.baseName.text == name && !isMember {
      places.append(node.positionAfterSkippingLeadingTrivia)
    }
    return .skipChildren
  }

  override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind {
    if NameFinder.names(in: Syntax(node.statements)).contains(name) { return .skipChildren }
    let parameters = node.signature?.parameterClause?.tokens(viewMode: .sourceAccurate)
    return parameters?.contains { $0.text == name } == true ? .skipChildren : .visitChildren
  }
}

extension ExprSyntax {
  /// Whether this is made of literals alone, or a closure: no code runs to compute it.
  var isConstant: Bool {
    switch self.as(ExprSyntaxEnum.self) {
    case .integerLiteralExpr, .floatLiteralExpr, .booleanLiteralExpr, .nilLiteralExpr, .closureExpr:
      true
    case .stringLiteralExpr(let string):
      string.segments.allSatisfy { $0.is(StringSegmentSyntax.self) }
    case .prefixOperatorExpr(let signed): signed.expression.isConstant
    case .tupleExpr(let tuple): tuple.elements.allSatisfy(\.expression.isConstant)
    case .arrayExpr(let array): array.elements.allSatisfy(\.expression.isConstant)
    case .dictionaryExpr(let dictionary):
      dictionary.content.as(DictionaryElementListSyntax.self)?.allSatisfy {
        $0.key.isConstant && $0.value.isConstant
      } ?? true
    default: false
    }
  }
}
