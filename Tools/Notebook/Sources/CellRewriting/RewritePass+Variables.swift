import SwiftSyntax

extension RewritePass {
  /// Each binding becomes a declaration of its own, `var a = f(), b = g()` is
  /// `var a = f(); /*,*/ var b = g()`. Of globals that share one the compiler takes the closures in
  /// the second's value for those in the first's, the reader's and ours (swiftlang/swift issue
  /// 62940).
  mutating func declare(_ variable: VariableDeclSyntax) {
    let bindings = Array(variable.bindings)
    for (place, binding) in bindings.enumerated() {
      var start = variable.positionAfterSkippingLeadingTrivia
      var introducer = ""
      if place > 0 {
        start = binding.positionAfterSkippingLeadingTrivia
        introducer = variable.introducer
      }
      declare(
        binding, of: variable, type: bindings[place...].sharedType, start: start,
        introducer: introducer)
      if let comma = binding.trailingComma {
        insert("; ", at: binding.endBeforeComma)
        insert("/*", at: comma.positionAfterSkippingLeadingTrivia)
        insert("*/", at: comma.endPositionBeforeTrailingTrivia)
      }
    }
  }

  /// Declares what one binding names.
  ///
  /// - Parameters:
  ///   - type: what is written as its type, also at a later binding that shares it.
  ///   - start: where its declaration begins.
  ///   - introducer: what has to be put in there, since the source has it elsewhere.
  private mutating func declare(
    _ binding: PatternBindingSyntax, of variable: VariableDeclSyntax, type: TypeSyntax?,
    start: AbsolutePosition, introducer: String
  ) {
    let names = NameFinder.names(in: Syntax(binding.pattern))
    defer { for name in names { note(.variable, name) } }
    let effects = EffectFinder.effects(
      in: binding.initializer.map { Syntax($0.value) } ?? Syntax(binding.pattern))
    let end = binding.endBeforeComma
    if names.isEmpty {
      // `_ = f()` among others: a statement.
      insert(nextStep(awaits: effects.awaiting) + introducer, at: start)
      insert(" }", at: end)
      return
    }
    let isLater = binding.isLater(in: variable, type: type)
    if let type, isLater { declareLater(names[0], type.trimmedDescription, at: start) }
    insert(introducer, at: start)
    if let type, binding.typeAnnotation == nil {
      insert(": \(type.trimmedDescription)", at: binding.pattern.endPositionBeforeTrailingTrivia)
    }
    if isLater { insert(" }", at: end) }
    if isLater || binding.isComputed { return }  // nothing to do now
    if let initializer = binding.initializer {
      let value = initializer.value
      if effects.throwing || effects.awaiting {
        delay(initializer, type: type, variable, effects)
      } else if !value.isConstant {
        insert(
          "__cellInitial(\(rewriter.number), { ", at: value.positionAfterSkippingLeadingTrivia)
        insert(" })", at: value.endPositionBeforeTrailingTrivia)
      }
      nameEarlier(names, in: Syntax(value))
    }
    let isOnMain = variable.attributes.trimmedDescription.contains("@MainActor")
    if isOnMain { awaits = true }
    steps += names.map { (isOnMain ? "await " : "") + touch($0) }
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
      "\(name).value; \(variable.bindingSpecifier.text) \(name) = "
        + "\(box(effects)) {\(signature ?? "") ",
      at: initializer.value.positionAfterSkippingLeadingTrivia)
    insert(" }", at: initializer.value.endPositionBeforeTrailingTrivia)
  }

  /// `let x: Int` gets its value from a later statement, which a global cannot:
  /// `let __value_0 = __LaterValue<Int>(); var x: Int { get { ... } set { ... } }`. What the reader
  /// wrote goes into a function that nobody calls, whose `}` is to follow it.
  private mutating func declareLater(_ name: String, _ type: String, at start: AbsolutePosition) {
    let value = nextValue()
    insert(
      "let \(value) = __LaterValue<\(type)>(); "
        + "var \(name): \(type) { get { \(value).value } set { \(value).value = newValue } }; "
        + "func \(value)_() { ",
      at: start)
  }
}

extension VariableDeclSyntax {
  /// All before the first name, in one line without comments: `private var `.
  fileprivate var introducer: String {
    let head = [Syntax(attributes), Syntax(modifiers)].flatMap {
      $0.tokens(viewMode: .sourceAccurate)
    }
    let texts = head.map { $0.text + ($0.trailingTrivia.isEmpty ? "" : " ") }
    return texts.joined() + " \(bindingSpecifier.text) "
  }
}

extension PatternBindingSyntax {
  fileprivate var isComputed: Bool {
    guard let accessorBlock, initializer == nil else { return false }
    guard case .accessors(let list) = accessorBlock.accessors else { return true }
    return list.contains { $0.accessorSpecifier.tokenKind == .keyword(.get) }
  }

  /// Whether a later statement gives the value.
  fileprivate func isLater(in variable: VariableDeclSyntax, type: TypeSyntax?) -> Bool {
    guard let type, initializer == nil, accessorBlock == nil else { return false }
    let beginsAsNil =
      type.is(OptionalTypeSyntax.self) || type.is(ImplicitlyUnwrappedOptionalTypeSyntax.self)
    return pattern.is(IdentifierPatternSyntax.self)
      && (variable.bindingSpecifier.tokenKind == .keyword(.let) || !beginsAsNil)
      && variable.attributes.isEmpty && variable.modifiers.isEmpty
  }

  fileprivate var endBeforeComma: AbsolutePosition {
    let last =
      accessorBlock.map(Syntax.init) ?? initializer.map(Syntax.init)
      ?? typeAnnotation.map(Syntax.init) ?? Syntax(pattern)
    return last.endPositionBeforeTrailingTrivia
  }
}

extension ArraySlice<PatternBindingSyntax> {
  /// The type of the first: in `var a, b: Int` both are of the type that is written last.
  fileprivate var sharedType: TypeSyntax? {
    first { $0.typeAnnotation != nil || $0.initializer != nil }?.typeAnnotation?.type
  }
}
