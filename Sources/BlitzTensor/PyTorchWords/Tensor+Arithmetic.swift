// PyTorch's words for arithmetic and comparisons; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

extension Tensor {
  @available(*, unavailable, message: "write x + y, and x += y to change x")
  public var add: _TensorWord { .init() }
  @available(*, unavailable, message: "write x + y, and x += y to change x")
  public var add_: _TensorWord { .init() }
  @available(*, unavailable, message: "write x - y, and x -= y to change x")
  public var sub: _TensorWord { .init() }
  @available(*, unavailable, message: "write x - y, and x -= y to change x")
  public var sub_: _TensorWord { .init() }
  @available(*, unavailable, message: "write x - y, and x -= y to change x")
  public var subtract: _TensorWord { .init() }
  @available(*, unavailable, message: "write x * y, and x *= y to change x")
  public var mul: _TensorWord { .init() }
  @available(*, unavailable, message: "write x * y, and x *= y to change x")
  public var mul_: _TensorWord { .init() }
  @available(*, unavailable, message: "write x * y, and x *= y to change x")
  public var multiply: _TensorWord { .init() }
  @available(*, unavailable, message: "write x / y, and x /= y to change x")
  public var div: _TensorWord { .init() }
  @available(*, unavailable, message: "write x / y, and x /= y to change x")
  public var div_: _TensorWord { .init() }
  @available(*, unavailable, message: "write x / y, and x /= y to change x")
  public var divide: _TensorWord { .init() }
  @available(*, unavailable, message: "write x / y, and x /= y to change x")
  public var true_divide: _TensorWord { .init() }
  @available(*, unavailable, message: "write -x")
  public var neg: _TensorWord { .init() }
  @available(*, unavailable, message: "write -x")
  public var negative: _TensorWord { .init() }
  @available(*, unavailable, message: "write floorDivided(by: y)")
  public var floor_divide: _TensorWord { .init() }
  @available(*, unavailable, message: "write x % y")
  public var remainder: _TensorWord { .init() }
  @available(*, unavailable, renamed: "matmul")
  public var mm: _TensorWord { .init() }
  @available(*, unavailable, renamed: "matmul")
  public var bmm: _TensorWord { .init() }
  @available(*, unavailable, renamed: "matmul")
  public var mv: _TensorWord { .init() }
  @available(*, unavailable, renamed: "outer")
  public var ger: _TensorWord { .init() }
  @available(*, unavailable, message: "write x + value * a * b")
  public var addcmul: _TensorWord { .init() }
  @available(*, unavailable, message: "write x + value * a / b")
  public var addcdiv: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .== y")
  public var eq: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .!= y")
  public var ne: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .!= y")
  public var not_equal: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .< y")
  public var lt: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .< y")
  public var less: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .<= y")
  public var le: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .> y")
  public var gt: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .> y")
  public var greater: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .>= y")
  public var ge: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .& y")
  public var logical_and: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .& y")
  public var logicalAnd: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .| y")
  public var logical_or: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .| y")
  public var logicalOr: _TensorWord { .init() }
  @available(*, unavailable, message: "write x .^ y")
  public var logical_xor: _TensorWord { .init() }
  @available(*, unavailable, message: "write .!x")
  public var logical_not: _TensorWord { .init() }
  @available(*, unavailable, message: "write .!x")
  public var logicalNot: _TensorWord { .init() }
  @available(*, unavailable, message: "write try (x .== y).all().item()")
  public var equal: _Word { .init() }
  @available(*, unavailable, message: "write try x.isClose(to: y).all().item()")
  public var allclose: _Word { .init() }
  @available(*, unavailable, message: "write try x.isClose(to: y).all().item()")
  public var allClose: _Word { .init() }
  @available(*, unavailable, renamed: "isClose")
  public var isclose: _TensorWord { .init() }
  @available(*, unavailable, renamed: "isNaN")
  public var isnan: _TensorWord { .init() }
  @available(*, unavailable, renamed: "isInfinite")
  public var isinf: _TensorWord { .init() }
  @available(*, unavailable, renamed: "isInfinite")
  public var isInf: _TensorWord { .init() }
  @available(*, unavailable, renamed: "isFinite")
  public var isfinite: _TensorWord { .init() }
}
