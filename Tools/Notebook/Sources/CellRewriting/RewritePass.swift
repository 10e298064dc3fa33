import SwiftSyntax

/// One walk over the top level of a cell.
struct RewritePass {
  let rewriter: CellRewriter
  let tree: SourceFileSyntax
  let lines: SourceLocationConverter
  private(set) var insertions: [Insertion] = []
  private(set) var names: [CellName] = []
  var steps: [String] = []
  var awaits = false
  private var runCount = 0
  private var valueCount = 0

  init(rewriter: CellRewriter, tree: SourceFileSyntax, lines: SourceLocationConverter) {
    self.rewriter = rewriter
    self.tree = tree
    self.lines = lines
  }

  mutating func run() {
    var statements: [CodeBlockItemSyntax] = []
    for item in tree.statements {
      if let declaration = item.item.as(DeclSyntax.self), !holdsStatements(declaration) {
        close(&statements)
        declare(declaration)
      } else if let statement = item.item.as(GuardStmtSyntax.self), bindsNames(statement) {
        close(&statements)
        declare(statement)
      } else {
        statements.append(item)
      }
    }
    showLast(statements.last)
    close(&statements)
  }

  /// The code at the end of the module, which hands the cell's steps to the host in their order.
  var entry: String {
    let body = steps.enumerated().map { " \($1); try __cellDone(\($0 + 1)) " }.joined(
      separator: ";")
    let name = "__run_\(rewriter.module)"
    let effects = awaits ? "async throws" : "throws"
    return """
      @inline(never) func \(name)() \(effects) {\(body)}
      @_cdecl("\(rewriter.entryName)") public func \(rewriter.entryName)() {
        __cellWork { \(awaits ? "try await" : "try") \(name)() }
      }

      """
  }

  mutating func insert(_ text: String, at position: AbsolutePosition) {
    insertions.append(
      Insertion(offset: position.utf8Offset, order: insertions.count, text: text))
  }

  // MARK: Declarations

  private mutating func declare(_ declaration: DeclSyntax) {
    switch declaration.as(DeclSyntaxEnum.self) {
    case .importDecl(let statement):
      // Imports stay in force for the cells that follow.
      let isExported = statement.attributes.description.contains("@_exported")
      if !isExported {
        insert("@_exported ", at: statement.positionAfterSkippingLeadingTrivia)
      }
      note(.module, (isExported ? "" : "@_exported ") + statement.trimmedDescription)
    case .variableDecl(let variable): declare(variable)
    case .functionDecl(let function):
      note(.function, function.name.text, FunctionSignature(function))
    case .extensionDecl(let extended):
      let scope = [extended.extendedType.trimmedDescription]
      let clause = extended.genericWhereClause.map { [$0.trimmedDescription] } ?? []
      note(.unnamed, "")
      for function in extended.memberBlock.members.compactMap({
        $0.decl.as(FunctionDeclSyntax.self)
      }) {
        note(
          .unnamed, "",
          FunctionSignature(function, scope: (scope + clause).joined(separator: " ")))
      }
    case .structDecl(let type): note(.structure, type.name.text)
    case .classDecl(let type): note(.reference, type.name.text)
    case .actorDecl(let type): note(.reference, type.name.text)
    case .enumDecl(let type): note(.enumeration, type.name.text)
    case .protocolDecl(let type): note(.interface, type.name.text)
    case .typeAliasDecl(let alias): note(.alias, alias.name.text)
    default: note(.unnamed, "")
    }
  }

  /// A name that is there once the steps up to here are done.
  mutating func note(
    _ kind: CellName.Kind, _ name: String, _ function: FunctionSignature? = nil
  ) {
    names.append(CellName(kind: kind, name: name, steps: steps.count, function: function))
  }

  /// The name of a value that the next step of the cell makes.
  mutating func step(_ effects: EffectFinder.Effects) -> String {
    let name = nextValue()
    steps.append("\(effects.awaiting ? "try await" : "try") \(name).run()")
    if effects.awaiting { awaits = true }
    return name
  }

