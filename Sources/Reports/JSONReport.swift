import Scenarios
import TextFiles

/// The result as JSON, keys in the order of the contract; see docs/schema/run.json.
public enum JSONReport {
  public static func write(_ result: RunResult, indicators: Set<String>?, to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try run(result.fingerprint, &json)
      try json.key("indicators")
      try json.object { json in
        for node in result.model.nodes where indicators?.contains(node.id) ?? true {
          try json.key(node.id)
          try indicator(
            node.definition, model: result.model.modelName(of: node), result.coverage[node.id] ?? .notTestable, &json)
        }
      }
      try json.key("scenarios")
      try json.object { json in
        for outcome in [result.baseline] + result.scenarios {
          try json.key(outcome.id)
          try scenario(outcome, &json)
        }
      }
      try targets(([result.baseline] + result.scenarios).flatMap(\.targets), &json)
      try json.key("rows")
      try json.array { json in
        try result.forEachRow(indicators: indicators) { row in
          try json.object { json in
            try json.member("scenario", row.scenario)
            try json.member("indicator", row.indicator)
            try json.member("period", row.period)
            try json.member("lever", row.lever)
            try json.member("statistic", row.statistic)
            try json.member("value", row.value)
          }
        }
      }
    }
    try json.finish()
  }

  static func names(_ text: LocalizedText, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("vi", text.vi)
      try json.member("en", text.en)
    }
  }

  static func run(_ fingerprint: Fingerprint, _ json: inout JSONWriter) throws {
    try json.key("run")
    try object(fingerprint, &json)
  }

  static func object(_ fingerprint: Fingerprint, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("fingerprint", fingerprint.combined)
      try json.member("version", fingerprint.version)
      try json.member("model", fingerprint.model)
      try json.member("data", fingerprint.data)
      try json.member("scenarios", fingerprint.scenarios)
      // A seed may not fit a number of every JSON reader.
      try json.member("seed", String(fingerprint.seed))
      try json.member("draws", fingerprint.draws)
      try json.member("until", fingerprint.until)
      try json.member("as_of", fingerprint.asOf)
      try json.member("blas_kernel", fingerprint.blasKernel)
    }
  }

  private static func indicator(
    _ definition: IndicatorDefinition, model: String, _ coverage: Coverage, _ json: inout JSONWriter
  ) throws {
    try json.object { json in
      try json.member("unit", definition.unit)
      try json.key("names")
      try names(definition.name, &json)
      try json.member("system", definition.system)
      try json.member("price_basis", definition.priceBasis.rawValue)
      try json.member("direction", definition.good.rawValue)
      try json.member("model", model)
      try json.key("coverage")
      switch coverage {
      case .notTestable: try json.value("not testable")
      case .tested(let level, let held, let count):
        try json.object { json in
          try json.member("level", level)
          try json.member("held", held)
          try json.member("count", count)
        }
      }
    }
  }

  private static func scenario(_ outcome: ScenarioOutcome, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.key("names")
      try names(outcome.name, &json)
      try json.member("weakest_grade", outcome.support.weakest?.rawValue)
      try json.key("grades")
      try json.object { json in
        for (id, grade) in outcome.support.byIndicator.sorted(by: { $0.key < $1.key }) {
          try json.member(id, grade.rawValue)
        }
      }
      try json.member("share_p", outcome.support.shareP)
      try json.member("share_d", outcome.support.shareD)
      try json.member("cost_billion_vnd_per_year", outcome.cost)
      try json.member("has_unknown_cost", outcome.hasUnknownCost)
      try json.key("ambitions")
      try json.array { json in
        for ambition in outcome.ambitions {
          try json.object { json in
            try json.member("lever", ambition.lever)
            try json.key("package")
            try json.array { json in for id in ambition.package { try json.value(id) } }
            try json.member("percentile", ambition.percentile)
            try json.member("points", ambition.points)
            try json.member("achieved", ambition.achieved)
            try json.member("windows", ambition.windows)
          }
        }
      }
    }
  }

  static func targets(_ all: [TargetResult], _ json: inout JSONWriter) throws {
    try json.key("targets")
    try json.array { json in
      for target in all {
        try json.object { json in
          try json.member("indicator", target.target.indicator)
          try json.member("period", target.period.description)
          try json.member("aggregate", target.target.aggregate.rawValue)
          try json.member("comparison", target.target.comparison.rawValue)
          try json.member("value", target.target.value)
          try json.member("upper", target.target.upper)
          try json.member("document", target.target.document)
          try json.member("scenario", target.scenario)
          try json.member("probability", target.probability)
          try json.member("shortfall", target.shortfall)
        }
      }
    }
  }
}
