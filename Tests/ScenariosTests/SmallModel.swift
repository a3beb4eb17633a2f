/// Pieces of small models.
enum SmallModel {
  /// A gently growing positive series, 2014 to 2025.
  static let sales = observations(
    "sales", from: 2014, [100, 106, 109, 118, 121, 130, 133, 144, 146, 158, 163, 171])
  static let visits = observations("visits", from: 2014, [50, 52, 51, 56, 55, 60, 59, 63, 66, 65, 70, 72])
  static let growth = observations(
    "growth", from: 2014, [6.0, 6.7, 6.2, 6.8, 7.1, 7.0, 6.3, 6.9, 7.2, 6.4, 6.6, 6.9])

  static func series(_ id: String, more: String = "", headline: Bool = false, good: String = "up") -> String {
    "  \(id): { name: \"\(id)\", unit: units, range: positive, good: \(good), headline: \(headline), baseline: { model: combination\(more) } }\n"
  }

  static let world =
    "  growth: { name: growth, unit: percent, range: real, world: true, baseline: { model: combination } }\n"

  static func lever(
    _ id: String, baseline: Double = 10, range: String = "[0.001, 100]", more: String = "",
    path: String? = nil
  ) -> String {
    "  \(id): { name: \"\(id)\", owner: us, kind: quantity, unit: units, baseline_path: { \(path ?? "hold: \(baseline)") }, range: \(range), grade: B, evidence: none\(more) }\n"
  }

  /// A link whose size is certain unless `spread` is given.
  static func link(
    _ cause: String, _ effect: String, form: String = "elasticity", size: Double, spread: Double = 0,
    lag: String = "[1]", grade: String = "B", scope: String = "total", more: String = ""
  ) -> String {
    "  - { cause: \(cause), effect: \(effect), form: \(form), scope: \(scope), prior: { low: \(size - spread), central: \(size), high: \(size + spread) }, lag: \(lag), carry_over: none, grade: \(grade), evidence: none\(more) }\n"
  }
}
