import Forecast
import TextFiles

/// The parameters of the race, from the model folder.
struct PCIRaceParameters: Sendable {
  var firstYear: Int
  /// The first edition whose scores the model of scores is fitted to; no later than ``firstYear``.
  var scoreFirstYear: Int
  var lastCompleteYear: Int
  var weights: String
  var correlationShrinkage: Double
  var mergerNoisePoints: Double
  var levelShiftYear: Int
  var windowYears: Int
  var startBandwidth: Double
  var policyShare: Double
  /// How the turbulence shared by all provinces fades and how strongly it changes from edition to edition.
  var volatility: CommonVolatility.Prior

  /// - Throws: ``DiagnosticList`` for a number that is missing or cannot be used.
  init(_ definition: ProcessDefinition) throws {
    var problems: [Diagnostic] = []
    func number(_ key: String, _ isAllowed: (Double) -> Bool = { _ in true }, _ expected: String = "") -> Double {
      guard let value = definition.numbers[key] else {
        problems.append(
          Diagnostic(
            .badData, code: "missing_key", at: definition.location,
            "process '\(definition.id)' needs the number '\(key)'"))
        return 0
      }
      if !isAllowed(value) {
        problems.append(
          Diagnostic(
            .badData, code: "out_of_range", at: definition.location,
            "'\(key)' of process '\(definition.id)' must be \(expected), not \(definition.texts[key] ?? "")"))
      }
      return value
    }
    firstYear = Int(number("first_year"))
    let first = Double(firstYear)
    scoreFirstYear = Int(number("score_first_year", { $0 <= first }, "no later than 'first_year'"))
    lastCompleteYear = Int(number("last_complete_year"))
    weights = definition.texts["weights"] ?? ""
    correlationShrinkage = number("correlation_shrinkage")
    mergerNoisePoints = number("merger_noise_points")
    levelShiftYear = Int(number("level_shift_year"))
    windowYears = Int(number("window_years"))
    startBandwidth = number("start_bandwidth_points")
    policyShare = number("policy_share")
    volatility = CommonVolatility.Prior(
      persistence: number("volatility_persistence", { (0..<1).contains($0) }, "at least 0 and below 1"),
      disturbance: number("volatility_disturbance", { $0 > 0 }, "above 0"),
      periods: number("volatility_prior_editions", { $0 > 2 }, "above 2"))
    guard problems.isEmpty else { throw DiagnosticList(problems) }
  }
}
