import Scenarios

/// An option of a pack: the baseline (number 0) or a scenario by its place on the command line, with its rank.
///
/// The only place where a pack looks at a ``Comparison``.
struct PackOption {
  var number: Int
  var outcome: ScenarioOutcome
  /// Options that the draws cannot separate share a rank.
  var rank: Int
  /// The place in the comparison, best first.
  var place: Int
  var expectedTargetsMet: Double
  /// Mean change of the headline indicators in the last year, in standard deviations of the baseline.
  var improvement: Double
  var probabilityBest: Double
  var rankWithoutD: Int
  /// Whether the draws cannot tell it from another option without effects of grade D.
  var isTiedWithoutD: Bool

  var isBaseline: Bool { number == 0 }

  static func all(_ comparison: Comparison, _ result: RunResult) -> [PackOption] {
    ([result.baseline] + result.scenarios).enumerated().compactMap { number, outcome in
      guard let place = comparison.options.firstIndex(where: { $0.id == outcome.id }) else { return nil }
      let option = comparison.options[place]
      return PackOption(
        number: number, outcome: outcome, rank: option.rank, place: place,
        expectedTargetsMet: option.expectedTargetsMet, improvement: option.improvement,
        probabilityBest: option.probabilityBest.value, rankWithoutD: option.rankWithoutD,
        isTiedWithoutD: !option.tiedWithoutD.isEmpty)
    }
  }
}
