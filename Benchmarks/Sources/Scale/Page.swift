import Foundation

/// The tables of Docs/scale.md, as Markdown.
struct Page {
  /// The tables by their names.
  let tables: [(name: String, text: String)]

  init() {
    tables = [
      ("step", Page.stepTable()), ("weak", Page.weakTable()), ("strong", Page.strongTable()),
      ("exchange", Page.exchangeTable()),
    ]
  }

  /// What a step of each model is, on one device.
  private static func stepTable() -> String {
    let rows: [(Model, Int)] = [
      (.mlp([1000, 100, 10]), 64), (.mlp([4096, 4096, 1000]), 8192), (.xl, 1), (.large, 1),
      (.largest, 1),
    ]
    return table(
      ["model", "examples", "weights", "flops", "gradients sent, 2 devices", "many devices"],
      rows.map { model, examples in
        [
          model.name, "\(examples)", unit(model.parameters, ""),
          unit(Double(examples) * model.flopsPerExample, "FLOP"),
          unit(Collective.allReduceBytes(4 * model.parameters, 2), "B"),
          unit(8 * model.parameters, "B"),
        ]
      })
  }

  private static let strategies: [(name: String, strategy: Strategy, model: Model)] = [
    ("data", .data, .xl), ("data, sharded state", .sharded, .large),
    ("tensor 8 x data", .tensor(8), .large),
    ("pipeline 8 x tensor 8 x data", .pipeline(stages: 8, tensor: 8), .largest),
  ]
  private static let counts = [8, 64, 512, 2048, 10_000]

  /// As much work for each device, however many there are.
  private static func weakTable() -> String {
    rows { devices in 4 * devices }
  }

  /// One batch of 2048 sequences, 4 million tokens, shared by all.
  private static func strongTable() -> String { rows { _ in 2048 } }

  private static func rows(_ examples: (Int) -> Int) -> String {
    var lines: [[String]] = []
    for (name, strategy, model) in strategies {
      for count in counts where count >= strategy.group {
        let batch = examples(count)
        guard let cost = StepCost(strategy, model, .h100, devices: count, examples: batch) else {
          lines.append([name, model.name, grouped(count), "more groups than sequences"])
          continue
        }
        let fits = cost.memory < Machine.h100.memory
        lines.append([
          name, model.name, grouped(cost.devices),
          unit(cost.memory, "B") + (fits ? "" : " (too much)"), unit(cost.bytes, "B"),
          seconds(cost.arithmetic), seconds(cost.step), percent(cost.efficiency),
          percent(cost.bestEfficiency),
        ])
      }
    }
    return table(
      [
        "strategy", "model", "devices", "state on a device", "sent by a device", "arithmetic",
        "step", "efficiency", "at best",
      ], lines)
  }

  /// Data parallelism on processors over Ethernet, which is what Blitz's own exchange is for.
  private static func exchangeTable() -> String {
    let model = Model.mlp([4096, 4096, 1000])
    let rows = [2, 8, 64, 512].map { count -> [String] in
      let cost = StepCost(.data, model, .cpus, devices: count, examples: 8192)!
      let ring = Collective.ring(4 * model.parameters, count, Machine.cpus.far)
      let tree = Collective.tree(4 * model.parameters, count, Machine.cpus.far)
      return [
        "\(count)", unit(cost.bytes, "B"), seconds(cost.arithmetic), seconds(ring), seconds(tree),
        percent(cost.arithmetic / (cost.arithmetic + ring)),
      ]
    }
    return table(
      ["processes", "sent by each", "arithmetic", "ring", "tree", "efficiency with the ring"], rows)
  }

  // MARK: Text

  /// The page with its tables as they are now, between lines `<!-- table NAME -->` and
  /// `<!-- end -->`.
  func renewed(_ text: String) throws -> String {
    var text = text
    for (name, table) in tables {
      guard let start = text.range(of: "<!-- table \(name) -->\n"),
        let end = text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex)
      else { throw Failure("the page has no place for the table \(name)") }
      text.replaceSubrange(start.upperBound..<end.lowerBound, with: "\n\(table)\n")
    }
    return text
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String {
      let empty = [String](repeating: "", count: max(head.count - cells.count, 0))
      return "| " + (cells + empty).joined(separator: " | ") + " |\n"
    }
    return line(head) + line(head.map { _ in "---" }) + rows.map(line).joined()
  }

  /// Three digits and a prefix.
  private static func unit(_ number: Double, _ name: String) -> String {
    let prefixes = ["", "k", "M", "G", "T", "P", "E"]
    var (number, place) = (number, 0)
    while number >= 999.5, place < prefixes.count - 1 {
      (number, place) = (number / 1000, place + 1)
    }
    return "\(digits(number)) \(prefixes[place])\(name)".trimmingCharacters(in: .whitespaces)
  }

  private static func seconds(_ seconds: Double) -> String {
    seconds >= 1
      ? "\(digits(seconds)) s"
      : seconds >= 1e-3 ? "\(digits(seconds * 1e3)) ms" : "\(digits(seconds * 1e6)) us"
  }

  private static func digits(_ number: Double) -> String {
    String(format: number >= 100 ? "%.0f" : number >= 10 ? "%.1f" : "%.2f", number)
  }

  private static func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }

  private static func grouped(_ number: Int) -> String {
    number >= 10_000 ? "\(number / 1000),\(String(format: "%03d", number % 1000))" : "\(number)"
  }
}

struct Failure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
