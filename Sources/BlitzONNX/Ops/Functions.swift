import BlitzTensor

extension OpTable {
  /// Functions of one number.
  static let functions: [OpEntry] = [
    OpEntry("Exp") { $0[0].exp() },
    OpEntry("Log") { $0[0].log() },
    OpEntry("Sqrt") { $0[0].sqrt() },
    OpEntry("Sin", since: 7) { $0[0].sin() },
    OpEntry("Cos", since: 7) { $0[0].cos() },
    OpEntry("Tan", since: 7) { $0[0].tan() },
    OpEntry("Asin", since: 7) { $0[0].asin() },
    OpEntry("Acos", since: 7) { $0[0].acos() },
    OpEntry("Atan", since: 7) { $0[0].atan() },
    OpEntry("Sinh", since: 9) { $0[0].sinh() },
    OpEntry("Cosh", since: 9) { $0[0].cosh() },
    OpEntry("Asinh", since: 9) { $0[0].asinh() },
    OpEntry("Acosh", since: 9) { $0[0].acosh() },
    OpEntry("Atanh", since: 9) { $0[0].atanh() },
    OpEntry("Erf", since: 9) { $0[0].erf() },
  ]
}
