// PyTorch's words beside Blitz's own, so that the compiler says what to write instead.
//
// Each is `unavailable`, so that it is never chosen where another declaration fits, is not
// completed by editors, and is on no page: such declarations are not among the public symbols.
// A word is a value that takes any arguments, whatever their labels, so one line does for all
// the ways to call it. The name of its type begins with an underscore, for the same reasons.

/// What stands for a word of PyTorch's: it can be called and asked for anything.
@dynamicCallable
@dynamicMemberLookup
public struct _Word: Sendable {
  package init() {}

  /// What the call would have returned, so that what follows is no second error.
  public func dynamicallyCall(
    withKeywordArguments arguments: KeyValuePairs<String, Any>
  ) -> _Word { self }

  /// Likewise for a member.
  public subscript(dynamicMember name: String) -> _Word { self }
}

/// What stands for a word of PyTorch's that returns a tensor.
@dynamicCallable
public struct _TensorWord: Sendable {
  package init() {}

  /// The tensor that the formula goes on with.
  public func dynamicallyCall(
    withKeywordArguments arguments: KeyValuePairs<String, Any>
  ) -> Tensor { 0 }
}

/// The name of a member that tensors do not have.
public struct _NoSuchMember: Sendable {}

// Without the members below, the compiler tries all meanings of all operators around a name that
// it does not find: half a minute for a formula of five operators, and then it gives up. With
// them the formula has a meaning at once, and the error is at the name, which is the literal.
// Half a second remains where the name stands behind brackets among five operators and more: once a
// meaning has something unavailable, the compiler does not skip the generic operators, those of
// numbers beside tensors.
@available(
  *, unavailable,
  message: "a tensor has no member of this name; the site's page of Tensor lists them"
)
extension _NoSuchMember: ExpressibleByStringLiteral {
  /// The name, from what follows the dot.
  public init(stringLiteral name: String) {}
}

/// What tensors have that is not there.
@dynamicMemberLookup
public protocol _NoOtherMembers {}

extension _NoOtherMembers {
  /// A member that is not there and is called.
  @_documentation(visibility: internal)
  public subscript(dynamicMember name: _NoSuchMember) -> _TensorWord { _TensorWord() }

  /// A member that is not there.
  @_documentation(visibility: internal)
  @_disfavoredOverload
  public subscript(dynamicMember name: _NoSuchMember) -> Tensor { 0 }
}

extension Tensor: _NoOtherMembers {}

/// What is not under a module of PyTorch's in Blitz either.
public struct _NoSuchWord: Sendable {}

@available(
  *, unavailable, message: "Blitz has no such word here; most functions are methods: x.exp()"
)
extension _NoSuchWord: ExpressibleByStringLiteral {
  /// The name, from what follows the dot.
  public init(stringLiteral name: String) {}
}

/// A module of PyTorch's: `torch`, `nn`, `F`.
@dynamicMemberLookup
public protocol _Namespace {}

extension _Namespace {
  /// A word that is not there.
  @_documentation(visibility: internal)
  public static subscript(dynamicMember name: _NoSuchWord) -> _Word { _Word() }
}
