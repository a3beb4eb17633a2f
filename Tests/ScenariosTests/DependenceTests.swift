import Foundation
import NumericKernels
import ReferenceValues
import Scenarios
import Testing
import TextFiles

/// Correlations of own shocks: what the panel says, and what is drawn.
@Suite struct DependenceTests {
  private static let draws = 10_000

  private func rankScores(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var result = values
    for (rank, place) in order.enumerated() {
      result[place] = VectorMath.normalQuantile((Double(rank) + 0.5) / Double(values.count))
    }
    return result
  }

  private func correlation(_ x: [Double], _ y: [Double]) -> Double {
    let (a, b) = (mean(x), mean(y))
    return zip(x, y).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) } / Double(x.count - 1) / deviation(x) / deviation(y)
  }

  // MARK: the estimate

  /// An implementation of its own in numpy and scipy, on the same files: `Tests/Fixtures/origin/dependence.py`.
  @Test func theEstimateIsTheReference() throws {
    let root = try ReferenceTree("dependence").root
    let estimate = try #require(try ShippedModel.get().model.dependence)
    #expect(relativeDistance(estimate.intensity, root["intensity"].number ?? .nan) < 1e-6)
    #expect(estimate.repair == 1 && estimate.withoutData.isEmpty)
    for expected in root["series"].list {
      let series = try #require(estimate.series(expected["indicator"].text))
      #expect(abs(series.persistence - (expected["persistence"].number ?? .nan)) < 1e-8, "\(series.indicator)")
      #expect(Double(series.rows) == (expected["rows"].number ?? .nan), "\(series.indicator)")
      let macro = series.macro
      #expect(Double(macro.years.count) == expected["macro_years"].number, "\(series.indicator)")
      #expect((macro.correlation == nil) == (expected["macro"].number == nil))
      guard let r = macro.correlation, let interval = macro.interval else { continue }
      let ours = [r, interval.lowerBound, interval.upperBound]
      for (value, key) in zip(ours, ["macro", "macro_low", "macro_high"]) {
        #expect(abs(value - (expected[key].number ?? .nan)) < 1e-7, "\(series.indicator) \(key)")
      }
      // No loading can be measured: all that are used are stated ones (grade D).
      #expect(!macro.isDistinguishable, "\(series.indicator)")
    }
    let pairs = root["pairs"].list
    #expect(pairs.count == estimate.pairs.count { $0.verdict != .tooFewRows })
    for expected in pairs {
      let pair = try #require(
        estimate.pairs.first { $0.first == expected["first"].text && $0.second == expected["second"].text })
      let measured = try #require(pair.measured)
      let what = "\(pair.first) \(pair.second)"
      #expect(abs(measured.value - (expected["value"].number ?? .nan)) < 1e-7, "\(what)")
      #expect(abs(measured.standardError - (expected["standard_error"].number ?? .nan)) < 1e-7, "\(what)")
      #expect(
        Double(measured.rows) == (expected["rows"].number ?? .nan)
          && Double(measured.periods) == (expected["years"].number ?? .nan))
      #expect(relativeDistance(measured.pValue, (expected["p_value"].number ?? .nan), floor: 1e-9) < 1e-5, "\(what)")
      #expect((pair.verdict == .kept) == ((expected["kept"].number ?? .nan) == 1), "\(what)")
      let drawn = pair.verdict == .kept ? (1 - estimate.intensity) * measured.value : 0
      #expect(abs(pair.value - drawn) < 1e-12, "\(what)")
    }
  }

  /// What was not known on a day is not used: the correlations of an early day rest on fewer years.
  @Test func anEarlyDayKnowsFewerYears() throws {
    let folder = try ModelFolder.copyOfShipped()
    let early = try #require(try folder.compile(asOf: "2019-01-31").dependence)
    let now = try #require(try ShippedModel.get().model.dependence)
    let (before, after) = (early.series("papi_d1_participation"), now.series("papi_d1_participation"))
    #expect(before?.years.last == 2017 && after?.years.last == 2024)
    #expect((before?.rows ?? 0) < (after?.rows ?? 0))
    #expect(early.series("industrial_employment_index") == nil)
  }

  /// Two series of all provinces made from shocks with a known correlation, with province levels, year effects and persistence.
  @Test func aKnownCorrelationIsFound() throws {
    let provinces = try CSVProvinces.all()
    let stream = RandomStream(seed: 11, id: "known", purpose: .model)
    var rows: [String] = []
    for (i, province) in provinces.enumerated() {
      var (x, y) = (0.0, 0.0)
      for year in 2005...2018 {
        let t = year - 2005
        let (a, b) = (stream.normal(item: year, draw: i), stream.normal(item: year, substream: 1, draw: i))
        // What all provinces share in a year must not count: here it would make the correlation strongly negative.
        let common = stream.normal(item: year, substream: 2, draw: 999)
        x = 0.5 * x + 0.1 * a
        y = 0.5 * y + 0.1 * (0.6 * a + 0.8 * b)
        let (u, v) = (4 + 0.05 * Double(i) + x + common, 3 - 0.02 * Double(i) + y - common + 0.01 * Double(t))
        for (id, value) in [("sales", u), ("visits", v)] {
          rows.append(observation(id, year, exp(value), area: province))
        }
      }
    }
    let folder = try small(
      rows, series: "sales: { from: 2005, to: 2018 }\n    visits: { from: 2005, to: 2018 }")
    let estimate = try #require(try folder.compile().dependence)
    let pair = try #require(estimate.pairs.first?.measured)
    #expect(estimate.pairs.count == 1 && estimate.pairs[0].verdict == .kept)
    #expect(abs(pair.value - 0.6) < 3 * pair.standardError)
    #expect(pair.standardError > 0.01 && pair.standardError < 0.05)
    let persistence = try #require(estimate.series("sales")?.persistence)
    // 0.5 less what short panels lose (Nickell): 0.37 with a standard deviation of 0.036 over forty such panels in numpy.
    #expect(abs(persistence - 0.37) < 3 * 0.036, "\(persistence)")
  }

  // MARK: draws

  private struct Shocks {
    let ids = ["a", "b", "c"]
    let matrix = Matrix(rows: [[1, 0.5, -0.3], [0.5, 1, 0.2], [-0.3, 0.2, 1]])
    /// The second has two parts.
    let parts: [[CorrelatedShocks.Part]] = [
      [.init(stream: "a")], [.init(stream: "b", weight: 0.6), .init(stream: "b", substream: 1, weight: 0.8)],
      [.init(stream: "c")],
    ]

    func made() throws -> CorrelatedShocks {
      try CorrelatedShocks(zip(ids, parts).map { (id: $0, parts: $1) }, correlations: matrix)
    }

    /// Each part after the shift, by indicator.
    func drawn(_ shocks: CorrelatedShocks, _ range: Range<Int>) -> [[[Double]]] {
      zip(ids, parts).map { id, parts in
        let shift = shocks.shift(of: id, year: 2027, seed: Dice(seed: 4), range: range)
        return parts.map { part in
          let stream = RandomStream(seed: 4, id: part.stream, purpose: .innovation)
          return range.enumerated().map { d, draw in
            stream.normal(item: 2027, substream: part.substream, draw: draw) + part.weight * (shift?[d] ?? 0)
          }
        }
      }
    }
  }

  @Test func theDrawnCorrelationsAreTheDeclaredOnes() throws {
    let example = Shocks()
    let drawn = example.drawn(try example.made(), 0..<Self.draws)
    let sums = zip(drawn, example.parts).map { numbers, parts in
      (0..<Self.draws).map { d in zip(numbers, parts).reduce(0) { $0 + $1.1.weight * $1.0[d] } }
    }
    for j in 0..<3 {
      for i in 0..<j {
        let expected = example.matrix[i, j]
        // Four standard errors of a correlation over independent draws.
        let room = 4 * (1 - expected * expected) / Double(Self.draws).squareRoot()
        #expect(abs(correlation(sums[i], sums[j]) - expected) < room)
      }
    }
    // Every part stays standard normal, and the two parts of one shock stay independent.
    for part in drawn.joined() {
      #expect(abs(mean(part)) < 0.04 && abs(deviation(part) - 1) < 0.03)
      for (probability, quantile) in zip([0.1, 0.5, 0.9], Quantiles.of(part, [0.1, 0.5, 0.9])) {
        #expect(abs(quantile - VectorMath.normalQuantile(probability)) < 0.07)
      }
    }
    #expect(abs(correlation(drawn[1][0], drawn[1][1])) < 0.04)
  }

  @Test func whatIsNotCorrelatedIsNotShifted() throws {
    let example = Shocks()
    let shocks = try example.made()
    func shift(_ shocks: CorrelatedShocks, _ id: String) -> [Double]? {
      shocks.shift(of: id, year: 2027, seed: Dice(seed: 4), range: 0..<8)
    }
    #expect(shift(shocks, "a") == nil && shift(shocks, "other") == nil && shift(.none, "b") == nil)
    #expect(shift(shocks, "b") != nil)
    let apart = try CorrelatedShocks(
      zip(example.ids, example.parts).map { (id: $0, parts: $1) }, correlations: .identity(3))
    for id in example.ids { #expect(shift(apart, id) == nil) }
    // Blocks of draws see the same numbers as the whole.
    let whole = try #require(shocks.shift(of: "c", year: 2027, seed: Dice(seed: 4), range: 0..<20))
    #expect(shocks.shift(of: "c", year: 2027, seed: Dice(seed: 4), range: 7..<20) == Array(whole[7...]))
  }

  /// The six dimensions of the shipped model in the first projected year: correlated as used, each with the law it had.
  @Test func theModelDrawsWhatThePanelSays() throws {
    let shipped = try ShippedModel.get()
    let estimate = try #require(shipped.model.dependence)
    let ids = shipped.catalog.indicators.map(\.id).filter { $0.hasPrefix("papi_d") }
    let model = shipped.model.restricted(to: ids.compactMap { shipped.model.nodeIndex($0) })
    let joint = try baselineDraws(model, draws: Self.draws)
    let apart = try baselineDraws(model.varied(.withoutCorrelations), draws: Self.draws)
    let year = try #require(model.grid.firstIndex(of: 2025))
    for (j, id) in ids.enumerated() {
      let node = try #require(model.nodeIndex(id))
      // The first in the order keeps its draws to the last bit; the others their law.
      #expect((joint[node] == apart[node]) == (j == 0), "\(id)")
      for year in model.grid.indices {
        let scale = deviation(apart[node][year])
        guard scale > 1e-9 else { continue }
        for (a, b) in zip(
          Quantiles.of(joint[node][year], [0.1, 0.5, 0.9]), Quantiles.of(apart[node][year], [0.1, 0.5, 0.9]))
        {
          #expect(abs(a - b) < 0.09 * scale, "\(id) \(model.grid[year])")
        }
      }
      for i in 0..<j {
        let other = try #require(model.nodeIndex(ids[i]))
        let pair = try #require(estimate.pairs.first { $0.first == ids[i] && $0.second == id })
        #expect(pair.value > 0.1)
        // Doubt about the parameters is drawn apart: it is no shock of a year.
        let shares = try [ids[i], id].map { id in
          let forecast = try #require(model.seriesBaseline(id)).forecast
          return forecast.shockResponses[0] / forecast.standardDeviations[0]
        }
        let expected = pair.value * shares[0] * shares[1]
        let found = correlation(rankScores(joint[node][year]), rankScores(joint[other][year]))
        #expect(abs(found - expected) < 0.04, "\(id) \(ids[i])")
        #expect(abs(correlation(rankScores(apart[node][year]), rankScores(apart[other][year]))) < 0.04)
      }
    }
  }

  /// Nothing but what is correlated, and what is computed from it, changes by a bit.
  @Test func nothingElseChanges() throws {
    let shipped = try ShippedModel.get()
    let model = shipped.model
    let joint = try baselineDraws(model, draws: 200)
    let apart = try baselineDraws(model.varied(.withoutCorrelations), draws: 200)
    let changed = model.nodes.indices.filter { joint[$0] != apart[$0] }.map { model.nodes[$0].id }
    let dimensions = shipped.catalog.indicators.map(\.id).filter { $0.hasPrefix("papi_d") }.dropFirst()
    #expect(Set(changed) == Set(dimensions + ["papi_sum_d1_d6", "aquaculture_output"]))
  }

  @Test func threadsChangeNothing() throws {
    let shipped = try ShippedModel.get()
    let model = shipped.model.restricted(to: [try shipped.node("papi_sum_d1_d6")])
    let one = try baselineDraws(model, draws: 1200, threads: 1)
    let three = try baselineDraws(model, draws: 1200, threads: 3)
    #expect(one == three)
    // And the whole model draws what its part draws.
    let sum = try #require(model.nodeIndex("papi_sum_d1_d6"))
    let whole = try shipped.values(["papi_sum_d1_d6"])["papi_sum_d1_d6"]
    #expect(one[sum].map { Array($0.prefix(1200)) } == whole?.map { Array($0.prefix(1200)) })
  }

  /// Scores and counts are correlated through their parts, and keep their laws.
  @Test func scoresAndCountsTakePart() throws {
    let shipped = try ShippedModel.get()
    let ids = ["papi_d1_participation", "pci_score", "fdi_new_projects"]
    let processes: [any EngineProcess] = [
      try #require(shipped.model.process(PCIRace.self)), try #require(shipped.model.process(FDIProjects.self)),
    ]
    let indicators = ids.map { id in
      (id: id, parts: processes.lazy.compactMap { $0.shockParts(of: id) }.first ?? [.init(stream: id)])
    }
    let matrix = Matrix(rows: [[1, 0.6, 0.6], [0.6, 1, 0.6], [0.6, 0.6, 1]])
    let part = shipped.model.restricted(to: ids.compactMap { shipped.model.nodeIndex($0) })
    let model = part.with(correlations: try CorrelatedShocks(indicators, correlations: matrix))
    let joint = try baselineDraws(model, draws: 4000)
    let apart = try baselineDraws(part.with(correlations: .none), draws: 4000)
    let year = try #require(model.grid.firstIndex(of: 2026))
    let nodes = try ids.map { try #require(model.nodeIndex($0)) }
    for node in nodes {
      let scale = deviation(apart[node][year])
      #expect(abs(mean(joint[node][year]) - mean(apart[node][year])) < 0.09 * scale)
      #expect(abs(deviation(joint[node][year]) / scale - 1) < 0.08)
    }
    for j in 0..<3 {
      for i in 0..<j {
        let found = correlation(rankScores(joint[nodes[i]][year]), rankScores(joint[nodes[j]][year]))
        let before = correlation(rankScores(apart[nodes[i]][year]), rankScores(apart[nodes[j]][year]))
        // Levels, trends and parameters scatter too, so the shocks' 0.6 shows in part.
        #expect(found > 0.15 && found < 0.6, "\(ids[i]) \(ids[j]) \(found)")
        #expect(abs(before) < 0.07)
      }
    }
    // Whole counts stay whole.
    #expect(joint[nodes[2]][year].allSatisfy { $0 == $0.rounded() && $0 >= 0 })
  }

  /// A world assumption shifts and narrows a correlated series as it does an independent one.
  @Test func aWorldAssumptionStillNarrows() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("visits") + SmallModel.series("sales", more: ", loadings: { growth: 0.8 }")
        + SmallModel.world, observations: SmallModel.sales + SmallModel.visits + SmallModel.growth)
    let plain = try folder.compile()
    let model = plain.with(
      correlations: try CorrelatedShocks(
        ["visits", "sales"].map { (id: $0, parts: [.init(stream: $0)]) },
        correlations: Matrix(rows: [[1, 0.7], [0.7, 1]])))
    let world = try folder.scenario("world: { growth: { hold: 8 } }")
    let sales = try #require(model.nodeIndex("sales"))
    let visits = try #require(model.nodeIndex("visits"))
    func change(_ model: CompiledModel) throws -> (shift: Double, narrowing: Double) {
      let base = try baselineDraws(model, draws: 4000)[sales][1].map { log($0) }
      let after = try scenarioDraws(model, world, draws: 4000)[sales][1].map { log($0) }
      return ((mean(after) - mean(base)) / deviation(base), deviation(after) / deviation(base))
    }
    let (independent, correlated) = (try change(plain), try change(model))
    #expect(correlated.shift > 0.3 && correlated.narrowing < 0.9)
    #expect(abs(correlated.shift - independent.shift) < 0.1)
    #expect(abs(correlated.narrowing - independent.narrowing) < 0.05)
    let base = try baselineDraws(model, draws: 4000)
    #expect(correlation(base[sales][1].map { log($0) }, base[visits][1].map { log($0) }) > 0.2)
  }

  // MARK: the block

  private func small(_ rows: [String] = [], series: String, rule: String = "", extra: String = "") throws -> ModelFolder
  {
    let rule =
      rule.isEmpty
      ? "driver: growth\n  fewest: { rows: 100, years: 5, driver_years: 8 }\n  false_discovery: 0.05" : rule
    let common = """
      area: here
      start_year: 2025
      grades:
        transfer_factors: { A: 1, B: 1, C: 1, P: 1, D: 1 }
        default_half_width: 0.5
      systems:
        small: { vi: "Nhỏ", en: "Small" }
      correlations:
        \(rule)
        series:
          \(series)

      """
    return try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + SmallModel.series("visits") + SmallModel.world
        + "  total: { name: total, unit: units, range: positive, good: up, identity: { sum: [sales, visits] } }\n",
      observations: SmallModel.sales + SmallModel.visits + SmallModel.growth + rows, model: common)
  }

  @Test(arguments: [
    ("sale: { from: 2005, to: 2018 }", ["unknown_id"]),
    ("total: { from: 2005, to: 2018 }", ["wrong_kind"]),
    ("growth: { from: 2005, to: 2018 }", ["wrong_kind"]),
    ("sales: { from: 2005, to: 2018 }\n    visits: { of: sales, from: 2005, to: 2018 }", ["duplicate_id"]),
    ("sales: { from: 2018, to: 2005 }", ["out_of_range"]),
    ("sales: { from: 2005 }", ["missing_key"]),
    ("sales: { from: 2005, to: 2018, plus: -1 }", ["out_of_range"]),
    ("sales: { from: 5, to: 2018 }", ["bad_period"]),
    ("sales: { from: 2005, to: 2018, with: visits }", ["unknown_key"]),
    ("sales: { from: 2005, to: 2018 }\n    sales: { from: 2005, to: 2018 }", ["duplicate_key", "missing_key"]),
  ])
  func wrongSeriesAreRefused(_ series: String, _ expected: [String]) throws {
    let folder = try small(series: series)
    #expect(codes { _ = try folder.catalog() } == expected)
  }

  @Test(arguments: [
    ("driver: growth\n  false_discovery: 0.05", ["missing_key"]),
    (
      "driver: growth\n  fewest: { rows: 10, years: 1, driver_years: 2 }\n  false_discovery: 1.5",
      ["out_of_range", "out_of_range", "out_of_range", "out_of_range"]
    ),
    ("driver: growht\n  fewest: { rows: 100, years: 5, driver_years: 8 }\n  false_discovery: 0.05", ["unknown_id"]),
    ("driver: growth\n  fewest: { rows: 100, years: 5 }\n  false_discovery: 0.05", ["missing_key"]),
  ])
  func wrongRulesAreRefused(_ rule: String, _ expected: [String]) throws {
    let folder = try small(series: "sales: { from: 2005, to: 2018 }", rule: rule)
    #expect(codes { _ = try folder.catalog() } == expected)
  }

  /// A panel series that no province has is a wrong name, with the line of the indicator.
  @Test func aPanelSeriesWithoutFiguresIsRefused() throws {
    let folder = try small(series: "sales: { of: saels, from: 2005, to: 2018 }")
    do {
      _ = try folder.compile()
      Issue.record("the wrong name was accepted")
    } catch let error as DiagnosticList {
      #expect(error.diagnostics.map(\.code) == ["unknown_id"])
      #expect(error.diagnostics[0].location?.line == 13 && error.diagnostics[0].location?.column == 5)
      #expect(error.diagnostics[0].message.contains("'saels'"))
    }
  }
}

/// The provinces of the shipped crosswalk.
private enum CSVProvinces {
  static func all() throws -> [String] {
    let text = try String(contentsOfFile: shippedPath + "/reference/province_crosswalk.csv", encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    let column = lines[0].split(separator: ",").firstIndex(of: "province_before") ?? 0
    return lines.dropFirst().map { String($0.split(separator: ",", omittingEmptySubsequences: false)[column]) }
  }
}
