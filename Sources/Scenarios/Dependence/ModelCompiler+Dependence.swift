import NumericKernels
import TextFiles

extension ModelCompiler {
  /// Estimates the correlations from what is known; nil if the model asks for none.
  ///
  /// - Throws: ``DiagnosticList`` for a panel series that no province has, ``ScenarioError``.
  func estimateDependence() throws -> DependenceEstimate? {
    var definition = catalog.dependence
    definition.series.removeAll { catalog.indicator($0.indicator) == nil }
    guard !definition.series.isEmpty else { return nil }
    let provinces = try ProvinceCrosswalk.read(folder).after.keys.sorted()
    // As of an early day a series may not have begun; with everything known, a series without a figure is a wrong name.
    if store.asOf == nil {
      let missing = definition.series.filter { series in
        provinces.allSatisfy { store.annual(series.observed, area: $0).isEmpty }
      }
      guard missing.isEmpty else {
        throw DiagnosticList(
          missing.map { series in
            Diagnostic(
              .badData, code: "unknown_id", at: series.location,
              "'\(series.indicator)' takes its correlations from '\(series.observed)', of which no province has a figure",
              hint: Suggestion.hint(for: series.observed, among: Set(store.observations.map(\.indicator)).sorted()))
          })
      }
    }
    do {
      return try DependenceEstimate(definition, catalog: catalog, store: store, provinces: provinces)
    } catch let error as LinearAlgebraError {
      throw ScenarioError.fit(indicator: "correlations", reason: "\(error)")
    }
  }

  /// The estimate in the form that draws.
  func correlatedShocks(_ estimate: DependenceEstimate?, _ processes: [any EngineProcess]) throws -> CorrelatedShocks {
    guard let estimate else { return .none }
    let indicators = estimate.series.map { series -> (id: String, parts: [CorrelatedShocks.Part]) in
      let parts = processes.lazy.compactMap { $0.shockParts(of: series.indicator) }.first
      return (id: series.indicator, parts: parts ?? [.init(stream: series.indicator)])
    }
    do { return try CorrelatedShocks(indicators, correlations: estimate.matrix) } catch {
      throw ScenarioError.fit(indicator: "correlations", reason: "\(error)")
    }
  }
}
