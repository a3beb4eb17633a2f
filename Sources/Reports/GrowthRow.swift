import Scenarios

/// One figure of a ``GrowthAnswer`` for programs.
struct GrowthRow {
  enum Section: String {
    case figures, quarters, remaining, items, implied, shocks, apart, record
  }

  var section: Section
  /// The id of an indicator.
  var item: String
  /// `2026`, `2026-Q1` or `2026-01/2026-06`.
  var period: String
  var measure: String
  /// `value`, or `central`, `p10` and `p90` of a band.
  var statistic: String
  var value: Double
  var unit: String
  /// The weakest grade that the value rests on; nil where it rests on published figures and arithmetic only.
  var grade: Grade?
  /// An id of reference/sources.csv, or what the value is; nil where the section says it.
  var source: String?
}

extension GrowthRow {
  /// All rows of an answer, in the order of its sections.
  static func all(_ answer: GrowthAnswer, _ context: GrowthContext) -> [GrowthRow] {
    var builder = Builder(answer: answer, context: context)
    builder.figures()
    builder.quarters()
    builder.remaining()
    builder.items()
    builder.implied()
    for shock in answer.shocks {
      builder.add(
        .shocks, shock.driver, "\(answer.year)", "growth_per_unit", shock.points, "points", shock.grade, shock.item)
    }
    for apart in answer.apart { builder.apart(apart) }
    builder.record()
    return builder.rows
  }

  private struct Builder {
    let answer: GrowthAnswer
    let context: GrowthContext
    var rows: [GrowthRow] = []

    mutating func add(
      _ section: Section, _ item: String, _ period: String, _ measure: String, _ value: Double, _ unit: String,
      _ grade: Grade?, _ source: String? = nil
    ) {
      rows.append(
        GrowthRow(
          section: section, item: item, period: period, measure: measure, statistic: "value", value: value, unit: unit,
          grade: grade, source: source))
    }

    mutating func add(
      _ section: Section, _ item: String, _ period: String, _ measure: String, _ band: Band80?, _ unit: String,
      _ grade: Grade?, _ source: String? = nil
    ) {
      guard let band else { return }
      for (statistic, value) in [("central", band.central), ("p10", band.low), ("p90", band.high)] {
        guard let value else { continue }
        rows.append(
          GrowthRow(
            section: section, item: item, period: period, measure: measure, statistic: statistic, value: value,
            unit: unit, grade: grade, source: source))
      }
    }

    mutating func figures() {
      for figure in answer.figuresBefore + answer.figures {
        add(
          .figures, figure.indicator, figure.period, "growth", figure.value, "percent",
          figure.source == nil ? .d : nil, figure.source ?? "entered")
      }
    }

    mutating func quarters() {
      for row in answer.quarters {
        let item = row.item ?? answer.accounts.level
        let period = "\(row.year)-Q\(row.quarter)"
        let grade = max(context.sharesGrade, context.pathGrade ?? context.sharesGrade)
        add(.quarters, item, period, "level", row.level, context.unit(item), grade, row.origin.rawValue)
        let growthGrade = row.origin == .published ? nil : grade
        add(.quarters, item, period, "growth", row.growth, "percent", growthGrade, row.origin.rawValue)
        add(.quarters, item, period, "growth_so_far", row.cumulated, "percent", grade, row.origin.rawValue)
      }
    }

    mutating func remaining() {
      let growth = answer.accounts.growth
      let grade = answer.knownQuarters == 0 ? nil : context.sharesGrade
      if answer.knownQuarters > 0 {
        let last = PartYearGrowth(indicator: growth, year: answer.year, quarters: 1...answer.knownQuarters, value: 0)
        add(.remaining, growth, last.period, "growth_so_far", answer.growthSoFar, "percent", nil)
      }
      for need in answer.needs {
        let period = "\(answer.year)-Q\(need.quarter)"
        add(.remaining, growth, period, "growth_needed_equal", need.equal, "percent", grade)
        add(.remaining, growth, period, "growth_needed_pattern", need.pattern, "percent", context.sharesGrade)
        if let before = need.before {
          add(
            .remaining, growth, "\(answer.year - 1)-Q\(need.quarter)", "growth", before, "percent", context.sharesGrade)
        }
      }
    }

