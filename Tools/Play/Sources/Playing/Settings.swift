import Foundation

/// What the page's controls say: the data, the network and how it learns.
public struct Settings: Sendable, Equatable, Encodable {
  /// What is to be learned.
  public var data = DataName.spirals
  /// How far points are moved from where they belong: for spirals the angle's standard deviation in
  /// radians, for the others that of each coordinate or pixel.
  public var noise = 0.15
  /// How many of a hundred examples are learned from; the rest is for the test.
  public var share = 50
  /// The examples of a step; 0 for all.
  public var batch = 0
  /// What the network sees of a point.
  public var features = WordList([Feature.x1, .x2])
  /// The columns of a table that are a point's two coordinates, from 1.
  public var columnX = 1, columnY = 2
  /// How many neurons each hidden layer has.
  public var hidden = WordList([12, 12])
  /// Whether neurons have a bias.
  public var bias = true
  /// What a hidden neuron makes of its sum.
  public var activation = Activation.tanh
  /// How the weights follow the gradient.
  public var optimizer = OptimizerName.adam
  /// The length of a step.
  public var rate = 0.01
  /// The factor of the weights' absolute values in the loss.
  public var lasso = 0.0
  /// The factor of the weights' squares in the loss.
  public var regularisation = 0.0
  /// How many steps are made between two pictures.
  public var speed = 5
  /// Where data and weights begin.
  public var seed = 0

  /// The data sets; `table` is the user's own.
  public enum DataName: String, Sendable, Encodable, CaseIterable {
    case spirals, circles, moons, xor, digits, plane, hills, table
  }

  /// What the network can see of a point: coordinates, products of two, and waves.
  public enum Feature: String, Sendable, CaseIterable, LosslessStringConvertible {
    case x1, x2, x1x1, x2x2, x1x2, sin1, sin2

    /// The feature of that name.
    public init?(_ description: String) { self.init(rawValue: description) }
    /// Its name.
    public var description: String { rawValue }
  }

  /// The activations.
  public enum Activation: String, Sendable, Encodable, CaseIterable {
    case relu, tanh, sigmoid, gelu, none
  }

  /// The optimizers.
  public enum OptimizerName: String, Sendable, Encodable, CaseIterable {
    case sgd, momentum, adam, rmsprop
  }

  /// The settings that the page starts with.
  public init() {}

  /// The values that a number may have, by its name; those of `hidden` are of each layer.
  public static let ranges: [String: ClosedRange<Double>] = [
    "noise": 0...0.5, "share": 10...90, "batch": 0...512, "columnX": 1...1000,
    "columnY": 1...1000, "hidden": 1...24, "rate": 1e-5...10, "lasso": 0...1,
    "regularisation": 0...1, "speed": 1...100, "seed": 0...999_999,
  ]
  /// The most hidden layers.
  public static let mostLayers = 6

  /// Whether going from other settings to these makes data or weights anew.
  func startsAnew(after other: Settings) -> Bool {
    var same = self
    same.optimizer = other.optimizer
    same.rate = other.rate
    same.lasso = other.lasso
    same.regularisation = other.regularisation
    same.batch = other.batch
    same.speed = other.speed
    return same != other
  }
}

/// A list that is told as one word, `12,12`, so that it fits into a link and a flat object.
public struct WordList<Element: LosslessStringConvertible & Equatable & Sendable>: Sendable,
  Equatable, Encodable
{
  /// The list.
  public var elements: [Element]

  /// Takes a list.
  public init(_ elements: [Element]) { self.elements = elements }

  /// Nil for a word that has something else between its commas.
  init?(word: String) {
    elements = []
    guard !word.isEmpty else { return }
    for part in word.split(separator: ",", omittingEmptySubsequences: false) {
      guard let element = Element(String(part)) else { return nil }
      elements.append(element)
    }
  }

  /// Writes the word.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(elements.map(\.description).joined(separator: ","))
  }
}

/// A request that makes no sense: one line for who sent it.
public struct Refusal: Error, Equatable, CustomStringConvertible {
  /// What was wrong, with the values, and what is possible.
  public let description: String

  init(_ description: String) { self.description = description }
}
