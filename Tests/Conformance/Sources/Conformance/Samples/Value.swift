/// An argument or a result of PyTorch's, as export_ops.py writes it.
indirect enum Value: Decodable, Sendable {
  /// A tensor, by its name in the safetensors file beside.
  case tensor(String)
  /// A tensor of complex numbers, by the name of its pairs of reals.
  case pairs(String)
  /// A complex number.
  case complex(Double, Double)
  case none
  case bool(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case dtype(String)
  case list([Value])
  case map([String: Value])
  case slice(Value, Value, Value)
  case ellipsis
  /// What Blitz has no value for, in PyTorch's words: `complex64 tensor`.
  case foreign(String)

  private enum Key: String, CodingKey {
    case Z, c, T, n, b, i, f, s, d, l, m, sl, e, u
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    // A list also says whether it was a tuple.
    guard let key = fields.allKeys.first else {
      self = .list(try fields.decode([Value].self, forKey: .l))
      return
    }
    switch key {
    case .Z: self = .pairs(try fields.decode(String.self, forKey: .Z))
    case .c:
      let parts = try fields.decode([Double].self, forKey: .c)
      self = .complex(parts[0], parts[1])
    case .T: self = .tensor(try fields.decode(String.self, forKey: .T))
    case .n: self = .none
    case .b: self = .bool(try fields.decode(Int.self, forKey: .b) == 1)
    case .i: self = .integer(try fields.decode(Int.self, forKey: .i))
    case .f:
      // The infinities and NaN are text.
      if let number = try? fields.decode(Double.self, forKey: .f) {
        self = .real(number)
      } else {
        self = .real(Double(try fields.decode(String.self, forKey: .f)) ?? .nan)
      }
    case .s: self = .text(try fields.decode(String.self, forKey: .s))
    case .d: self = .dtype(try fields.decode(String.self, forKey: .d))
    case .l: self = .list(try fields.decode([Value].self, forKey: .l))
    case .m: self = .map(try fields.decode([String: Value].self, forKey: .m))
    case .sl:
      let ends = try fields.decode([Value].self, forKey: .sl)
      self = .slice(ends[0], ends[1], ends[2])
    case .e: self = .ellipsis
    case .u: self = .foreign(try fields.decode(String.self, forKey: .u))
    }
  }

  /// The name of the stored tensor: of complex numbers, of their pairs.
  var stored: String? {
    switch self {
    case .tensor(let name), .pairs(let name): name
    default: nil
    }
  }

  /// What in it Blitz has no value for.
  var foreignPart: String? {
    switch self {
    case .foreign(let what): what
    case .list(let values): values.lazy.compactMap(\.foreignPart).first
    case .map(let values): values.values.lazy.compactMap(\.foreignPart).first
    default: nil
    }
  }
}
