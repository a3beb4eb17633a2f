import Scenarios

/// An option of a pack: the baseline (number 0) or a scenario by its place on the command line, with its rank.
///
/// The only place where a pack looks at a ``Comparison``.
struct PackOption {
  var number: Int
  var outcome: ScenarioOutcome
  var rank: Int
  var expectedTargetsMet: Double
  /// Mean change of the headline indicators in the last year, in standard deviations of the baseline.
  var improvement: Double
  var probabilityBest: Double
  var rankWithoutD: Int

  var isBaseline: Bool { number == 0 }

  /// Best first, as the comparison has them.
  static func all(_ comparison: Comparison, _ result: RunResult) -> [PackOption] {
    let outcomes = [result.baseline] + result.scenarios
    return comparison.options.compactMap { option in
      guard let number = outcomes.firstIndex(where: { $0.id == option.id }) else { return nil }
      return PackOption(
        number: number, outcome: outcomes[number], rank: option.rank, expectedTargetsMet: option.expectedTargetsMet,
        improvement: option.improvement, probabilityBest: option.probabilityBest.value,
        rankWithoutD: option.rankWithoutD)
    }
  }
}
