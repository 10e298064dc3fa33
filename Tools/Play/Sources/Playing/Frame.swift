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
  /// For each cell of a grid over the plane, from the top left, the likeliest class; where numbers
  /// are learned, the number: 128 for 0, 1 and 255 for -1 and 1.
  public var classes: Data
  /// For each cell, how much likelier than by chance it is: 0 to 255; empty for numbers.
  public var certainty: Data
  /// For each layer and neuron, what it returns on a coarser grid, 128 for zero.
  public var neurons: [[Data]]
  /// For each layer, the weights `[outputs, inputs]`; inputs that are pixels count as one.
  public var weights: [[Float]]
  /// For each layer, the biases; empty without them.
  public var biases: [[Float]]
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
    let answers = try outputs(data.grid(Frame.side)).last!
    if let count = data.classCount {
      (frame.classes, frame.certainty) = try Network.classes(answers, count)
    } else {
      frame.classes = Data(try answers.scalars(as: Float.self).map(Network.shade))
      frame.certainty = Data()
    }
    frame.neurons = try outputs(data.grid(Frame.neuronSide)).enumerated().map { place, layer in
      let isLast = place == self.layers.count { $0 is Linear } - 1
      return try Network.pictures(
        layer, scale: !isLast ? .largest : data.classCount == nil ? .number : .probability)
    }
    // As many inputs as a hidden layer has neurons at most.
    frame.weights = try weights(limit: Int(Settings.ranges["hidden"]!.upperBound))
    frame.biases = try biases()
  }

  /// The likeliest class of each row, and how much likelier than by chance it is.
  private static func classes(_ answers: Tensor, _ count: Int) throws -> (Data, Data) {
    let numbers = try answers.scalars(as: Float.self)
    var classes = Data(count: answers.shape[0])
    var certainty = classes
    for cell in classes.indices {
      let row = numbers[cell * count..<(cell + 1) * count]
      let best = row.indices.max { row[$0] < row[$1] }!
      let chance = 1 / Float(count)
      let above = (row[best] - chance) / (1 - chance)
      classes[cell] = UInt8(best - row.startIndex)
      certainty[cell] = above.isFinite ? UInt8(max(0, min(1, above)) * 255) : 0
    }
    return (classes, certainty)
  }

  /// A number from -1 to 1 as a byte around 128.
  private static func shade(_ number: Float) -> UInt8 {
    number.isFinite ? UInt8(128 + max(-1, min(1, number)) * 127) : 128
  }

  /// What is as strong as a picture's colours go.
  private enum Scale { case largest, number, probability }

  /// One picture for each column: blue to orange around zero, or from 0 to 1 for probabilities.
  private static func pictures(_ answers: Tensor, scale: Scale) throws -> [Data] {
    let (rows, columns) = (answers.shape[0], answers.shape[1])
    let numbers = try answers.scalars(as: Float.self)
    return (0..<columns).map { column in
      let values = (0..<rows).map { numbers[$0 * columns + column] }
      let largest = values.reduce(1e-6) { max($0, abs($1)) }
      return Data(
        values.map { value in
          switch scale {
          case .largest: shade(value / largest)
          case .number: shade(value)
          case .probability: shade(2 * value - 1)
          }
        })
    }
  }
}
