import BlitzData

/// What a training run came to, as plain values: what the report and the event files show.
struct RunRecord: Sendable {
  /// What was trained on what, in one line; a user's own words may be in it.
  var title: String
  /// The settings in the order in which they are told.
  var settings: [(name: String, value: String)] = []
  /// The epochs, rising by number; a resumed run has those before it too.
  var epochs: [Epoch] = []
  /// The classes' names by index; empty if there are no classes.
  var classNames: [String] = []
  /// How many test examples of each class (row) were taken for each class (column).
  var confusion: [[Int]]?
  /// The weights of the first layer's units, a picture each; empty if they make none.
  var firstLayer: [WeightPicture] = []
  /// The test examples that the network errs on with most confidence, worst first.
  var mistakes: [Mistake] = []
  /// The share of test examples that are told right, 0...1.
  var testAccuracy: Double?
  /// How long training took, in seconds.
  var seconds: Double
  /// The number of trained numbers.
  var parameterCount: Int
  /// The version of Blitz.
  var version: String

  /// What one epoch came to.
  struct Epoch: Codable, Sendable {
    /// From 1.
    var number: Int
    /// The steps taken so far, those of the epochs before included.
    var stepCount: Int
    /// The mean training loss.
    var trainingLoss: Double
    /// The share of training examples told right, 0...1.
    var trainingAccuracy: Double?
    /// The mean loss on the test examples.
    var testLoss: Double?
    /// The share of test examples told right, 0...1.
    var testAccuracy: Double?
    /// The learning rate of the last step.
    var rate: Double
    /// How long the epoch took, in seconds.
    var seconds: Double

    /// What is told of an epoch, in the report and, to the last digit, in metrics.csv.
    static let columns: [(name: String, kind: FigureKind, value: @Sendable (Epoch) -> Double?)] = [
      ("epoch", .count, { Double($0.number) }),
      ("steps", .count, { Double($0.stepCount) }),
      ("training_loss", .number, \.trainingLoss),
      ("test_loss", .number, \.testLoss),
      ("training_accuracy", .share, \.trainingAccuracy),
      ("test_accuracy", .share, \.testAccuracy),
      ("rate", .number, \.rate),
      ("seconds", .number, \.seconds),
    ]

    /// How a figure is told to people.
    enum FigureKind: Sendable { case count, number, share }
  }

  /// The columns that one of these epochs has a value for.
  static func columns(
    of epochs: [Epoch]
  ) -> [(name: String, kind: Epoch.FigureKind, value: @Sendable (Epoch) -> Double?)] {
    Epoch.columns.filter { column in epochs.contains { column.value($0) != nil } }
  }

  /// The weights of one unit or filter, laid out as the input that they look at.
  struct WeightPicture: Sendable {
    var width: Int
    var height: Int
    /// 1 shows as shades from negative to positive, 3 as red, green and blue around grey; any other
    /// number as so many pictures of 1 side by side.
    var channelCount: Int
    /// `[channelCount, height, width]`, as the weights of a convolution are.
    var values: [Float]
  }

  /// A test example that was told wrong.
  struct Mistake: Sendable {
    /// The example as somebody can look at it.
    enum Input: Sendable {
      case image(Image)
      /// The row of a table, ready to be read.
      case text(String)
    }

    var input: Input
    /// Its place in the test data, from 0.
    var index: Int
    /// The class that it has.
    var truth: Int
    /// The class that it was taken for.
    var prediction: Int
    /// The probability that the network gave to the prediction, 0...1.
    var probability: Double
  }

  /// The name of a class, or its number if it has none.
  func className(_ index: Int) -> String {
    classNames.indices.contains(index) ? classNames[index] : "class \(index)"
  }
}
