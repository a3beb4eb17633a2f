import Scenarios
import TextFiles

/// A lever of a search as members of a JSON object.
enum LeverJSON {
  static func write(_ lever: PlannedLever, _ json: inout JSONWriter) throws {
    try json.member("lever", lever.id)
    try json.member("from", lever.from)
    try json.member("today", lever.base)
    try json.member("end", lever.end)
    try json.member("limit", name(lever.limit))
    try json.finite("price_billion_vnd_per_unit", lever.price)
    try json.member("is_price_entered", lever.isPriceEntered)
  }

  private static func name(_ limit: PlannedLever.Limit) -> String {
    switch limit {
    case .range: return "range"
    case .evidence: return "evidence"
    case .whole: return "whole"
    }
  }
}
