/// The values of a scenario: its own where and when it can change a node, the baseline's elsewhere.
package struct ScenarioDraws {
  private let own: DrawTable
  private let baseline: DrawTable
  /// Whether the scenario can change a node in any year, and in which.
  package let affected: [Bool]
  private let years: [YearSet]

  init(own: DrawTable, baseline: DrawTable, affected: [Bool], years: [YearSet]) {
    self.own = own
    self.baseline = baseline
    self.affected = affected
    self.years = years
  }

  /// The baseline itself.
  init(baseline: DrawTable) {
    own = baseline
    self.baseline = baseline
    affected = [Bool](repeating: false, count: baseline.nodeCount)
    years = [YearSet](repeating: .none, count: baseline.nodeCount)
  }

  package var drawCount: Int { baseline.drawCount }

  /// All draws of a node in a grid year.
  package func draws(_ node: Int, _ year: Int) -> UnsafeMutableBufferPointer<Double> {
    (affects(node, year) ? own : baseline).draws(node, year)
  }

  /// Whether the scenario can change a node in a grid year.
  func affects(_ node: Int, _ year: Int) -> Bool { years[node].contains(year) }
}