  /// A name of the kernel's own, for what holds a value.
  mutating func nextValue() -> String {
    defer { valueCount += 1 }
    return "__value_\(rewriter.module)_\(valueCount)"
  }

  func box(_ effects: EffectFinder.Effects) -> String {
    effects.awaiting ? "__AwaitedValue" : "__ThrowingValue"
  }

  /// `guard let x = e else { ... }` declares `x` for all that follows:
  /// `let __value_0 = __ThrowingValue { guard let x = e else { ... }; return x }; let x =
  /// __value_0.value`.
  private mutating func declare(_ statement: GuardStmtSyntax) {
    let effects = EffectFinder.effects(in: Syntax(statement))
    let value = step(effects)
    var bound: [String] = []
    for condition in statement.conditions {
      let names = boundNames(condition)
      bound += names
      switch condition.condition {
      case .optionalBinding(let binding):
        if let initializer = binding.initializer {
          nameEarlier(names, in: Syntax(initializer.value))
        } else if let name = names.first, let module = rewriter.earlier[name] {
          insert(" = \(module).\(name)", at: binding.pattern.endPositionBeforeTrailingTrivia)
        }
      case .matchingPattern(let match): nameEarlier(names, in: Syntax(match.initializer.value))
      default: break
      }
    }
    steps += bound.map(touch)
    for name in bound { note(.variable, name) }
    let tuple = bound.count == 1 ? bound[0] : "(" + bound.joined(separator: ", ") + ")"
    let isVariable = statement.conditions.flatMap(pattern).contains {
      $0.tokens(viewMode: .sourceAccurate).contains { $0.tokenKind == .keyword(.var) }
    }
    insert(
      "let \(value) = \(box(effects)) { ", at: statement.positionAfterSkippingLeadingTrivia)
    insert(
      "; return \(tuple) }; \(isVariable ? "var" : "let") \(tuple) = \(value).value",
      at: statement.endPositionBeforeTrailingTrivia)
  }

  /// Whether a `guard` declares names for the cells that follow. One that ends the cell with
  /// `return` stays within the function around it, as does a name that the cell has already.
  private func bindsNames(_ statement: GuardStmtSyntax) -> Bool {
    let bound = statement.conditions.flatMap(boundNames)
    let isNew = !names.contains { $0.kind == .variable && bound.contains($0.name) }
    return !bound.isEmpty && isNew
      && !ReturnFinder.returns(in: Syntax(statement.body))
  }

  /// The pattern of `let x = e` or `case let x? = e`, with its `let`.
  private func pattern(_ condition: ConditionElementSyntax) -> [Syntax] {
    switch condition.condition {
    case .optionalBinding(let binding):
      [Syntax(binding.bindingSpecifier), Syntax(binding.pattern)]
    case .matchingPattern(let match): [Syntax(match.pattern)]
    default: []
    }
  }

  private func boundNames(_ condition: ConditionElementSyntax) -> [String] {
    pattern(condition).flatMap(NameFinder.names)
  }

  /// `let x = x + 1` speaks of the `x` of an earlier cell.
  mutating func nameEarlier(_ names: [String], in value: Syntax) {
    for name in names {
      guard let module = rewriter.earlier[name] else { continue }
      for reference in ReferenceFinder.references(to: name, in: value) {
        insert("\(module).", at: reference)
      }
    }
  }

  /// Whether a declaration must run inside a function: an `#if` that holds statements, or what
  /// declares no name, `let _ = f()`.
  private func holdsStatements(_ declaration: DeclSyntax) -> Bool {
    if let variable = declaration.as(VariableDeclSyntax.self) {
      return NameFinder.names(in: Syntax(variable.bindings)).isEmpty
    }
    if let condition = declaration.as(IfConfigDeclSyntax.self) {
      return condition.clauses.contains { clause in
        guard case .statements(let items) = clause.elements else { return false }
        return items.contains { item in
          item.item.as(DeclSyntax.self).map(holdsStatements) ?? true
        }
      }
    }
    // `#warning("...")` and macros that stand for statements.
    return declaration.is(MacroExpansionDeclSyntax.self)
  }

