import BlitzSystem

extension Double {
  /// The number with `places` digits after the point: `0.5.decimal(2)` is "0.50".
  package func decimal(_ places: Int) -> String {
    let scaled = (abs(self) * pow(10, Double(places))).rounded()
    // Past 2^53 the digits would be noise; Swift's own text has the power of ten.
    guard scaled < 9e15 else { return "\(self)" }
    var digits = String(Int(scaled))
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + digits }
    if digits.count <= places {
      digits = String(repeating: "0", count: places + 1 - digits.count) + digits
    }
    return "\(sign)\(digits.dropLast(places)).\(digits.suffix(places))"
  }

  /// A factor with `places` digits after the point, then the power of ten: "2.93e7".
  package func scientific(_ places: Int) -> String {
    guard isFinite, self != 0 else { return self == 0 ? "0" : "\(self)" }
    var power = Int(log10(abs(self)).rounded(.down))
    var factor = self / pow(10, Double(power))
    // 10^-320 and the like are too small to divide by.
    guard factor.isFinite else { return "\(self)" }
    // Rounding can carry 9.999 to 10.00, and the logarithm can be one off.
    let unit = pow(10, Double(places))
    if (abs(factor) * unit).rounded() >= 10 * unit {
      factor /= 10
      power += 1
    }
    return "\(factor.decimal(places))e\(power)"
  }

  /// About four digits, with a power of ten for large and small numbers: "0.0931", "2.930e7".
  package var short: String {
    guard isFinite, self != 0 else { return self == 0 ? "0" : "\(self)" }
    let exponent = Int(log10(abs(self)).rounded(.down))
    return (-3...4).contains(exponent) ? decimal(Swift.max(0, 3 - exponent)) : scientific(3)
  }
}
