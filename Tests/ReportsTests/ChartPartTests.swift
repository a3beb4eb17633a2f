import Reports
import Testing
import TextFiles

/// The arithmetic of charts: places of labels, the Pareto front, Wilson's interval; and that specifications are JSON.
@Suite struct ChartPartTests {
  @Test(arguments: [[1.0, 1, 1, 1], [5.0, 5.1, 0, 9.9], [0.0, 10, 10, 10], [3.0], []])
  func labelsKeepApart(_ wanted: [Double]) {
    let placed = LabelPlacement.spread(wanted, gap: 1, in: 0...10)
    #expect(placed.count == wanted.count)
    let sorted = placed.sorted()
    for (a, b) in zip(sorted, sorted.dropFirst()) { #expect(b - a >= 1 - 1e-9) }
    #expect(placed.allSatisfy { $0 >= -1e-9 && $0 <= 10 + 1e-9 })
    for i in wanted.indices {
      for j in wanted.indices where wanted[i] < wanted[j] { #expect(placed[i] < placed[j]) }
    }
  }

  @Test func labelsWithRoomStayWhereTheyAre() {
    #expect(LabelPlacement.spread([1, 4, 8], gap: 1, in: 0...10) == [1, 4, 8])
  }

  @Test func theFrontHoldsWhatNothingBeats() {
    let points = [(0.0, 1.0), (5, 3), (5, 2), (9, 3), (12, 4), (1, 0.5)].map {
      ParetoChart.Point(name: "\($0)", cost: $0.0, gain: $0.1)
    }
    #expect(ParetoChart.front(points).map(\.cost) == [0, 5, 12])
    #expect(ParetoChart.front(points).map(\.gain) == [1, 3, 4])
  }

  /// Wilson (1927) for 8 of 10: 0.4902 to 0.9433, as in statsmodels' proportion_confint(8, 10, method="wilson").
  @Test func wilsonsInterval() {
    let interval = CoverageChart.wilson(0.8, 10)
    #expect(abs(interval.lowerBound - 0.4901624715) < 1e-9)
    #expect(abs(interval.upperBound - 0.9433178485) < 1e-9)
  }

  @Test(arguments: Language.allCases) func aTornadoPutsTheLongestBarFirst(_ language: Language) throws {
    let chart = TornadoChart(
      id: "t", title: "Tiêu đề", subtitle: ["x"], unit: "tỷ đồng", middle: 10, decimals: 1,
      bars: [.init(name: "short", low: 9, high: 11), .init(name: "long", low: 4, high: 12)]
    ).chart(language: language, source: "Nguồn")
    let buffer = TextBuffer()
    try chart.write(to: buffer)
    #expect(buffer.text.contains("\"$schema\": \"https://vega.github.io/schema/vega-lite/v5.json\""))
    let (long, short) = (buffer.text.firstRange(of: "\"long\""), buffer.text.firstRange(of: "\"short\""))
    #expect(try #require(long).lowerBound < (try #require(short)).lowerBound)
    #expect(buffer.text.contains(language == .vietnamese ? "\"4,0\"" : "\"4.0\""))
  }
}
