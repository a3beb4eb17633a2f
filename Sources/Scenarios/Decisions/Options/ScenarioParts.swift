/// Which parts of a scenario count in an evaluation; all of them unless something is left out.
package struct ScenarioParts: Sendable {
  /// The levers that count; nil for all.
  package var levers: Set<String>?
  /// Whether the world assumptions count.
  package var withWorld = true
  /// Positions of the rules that count; nil for all.
  package var rules: Set<Int>?
  /// Effects whose size has one of these grades are set to zero.
  package var excludedGrades: Set<Grade> = []
  /// Whether a node is looked at, or needed for one that is; nil for all. Others keep the values of the baseline, but for those that
  /// the rules look at.
  package var needed: [Bool]?

  package init() {}

  package init(excluding grades: Set<Grade>, needed: [Bool]? = nil) {
    excludedGrades = grades
    self.needed = needed
  }
}
