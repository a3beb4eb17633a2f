import Scenarios
import TextFiles

/// The files for machines.
extension JointReport {
  public func writeCSV(to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record(["item", "id", "period", "comparison", "aim", "variant", "statistic", "value", "standard_error"])
    func row(
      _ item: String, _ id: String, _ period: String, _ target: TargetDefinition?, _ variant: JointResult.Variant,
      _ statistic: String, _ value: Double?, error: Double? = nil
    ) throws {
      for text in [item, id, period, target?.comparison.rawValue ?? ""] { writer.field(text) }
      writer.field(target?.value)
      for text in [variant.rawValue, statistic] { writer.field(text) }
      writer.field(value)
      writer.field(error)
      try writer.endRecord()
    }
    for outcome in result.outcomes {
      for (variant, band) in zip(JointResult.Variant.allCases, outcome.bands) {
        for (name, value) in [("p10", band.low), ("median", band.median), ("p90", band.high)] {
          try row("outcome", outcome.indicator, "\(result.year)", nil, variant, name, value)
        }
        try row(
          "outcome", outcome.indicator, "\(result.year)", nil, variant, "width_ratio", band.widthRatio,
          error: band.ratioError)
      }
    }
    for target in result.targets {
      for (variant, probability) in zip(JointResult.Variant.allCases, target.probabilities) {
        try row(
          "target", target.target.indicator, target.period.description, target.target, variant, "probability",
          probability)
      }
    }
    for pair in result.pairs {
      for (variant, correlation) in zip(JointResult.Variant.allCases, pair.correlations) {
        try row(
          "pair", pair.first + " ~ " + pair.second, "\(result.year)", nil, variant, "rank_correlation", correlation)
      }
    }
    try writer.finish()
  }

  public func writeJSON(to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try JSONReport.run(fingerprint, &json)
      try json.member("year", result.year)
      try json.member("stronger_factor", JointStudy.strongerFactor)
      try json.key("outcomes")
      try json.array { json in for outcome in result.outcomes { try write(outcome, &json) } }
      try json.key("targets")
      try json.array { json in for target in result.targets { try write(target, &json) } }
      try json.key("pairs")
      try json.array { json in
        for pair in result.pairs {
          try json.object { json in
            try json.member("first", pair.first)
            try json.member("second", pair.second)
            try json.key("rank_correlations")
            try json.object { json in
              for (variant, value) in zip(JointResult.Variant.allCases, pair.correlations) {
                try json.member(variant.rawValue, value)
              }
            }
          }
        }
      }
      try json.key("correlations")
      if let estimate = model.dependence { try write(estimate, &json) } else { try json.null() }
      try writeParagraph(&json)
    }
    try json.finish()
  }

  private func write(_ outcome: JointResult.Outcome, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("indicator", outcome.indicator)
      try json.member("scenario_only", outcome.isScenarioOnly)
      try json.key("variants")
      try json.array { json in
        for (variant, band) in zip(JointResult.Variant.allCases, outcome.bands) {
          try json.object { json in
            try json.member("variant", variant.rawValue)
            try json.member("p10", band.low)
            try json.member("median", band.median)
            try json.member("p90", band.high)
            try json.member("width_ratio", band.widthRatio)
            try json.member("ratio_error", band.ratioError)
          }
        }
      }
    }
  }

  private func write(_ target: JointResult.Target, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("indicator", target.target.indicator)
      try json.member("period", target.period.description)
      try json.member("comparison", target.target.comparison.rawValue)
      try json.member("value", target.target.value)
      try json.key("probabilities")
      try json.object { json in
        for (variant, value) in zip(JointResult.Variant.allCases, target.probabilities) {
          try json.member(variant.rawValue, value)
        }
      }
    }
  }

  /// Every pair that was looked at, with what was measured and what is drawn.
  private func write(_ estimate: DependenceEstimate, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("intensity", estimate.intensity)
      try json.member("repair", estimate.repair)
      try json.key("pairs")
      try json.array { json in
        for pair in estimate.pairs {
          try json.object { json in
            try json.member("first", pair.first)
            try json.member("second", pair.second)
            try json.member("measured", pair.measured?.value)
            try json.member("standard_error", pair.measured?.standardError)
            try json.member("rows", pair.measured?.rows ?? 0)
            try json.member("years", pair.measured?.periods ?? 0)
            try json.member("p_value", pair.measured?.pValue)
            try json.member("verdict", pair.verdict.rawValue)
            try json.member("drawn", pair.value)
          }
        }
      }
    }
  }
}
