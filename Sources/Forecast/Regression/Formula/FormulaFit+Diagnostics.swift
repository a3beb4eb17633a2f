extension FormulaFit {
  /// The specification tests of ``RegressionDiagnostics``.
  ///
  /// - Throws: `badDesign` unless the fit is linear, without fixed effects and without weights.
  public func diagnosticTests() throws(ForecastError) -> [DiagnosticTest] {
    guard family == .linear, design.effects.isEmpty, design.weights == nil else {
      throw .badDesign(
        model: "diagnostics", reason: "they are defined for a linear fit without fixed effects and without weights")
    }
    let kept = Set(table.names)
    let diagnostics = try RegressionDiagnostics(
      outcome: design.outcome, regressors: design.columns.filter { kept.contains($0.name) },
      intercept: design.hasIntercept)
    return try diagnostics.tests()
  }
}
