import Blitz

extension Operation {
  /// Reductions, scans and orders.
  static let reductions: [String: Make] = [
    "sum": unary { $0.sum() }, "mean": unary { $0.mean() }, "sumLast": unary { $0.sum(axis: -1) },
    "sumFirst": unary { $0.sum(axis: 0) }, "meanLast": unary { $0.mean(axis: -1) },
    "maxLast": unary { $0.max(axis: -1) }, "maxFirst": unary { $0.max(axis: 0) },
    "argmaxLast": unary { $0.argmax(axis: -1) }, "argmaxFirst": unary { $0.argmax(axis: 0) },
    "prodLast": unary { $0.prod(axis: -1) }, "varianceLast": unary { $0.variance(axis: -1) },
    "varianceFirst": unary { $0.variance(axis: 0) }, "std": unary { $0.std(axis: -1) },
    "normLast": unary { $0.norm(axis: -1) }, "logSumExp": unary { $0.logSumExp(axis: -1) },
    "anyLast": unary { ($0 .> 2).any(axis: -1) }, "softmax": unary { $0.softmax(axis: -1) },
    "logSoftmax": unary { $0.logSoftmax(axis: -1) }, "cumsumLast": unary { $0.cumsum(axis: -1) },
    "cumsumFirst": unary { $0.cumsum(axis: 0) }, "sort": unary { $0.sort(axis: -1).values },
    "argsort": unary { $0.argSort(axis: -1) }, "topK": unary { $0.topK(10, axis: -1).values },
  ]
}
