import Foundation
import Playing
import Testing

@Suite("Studio")
struct StudioTests {
  @Test("learns each data set", arguments: Settings.DataName.allCases.filter { $0 != .table })
  func learns(_ name: Settings.DataName) async throws {
    let studio = try Studio()
    let json = #"{"data": "\#(name.rawValue)", "noise": 0.02, "speed": 20}"#
    try await studio.change(by: Data(json.utf8))
    let before = await studio.frame.accuracy[1]
    await studio.train()
    let limit = ContinuousClock.now + .seconds(300)
    var frame = await studio.frame
    while frame.accuracy[1] < 0.9, ContinuousClock.now < limit {
      try await Task.sleep(for: .milliseconds(20))
      frame = await studio.frame
    }
    await studio.pause()
    // The steps until the pause may have made it a little worse again.
    #expect(before < 0.75 && frame.accuracy[1] >= 0.9)
    #expect(frame.classes.count == Frame.side * Frame.side)
    #expect(await !studio.frame.isTraining)
  }

  @Test("a new rate or optimizer goes on with the weights; a new size begins anew")
  func change() async throws {
    let studio = try Studio()
    await studio.make()
    let weights = await studio.frame.weights
    for json in [
      #"{"rate": 0.1}"#, #"{"optimizer": "sgd"}"#, #"{"regularisation": 0.1}"#,
      #"{"lasso": 0.1}"#, #"{"batch": 5}"#,
    ] {
      try await studio.change(by: Data(json.utf8))
      #expect(await studio.frame.weights == weights)
      #expect(await studio.frame.step == 1)
    }
    try await studio.change(by: Data(#"{"hidden": "3,5"}"#.utf8))
    #expect(await studio.frame.step == 0)
    #expect(await studio.frame.weights.map(\.count) == [6, 15, 15])
    #expect(await studio.frame.biases.map(\.count) == [3, 5, 3])
    try await studio.change(by: Data(#"{"hidden": "", "bias": false}"#.utf8))
    #expect(await studio.frame.weights.map(\.count) == [6])
    #expect(await studio.frame.biases == [[]])
  }

  @Test("a weight is set by hand, one that is not there is refused")
  func weight() async throws {
    let studio = try Studio()
    let before = await studio.frame
    try await studio.setWeight(
      by: Data(#"{"layer": 1, "neuron": 2, "input": 3, "value": 0.5}"#.utf8))
    var weights = before.weights
    weights[1][2 * 12 + 3] = 0.5
    #expect(await studio.frame.weights == weights)
    #expect(await studio.frame.loss != before.loss)
    try await studio.setWeight(
      by: Data(#"{"layer": 0, "neuron": 2, "input": -1, "value": -2}"#.utf8))
    #expect(await studio.frame.biases[0][2] == -2)
    // Training goes on with it.
    await studio.make()
    #expect(await abs(studio.frame.biases[0][2] + 2) < 0.011)
    for (json, words) in [
      (#"{"layer": 3, "neuron": 0, "input": 0, "value": 1}"#, "there is no such weight"),
      (#"{"layer": 0, "neuron": 0, "input": 2, "value": 1}"#, "there is no such weight"),
      (#"{"layer": 0, "neuron": 0, "input": 0, "value": 1e9}"#, "value is no number"),
      (#"{"layer": 0, "neuron": 0, "value": 1}"#, "input is missing"),
    ] {
      let refusal = await #expect(throws: Refusal.self) {
        try await studio.setWeight(by: Data(json.utf8))
      }
      #expect(refusal?.description.hasPrefix(words) == true)
    }
  }

  @Test("the middle of the loss surface is the loss")
  func surface() async throws {
    let studio = try Studio()
    await studio.make(steps: 20)
    let surface = try await studio.surface()
    #expect(surface.losses.count == Surface.side * Surface.side)
    let middle = try #require(surface.losses[surface.losses.count / 2])
    let loss = try #require(await studio.frame.loss[0])
    #expect(abs(middle - loss) < 1e-4)
    #expect(try await studio.surface().losses == surface.losses)
  }

  @Test("takes a table of classes or numbers, and keeps what there is when it is none")
  func table() async throws {
    let studio = try Studio()
    let noTable = await #expect(throws: Refusal.self) {
      try await studio.change(by: Data(#"{"data": "table"}"#.utf8))
    }
    #expect(noTable?.description == "there is no table; choose a CSV file first")
    #expect(await studio.settings.data == .spirals)
    let classes =
      "a,b,c,kind\n" + (0..<40).map { "\($0),\($0 % 2),7,\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
    try await studio.take(table: Data(classes.utf8))
    // The table's third column is the same everywhere.
    try await studio.change(by: Data(#"{"columnX": 3}"#.utf8))
    #expect(await studio.frame.neurons.last?.count == 2)
    await studio.make(steps: 200)
    #expect(await studio.frame.accuracy[1] > 0.9)
    let numbers = "a,b,c\n" + (0..<40).map { "\($0),\($0 % 3),\(3 * $0)\n" }.joined()
    try await studio.take(table: Data(numbers.utf8))
    #expect(await studio.frame.neurons.last?.count == 1)
    await studio.make(steps: 300)
    #expect(await studio.frame.accuracy[1] > 0.9)
    for (text, words) in [
      ("", "the table is empty"), ("a,b\n1,x\n2,y\n1,x\n2,y\n", "table.csv: 4 rows of 1 columns"),
      ("a,b\n1,x,3\n", "table.csv: "),
    ] {
      let refusal = await #expect(throws: Refusal.self) {
        try await studio.take(table: Data(text.utf8))
      }
      #expect(refusal?.description.hasPrefix(words) == true)
    }
    #expect(await studio.frame.neurons.last?.count == 1)
    let column = await #expect(throws: Refusal.self) {
      try await studio.change(by: Data(#"{"columnY": 9}"#.utf8))
    }
    #expect(column?.description == "columnY is 9; table.csv has 2 columns to choose from")
  }

  @Test("begins anew with the same weights")
  func reset() async throws {
    let studio = try Studio()
    let first = await studio.frame
    await studio.make()
    #expect(await studio.frame.weights != first.weights)
    try await studio.reset()
    #expect(await studio.frame.weights == first.weights)
    #expect(await studio.frame.loss == first.loss)
  }

  @Test("a loss that is not finite stops the training and says so")
  func overflow() async throws {
    let studio = try Studio()
    let json = #"{"optimizer": "sgd", "rate": 10, "activation": "none", "regularisation": 1}"#
    try await studio.change(by: Data(json.utf8))
    await studio.train()
    let limit = ContinuousClock.now + .seconds(300)
    while await studio.frame.message == nil, ContinuousClock.now < limit {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(await studio.frame.message?.contains("not finite") == true)
    #expect(await !studio.frame.isTraining)
  }
}
