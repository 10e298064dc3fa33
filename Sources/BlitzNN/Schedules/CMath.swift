import BlitzSystem

extension Double {
  /// The number to a whole power, as C's library and so Python computes it.
  func power(_ exponent: Int) -> Double { pow(self, Double(exponent)) }
}

/// The cosine of an angle in radians.
func cosineOf(_ angle: Double) -> Double { cos(angle) }