  // MARK: Statements

  /// The head of a function that is the next step of the cell.
  mutating func nextStep(awaits: Bool) -> String {
    let name = "__step_\(rewriter.module)_\(runCount)"
    runCount += 1
    if awaits { self.awaits = true }
    steps.append("\(awaits ? "try await" : "try") \(name)()")
    return "func \(name)() \(awaits ? "async throws" : "throws") { "
  }

  private mutating func showLast(_ item: CodeBlockItemSyntax?) {
    guard let item, item.id == tree.statements.last?.id, item.semicolon == nil,
      let expression = item.item.as(ExprSyntax.self), !isAssignment(expression)
    else { return }
    // The function around the statements is opened before this and closed after it.
    pendingShow = (
      expression.positionAfterSkippingLeadingTrivia, expression.endPositionBeforeTrailingTrivia
    )
  }
  private var pendingShow: (start: AbsolutePosition, end: AbsolutePosition)?

  private func isAssignment(_ expression: ExprSyntax) -> Bool {
    if expression.is(IfExprSyntax.self) || expression.is(SwitchExprSyntax.self) { return true }
    return assignedName(expression) != nil
      || expression.sequence.contains { $0.is(AssignmentExprSyntax.self) }
  }

  /// The variable that gets another value: `x` of `x = try f()` and of `x += 1`.
  private func assignedName(_ expression: ExprSyntax) -> String? {
    let parts = Array(expression.sequence.prefix(2))
    guard parts.count == 2, let name = parts[0].as(DeclReferenceExprSyntax.self)?.baseName.text,
      parts[1].is(AssignmentExprSyntax.self)
        || ["+=", "-=", "*=", "/="].contains(parts[1].trimmedDescription)
    else { return nil }
    return name
  }

  /// Has a variable's value computed, and said if it is an error.
  func touch(_ name: String) -> String {
    "__cellTouch(\(name), \"\(name.filter { $0 != "`" })\")"
  }

  /// Puts the statements since the last declaration into a function.
  private mutating func close(_ statements: inout [CodeBlockItemSyntax]) {
    guard let first = statements.first, let last = statements.last else { return }
    let awaits = statements.contains { EffectFinder.effects(in: Syntax($0)).awaiting }
    insert(nextStep(awaits: awaits), at: first.positionAfterSkippingLeadingTrivia)
    if let pendingShow { insert("try __cellShow(", at: pendingShow.start) }
    for statement in statements {
      let loops = LoopFinder.places(in: Syntax(statement))
      for place in loops.begins { insert(" try __cellPoll();", at: place) }
      for place in loops.ends { insert("; try __cellPoll()", at: place) }
      if let name = statement.item.as(ExprSyntax.self).flatMap(assignedName) {
        insert("; " + touch(name), at: statement.item.endPositionBeforeTrailingTrivia)
      }
    }
    if let pendingShow { insert(")", at: pendingShow.end) }
    let end = last.endPositionBeforeTrailingTrivia
    if last.lastToken(viewMode: .sourceAccurate)?.tokenKind == .poundEndif {
      // Nothing may follow on its line; the lines after it are counted anew.
      let line = lines.location(for: end).line
      insert("\n}\n#sourceLocation(file: \"\(rewriter.file)\", line: \(line))\n", at: end)
    } else {
      insert(last.semicolon == nil ? " }" : " };", at: end)
    }
    pendingShow = nil
    statements = []
  }
}

extension ExprSyntax {
  /// What stands between and beside operators, behind `try` and `await`.
  fileprivate var sequence: ExprListSyntax {
    var expression = self
    if let marked = expression.as(TryExprSyntax.self) { expression = marked.expression }
    if let marked = expression.as(AwaitExprSyntax.self) { expression = marked.expression }
    return expression.as(SequenceExprSyntax.self)?.elements ?? []
  }
}
