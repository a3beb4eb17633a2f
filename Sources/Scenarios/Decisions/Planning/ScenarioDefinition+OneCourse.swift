import TextFiles

extension ScenarioDefinition {
  /// Why questions that follow one course of a scenario in all draws cannot be asked of this one; nil if they can.
  ///
  /// A rule gives some draws another course than others. A search for settings and a pick-and-freeze design evaluate one, so their
  /// results would silently be those of the scenario without its rules.
  var severalCoursesProblem: Diagnostic? {
    guard let rule = rules.first else { return nil }
    return Diagnostic(
      .wrongUse, code: "has_rules", at: rule.location,
      "a scenario without `when:` was expected: goal, optimise and sensitivity follow one course, which a rule decides future by future",
      hint: "leave `when:` out, or put what it decides under `levers:`; run, compare and robust take rules")
  }
}
