import Foundation
import Testing

/// The contract of `run --format json` and `--format csv`.
@Suite struct ResultTests {
  private static let statistics = [
    "mean", "p025", "p05", "p10", "p25", "median", "p75", "p90", "p95", "p975",
  ]

  /// Ids that outsiders rely on and that the model has so far.
  private static let contractIds = [
    "pci_score", "pci_rank", "pci_rank_of", "pci_percentile", "pci_entry_costs", "pci_land_access", "pci_transparency",
    "pci_time_costs", "pci_informal_charges", "pci_policy_bias", "pci_proactivity", "pci_business_support",
    "pci_labor_policy", "pci_law_order", "fdi_new_projects", "fdi_registered_new", "fdi_registered_ordinary",
    "fdi_registered_mega", "fdi_realised", "tourism_arrivals", "tourism_arrivals_domestic",
    "tourism_arrivals_international", "tourism_spend_per_visit", "tourism_revenue",
  ]

  @Test func theResultFollowsItsSchema() throws {
    var check = SchemaCheck(try Sample.schema("run"))
    check.check(try Sample.shared.get().json)
    #expect(check.failures.isEmpty, "\(check.failures)")
  }

  @Test func theSchemaRefusesOtherResults() throws {
    let json = try Sample.shared.get().json
    for (key, value) in [("rows", JSONValue.null), ("targets", .object([])), ("surplus", .number(1))] {
      var members = json.members.filter { $0.key != key }
      members.append(.init(key: key, value: value))
      var check = SchemaCheck(try Sample.schema("run"))
      check.check(.object(members))
      #expect(check.failures.count == 1, "\(key): \(check.failures)")
    }
  }

  @Test func keysComeInTheOrderOfTheContract() throws {
    let json = try Sample.shared.get().json
    #expect(json.keys == ["run", "indicators", "scenarios", "targets", "rows"])
    #expect(json["run"]?.keys.first == "fingerprint")
    #expect(json["scenarios"]?.keys == ["baseline"] + Sample.scenarios)
    for row in json["rows"]?.elements ?? [] {
      guard row.keys == ["scenario", "indicator", "period", "lever", "statistic", "value"] else {
        Issue.record("\(row.keys)")
        return
      }
    }
    let wanted = [
      "indicator", "period", "comparison", "value", "document", "scenario", "probability", "shortfall",
    ]
    for target in json["targets"]?.elements ?? [] {
      #expect(target.keys.filter { wanted.contains($0) } == wanted)
    }
  }

  @Test func theTableIsTheSameInBothForms() throws {
    let sample = try Sample.shared.get()
    let csv = try Sample.rows(csv: String(decoding: sample.csvBytes, as: UTF8.self))
    #expect(csv.count > 5000)
    #expect(csv == sample.rows)
    #expect(sample.csvBytes.last == 0x0A && !sample.csvBytes.contains(0x0D))
  }

  @Test func everyIndicatorHasEveryStatisticOnce() throws {
    let sample = try Sample.shared.get()
    let keys = sample.rows.map {
      Sample.Row(
        scenario: $0.scenario, indicator: $0.indicator, period: $0.period, lever: $0.lever, statistic: $0.statistic)
    }
    let found = Set(keys)
    #expect(found.count == keys.count)
    let indicators = sample.json["indicators"]?.keys ?? []
    #expect(Set(sample.rows.map(\.indicator)) == Set(indicators))
    for scenario in ["baseline"] + Sample.scenarios {
      for indicator in indicators {
        for year in 2025...2030 {
          for statistic in Self.statistics + (scenario == "baseline" ? [] : ["change", "change_mean"]) {
            let key = Sample.Row(
              scenario: scenario, indicator: indicator, period: String(year), statistic: statistic)
            if !found.contains(key) { Issue.record("missing: \(key)") }
          }
        }
      }
    }
    #expect(sample.rows.allSatisfy { $0.statistic != "observed" || $0.scenario == "baseline" })
    #expect(sample.rows.allSatisfy { ($0.lever != nil) == $0.statistic.hasPrefix("effect") })
  }

