/// One product that is measured: `[m, k]` by `[k, n]`.
struct Shape {
  var name: String
  var m: Int
  var n: Int
  var k: Int
  var transposesA = false
  var transposesB = false
  var accumulates = false

  var flops: Double { 2 * Double(m) * Double(n) * Double(k) }

  /// Leading sizes: matrices are stored without gaps.
  var lda: Int { transposesA ? m : k }
  var ldb: Int { transposesB ? k : n }

  private init(_ name: String, _ m: Int, _ n: Int, _ k: Int, _ how: String = "NN") {
    (self.name, self.m, self.n, self.k) = (name, m, n, k)
    transposesA = how.hasPrefix("T")
    transposesB = how.dropFirst().hasPrefix("T")
    accumulates = how.hasSuffix("+")
  }

  /// What Blitz's users run; `T` marks a transposed matrix, `+` a product that is added.
  static let all: [Shape] =
    [
      Shape("page, hidden layer", 64, 100, 1000),
      Shape("page, its weights", 1000, 100, 64, "TN+"),
      Shape("page, output", 64, 10, 100),
      Shape("page, output's weights", 100, 10, 64, "TN+"),
      Shape("page, back to hidden", 64, 100, 10, "NT"),
      Shape("784-256, forward", 128, 256, 784, "NT"),
      Shape("784-256, untransposed", 128, 256, 784),
      Shape("784-256, weights", 256, 784, 128, "TN"),
    ]
    + [64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096].map {
      Shape("square \($0)", $0, $0, $0)
    }
    + ["NT", "TN", "TT"].flatMap { how in
      [256, 1024].map { Shape("square \($0) \(how)", $0, $0, $0, how) }
    } + [
      Shape("ResNet-18, first", 64, 12_544, 147),
      Shape("ResNet-18, 56 x 56", 64, 3136, 576),
      Shape("ResNet-18, 28 x 28", 128, 784, 1152),
      Shape("ResNet-18, 28 x 28, stride 2", 128, 784, 576),
      Shape("ResNet-18, 28 x 28, 1 x 1", 128, 784, 64),
      Shape("ResNet-18, 14 x 14", 256, 196, 2304),
      Shape("ResNet-18, 7 x 7", 512, 49, 4608),
      Shape("ResNet-18, classes", 1, 1000, 512, "NT"),
      Shape("conv net, 32-64", 64, 196, 288),
      Shape("conv net, 32-64 to input", 288, 196, 64, "TN"),
      Shape("conv net, 32-64 to weight", 64, 288, 196, "NT+"),
      Shape("conv net, 1-32", 32, 784, 9),
      Shape("MiniLM, query, key, value", 128, 384, 384, "NT"),
      Shape("MiniLM, up", 128, 1536, 384, "NT"),
      Shape("MiniLM, down", 128, 384, 1536, "NT"),
      Shape("MiniLM, scores", 128, 128, 32, "NT"),
      Shape("MiniLM, values", 128, 32, 128),
      Shape("MiniLM, up, 16 texts", 2048, 1536, 384, "NT"),
      Shape("GPT, words", 2048, 5000, 256, "NT"),
      Shape("GPT, words' weights", 5000, 256, 2048, "TN"),
      Shape("LSTM, recurrent", 32, 512, 128, "NT+"),
      Shape("LSTM, recurrent back", 32, 128, 512),
      Shape("LSTM, weights", 512, 128, 2048, "TN+"),
      Shape("one row", 1, 1024, 1024),
      Shape("one row, transposed", 1, 1024, 1024, "NT"),
      Shape("one column", 1024, 1, 1024),
      Shape("outer product", 1000, 1000, 1),
    ]
}
