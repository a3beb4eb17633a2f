import Scenarios
import TextFiles

/// How options hold, for programs.
public enum RobustTables {
  /// One row for each goal, option and future; the drawn futures together are `drawn`.
  public static func writeCSV(_ result: Robustness, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record([
      "indicator", "period", "comparison", "value", "upper", "scenario", "future", "share_met", "share_error", "mean",
      "expected_regret", "regret_95", "weakest_grade",
    ])
    for goal in result.goals {
      for option in goal.options {
        for column in -1..<result.futures.count {
          for text in [goal.item.definition.id, goal.item.period.description] { writer.field(text) }
          writer.cell(.text(goal.item.target?.comparison.rawValue))
          writer.numbers([goal.item.target?.value, goal.item.target?.upper])
          writer.field(option.id)
          let judged = goal.item.hasProbability
          if column < 0 {
            writer.field("drawn")
            writer.numbers([
              judged ? option.satisficing.value : nil, judged ? option.satisficing.error : nil, option.mean.value,
              option.expectedRegret, option.regret95,
            ])
          } else {
            let named = option.named[column]
            writer.field(result.futures[column].id)
            writer.numbers([
              judged ? named.share.value : nil, judged ? named.share.error : nil, named.mean, named.regret, nil,
            ])
          }
          writer.cell(.text(option.weakestGrade?.rawValue))
          try writer.endRecord()
        }
      }
    }
    try writer.finish()
  }

  /// See docs/schema/robust.json.
  public static func writeJSON(_ result: Robustness, to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try JSONReport.run(result.fingerprint, &json)
      try json.key("futures")
      try json.array { json in
        for future in result.futures {
          try json.object { json in
            try json.member("future", future.id)
            try json.key("names")
            try JSONReport.names(future.name, &json)
          }
        }
      }
      try json.key("goals")
      try json.array { json in for goal in result.goals { try self.goal(goal, result, &json) } }
      try json.key("paragraph")
      try JSONReport.names(
        LocalizedText(
          vi: RobustWords(result, .vietnamese).paragraph, en: RobustWords(result, .english).paragraph), &json)
    }
    try json.finish()
  }

  private static func goal(_ goal: Robustness.Goal, _ result: Robustness, _ json: inout JSONWriter) throws {
    let judged = goal.item.hasProbability
    try json.object { json in
      try json.member("indicator", goal.item.definition.id)
      try json.member("period", goal.item.period.description)
      try json.member("aggregate", goal.item.aggregate.rawValue)
      try json.member("comparison", goal.item.target?.comparison.rawValue)
      try json.member("value", goal.item.target?.value)
      try json.member("upper", goal.item.target?.upper)
      try json.member("document", goal.item.target.flatMap { $0.document.isEmpty ? nil : $0.document })
      try json.member("rests_on_planners_path", goal.item.restsOnPlannersPath)
      try json.key("options")
      try json.array { json in
        for option in goal.options {
          try json.object { json in
            try json.member("scenario", option.id)
            try json.key("names")
            try JSONReport.names(option.name, &json)
            try json.member("weakest_grade", option.weakestGrade?.rawValue)
            try json.member("share_met", judged ? option.satisficing.value : nil)
            try json.member("share_error", judged ? option.satisficing.error : nil)
            try json.member("mean", option.mean.value)
            try json.member("mean_error", option.mean.error)
            try json.member("bad_95", option.bad95)
            try json.member("expected_regret", option.expectedRegret)
            try json.member("regret_95", option.regret95)
            try json.member("largest_named_regret", option.largestNamedRegret)
            try json.key("futures")
            try json.array { json in
              for (future, named) in zip(result.futures, option.named) {
                try json.object { json in
                  try json.member("future", future.id)
                  try json.member("share_met", judged ? named.share.value : nil)
                  try json.member("mean", named.mean)
                  try json.member("regret", named.regret)
                }
              }
            }
            try CompareJSON.rules(option.triggered, &json)
          }
        }
      }
      try json.member("least_expected_regret", goal.leastExpectedRegret)
      try json.member("minimax_regret", goal.minimaxRegret)
      try json.key("discoveries")
      try json.array { json in for discovery in goal.discoveries { try self.discovery(discovery, judged, &json) } }
    }
  }

  private static func discovery(
    _ discovery: Discovery, _ judged: Bool, _ json: inout JSONWriter
  ) throws {
    try json.object { json in
      try json.member("scenario", discovery.option)
      try json.member("cases", discovery.isFailure ? "misses" : "meets")
      // Of a planner's path no share of all futures is given: it would be a probability under another name.
      try json.member("share", judged ? discovery.share : nil)
      switch discovery.outcome {
      case .found: try json.member("outcome", "found")
      case .tooRare: try json.member("outcome", "too_rare")
      case .unexplained: try json.member("outcome", "unexplained")
      case .noInputs: try json.member("outcome", "no_inputs")
      }
      try json.key("inputs")
      try json.array { json in for input in discovery.inputs { try json.value(input.id) } }
      try json.key("box")
      if let box = discovery.box { try region(box, discovery, judged, &json) } else { try json.value(String?.none) }
      try json.key("tree")
      try json.array { json in for leaf in discovery.leaves { try region(leaf, discovery, judged, &json) } }
    }
  }

  private static func region(
    _ region: Discovery.Region, _ discovery: Discovery, _ judged: Bool, _ json: inout JSONWriter
  ) throws {
    try json.object { json in
      try json.key("limits")
      try json.array { json in
        for limit in region.limits {
          try json.object { json in
            try json.member("input", discovery.inputs[limit.input].id)
            try json.member("lower", limit.lower)
            try json.member("upper", limit.upper)
          }
        }
      }
      try json.member("coverage", region.quality.coverage)
      try json.member("density", judged ? region.quality.density : nil)
      try json.member("lift", region.quality.density / max(discovery.share, 1e-12))
      try json.member("mass", region.quality.mass)
    }
  }
}
