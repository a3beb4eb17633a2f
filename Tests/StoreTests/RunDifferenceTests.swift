import Foundation
import Store
import Testing

/// What differs between two runs, by hand-made tables.
@Suite struct RunDifferenceTests {
  private static let header = "scenario,indicator,period,lever,statistic,value\n"

  private func difference(_ a: String, _ b: String, _ texts: (String, String) = ("x\n", "x\n")) throws -> RunDifference
  {
    let folder = try TemporaryState()
    let ledger = try Ledger.forWriting(folder.path + "/l.sqlite")
    _ = try ledger.record(try Samples.run(csv: Self.header + a, scenario: texts.0), at: Date(timeIntervalSince1970: 1))
    _ = try ledger.record(
      try Samples.run(csv: Self.header + b, scenario: texts.1, seed: 2), at: Date(timeIntervalSince1970: 2))
    return try RunDifference.between(ledger.entry("latest~1"), ledger.entry("latest"), in: ledger)
  }

  @Test func movesAreSortedByTheirShareOfTheBand() throws {
    let band = "baseline,a,2026,,p10,0\nbaseline,a,2026,,p90,10\nbaseline,b,2026,,p10,0\nbaseline,b,2026,,p90,1000\n"
    let found = try difference(
      band + "baseline,a,2026,,median,5\nbaseline,b,2026,,median,500\n",
      band + "baseline,a,2026,,median,6\nbaseline,b,2026,,median,510\n")
    #expect(found.moves.map(\.key.indicator) == ["a", "b"])
    #expect(found.moves.map(\.size) == [0.1, 0.01])
    #expect(found.moves.map(\.change) == [1, 10])
    #expect(found.compared == 6)
    #expect(found.settings == [.init(name: "seed", before: "1", after: "2")])
    #expect(found.files.isEmpty && found.revisions.isEmpty && !found.isSame)
  }

  @Test func withoutABandTheShareOfTheLargerNumberCounts() throws {
    let found = try difference("s,a,2026,,median,5\ns,a,2027,,median,0\n", "s,a,2026,,median,4\ns,a,2027,,median,0\n")
    #expect(found.moves.map(\.size) == [0.2])
  }

  @Test func revisedFiguresAreNamedApart() throws {
    let found = try difference(
      "baseline,a,2024,,observed,10\nbaseline,a,2023,,observed,1\n",
      "baseline,a,2024,,observed,11\nbaseline,a,2025,,observed,12\n")
    #expect(found.moves.isEmpty)
    #expect(found.revisions.map(\.key.period).sorted() == ["2023", "2024", "2025"])
    #expect(found.revisions.first { $0.key.period == "2025" }?.before == nil)
    #expect(found.revisions.last?.key.period == "2024")
  }

  @Test func otherScenariosAndOtherYearsAreNoMoves() throws {
    let found = try difference(
      "old,a,2026,,mean,1\nboth,a,2026,,mean,1\n", "new,a,2026,,mean,1\nboth,a,2026,,mean,1\nboth,a,2027,,mean,9\n")
    #expect(found.moves.isEmpty && found.onlyBefore == ["old"] && found.onlyAfter == ["new"])
  }

  @Test func undefinedValuesAreCompared() throws {
    #expect(try difference("s,a,2026,,mean,\n", "s,a,2026,,mean,\n").moves.isEmpty)
    #expect(try difference("s,a,2026,,mean,\n", "s,a,2026,,mean,1\n").moves.map(\.size) == [.infinity])
  }

  @Test func theLinesOfAScenarioAreCompared() throws {
    let found = try difference("s,a,2026,,mean,1\n", "s,a,2026,,mean,1\n", ("a\nb\nc\n", "a\nB\nc\nd\n"))
    let change = try #require(found.files.first)
    #expect(found.files.count == 1 && change.kind == .scenario)
    #expect(
      change.lines == [
        .init(isNew: false, number: 2, text: "b"), .init(isNew: true, number: 2, text: "B"),
        .init(isNew: true, number: 4, text: "d"),
      ])
  }
}
