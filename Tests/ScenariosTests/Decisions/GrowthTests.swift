import Foundation
import Scenarios
import Testing
import TextFiles

/// What a growth target asks of the remaining quarters and items.
@Suite struct GrowthTests {
  /// Two items of 60 and 40 in 2025, growing by 10 and 5 percent with no scatter; the shares of the quarters are certain.
  private static func folder(
    shares: [Double] = [0.25, 0.25, 0.25, 0.25], figures: [String] = [], targets: [String] = []
  ) throws -> ModelFolder {
    func item(_ id: String, _ growth: Double, _ base: Double) -> String {
      "  \(id)_core: { name: \(id), unit: percent, range: real, observed: { indicator: \(id)_growth }, baseline: { model: assumption, path: { 2026: \(growth) }, yearly: 0, stated: 2026-01-15, evidence: guess } }\n"
        + "  \(id): { name: \(id), unit: units, range: positive, identity: { chain: \(id)_core, base_year: 2025, base: \(base) } }\n"
        + "  \(id)_growth: { name: \"Growth of \(id)\", unit: percent, range: real, identity: { growth: \(id) } }\n"
    }
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + item("farms", 10, 60) + item("shops", 5, 40)
        + "  whole: { name: whole, unit: units, range: positive, identity: { sum: [farms, shops] } }\n"
        + "  whole_growth: { name: Growth, unit: percent, range: real, identity: { growth: whole } }\n",
      observations: SmallModel.sales + observations("farms_growth", from: 2024, [4, 8])
        + observations("shops_growth", from: 2024, [4, 6]) + observations("whole_growth", from: 2024, [4, 7.2])
        + figures,
      targets: targets)
    var lines = ["indicator,quarter,low,central,high,grade,evidence"]
    for id in ["farms", "shops"] {
      for (quarter, share) in shares.enumerated() {
        lines.append("\(id),\(quarter + 1),\(share),\(share),\(share),D,guess")
      }
    }
    try folder.write("evidence/quarter_shares.csv", lines.joined(separator: "\n") + "\n")
    return folder
  }

  private static func figure(_ indicator: String, _ period: String, _ value: Double, preferred: Bool = true) -> String {
    "\(indicator),here,\(period),\(value),percent,reported,estimate,none,\(preferred ? "yes" : "no"),,2026-04-01,gso_december,source,"
  }

  private static func arithmetic(
    _ folder: ModelFolder, draws: Int = 20, threads: Int = 2
  ) throws -> GrowthArithmetic {
    let model = try folder.compile()
    let shares = try QuarterShares.read(DataFolder(path: folder.path), catalog: model.catalog)
    return try GrowthArithmetic(
      EngineRun(model, draws: draws, seed: 1, threads: threads), shares: shares, growth: "whole_growth")
  }

  private static func shipped(_ draws: Int = 400, threads: Int = 2) throws -> GrowthArithmetic {
    let model = try ShippedModel.get().model
    let shares = try QuarterShares.read(DataFolder(path: shippedPath), catalog: model.catalog)
    return try GrowthArithmetic(EngineRun(model, draws: draws, seed: 1, threads: threads), shares: shares)
  }

  private func close(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs((a ?? .nan) - b) <= tolerance * max(abs(b), 1)
  }

  // MARK: known answers

  @Test func withoutFiguresEveryQuarterMustReachTheTarget() throws {
    let answer = try Self.arithmetic(Self.folder()).answer(reach: 11)
    #expect(answer.year == 2026 && answer.knownQuarters == 0 && answer.figures.isEmpty && !answer.isClosed)
    #expect(answer.need == Band80(central: 11))
    #expect(answer.needs.map(\.quarter) == [1, 2, 3, 4])
    #expect(answer.needs.allSatisfy { $0.equal == Band80(central: 11) && $0.pattern == nil })
    #expect(close(answer.total.baseline.central, 8))
    #expect(close(answer.items[0].alone.central, 15) && close(answer.items[1].alone.central, 12.5))
    #expect(close(answer.items[0].together?.central, 13.75) && close(answer.items[1].together?.central, 6.875))
    #expect(answer.items.map(\.weight) == [60, 40])
    #expect(answer.items.map(\.growthBefore) == [8, 6])
    #expect(answer.implied == nil)
  }

  @Test func knownQuartersCountWithTheirShare() throws {
    let folder = try Self.folder(
      shares: [0.1, 0.2, 0.3, 0.4],
      figures: [
        Self.figure("whole_growth", "2026-01/2026-06", 6), Self.figure("whole_growth", "2026-Q1", 9),
        Self.figure("farms_growth", "2026-01/2026-03", 4), Self.figure("whole_growth", "2026-04/2026-05", 50),
      ])
    let answer = try Self.arithmetic(folder).answer(reach: 11)
    #expect(answer.knownQuarters == 2 && answer.growthSoFar == 6 && answer.baselineIgnoresFigures)
    // (11 - 0.3 x 6) / 0.7
    #expect(close(answer.need.central, 9.2 / 0.7))
    #expect(answer.needs.map(\.quarter) == [3, 4])
    // Farms alone need 15 in the year; after 4 in a tenth of it, (15 - 0.4) / 0.9 in the rest.
    #expect(close(answer.items[0].aloneRemaining?.central, 14.6 / 0.9))
    #expect(answer.items[1].aloneRemaining == nil)
    let whole = answer.quarters.filter { $0.item == nil && $0.year == 2026 }
    #expect(whole.map(\.origin) == [.published, .published, .baseline, .baseline])
    // The second quarter from both figures: (0.3 x 6 - 0.1 x 9) / 0.2.
    #expect(close(whole[1].growth, 4.5) && close(whole[1].cumulated, 6))
    let farms = answer.quarters.filter { $0.item == "farms" && $0.year == 2026 }
    #expect(close(farms[3].cumulated, 10))
    #expect(farms[1...].allSatisfy { close($0.growth, (10 - 0.4) / 0.9) })
    #expect(answer.quarters.count == 24)
  }

  @Test func thePatternOfTheYearBeforeIsScaled() throws {
    let folder = try Self.folder(
      figures: [Self.figure("whole_growth", "2025-01/2025-06", 6), Self.figure("whole_growth", "2026-01/2026-03", 8)])
    let answer = try Self.arithmetic(folder).answer(reach: 11)
    // 2025: 6, 6, then 8.4; needed (44 - 8) = c x (6 + 8.4 + 8.4).
    let factor = 36 / 22.8
    #expect(
      close(answer.needs[0].pattern?.central, factor * 6) && close(answer.needs[2].pattern?.central, factor * 8.4))
    #expect(close(answer.needs[0].before, 6))
  }

  @Test func aFigureOfThePlannerReplacesAPublishedOne() throws {
    let folder = try Self.folder(figures: [Self.figure("whole_growth", "2026-Q1", 9)])
    let typed = try PartYearGrowth(parsing: "2026-Q1=5", defaultIndicator: "whole_growth")
    let answer = try Self.arithmetic(folder).answer(reach: 11, entered: [typed])
    #expect(answer.growthSoFar == 5 && answer.figures == [typed] && answer.figures[0].source == nil)
    #expect(close(answer.need.central, 13))
  }

  @Test func theOfficialTargetOfTheYearIsTaken() throws {
    let folder = try Self.folder(targets: [
      "whole_growth,2026,year,>=,9,,,plan,yes,", "whole_growth,2026/2030,average,>=,12,,,congress,yes,",
    ])
    let arithmetic = try Self.arithmetic(folder)
    #expect(try arithmetic.answer().reach == 9 && arithmetic.answer().document == "plan")
    #expect(try arithmetic.answer(year: 2028).reach == 12 && arithmetic.answer(year: 2028).document == "congress")
    #expect(try arithmetic.answer(reach: 10).document == nil)
  }

  /// A year that is over: what happened, and what would have been needed.
  @Test func aClosedYearShowsWhatItsRestDid() throws {
    let folder = try Self.folder(
      figures: [Self.figure("whole_growth", "2025-01/2025-06", 6)],
      targets: ["whole_growth,2025,year,>=,10,,,plan,yes,"])
    let arithmetic = try Self.arithmetic(folder)
    let answer = try arithmetic.answer(year: 2025)
    #expect(answer.isClosed && answer.knownQuarters == 2 && close(answer.need.central, 14))
    #expect(
      answer.quarters.filter { $0.item == nil && $0.year == 2025 }.map { ($0.growth * 10).rounded() } == [
        60, 60, 84, 84,
      ])
    let record = try arithmetic.answer(reach: 11).record
    #expect(record.count == 1 && record[0].year == 2025 && close(record[0].needed, 14) && close(record[0].done, 8.4))
  }

  @Test func profilesUseEveryFigureOnce() {
    func profile(_ figures: [(ClosedRange<Int>, Double)]) -> QuarterlyProfile {
      QuarterlyProfile(
        figures.map { PartYearGrowth(indicator: "x", year: 2025, quarters: $0.0, value: $0.1) }, weights: [1, 1, 1, 1])
    }
    #expect(profile([]).known == 0 && profile([]).growth == [nil, nil, nil, nil])
    #expect(profile([(1...2, 8), (2...2, 6)]).growth == [10, 6, nil, nil])
    #expect(profile([(1...2, 8), (2...2, 6)]).isExact == [true, true, false, false])
    #expect(profile([(1...4, 9), (1...2, 8)]).growth == [8, 8, 10, 10])
    #expect(profile([(1...4, 9), (4...4, 6)]).growth == [10, 10, 10, 6])
    // Without what came before it, a later quarter says nothing of the year so far.
    #expect(profile([(3...3, 6)]).known == 0)
    // A contradicting figure for a sum that is known already is not used.
    #expect(profile([(1...1, 8), (2...2, 6), (1...2, 20)]).growth[0] == 8)
  }

  // MARK: the shipped model

  @Test func whatIsNeededAddsUpToTheTarget() throws {
    let figures = try ["2026-Q1=9.2", "grdp_growth_services:2026-01/2026-06=7.5"].map {
      try PartYearGrowth(parsing: $0, defaultIndicator: "grdp_growth")
    }
    let arithmetic = try Self.shipped()
    let answer = try arithmetic.answer(year: 2026, reach: 11, entered: figures)
    let base = answer.quarters.filter { $0.item == nil && $0.year == 2026 }.map { $0.level / (1 + $0.growth / 100) }
    for path in [answer.needs.map(\.equal.central), answer.needs.compactMap(\.pattern?.central)] {
      try #require(path.count == 3)
      let year = zip(base, [9.2] + path).reduce(0) { $0 + $1.0 * $1.1 } / base.reduce(0, +)
      #expect(abs(year - 11) < 1e-9)
    }
    #expect(abs(answer.items.compactMap(\.contributionTogether?.central).reduce(0, +) - 11) < 1e-9)
    #expect(abs(answer.items.map(\.contribution.central).reduce(0, +) - answer.total.baseline.central) < 1e-9)
    for need in answer.items {
      let others = answer.items.filter { $0.item != need.item }.map(\.contribution.central).reduce(0, +)
      #expect(abs(need.weight / 100 * need.alone.central + others - 11) < 1e-9)
      #expect(need.alone.low ?? 0 < need.alone.central && need.alone.central < need.alone.high ?? 0)
    }
    #expect(abs(answer.items.map(\.weight).reduce(0, +) - 100) < 1e-9)
    // Levels of the items add up to the whole in every quarter that no figure of the whole reaches.
    for quarter in 2...4 {
      let rows = answer.quarters.filter { $0.year == 2026 && $0.quarter == quarter }
      let parts = rows.filter { $0.item != nil }.map(\.level).reduce(0, +)
      #expect(abs((rows.first { $0.item == nil }?.level ?? 0) - parts) < 1e-6 * parts)
    }
    let services = try #require(answer.items.first { $0.item == "grdp_services" })
    #expect(services.aloneRemaining != nil)
  }

  @Test func investmentAndProductivityFollowFromTheTarget() throws {
    let arithmetic = try Self.shipped()
    let implied = try #require(arithmetic.answer(year: 2026, reach: 11).implied)
    let last = try #require(implied.past.last)
    #expect(last.year == 2025 && abs(last.icor - 100 * 148_500 / 333_617 / 8.27) < 1e-9)
    #expect(abs(last.investmentNeeded.central - last.icor * 0.11 * implied.nominal.central) < 1e-6 * 2e5)
    #expect(implied.investmentPlan == 168_000)
    let icor = try #require(implied.icorPlan).central
    #expect(abs(icor - 168_000 / 0.11 / implied.nominal.central) < 0.02)
    // What the plan gives with that ICOR is the growth at which the two meet again.
    let growth = try #require(implied.growthOfPlan).central
    let nominal = implied.nominal.central * (1 + growth / 100) / 1.11
    #expect(abs(last.icor * growth / 100 * nominal - 168_000) < 0.02 * 168_000)
    #expect(try #require(implied.productivityGrowth).central > #require(implied.productivityGrowthBaseline).central)
    #expect(try arithmetic.answer(year: 2026, reach: -2).implied == nil)
  }

  @Test func theYearsOfTheRecordCanBeChecked() throws {
    let answer = try Self.shipped().answer(year: 2026, reach: 11)
    let last = try #require(answer.record.first { $0.year == 2025 })
    #expect(last.growthSoFar == 7.88 && last.growth == 8.27 && last.target == 11)
    // Half of the year at 7.88 and the year at 8.27: the rest did about 8.6, and would have needed about 14 for 11.
    #expect(abs(last.done - 8.65) < 0.1 && abs((last.needed ?? 0) - 14.0) < 0.3)
    #expect(Set(answer.shocks.map(\.driver)) == ["refinery_throughput", "storm_year"])
  }

  /// A plant makes half of the farms' 60 of 100 in 2025 and a tenth less in 2026: the rest of the whole grows by (8 + 0.3 x 10) / 0.7.
  @Test func theWholeWithoutAPlant() throws {
    let assumed = "baseline: { model: assumption, yearly: 0, stated: 2026-01-15, evidence: guess, path: "
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales")
        + "  farms_core: { name: core, unit: percent, range: real, observed: { indicator: farms_growth }, \(assumed){ 2026: 10 } } }\n"
        + "  farms_trend: { name: trend, unit: units, range: positive, identity: { chain: farms_core, base_year: 2025, base: 60 } }\n"
        + "  farms_factor: { name: factor, unit: ratio, range: positive, \(assumed){ 2025: 1 } } }\n"
        + "  farms: { name: farms, unit: units, range: positive, identity: { product: [farms_trend, farms_factor] } }\n"
        + "  farms_growth: { name: Growth of farms, unit: percent, range: real, identity: { growth: farms } }\n"
        + "  shops_core: { name: core, unit: percent, range: real, observed: { indicator: shops_growth }, \(assumed){ 2026: 5 } } }\n"
        + "  shops: { name: shops, unit: units, range: positive, identity: { chain: shops_core, base_year: 2025, base: 40 } }\n"
        + "  shops_growth: { name: Growth of shops, unit: percent, range: real, identity: { growth: shops } }\n"
        + "  whole: { name: whole, unit: units, range: positive, identity: { sum: [farms, shops] } }\n"
        + "  whole_growth: { name: Growth, unit: percent, range: real, identity: { growth: whole } }\n"
        + "  plant: { name: plant, unit: index_100, range: positive, world: true, \(assumed){ 2025: 100, 2026: 90 } } }\n"
        + "links:\n  - { cause: plant, effect: farms_factor, form: semi_elasticity, scope: structural, prior: { low: 0.5, central: 0.5, high: 0.5 }, lag: [1], carry_over: none, grade: D, evidence: guess }\n",
      observations: SmallModel.sales + observations("farms_growth", from: 2024, [4, 8])
        + observations("shops_growth", from: 2024, [4, 6]) + observations("whole_growth", from: 2024, [4, 7.2]))
    var lines = ["indicator,quarter,low,central,high,grade,evidence"]
    for id in ["farms", "shops"] { for q in 1...4 { lines.append("\(id),\(q),0.25,0.25,0.25,D,guess") } }
    try folder.write("evidence/quarter_shares.csv", lines.joined(separator: "\n") + "\n")
    let answer = try Self.arithmetic(folder).answer(year: 2026, reach: 11)
    let apart = try #require(answer.apart.first)
    #expect(answer.apart.count == 1 && apart.driver == "plant" && apart.item == "farms" && apart.grade == .d)
    #expect(close(apart.share.central, 30) && close(apart.driverGrowth.central, -10))
    #expect(close(apart.growth.central, (8 + 3) / 0.7) && close(apart.needed.central, (11 + 3) / 0.7))
    #expect(apart.icor == nil && apart.productivityWithout == nil)
  }

  @Test func theShippedWholeWithoutTheRefinery() throws {
    let answer = try Self.shipped(4000).answer(year: 2026, reach: 11)
    let apart = try #require(answer.apart.first { $0.driver == "refinery_throughput" })
    // 0.17% of industry and construction a point, industry 51.8% of the whole.
    #expect(abs(apart.share.central - 8.8) < 0.5)
    let (low, high) = (try #require(apart.share.low), try #require(apart.share.high))
    #expect(low > 1 && high < 30)
    // At constant output the rest carries all the growth.
    #expect(abs(apart.driverGrowth.central) < 0.5 && apart.growth.central > answer.total.baseline.central)
    let (with, without) = (try #require(apart.productivity).central, try #require(apart.productivityWithout).central)
    #expect(without < with && without > 0.7 * with)
    #expect(try #require(apart.icorWithout).central > 0)
  }

  @Test func threadsChangeNothing() throws {
    let one = try Self.shipped(700, threads: 1).answer(year: 2027, reach: 10)
    #expect(try Self.shipped(700, threads: 2).answer(year: 2027, reach: 10) == one)
    #expect(one.items.allSatisfy { $0.baseline.low != nil })
  }

  // MARK: problems

  @Test func typedFiguresAreChecked() throws {
    for text in [
      "", "2026-Q1", "2026-Q5=3", "2026-01/2026-04=3", "2025-10/2026-03=3", "a:b:2026-Q1=3", "2026-Q1=x", "2026-Q1=nan",
      "2026-Q1=1e9", "2026-Q1=3=4", "2026-02=1",
    ] {
      #expect(throws: Diagnostic.self, "\(text)") { try PartYearGrowth(parsing: text, defaultIndicator: "g") }
    }
    let half = try PartYearGrowth(parsing: "g2:2026-01/2026-06=-3.5", defaultIndicator: "g")
    #expect(half == PartYearGrowth(indicator: "g2", year: 2026, quarters: 1...2, value: -3.5))
    #expect(half.period == "2026-01/2026-06")
    #expect(try PartYearGrowth(parsing: "2026-10/2026-12=1", defaultIndicator: "g").period == "2026-Q4")
  }

  @Test func whatCannotBeAnsweredIsAnError() throws {
    let arithmetic = try Self.arithmetic(Self.folder())
    func problems(_ year: Int? = nil, _ reach: Double? = 11, _ entered: [PartYearGrowth] = []) -> [String] {
      codes { _ = try arithmetic.answer(year: year, reach: reach, entered: entered) }
    }
    #expect(problems(2040) == ["outside_range"] && problems(2020) == ["outside_range"])
    #expect(problems(2026, nil) == ["no_target"])
    #expect(problems(2026, .nan) == ["outside_range"] && problems(2026, 100) == ["outside_range"])
    #expect(
      problems(
        2026, 200,
        [
          PartYearGrowth(indicator: "sales", year: 2026, quarters: 1...1, value: 1),
          PartYearGrowth(indicator: "whole_growth", year: 2028, quarters: 1...1, value: 1),
        ]) == ["outside_range", "unknown_id", "outside_range"])
    #expect(
      codes { _ = try GrowthAccounts(arithmetic.catalog, growth: "sales") } == ["no_growth_account"])
    #expect(codes { _ = try GrowthAccounts(arithmetic.catalog, growth: "nothing") } == ["no_growth_account"])
  }

  @Test func quarterSharesAreChecked() throws {
    let folder = try Self.folder()
    let header = "indicator,quarter,low,central,high,grade,evidence\n"
    func problems(_ rows: [String]) throws -> [String] {
      try folder.write("evidence/quarter_shares.csv", header + rows.joined(separator: "\n") + "\n")
      return codes { _ = try Self.arithmetic(folder) }
    }
    let farms = (1...4).map { "farms,\($0),0.2,0.25,0.3,D,guess" }
    #expect(try problems(farms) == ["missing_row"])
    #expect(try problems(Array(farms[..<3])) == ["missing_row"])
    #expect(try problems(farms[..<3] + ["farms,4,0.2,0.26,0.3,D,guess"]) == ["wrong_sum"])
    #expect(try problems(farms + [farms[0]]) == ["duplicate_row"])
    #expect(
      try problems(["farm,1,0.2,0.25,0.3,D,guess", "farms,5,0.2,0.25,0.3,D,guess", "farms,1,0.3,0.25,0.3,D,guess"])
        == ["unknown_id", "outside_range", "wrong_order"])
    #expect(try problems(["farms,1,0.2,0.25,0.3,E,guess"]) == ["unknown_value"])
  }
}