    mutating func items() {
      let year = "\(answer.year)"
      for need in answer.items + [answer.total] {
        let item = need.item.isEmpty ? answer.accounts.level : need.item
        add(.items, item, "\(answer.year - 1)", "share", need.weight, "percent", context.weightGrade)
        if let before = need.growthBefore {
          add(.items, item, "\(answer.year - 1)", "growth", before, "percent", nil)
        }
        add(.items, item, year, "growth_baseline", need.baseline, "percent", context.pathGrade)
        add(.items, item, year, "contribution_baseline", need.contribution, "points", context.pathGrade)
        add(
          .items, item, year, "growth_needed_alone", need.alone, "percent", need.item.isEmpty ? nil : context.pathGrade)
        add(.items, item, year, "growth_needed_alone_remaining", need.aloneRemaining, "percent", context.pathGrade)
        add(.items, item, year, "growth_needed_together", need.together, "percent", context.pathGrade)
        add(.items, item, year, "contribution_needed_together", need.contributionTogether, "points", context.pathGrade)
      }
    }

    mutating func implied() {
      guard let implied = answer.implied else { return }
      let year = "\(answer.year)"
      let path = context.pathGrade
      let (accounts, money) = (answer.accounts, context.unit(answer.accounts.nominal ?? ""))
      add(.implied, accounts.nominal ?? "", year, "level_at_target", implied.nominal, money, path)
      if let investment = accounts.investment {
        for past in implied.past {
          add(.implied, investment, "\(past.year)", "icor", past.icor, "ratio", nil, "\(past.year)")
          add(
            .implied, investment, year, "investment_needed", past.investmentNeeded, money, path, "ICOR \(past.year)")
        }
        add(.implied, investment, year, "investment_baseline", implied.investmentBaseline, money, path)
        add(.implied, investment, year, "icor_baseline", implied.icorBaseline, "ratio", path)
        if let plan = implied.investmentPlan {
          add(.implied, investment, year, "investment_plan", plan, money, nil, "plan")
        }
        add(.implied, investment, year, "icor_plan", implied.icorPlan, "ratio", path)
        add(.implied, accounts.growth, year, "growth_of_plan", implied.growthOfPlan, "percent", path)
      }
      if let employment = accounts.employment {
        add(.implied, employment, year, "productivity_growth_needed", implied.productivityGrowth, "percent", path)
        add(
          .implied, employment, year, "productivity_growth_baseline", implied.productivityGrowthBaseline, "percent",
          path)
        add(.implied, employment, year, "productivity_needed", implied.productivity, "million_vnd", path)
      }
    }

    mutating func apart(_ apart: GrowthAnswer.Apart) {
      let (driver, year) = (apart.driver, "\(answer.year)")
      add(.apart, driver, "\(answer.year - 1)", "share", apart.share, "percent", apart.grade, apart.item)
      add(.apart, driver, year, "growth", apart.driverGrowth, "percent", apart.grade)
      add(.apart, driver, year, "growth_without", apart.growth, "percent", apart.grade)
      add(.apart, driver, year, "growth_needed_without", apart.needed, "percent", apart.grade)
      add(.apart, driver, year, "icor", apart.icor, "ratio", context.pathGrade)
      add(.apart, driver, year, "icor_without", apart.icorWithout, "ratio", apart.grade)
      add(.apart, driver, year, "productivity", apart.productivity, "million_vnd", context.pathGrade)
      add(.apart, driver, year, "productivity_without", apart.productivityWithout, "million_vnd", apart.grade)
    }

    mutating func record() {
      let growth = answer.accounts.growth
      for past in answer.record {
        let first = PartYearGrowth(indicator: growth, year: past.year, quarters: 1...past.knownQuarters, value: 0)
        let rest = PartYearGrowth(indicator: growth, year: past.year, quarters: past.knownQuarters + 1...4, value: 0)
        add(.record, growth, first.period, "growth_so_far", past.growthSoFar, "percent", nil)
        if let target = past.target { add(.record, growth, "\(past.year)", "target", target, "percent", nil) }
        if let needed = past.needed {
          add(.record, growth, rest.period, "growth_needed_equal", needed, "percent", context.sharesGrade)
        }
        add(.record, growth, rest.period, "growth_done", past.done, "percent", context.sharesGrade)
        add(.record, growth, "\(past.year)", "growth", past.growth, "percent", nil)
      }
    }
  }
}
