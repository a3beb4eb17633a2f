import Scenarios
import TextFiles

/// The files for machines.
extension SensitivityReport {
  public func writeCSV(to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record([
      "input", "kind", "grade", "statistic", "probability", "value", "lower", "upper", "standard_error",
    ])
    func row(
      _ input: SensitivityInput, _ statistic: String, _ probability: Double?, _ value: Double, lower: Double? = nil,
      upper: Double? = nil, error: Double? = nil
    ) throws {
      for text in [input.id, input.kind.rawValue, input.grade?.rawValue ?? "", statistic] { writer.field(text) }
      for number in [probability, value, lower, upper, error] { writer.field(number) }
      try writer.endRecord()
    }
    for arm in result.tornado {
      for (probability, mean) in zip(arm.probabilities, arm.means) { try row(arm.input, "mean_at", probability, mean) }
      try row(arm.input, "swing", nil, arm.swing, error: arm.swingError)
    }
    for share in result.shares {
      for (name, estimate) in [("first_order", share.first), ("total", share.total)] {
        guard let estimate else { continue }
        try row(
          share.input, name, nil, estimate.value, lower: estimate.lower, upper: estimate.upper,
          error: estimate.standardError)
      }
    }
    for worth in result.information?.worths ?? [] {
      try row(worth.input, "worth_of_learning", nil, worth.value, error: worth.worth.standardError)
      try row(worth.input, "choice_changes", nil, worth.worth.changeProbability)
    }
    try writer.finish()
  }

  public func writeJSON(to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try JSONReport.run(fingerprint, &json)
      try json.member("indicator", result.measure.indicator)
      try json.member("period", result.measure.code)
      try json.member("scenario", result.scenario)
      try json.member("measure", result.isChange ? "change" : "value")
      try json.member("mean", result.mean)
      try json.member("standard_deviation", result.deviation)
      for (name, value) in zip(["p10", "median", "p90"], result.quantiles) { try json.member(name, value) }
      try json.member("method", result.isQuick ? "given_data" : "sobol")
      try json.member("points", result.points)
      try json.member("model_runs", result.runs)
      try json.key("tornado")
      try json.array { json in for arm in result.tornado { try write(arm, &json) } }
      try json.key("shares")
      try json.array { json in
        for share in result.shares {
          try json.object { json in
            try input(share.input, &json)
            try json.member("first_place", share.input.kind == .chance ? nil : share.places.lowerBound)
            try json.member("last_place", share.input.kind == .chance ? nil : share.places.upperBound)
            try estimate("first_order", share.first, &json)
            try estimate("total", share.total, &json)
          }
        }
      }
      try json.member("rest", result.interaction)
      try json.key("counted_as_chance")
      try json.array { json in for input in result.merged { try json.value(input.id) } }
      try json.key("information")
      if let information = result.information { try write(information, &json) } else { try json.null() }
      try writeParagraph(&json)
    }
    try json.finish()
  }

  private func input(_ input: SensitivityInput, _ json: inout JSONWriter) throws {
    try json.member("input", input.id)
    try json.member("kind", input.kind.rawValue)
    try json.member("grade", input.grade?.rawValue)
  }

  private func estimate(_ name: String, _ estimate: IndexEstimate?, _ json: inout JSONWriter) throws {
    try json.key(name)
    guard let estimate else { return try json.null() }
    try json.object { json in
      try json.member("value", estimate.value)
      try json.member("standard_error", estimate.standardError)
      try json.member("lower", estimate.lower)
      try json.member("upper", estimate.upper)
    }
  }

  private func write(_ arm: SensitivityResult.Arm, _ json: inout JSONWriter) throws {
    try json.object { json in
      try input(arm.input, &json)
      try json.key("points")
      try json.array { json in
        for (probability, mean) in zip(arm.probabilities, arm.means) {
          try json.object { json in
            try json.member("probability", probability)
            try json.member("mean", mean)
          }
        }
      }
      try json.member("swing", arm.swing)
      try json.member("swing_error", arm.swingError)
      try json.member("is_clear", arm.isClear)
    }
  }

  private func write(_ information: SensitivityResult.Information, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.key("options")
      try json.array { json in
        for (scenario, mean) in zip(information.scenarios, information.means) {
          try json.object { json in
            try json.member("scenario", scenario)
            try json.member("mean", mean)
          }
        }
      }
      try json.member("choice", information.scenarios[information.choice])
      try json.member("perfect", information.perfect.value)
      try json.member("perfect_error", information.perfect.standardError)
      try json.member("perfect_changes_choice", information.perfect.changeProbability)
      try json.key("worths")
      try json.array { json in
        for worth in information.worths {
          try json.object { json in
            try input(worth.input, &json)
            try json.member("worth", worth.value)
            try json.member("standard_error", worth.worth.standardError)
            try json.member("changes_choice", worth.worth.changeProbability)
            try json.member("is_clear", worth.isClear)
          }
        }
      }
    }
  }
}
