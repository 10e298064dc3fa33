import BlitzData
import BlitzSystem

/// This machine's processor, as Linux describes it.
struct Processor: Equatable {
  /// What its maker calls it; nil where the system does not say.
  var name: String?
  /// How many cores programs see.
  var coreCount: Int
  /// Its vector units that Blitz or XLA have code for, the narrowest first.
  var vectorUnits: [String]

  /// The one at work.
  static var current: Processor {
    let text = (try? File.read("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) }
    return Processor(
      description: text ?? "", coreCount: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// Reads the text of `/proc/cpuinfo`.
  init(description text: String, coreCount: Int) {
    self.coreCount = coreCount
    var fields: [Substring: Substring] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = line[..<colon].trimmed
      // The first core speaks for all.
      if fields[key] == nil { fields[key] = line[line.index(after: colon)...].trimmed }
    }
    name = (fields["model name"] ?? fields["Hardware"]).map(String.init)
    // "flags" on x86, "Features" on ARM.
    let flags = Set((fields["flags"] ?? fields["Features"] ?? "").split(separator: " "))
    vectorUnits = Processor.units.filter { flags.contains($0.flag) }.map(\.name)
  }

  private static let units: [(flag: Substring, name: String)] = [
    ("sse4_2", "SSE4.2"), ("avx", "AVX"), ("f16c", "F16C"), ("fma", "FMA"), ("avx2", "AVX2"),
    ("avx512f", "AVX-512"), ("avx512_vnni", "AVX-512 VNNI"), ("avx512_bf16", "AVX-512 BF16"),
    ("avx512_fp16", "AVX-512 FP16"), ("amx_bf16", "AMX BF16"),
    ("asimd", "NEON"), ("asimdhp", "NEON FP16"), ("sve", "SVE"), ("sve2", "SVE2"),
    ("bf16", "BF16"),
  ]
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
