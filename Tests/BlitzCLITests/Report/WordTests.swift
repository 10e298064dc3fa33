import BlitzPlot
import Foundation
import Testing

@testable import BlitzCLI

@Suite("report.html: words and weights")
struct WordTests {
  @Test(
    "never rounds a share to all or nothing that is neither",
    arguments: [
      (0, "0.0 %"), (1, "100.0 %"), (0.5, "50.0 %"), (0.99999, "over 99.9 %"),
      (0.00001, "under 0.1 %"), (0.9994, "99.9 %"), (.nan, "nan %"),
    ] as [(Double, String)])
  func percent(share: Double, text: String) {
    #expect(HTMLReport.percent(share) == text.replacingOccurrences(of: " ", with: "\u{A0}"))
  }

  @Test(
    "tells how long something took in the units that people use",
    arguments: [
      (0.123, "0.12 s"), (59.99, "59.99 s"), (60, "1 min 0 s"), (3599.4, "59 min 59 s"),
      (7260, "2 h 1 min"), (.infinity, "inf s"), (.nan, "nan s"),
    ] as [(Double, String)])
  func duration(seconds: Double, text: String) {
    #expect(HTMLReport.duration(seconds) == text)
  }

  @Test("scales weights so that a single large one does not make all others pale")
  func scale() {
    let many = RunRecord.WeightPicture(
      width: 400, height: 1, channelCount: 1,
      values: (0..<400).map { $0 == 0 ? 1000 : Float($0) / 400 })
    #expect((0.99...1).contains(WeightScale([many]).limit))
    let none = RunRecord.WeightPicture(width: 1, height: 1, channelCount: 1, values: [.nan])
    #expect(WeightScale([none]).limit == 1)
    #expect(WeightScale([]).limit == 1)
    // All but one are zero: the one must show.
    var zeros = many
    zeros.values = (0..<400).map { $0 == 0 ? 2 : 0 }
    #expect(WeightScale([zeros]).limit == 2)
  }

  @Test("refuses pictures whose sides do not fit their weights")
  func shapes() {
    let scale = WeightScale([])
    for (width, height, channels) in [
      (0, 1, 1), (1, 0, 1), (1, 1, 0), (-1, -1, 1), (2, 1, 1), (.max, .max, .max), (.max, 1, 1),
    ] {
      #expect(
        scale.image(
          .init(width: width, height: height, channelCount: channels, values: [1])) == nil)
    }
    let pair = scale.image(.init(width: 1, height: 1, channelCount: 2, values: [1, -1]))
    #expect(pair?.width == 3)
    let color = scale.image(.init(width: 1, height: 1, channelCount: 3, values: [1, -1, 0]))
    #expect(color?.pixels == [255, 0, 128])
  }
}
