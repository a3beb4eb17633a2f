import TextFiles
import Yams

/// Links of a system file, and the priors of their effects.
extension CatalogReader {
  func link(_ source: YAMLSource, _ node: Node) -> LinkDefinition? {
    let allowed = [
      "cause", "effect", "form", "scope", "prior", "estimate", "conversion", "lag", "carry_over", "valid", "grade",
      "evidence", "on", "cause_as",
    ]
    guard let fields = source.fields(node, "a link", allowed: allowed) else { return nil }
    for key in ["cause", "effect", "form", "scope", "lag", "grade", "evidence"] where fields[key] == nil {
      source.report(node, "missing_key", "a link needs '\(key)'")
    }
    guard let cause = fields["cause"].flatMap({ source.text($0, "cause") }),
      let effect = fields["effect"].flatMap({ source.text($0, "effect") }),
      let form = fields["form"].flatMap({ source.choice($0, "form", LinkDefinition.Form.self) }),
      let scope = fields["scope"].flatMap({ source.choice($0, "scope", LinkDefinition.Scope.self) }),
      let lag = fields["lag"].flatMap({ source.numbers($0, "lag") }),
      let grade = fields["grade"].flatMap({ source.choice($0, "grade", Grade.self) })
    else { return nil }
    checkUnitSum(source, fields["lag"], lag, "the lag weights")
    let estimate = fields["estimate"].flatMap { source.text($0, "estimate") }
    let prior = fields["prior"].flatMap { self.prior(source, $0, "prior") }
    if (prior == nil) == (estimate == nil) {
      source.report(node, "ambiguous_source", "a link needs exactly one of prior and estimate")
    }
    return LinkDefinition(
      cause: cause, effect: effect, form: form, scope: scope, prior: prior ?? Prior(low: 0, central: 0, high: 0),
      estimate: estimate, conversion: fields["conversion"].flatMap { self.prior(source, $0, "conversion") }, lag: lag,
      carryOver: fields["carry_over"].flatMap { source.choice($0, "carry_over", LinkDefinition.CarryOver.self) }
        ?? .none,
      validity: fields["valid"].flatMap { source.amountRange($0, "valid") }, grade: grade,
      evidence: fields["evidence"].flatMap { source.text($0, "evidence") } ?? "", location: source.location(node),
      on: fields["on"].flatMap { source.choice($0, "on", LinkDefinition.EffectMeasure.self) } ?? .level,
      causeAs: fields["cause_as"].flatMap { source.choice($0, "cause_as", LinkDefinition.CauseMeasure.self) }
        ?? .level)
  }

  func prior(_ source: YAMLSource, _ node: Node, _ what: String) -> Prior? {
    guard let fields = source.fields(node, what, allowed: ["low", "central", "high"]) else { return nil }
    guard let central = fields["central"].flatMap({ source.number($0, "central of \(what)") }) else {
      source.report(node, "missing_key", "\(what) needs 'central'")
      return nil
    }
    let low = fields["low"].flatMap { source.number($0, "low of \(what)") }
    let high = fields["high"].flatMap { source.number($0, "high of \(what)") }
    let half = abs(central) * (grades?.defaultHalfWidth ?? 0.5)
    let result = Prior(low: low ?? central - half, central: central, high: high ?? central + half)
    if !(result.low <= result.central && result.central <= result.high) {
      source.report(node, "out_of_range", "\(what) must have low <= central <= high")
    }
    return result
  }
}
