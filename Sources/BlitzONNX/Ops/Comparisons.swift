import BlitzTensor

extension OpTable {
  /// What compares, and what is made of truths.
  static let comparisons: [OpEntry] = [
    OpEntry(many: "Equal") { call in
      if case .strings = call.inputs.first {
        let (pairs, sizes) = try call.pairsOfTexts()
        return [Value(Tensor(pairs.map { $0 == $1 }, shape: Shape(sizes)))]
      }
      return [Value(try call.binary { $0 .== $1 })]
    },
    OpEntry("Greater", .own) { try $0.binary { $0 .> $1 } },
    OpEntry("GreaterOrEqual", since: 12, .own) { $0[0] .>= $0[1] },
    OpEntry("Less", .own) { try $0.binary { $0 .< $1 } },
    OpEntry("LessOrEqual", since: 12, .own) { $0[0] .<= $0[1] },
    OpEntry("And", .own) { try $0.binary { $0 .& $1 } },
    OpEntry("Or", .own) { try $0.binary { $0 .| $1 } },
    OpEntry("Xor", .own) { try $0.binary { $0 .^ $1 } },
    OpEntry("Not", .own) { .!$0[0] },
    OpEntry("IsNaN", since: 9, .own) { $0[0].isNaN() },
    OpEntry("IsInf", since: 10, .own) { call in
      let x = call[0]
      let infinite = x.isInfinite()
      let (low, high) = (call.flag("detect_negative", true), call.flag("detect_positive", true))
      if low, high { return infinite }
      if !low, !high { return infinite .& .!infinite }
      return infinite .& (low ? x .< 0 : x .> 0)
    },
    OpEntry("Where", since: 9, .input(1)) { .where($0[0], $0[1], $0[2]) },
  ]
}
