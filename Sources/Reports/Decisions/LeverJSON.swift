import Scenarios
import TextFiles

/// Levers of a search as members of a JSON object.
enum LeverJSON {
  static func write(_ lever: PlannedLever, _ json: inout JSONWriter) throws {
    try json.member("lever", lever.id)
    try json.member("from", lever.from)
    try json.member("today", lever.base)
    try json.member("end", lever.end)
    try json.member("values_are", lever.isMultiple ? "multiples_of_baseline" : "lever_unit")
    try json.member("mean_baseline", lever.meanBaseline)
    try json.member("limit", name(lever.limit))
    try json.member("price_billion_vnd_per_unit", lever.price)
    try json.member("is_price_entered", lever.isPriceEntered)
  }

  /// Levers that were left out, with the reason.
  static func write(_ leftOut: [GoalResult.LeftOut], _ json: inout JSONWriter) throws {
    try json.key("left_out")
    try json.array { json in
      for left in leftOut {
        try json.object { json in
          try json.member("lever", left.lever)
          try json.member("reason", left.reason.rawValue)
        }
      }
    }
  }

  private static func name(_ limit: PlannedLever.Limit) -> String {
    switch limit {
    case .range: return "range"
    case .evidence: return "evidence"
    case .whole: return "whole"
    }
  }
}
