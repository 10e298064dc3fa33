extension Int {
  /// The number of bytes as people read it: `512 bytes`, `1.5 GB`.
  package var inBytes: String {
    let units = ["kB", "MB", "GB", "TB"]
    guard self >= 1000 else { return "\(self) bytes" }
    var size = Double(self) / 1000
    var unit = 0
    // From 999.95 on, the first digit after the point would carry.
    while size >= 999.95, unit < units.count - 1 {
      size /= 1000
      unit += 1
    }
    let tenths = Int((size * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}
