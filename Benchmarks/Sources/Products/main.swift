import CKernels
import CLimit
import Foundation

// Times Blitz's matrix products beside oneDNN's `dnnl_sgemm`, both in turn.
//
//   swift run -c release --package-path Benchmarks Products [words of a shape's name]
//
// BLITZ_NUM_THREADS   one thread or more (default: one for each core)
// BLITZ_ISA           avx2 or portable, for Blitz's side alone

let words = CommandLine.arguments.dropFirst().joined(separator: " ")
let environment = ProcessInfo.processInfo.environment
let count =
  environment["BLITZ_NUM_THREADS"].flatMap { Int($0) }
  ?? ProcessInfo.processInfo
  .activeProcessorCount
let threads = Threads(count)
let hasPeer = OneDNN.sgemm != nil
if !hasPeer { print("no oneDNN beside it: install libdnnl2") }

/// The value that a share of the values is below.
func percentile(_ values: [Double], _ share: Double) -> Double {
  values.sorted()[Int(share * Double(values.count - 1) + 0.5)]
}

func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

print(
  "\(count) threads, instruction set \(blz_isa()); medians; of ratios also 10th and 90th percentile"
)
print(
  padded("product", 44) + "     Blitz us  of the limit    oneDNN us  of the limit   ratio")
var logarithms: [Double] = []
var above: [String] = []
for shape in Shape.all where words.isEmpty || shape.name.contains(words) {
  let sides = Sides(shape, threads: count)
  let rounds = shape.flops > 2e10 ? 5 : shape.flops > 1e9 ? 9 : 25
  let repetitions = max(1, min(500, Int(2e7 / shape.flops) + (shape.flops > 2e8 ? 0 : 4)))
  var (own, peer, limits): ([Double], [Double], [Double]) = ([], [], [])
  for _ in 0...rounds {
    let work = Atomic64()
    let seconds = threads.seconds(repetitions: 1) { thread in
      let flops = limit_run(blz_isa(), 50_000)
      if thread == 0 { work.value = flops }
    }
    limits.append(work.value * Double(count) / seconds)
    own.append(threads.seconds(repetitions: repetitions) { sides.own($0) })
    if hasPeer {
      peer.append(threads.seconds(repetitions: repetitions) { sides.oneDNN($0) })
    }
  }
  // The first round only warms up.
  own.removeFirst()
  if hasPeer { peer.removeFirst() }
  let limit = percentile(limits, 0.5)
  func column(_ seconds: [Double]) -> String {
    let median = percentile(seconds, 0.5)
    return String(
      format: "%12.1f  %10.0f %%", median * 1e6, 100 * shape.flops / median / limit)
  }
  var line = padded(
    "\(shape.name): \(shape.m)x\(shape.k)x\(shape.n) "
      + (shape.transposesA ? "T" : "N") + (shape.transposesB ? "T" : "N"), 44)
  line += " " + column(own)
  if hasPeer {
    let ratios = zip(own, peer).map { $0 / $1 }
    let ratio = percentile(ratios, 0.5)
    logarithms.append(log(ratio))
    if ratio > 1 { above.append(shape.name) }
    line += "  " + column(peer)
    line += String(
      format: "   %5.2f (%.2f to %.2f)", ratio, percentile(ratios, 0.1), percentile(ratios, 0.9))
  }
  print(line)
}
if hasPeer {
  let mean = exp(logarithms.reduce(0, +) / Double(max(1, logarithms.count)))
  print(String(format: "mean ratio %.2f; above 1: %d of %d", mean, above.count, logarithms.count))
}

/// A number that one thread writes and another reads after it has waited for it.
final class Atomic64: @unchecked Sendable { var value = 0.0 }

/// What CKernels calls at the start of a program; this one has no backend.
@c(blz_register_cpu_backend)
public func registerNothing() {}
