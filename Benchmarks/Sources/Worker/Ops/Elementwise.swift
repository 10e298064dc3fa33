import Blitz

extension Operation {
  /// Ops element by element.
  static let elementwise: [String: Make] = [
    "add": binary { $0 + $1 }, "multiply": binary { $0 * $1 }, "divide": binary { $0 / $1 },
    "maximum": binary { $0.maximum($1) }, "where": binary { Tensor.where($0 .< 0, $0, $1) },
    "less": binary { $0 .< $1 }, "pow": positive { $0.pow(1.5) }, "exp": unary { $0.exp() },
    "log": positive { $0.log() }, "sqrt": positive { $0.sqrt() }, "sin": unary { $0.sin() },
    "erf": unary { $0.erf() }, "tanh": unary { $0.tanh() }, "sigmoid": unary { $0.sigmoid() },
    "gelu": unary { $0.gelu() }, "relu": unary { $0.relu() }, "silu": unary { $0.silu() },
    "softplus": unary { $0.softplus() }, "abs": unary { $0.abs() },
    "clamp": unary { $0.clamp(min: -1, max: 1) }, "square": unary { $0.square() },
    "castHalf": unary { $0.cast(to: .bfloat16) }, "addRow": row { $0 + $1 },
    "multiplyRow": row { $0 * $1 },
  ]
}
