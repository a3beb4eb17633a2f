/// The values of a scenario: its own where it can change a node, the baseline's where it cannot.
package struct ScenarioDraws {
  private let own: DrawTable
  private let baseline: DrawTable
  package let affected: [Bool]

  init(own: DrawTable, baseline: DrawTable, affected: [Bool]) {
    self.own = own
    self.baseline = baseline
    self.affected = affected
  }

  /// The baseline itself.
  init(baseline: DrawTable) {
    own = baseline
    self.baseline = baseline
    affected = [Bool](repeating: false, count: baseline.nodeCount)
  }

  package var drawCount: Int { baseline.drawCount }

  /// All draws of a node in a grid year.
  package func draws(_ node: Int, _ year: Int) -> UnsafeMutableBufferPointer<Double> {
    (affected[node] ? own : baseline).draws(node, year)
  }
}
