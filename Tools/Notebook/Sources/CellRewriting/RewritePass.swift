import SwiftSyntax

/// One walk over the top level of a cell.
struct RewritePass {
  let rewriter: CellRewriter
  let tree: SourceFileSyntax
  let lines: SourceLocationConverter
  private(set) var insertions: [Insertion] = []
  private(set) var names: [CellName] = []
  private var steps: [String] = []
  private var awaits = false
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

  private mutating func insert(_ text: String, at position: AbsolutePosition) {
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
  private mutating func note(
    _ kind: CellName.Kind, _ name: String, _ function: FunctionSignature? = nil
  ) {
    names.append(CellName(kind: kind, name: name, steps: steps.count, function: function))
  }

  private mutating func declare(_ variable: VariableDeclSyntax) {
    if let binding = variable.bindings.first, variable.bindings.count == 1,
      let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text,
      let type = binding.typeAnnotation?.type,
      variable.bindingSpecifier.tokenKind == .keyword(.let) || !beginsAsNil(type),
      binding.initializer == nil, binding.accessorBlock == nil,
      variable.attributes.isEmpty, variable.modifiers.isEmpty
    {
      declareLater(name, type.trimmedDescription, variable)
      return
    }
    for binding in variable.bindings {
      let names = NameFinder.names(in: Syntax(binding.pattern))
      defer { for name in names { note(.variable, name) } }
      if isComputed(binding) { continue }  // nothing to do now
      if let initializer = binding.initializer {
        let effects = EffectFinder.effects(in: Syntax(initializer.value))
        if effects.throwing || effects.awaiting {
          delay(initializer, type: binding.typeAnnotation?.type, variable, effects)
        } else if !initializer.value.isConstant {
          insert(
            "__cellInitial(\(rewriter.number), { ",
            at: initializer.value.positionAfterSkippingLeadingTrivia)
          insert(" })", at: initializer.value.endPositionBeforeTrailingTrivia)
        }
        nameEarlier(names, in: Syntax(initializer.value))
      }
      steps += names.map { "__cellTouch(\($0))" }
    }
  }

  private func isComputed(_ binding: PatternBindingSyntax) -> Bool {
    guard let accessors = binding.accessorBlock, binding.initializer == nil else { return false }
    guard case .accessors(let list) = accessors.accessors else { return true }
    return list.contains { $0.accessorSpecifier.tokenKind == .keyword(.get) }
  }

  /// `let x = try f()` cannot stand at file level. The value is made by a step of the cell:
  /// `let x = __value_0.value; let __value_0 = __ThrowingValue { try f() }`.
  private mutating func delay(
    _ initializer: InitializerClauseSyntax, type: TypeSyntax?, _ variable: VariableDeclSyntax,
    _ effects: EffectFinder.Effects
  ) {
    let name = step(effects)
    let signature = type.map {
      " () \(effects.awaiting ? "async throws" : "throws") -> \($0.trimmedDescription) in"
    }
    insert(
      "\(name).value; \(variable.bindingSpecifier.text) \(name) = \(box(effects)) {\(signature ?? "") ",
      at: initializer.value.positionAfterSkippingLeadingTrivia)
    insert(" }", at: initializer.value.endPositionBeforeTrailingTrivia)
  }

  /// `let x: Int` gets its value from a later statement, which a global cannot:
  /// `let __value_0 = __LaterValue<Int>(); var x: Int { get { ... } set { ... } }`. What the reader
  /// wrote goes into a function that nobody calls.
  private mutating func declareLater(_ name: String, _ type: String, _ variable: VariableDeclSyntax)
  {
    let value = nextValue()
    note(.variable, name)
    insert(
      "let \(value) = __LaterValue<\(type)>(); "
        + "var \(name): \(type) { get { \(value).value } set { \(value).value = newValue } }; "
        + "func \(value)_() { ",
      at: variable.positionAfterSkippingLeadingTrivia)
    insert(" }", at: variable.endPositionBeforeTrailingTrivia)
  }

  private func beginsAsNil(_ type: TypeSyntax) -> Bool {
    type.is(OptionalTypeSyntax.self) || type.is(ImplicitlyUnwrappedOptionalTypeSyntax.self)
  }

  /// The name of a value that the next step of the cell makes.
  private mutating func step(_ effects: EffectFinder.Effects) -> String {
    let name = nextValue()
    steps.append("\(effects.awaiting ? "try await" : "try") \(name).run()")
    if effects.awaiting { awaits = true }
    return name
  }

  /// A name of the kernel's own, for what holds a value.
  private mutating func nextValue() -> String {
    defer { valueCount += 1 }
    return "__value_\(rewriter.module)_\(valueCount)"
  }

  private func box(_ effects: EffectFinder.Effects) -> String {
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
    steps += bound.map { "__cellTouch(\($0))" }
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
  private mutating func nameEarlier(_ names: [String], in value: Syntax) {
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
    var expression = expression
    if let marked = expression.as(TryExprSyntax.self) { expression = marked.expression }
    if let marked = expression.as(AwaitExprSyntax.self) { expression = marked.expression }
    guard let sequence = expression.as(SequenceExprSyntax.self) else { return false }
    return sequence.elements.contains { $0.is(AssignmentExprSyntax.self) }
  }

  /// Puts the statements since the last declaration into a function.
  private mutating func close(_ statements: inout [CodeBlockItemSyntax]) {
    guard let first = statements.first, let last = statements.last else { return }
    let name = "__step_\(rewriter.module)_\(runCount)"
    runCount += 1
    let needsAwait = statements.contains { EffectFinder.effects(in: Syntax($0)).awaiting }
    if needsAwait { awaits = true }
    steps.append("\(needsAwait ? "try await" : "try") \(name)()")
    let effects = needsAwait ? "async throws" : "throws"
    insert("func \(name)() \(effects) { ", at: first.positionAfterSkippingLeadingTrivia)
    if let pendingShow { insert("__cellShow(", at: pendingShow.start) }
    for statement in statements {
      let loops = LoopFinder.places(in: Syntax(statement))
      for place in loops.begins { insert(" try __cellPoll();", at: place) }
      for place in loops.ends { insert("; try __cellPoll()", at: place) }
    }
    if let pendingShow { insert(")", at: pendingShow.end) }
    let end = last.endPositionBeforeTrailingTrivia
    if last.lastToken(viewMode: .sourceAccurate)?.tokenKind == .poundEndif {
      // Nothing may follow on its line; the lines after it are counted anew.
      let line = lines.location(for: end).line
      insert("\n}\n#sourceLocation(file: \"\(rewriter.file)\", line: \(line))\n", at: end)
    } else {
      insert(" }", at: end)
    }
    pendingShow = nil
    statements = []
  }
}
