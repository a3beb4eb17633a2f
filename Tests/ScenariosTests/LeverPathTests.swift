import Scenarios
import Testing

@Suite struct LeverPathTests {
  private let years = 2025...2030

  private func values(_ path: LeverPath, baseline: @escaping (Int) -> Double = { _ in 10 }) -> [Double] {
    years.map { path.value(in: $0, baseline: baseline) }
  }

  @Test func knownAnswers() {
    #expect(values(.hold(3)) == [3, 3, 3, 3, 3, 3])
    #expect(values(.step(from: 2027, value: 20)) == [10, 10, 20, 20, 20, 20])
    #expect(values(.ramp(from: 2026, to: 2028, value: 25)) == [10, 15, 20, 25, 25, 25])
    #expect(values(.ramp(from: 2027, to: 2027, value: 4)) == [10, 10, 4, 4, 4, 4])
    #expect(values(.pulse(years: [2026, 2029], value: 1)) == [10, 1, 10, 10, 1, 10])
    #expect(values(.values([2026: 12, 2029: 18])) == [10, 12, 14, 16, 18, 18])
    #expect(values(.values([2028: 7])) == [10, 10, 10, 7, 7, 7])
    #expect(values(.start(2028)) == [0, 0, 0, 1, 1, 1])
    #expect(values(.start(2031)) == [0, 0, 0, 0, 0, 0])
  }

  @Test func rampLeavesTheBaselinesOwnPath() {
    let growing = { (year: Int) in Double(year - 2020) }
    #expect(values(.ramp(from: 2027, to: 2028, value: 16), baseline: growing) == [5, 6, 11, 16, 16, 16])
    #expect(values(.pulse(years: [2027], value: 0), baseline: growing) == [5, 6, 0, 8, 9, 10])
  }

  @Test func namedYearsAndValues() {
    #expect(LeverPath.ramp(from: 2026, to: 2028, value: 5).namedYears == [2026, 2028])
    #expect(LeverPath.values([2030: 1, 2026: 2]).namedYears == [2026, 2030])
    #expect(LeverPath.hold(3).namedYears.isEmpty)
    #expect(LeverPath.start(2027).namedAmounts(2025...2030).isEmpty)
    let pulse = LeverPath.pulse(years: [2026], value: 4).namedAmounts(2025...2030)
    #expect(pulse.map(\.amount) == [4] && pulse.map(\.years) == [[2026]])
  }

  @Test(arguments: [
    ("levers: { budget: { step: { from: 2024, value: 20 } } }", ["outside_horizon"]),
    ("levers: { budget: { step: { from: 2031, value: 20 } } }", ["outside_horizon"]),
    ("levers: { budget: { hold: 101 } }", ["out_of_range"]),
    ("levers: { budget: { hold: 1, step: { from: 2026, value: 2 } } }", ["ambiguous_path"]),
    ("levers: { budget: { ramp: { from: 2028, to: 2026, value: 2 } } }", ["out_of_range"]),
    ("levers: { budget: { step: { from: 2026.5, value: 2 } } }", ["wrong_type"]),
    ("levers: { budget: { hold: nan } }", ["wrong_type"]),
    ("levers: { budgett: { hold: 1 } }", ["unknown_id"]),
    ("world: { sales: { hold: 1 } }", ["unknown_id"]),
    ("name: nothing", ["empty_scenario"]),
    ("levers: { budget: { start: 2026 } }", ["unknown_key", "ambiguous_path"]),
  ])
  func refusals(text: String, expected: [String]) throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + "levers:\n" + SmallModel.lever("budget"),
      observations: SmallModel.sales)
    #expect(codes { _ = try folder.scenario(text) } == expected)
  }

  @Test func reservedAndDoubleNames() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + "levers:\n" + SmallModel.lever("budget"),
      observations: SmallModel.sales)
    let text = "levers: { budget: { hold: 1 } }"
    #expect(codes { _ = try folder.scenarios([("baseline", text)]) } == ["reserved_name"])
    #expect(codes { _ = try folder.scenarios([("a", text), ("a", text)]) } == ["duplicate_scenario"])
  }
}
