// `x == y` of tensors, which Swift keeps for one answer; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

extension Tensor {
  @available(*, unavailable, message: "write x .== y, which compares element by element")
  public static func == (left: Tensor, right: Tensor) -> Tensor { left .== right }
  @available(*, unavailable, message: "write x .!= y, which compares element by element")
  public static func != (left: Tensor, right: Tensor) -> Tensor { left .!= right }
  @available(*, unavailable, message: "write x .< y, which compares element by element")
  public static func < (left: Tensor, right: Tensor) -> Tensor { left .< right }
  @available(*, unavailable, message: "write x .<= y, which compares element by element")
  public static func <= (left: Tensor, right: Tensor) -> Tensor { left .<= right }
  @available(*, unavailable, message: "write x .> y, which compares element by element")
  public static func > (left: Tensor, right: Tensor) -> Tensor { left .> right }
  @available(*, unavailable, message: "write x .>= y, which compares element by element")
  public static func >= (left: Tensor, right: Tensor) -> Tensor { left .>= right }
}
