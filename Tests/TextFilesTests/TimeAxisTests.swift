import Testing
import TextFiles

@Suite struct TimeAxisTests {
  private func axis(_ texts: [String]) throws -> (axis: TimeAxis, problems: [TimeAxis.Problem]) {
    TimeAxis.find(in: try texts.map { try TimeLabel.parse($0).get() })
  }

  @Test(arguments: [
    (["1", "2", "3"], ["4", "5"], 1), (["2019", "2020"], ["2021", "2022"], 1),
    (["2000", "2005", "2010"], ["2015", "2020"], 1), (["7"], ["8", "9"], 1),
    (["2026-Q3", "2026-Q4"], ["2027-Q1", "2027-Q2"], 4), (["2026-11", "2026-12"], ["2027-01", "2027-02"], 12),
    (["2026-Q2", "2026-Q4"], ["2027-Q2", "2027-Q4"], 2), (["2026-03", "2026-06"], ["2026-09", "2026-12"], 4),
    (["2026-11-30", "2026-12-31"], ["2027-01-31", "2027-02-28"], 12),
    (["2026-06-30", "2026-09-30"], ["2026-12-31", "2027-03-31"], 4),
    (["2026-01-01", "2026-02-01", "2026-03-01"], ["2026-04-01", "2026-05-01"], 12),
    (["2023-02-28", "2024-02-29"], ["2025-02-28", "2026-02-28"], 1),
    (["2026-01-30", "2026-02-28", "2026-03-30"], ["2026-04-30", "2026-05-30"], 12),
    (["2026-12-30", "2026-12-31"], ["2027-01-01", "2027-01-02"], 1),
    (["2026-12-17", "2026-12-24"], ["2026-12-31", "2027-01-07"], 1),
    (["2026-01-01", "2026-01-29", "2026-02-26", "2026-03-26"], ["2026-04-23", "2026-05-21"], 1),
    (["2026-01-01", "2026-07-01", "2027-01-01"], ["2027-07-01", "2028-01-01"], 2),
  ])
  func regularTimesGoOn(_ times: [String], _ next: [String], _ perYear: Int) throws {
    let (axis, problems) = try axis(times)
    #expect(problems.isEmpty)
    #expect((0..<times.count).map(axis.text) == times)
    #expect((0..<next.count).map { axis.text(at: times.count + $0) } == next)
    #expect(axis.timesPerYear == perYear)
    for (index, text) in (times + next).enumerated() {
      #expect(axis.index(of: try TimeLabel.parse(text).get()) == index)
    }
  }

  @Test func gapsAndDoublesAreFound() throws {
    #expect(try axis(["1", "2", "4", "5"]).problems == [.gap(2, missing: 1, first: "3")])
    #expect(try axis(["1", "2", "2", "3"]).problems == [.duplicate(2)])
    #expect(
      try axis(["2026-01-31", "2026-02-28", "2026-03-31", "2026-06-30"]).problems
        == [.gap(3, missing: 2, first: "2026-04-30")])
    #expect(try axis(["2026-01-01", "2026-02-01", "2026-03-01", "2026-03-15"]).problems == [.duplicate(3)])
    #expect(try axis(["0", "2", "4", "5", "7"]).problems == [.irregular(3)])
    #expect(try axis(["2026-Q4", "2026-Q4"]).problems == [.duplicate(1)])
  }

  @Test func timesBetweenAreNotOnTheAxis() throws {
    let (axis, _) = try axis(["2000", "2005", "2010"])
    #expect(axis.index(of: TimeLabel(kind: .number, position: 2012)) == nil)
    #expect(axis.index(of: TimeLabel(kind: .month, position: 2015)) == nil)
    #expect(axis.index(of: TimeLabel(kind: .number, position: 1995)) == -1)
  }

  @Test func chartsGetDays() throws {
    #expect(try axis(["2026-Q2", "2026-Q3"]).axis.day(at: 3) == "2027-01-01")
    #expect(try axis(["2026-11", "2026-12"]).axis.day(at: 2) == "2027-01-01")
    #expect(try axis(["2026", "2027"]).axis.day(at: 0) == nil)
  }
}
