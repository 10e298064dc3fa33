import BlitzSystem

extension Double {
  /// The number to an integer power, with the bits of C's and so of Python's library.
  func power(_ exponent: Int) -> Double { pow(self, Double(exponent)) }
}

extension Double {
  /// The number to a power.
  func power(_ exponent: Double) -> Double { pow(self, exponent) }
}

/// The cosine of an angle in radians.
func cosineOf(_ angle: Double) -> Double { cos(angle) }
