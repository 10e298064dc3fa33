import Foundation
import Playing
import Testing

@Suite("Studio")
struct StudioTests {
  @Test("learns each data set", arguments: Settings.DataName.allCases)
  func learns(_ name: Settings.DataName) async throws {
    let studio = try Studio()
    let json = #"{"data": "\#(name.rawValue)", "noise": 0.05, "speed": 20}"#
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
    for json in [#"{"rate": 0.1}"#, #"{"optimizer": "sgd"}"#, #"{"regularisation": 0.1}"#] {
      try await studio.change(by: Data(json.utf8))
      #expect(await studio.frame.weights == weights)
      #expect(await studio.frame.step == 1)
    }
    try await studio.change(by: Data(#"{"hidden": 3}"#.utf8))
    #expect(await studio.frame.step == 0)
    #expect(await studio.frame.weights.map(\.count) == [6, 9, 9])
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
