import Blitz
import Foundation

/// One picture of the training: what the page draws.
public struct Frame: Sendable, Encodable {
  /// Grows when data or weights begin anew.
  public var version: Int
  /// How many steps have been made.
  public var step: Int
  /// Whether training goes on by itself.
  public var isTraining: Bool
  /// The losses of training and test data; nil if not finite.
  public var loss: [Double?]
  /// The parts of training and test data that are answered rightly.
  public var accuracy: [Double]
  /// For each cell of a grid over the plane, from the top left, the likeliest class.
  public var classes: Data
  /// For each cell, how much likelier than by chance it is: 0 to 255.
  public var certainty: Data
  /// For each layer and neuron, what it returns on a coarser grid, 128 for zero.
  public var neurons: [[Data]]
  /// For each layer, the weights `[outputs, inputs]`; inputs that are pixels count as one.
  public var weights: [[Float]]
  /// Why training stopped by itself.
  public var message: String?

  /// The cells along a side of the grid.
  public static let side = 48
  /// The cells along a side of a neuron's picture.
  public static let neuronSide = 16
}

extension Network {
  /// Draws what the network returns over the plane.
  func draw(_ data: PlayData, into frame: inout Frame) throws {
    let probabilities = try outputs(data.grid(Frame.side)).last!
    let count = data.classCount
    let numbers = try probabilities.scalars(as: Float.self)
    let cells = Frame.side * Frame.side
    var classes = Data(count: cells)
    var certainty = Data(count: cells)
    for cell in 0..<cells {
      let row = numbers[cell * count..<(cell + 1) * count]
      let best = row.indices.max { row[$0] < row[$1] }!
      let chance = 1 / Float(count)
      let above = (row[best] - chance) / (1 - chance)
      classes[cell] = UInt8(best - row.startIndex)
      certainty[cell] = above.isFinite ? UInt8(max(0, min(1, above)) * 255) : 0
    }
    frame.classes = classes
    frame.certainty = certainty
    frame.neurons = try outputs(data.grid(Frame.neuronSide)).enumerated().map { place, layer in
      try Network.pictures(layer, isLast: place == self.layers.count { $0 is Linear } - 1)
    }
    frame.weights = try weights(limit: 2 + Settings.largestHidden)
  }

  /// One picture for each column: blue to orange around zero, or from 0 to 1 for probabilities.
  private static func pictures(_ answers: Tensor, isLast: Bool) throws -> [Data] {
    let (rows, columns) = (answers.shape[0], answers.shape[1])
    let numbers = try answers.scalars(as: Float.self)
    return (0..<columns).map { column in
      let values = (0..<rows).map { numbers[$0 * columns + column] }
      let largest = isLast ? 1 : values.reduce(1e-6) { max($0, abs($1)) }
      return Data(
        values.map { value in
          let part = isLast ? 2 * value - 1 : value / largest
          return part.isFinite ? UInt8(128 + max(-1, min(1, part)) * 127) : 128
        })
    }
  }
}

extension Settings {
  static let largestHidden = 24
}