  @Test func idsOfTheContractArePresent() throws {
    let json = try Sample.shared.get().json
    for id in Self.contractIds { #expect(json["indicators"]?[id] != nil, "\(id)") }
  }

  @Test func quantilesAreOrdered() throws {
    let sample = try Sample.shared.get()
    let order = ["p025", "p05", "p10", "p25", "median", "p75", "p90", "p95", "p975"]
    var groups: [Sample.Row: [String: Double]] = [:]
    for row in sample.rows {
      guard let value = row.value else { continue }
      let key = Sample.Row(scenario: row.scenario, indicator: row.indicator, period: row.period, statistic: "")
      if order.contains(row.statistic) { groups[key, default: [:]][row.statistic] = value }
    }
    #expect(!groups.isEmpty)
    for (key, values) in groups {
      let sequence = order.compactMap { values[$0] }
      if sequence.count != order.count || zip(sequence, sequence.dropFirst()).contains(where: { $0 > $1 }) {
        Issue.record("\(key): \(sequence)")
      }
    }
  }

  @Test func probabilitiesAreProbabilities() throws {
    let targets = try Sample.shared.get().json["targets"]?.elements ?? []
    #expect(!targets.isEmpty && targets.count.isMultiple(of: 1 + Sample.scenarios.count))
    for target in targets {
      // Null where the indicator rests on a planner's own path.
      if target["probability"] != .null { #expect((0...1).contains(target["probability"]?.number ?? -1)) }
      #expect(target["shortfall"]?.number ?? 0 >= 0)
    }
    #expect(targets.contains { $0["probability"] == .null } && targets.contains { $0["probability"]?.number != nil })
    #expect(Set(targets.compactMap { $0["scenario"]?.string }) == Set(["baseline"] + Sample.scenarios))
  }

  @Test func identitiesHoldInTheObservedRows() throws {
    let observed = try Sample.shared.get().rows.filter { $0.statistic == "observed" }
    var values: [String: [String: Double]] = [:]
    for row in observed { values[row.indicator, default: [:]][row.period] = row.value }
    let years = Set(values["tourism_arrivals_domestic"]?.keys.map { $0 } ?? [])
    #expect(years.count > 5)
    for year in years {
      guard let sum = values["tourism_arrivals"]?[year], let one = values["tourism_arrivals_domestic"]?[year],
        let two = values["tourism_arrivals_international"]?[year]
      else { continue }
      #expect(abs(sum - one - two) <= 0.01 * sum, "\(year)")
    }
  }

  @Test func contributionsAddUpToTheMeanChange() throws {
    let sample = try Sample.shared.get()
    struct Cell: Hashable { var scenario, indicator, period: String }
    var sums: [Cell: (total: Double, size: Double, count: Int)] = [:]
    var changes: [Cell: Double] = [:]
    var levels: [Cell: Double] = [:]
    for row in sample.rows {
      let cell = Cell(scenario: row.scenario, indicator: row.indicator, period: row.period)
      if row.statistic == "change_mean" { changes[cell] = row.value }
      if row.statistic == "mean" { levels[cell] = row.value }
      if row.statistic == "effect" {
        let value = try #require(row.value)
        let old = sums[cell] ?? (0, 0, 0)
        sums[cell] = (old.total + value, old.size + abs(value), old.count + 1)
      }
    }
    #expect(Set(sums.keys) == Set(changes.keys))
    var moved = 0
    for (cell, change) in changes {
      let sum = try #require(sums[cell])
      if change != 0 { moved += 1 }
      // A change is a difference of levels, whose own rounding no sum can mend.
      let rounding = 1e-14 * abs(levels[cell] ?? 0)
      if abs(sum.total - change) > 1e-9 * max(abs(change), sum.size) + rounding {
        Issue.record("\(cell): effects add up to \(sum.total), the mean change is \(change)")
      }
    }
    #expect(moved > 50)
    let both = Set(sample.rows.filter { $0.scenario == "both" }.compactMap(\.lever))
    #expect(both.isSuperset(of: ["reform_package", "wha_smart_technology_2", "promotion_budget", "tourism_year"]))
  }

  @Test(arguments: ["csv", "json", "md", "table"]) func theSameCommandGivesTheSameBytes(_ format: String) throws {
    let arguments = ["run", Sample.paths[0], "--by-lever", "--draws", "1500", "--format", format]
    let first = try simulate(arguments + ["--threads", "1"])
    #expect(first.code == 0)
    for threads in ["2", "3", "7"] {
      #expect(try simulate(arguments + ["--threads", threads]).bytes == first.bytes, "\(threads) threads")
    }
    #expect(try simulate(arguments).bytes == first.bytes)
  }

  @Test func anotherSeedGivesOtherNumbers() throws {
    let arguments = ["run", "--draws", "200", "--format", "csv"]
    let one = try simulate(arguments + ["--seed", "1"])
    #expect(try simulate(arguments).bytes == one.bytes)
    let other = try simulate(arguments + ["--seed", "18446744073709551615"])
    #expect(other.code == 0 && other.bytes != one.bytes)
    let (first, second) = (try Sample.rows(csv: one.text), try Sample.rows(csv: other.text))
    #expect(first.map(\.indicator) == second.map(\.indicator))
    #expect(
      zip(first, second).allSatisfy { $0.statistic != "observed" || $0 == $1 }, "observed figures depend on the seed")
  }

  @Test func aScenarioChangesNobodyElsesNumbers() throws {
    let sample = try Sample.shared.get()
    let alone = try simulate(["run", Sample.paths[1], "--by-lever", "--draws", "400", "--format", "csv"])
    let rows = try Sample.rows(csv: alone.text)
    #expect(rows == sample.rows.filter { ["baseline", Sample.scenarios[1]].contains($0.scenario) })
  }

  @Test func oneDrawIsARun() throws {
    for count in ["1", "2", "3"] {
      let outcome = try simulate(["run", Sample.paths[0], "--by-lever", "--draws", count, "--format", "json"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      var check = SchemaCheck(try Sample.schema("run"))
      check.check(try JSONValue(outcome.bytes))
      #expect(check.failures.isEmpty, "\(check.failures)")
      #expect(try simulate(["compare", Sample.paths[0], "--draws", count]).code == 0)
      #expect(try simulate(["run", Sample.paths[0], "--by-lever", "--draws", count]).code == 0)
    }
  }

  @Test func onlyTheWantedIndicatorsAreShown() throws {
    let sample = try Sample.shared.get()
    let arguments = Sample.arguments + ["--indicator", "tourism_revenue", "--indicator", "pci_score"]
    let csv = try simulate(arguments + ["--format", "csv"])
    #expect(
      try Sample.rows(csv: csv.text)
        == sample.rows.filter { ["tourism_revenue", "pci_score"].contains($0.indicator) })
    let json = try JSONValue(try simulate(arguments + ["--format", "json"]).bytes)
    #expect(Set(json["indicators"]?.keys ?? []) == ["tourism_revenue", "pci_score"])
    // An indicator that tables leave out is shown when it is asked for.
    let table = try simulate(["run", "--draws", "50", "--indicator", "pci_law_order", "--lang", "en"])
    #expect(table.text.contains("Law and order"))
  }

  @Test func aShorterRunIsTheBeginningOfALongerOne() throws {
    let arguments = ["run", "notebooks-data/scenarios/procedures-reform.yaml", "--by-lever", "--draws", "400"]
    let long = try Sample.rows(csv: try simulate(arguments + ["--format", "csv"]).text)
    let short = try Sample.rows(csv: try simulate(arguments + ["--until", "2028", "--format", "csv"]).text)
    let beginning = long.filter { $0.period <= "2028" }
    #expect(short.count == beginning.count)
    let differing = Set(zip(short, beginning).filter { $0 != $1 }.map(\.0.indicator))
    #expect(differing.isEmpty, "\(differing.sorted())")
  }

  @Test func anEarlierDayKnowsNoLaterFigure() throws {
    let now = try Sample.shared.get().rows.filter { $0.scenario == "baseline" }
    let outcome = try simulate(["run", "--draws", "400", "--as-of", "2023-12-31", "--format", "csv"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let then = try Sample.rows(csv: outcome.text)
    let observed = then.filter { $0.statistic == "observed" }
    #expect(!observed.isEmpty)
    #expect(observed.allSatisfy { $0.period <= "2023" })
    #expect(now.contains { $0.statistic == "observed" && $0.period == "2024" })
    // The index of 2023 was published in 2024.
    #expect(observed.allSatisfy { $0.indicator != "pci_score" || $0.period <= "2022" })
    func medians(_ rows: [Sample.Row]) -> [String: Double] {
      var result: [String: Double] = [:]
      for row in rows where row.statistic == "median" && row.period == "2030" { result[row.indicator] = row.value }
      return result
    }
    let (before, after) = (medians(then), medians(now))
    #expect(before["tourism_arrivals_domestic"] != after["tourism_arrivals_domestic"])
    #expect(before["pci_score"] != after["pci_score"])
    let json = try JSONValue(
      try simulate(["run", "--draws", "50", "--as-of", "2023-12-31", "--format", "json"]).bytes)
    #expect(json["run"]?["as_of"] == .string("2023-12-31"))
    var check = SchemaCheck(try Sample.schema("run"))
    check.check(json)
    #expect(check.failures.isEmpty, "\(check.failures)")
    for format in ["table", "md"] {
      #expect(try simulate(["run", "--draws", "50", "--as-of", "2023-12-31", "--format", format]).code == 0)
    }
  }

  @Test func aDayBeforeAllFiguresIsAnErrorNotACrash() throws {
    for day in ["1990-01-01", "1999-06-30"] {
      let outcome = try simulate(["run", "--draws", "50", "--as-of", day])
      #expect(outcome.code == 65, "\(outcome)")
      #expect(outcome.errors.hasPrefix("simulate: "))
    }
  }
}
