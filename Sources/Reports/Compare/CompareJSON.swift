import Scenarios
import TextFiles

/// `compare --format json`; see docs/schema/compare.json.
public enum CompareJSON {
  public static func write(_ comparison: Comparison, to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try JSONReport.run(comparison.fingerprint, &json)
      try json.key("options")
      try json.array { json in for option in comparison.options { try self.option(option, comparison, &json) } }
      try JSONReport.targets(comparison.targets, &json)
      try json.key("ranked_by")
      try json.object { json in
        switch comparison.request.objective {
        case .improvement: try json.member("objective", "improvement")
        case .targets: try json.member("objective", "targets")
        case .indicator(let id): try json.member("objective", id)
        }
        try json.member("discount_rate", comparison.request.discountRate)
        try json.member("budget_billion_vnd_per_year", comparison.request.budget)
      }
      try json.key("pairs")
      try json.array { json in for pair in comparison.pairs { try self.pair(pair, &json) } }
      try json.key("outcomes")
      try json.array { json in
        for option in comparison.options {
          for position in comparison.items.indices { try outcome(option, position, comparison, &json) }
        }
      }
      try json.key("futures")
      try futures(comparison.futures, &json)
      try json.key("weights")
      try weights(comparison.weighted, &json)
      try json.key("monte_carlo")
      try json.object { json in
        try json.member("draws", comparison.monteCarlo.draws)
        try json.member("largest_error", comparison.monteCarlo.largestError)
        try json.member("requested", comparison.monteCarlo.requested)
        try json.member("is_reached", comparison.monteCarlo.isReached)
      }
      try json.key("paragraph")
      try JSONReport.names(
        LocalizedText(
          vi: CompareParagraph(comparison, language: .vietnamese).text,
          en: CompareParagraph(comparison, language: .english).text), &json)
    }
    try json.finish()
  }

  static func firstMet(_ first: FirstMet?) -> String? {
    switch first?.year {
    case .already(let year), .projected(let year): return String(year)
    case .notBy, nil: return nil
    }
  }

  private static func option(
    _ option: Comparison.Option, _ comparison: Comparison, _ json: inout JSONWriter
  ) throws {
    try json.object { json in
      try CompareRow(option, comparison).write(to: &json)
      try json.key("names")
      try JSONReport.names(option.name, &json)
      for (name, ids) in [
        ("tied_with", option.tiedWith), ("tied_without_d", option.tiedWithoutD), ("dominated_by", option.dominatedBy),
        ("uncosted_levers", option.cost.uncosted), ("costs_entered_by_planner", option.cost.stated),
      ] {
        try json.key(name)
        try json.array { json in for id in ids { try json.value(id) } }
      }
      try json.member("assumes_world", option.assumesWorld)
      try json.key("costs_by_year")
      try json.array { json in
        for (position, year) in option.cost.years.enumerated() {
          try json.object { json in
            try json.member("year", year)
            try json.member("capital", option.cost.capital[position])
            try json.member("yearly", option.cost.yearly[position])
          }
        }
      }
      try rules(option.triggered, &json)
      try json.key("attribution")
      guard let attribution = option.attribution else { return try json.value(String?.none) }
      try json.object { json in
        try json.key("levers")
        try json.array { json in
          for (position, lever) in attribution.levers.enumerated() {
            try json.object { json in
              try json.member("lever", lever)
              try json.member("improvement", attribution.improvement[position])
              try json.member("sampling_error", attribution.improvementErrors[position])
            }
          }
        }
        try json.member("interaction", attribution.improvementInteraction)
        try json.member("sampled_orders", attribution.orders)
      }
    }
  }

  /// The rules of an option, with the share of the draws in which each acts.
  static func rules(_ triggered: [(rule: AdaptiveRule, share: Double)], _ json: inout JSONWriter) throws {
    try json.key("rules")
    try json.array { json in
      for (rule, share) in triggered {
        try json.object { json in
          try json.member("indicator", rule.indicator)
          try json.member("year", rule.year)
          try json.member("share", share)
        }
      }
    }
  }

  private static func pair(_ pair: Comparison.Pair, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("first", pair.first)
      try json.member("second", pair.second)
      try json.member("probability_first_better", pair.probabilityFirstBetter.value)
      try json.member("probability_error", pair.probabilityFirstBetter.error)
      try json.member("mean_difference", pair.meanDifference.value)
      try json.member("difference_error", pair.meanDifference.error)
      try json.member("is_separated", pair.isSeparated)
      try json.member("draws_to_separate", pair.drawsToSeparate)
    }
  }

  private static func outcome(
    _ option: Comparison.Option, _ position: Int, _ comparison: Comparison, _ json: inout JSONWriter
  ) throws {
    let (item, outcome) = (comparison.items[position], option.outcomes[position])
    try json.object { json in
      try json.member("scenario", option.id)
      try json.member("indicator", item.definition.id)
      try json.member("period", item.period.description)
      try json.member("aggregate", item.aggregate.rawValue)
      try json.member("is_target", item.target != nil)
      try json.member("rests_on_planners_path", item.restsOnPlannersPath)
      try json.member("grade", option.support.byIndicator[item.definition.id]?.rawValue)
      try json.member("comparison", item.target?.comparison.rawValue)
      try json.member("value", item.target?.value)
      try json.member("upper", item.target?.upper)
      try json.member("median", outcome.median)
      try json.member("p10", outcome.low)
      try json.member("p90", outcome.high)
      try change("change", outcome.change, &json)
      try change("change_cumulated", outcome.cumulated, &json)
      try json.member("cumulated_years", item.cumulatedYears)
      try json.member("probability", outcome.probability?.value)
      try json.member("probability_error", outcome.probability?.error)
      try json.member("probability_gain", outcome.probabilityGain?.value)
      try json.member("probability_gain_error", outcome.probabilityGain?.error)
      try json.member("shortfall", outcome.shortfall)
      try json.key("first_met")
      if let first = outcome.firstMet {
        try json.object { json in
          let isFact: Bool
          if case .already = first.year { isFact = true } else { isFact = false }
          try json.member("year", firstMet(first).flatMap { Int($0) })
          try json.member("is_observed", isFact)
          try json.member("share_by_the_end", first.share)
        }
      } else {
        try json.value(String?.none)
      }
      try json.member("cost_per_unit_billion_vnd", option.costPerUnit[position])
      try json.member("years_to_detect", outcome.detectableYears)
    }
  }

  private static func change(
    _ name: String, _ change: OutcomeResult.Change?, _ json: inout JSONWriter
  ) throws {
    try json.key(name)
    guard let change else { return try json.value(String?.none) }
    try json.object { json in
      try json.member("median", change.median)
      try json.member("p10", change.low)
      try json.member("p90", change.high)
      try json.member("mean", change.mean.value)
      try json.member("mean_error", change.mean.error)
    }
  }

  private static func futures(_ table: FutureTable?, _ json: inout JSONWriter) throws {
    try json.array { json in
      guard let table else { return }
      for (column, future) in table.futures.enumerated() {
        try json.object { json in
          try json.member("future", future.id)
          try json.key("names")
          try JSONReport.names(future.name, &json)
          try json.key("options")
          try json.array { json in
            for (row, option) in table.options.enumerated() {
              try json.object { json in
                try json.member("scenario", option)
                try json.member("objective", table.objectives[row][column])
                try json.member("regret", table.regrets[row][column])
              }
            }
          }
        }
      }
    }
  }

  private static func weights(_ weighted: WeightedRanking?, _ json: inout JSONWriter) throws {
    guard let weighted else { return try json.value(String?.none) }
    try json.object { json in
      try json.key("ranking")
      try json.array { json in
        for row in weighted.rows {
          try json.object { json in
            try json.member("scenario", row.option)
            try json.member("total", row.total)
            try json.key("scores")
            try json.object { json in
              for (criterion, score) in zip(weighted.criteria, row.scores) { try json.member(criterion, score) }
            }
          }
        }
      }
      try json.key("winners")
      try json.array { json in for id in weighted.winners { try json.value(id) } }
      try json.key("ranges")
      try json.array { json in
        for range in weighted.ranges {
          try json.object { json in
            try json.member("criterion", range.criterion)
            try json.member("weight", range.weight)
            try json.member("lower", range.lower)
            try json.member("upper", range.upper)
            try json.member("winner_below", range.winnerBelow)
            try json.member("winner_above", range.winnerAbove)
          }
        }
      }
      try json.key("left_out")
      try json.array { json in for id in weighted.leftOut { try json.value(id) } }
    }
  }
}
