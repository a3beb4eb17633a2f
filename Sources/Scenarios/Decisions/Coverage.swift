import Forecast

/// What back-tests say about a fan: "in back-tests this 80% band held 76% (n = 212)", or that it cannot be tested.
public enum Coverage: Sendable, Equatable {
  case tested(level: Double, held: Double, count: Int)
  /// Too few observations, or breaks that were declared with hindsight.
  case notTestable

  /// The coverage of every indicator of a model.
  ///
  /// The gap to the median PCI is tested over all provinces: from each edition with at least five before it, one to three editions
  /// ahead, with the parameters of the whole sample (pseudo-real-time). New foreign capital is tested in the same way, one year
  /// ahead. Everything else rests on series too short to test in every run; ``Replay`` fits the model anew at each origin.
  static func all(_ model: CompiledModel) throws -> [String: Coverage] {
    var result = Dictionary(uniqueKeysWithValues: model.nodes.map { ($0.id, Coverage.notTestable) })
    if let race = model.process(PCIRace.self) {
      let coverage = try competitiveness(race.fit)
      result[race.gapId] = coverage
    }
    if let projects = model.process(FDIProjects.self) {
      result[projects.outputIds[0]] = try counts(projects, store: model.store)
    }
    return result
  }

  /// The forecasts are those of the replay (``ReplayRace``), with the parameters of the whole sample. Origins are those
  /// of the method of today.
  private static func competitiveness(_ fit: PCIRaceFit) throws -> Coverage {
    let scores = fit.scores
    let years = scores.years
    var forecasts: [ReplayForecast] = []
    for (origin, year) in years.enumerated() where year >= fit.firstYear + 4 && origin + 1 < years.count {
      guard let asOf = CalendarDate("\(year)-12-31") else { continue }
      var race = ReplayRace(model: fit.scoreModel, volatility: try fit.volatility.known(periods: origin + 1))
      for (province, series) in scores.deviations.enumerated() {
        let later = (origin + 1..<min(origin + 4, years.count)).filter { !series[$0].isNaN }
        forecasts += try race.forecasts(
          history: Array(series[...origin]), lastYear: year, actual: later.map { (years[$0], series[$0]) }, unit: 1,
          indicator: "", pool: .allProvinces, area: fit.panel.provinces[province], asOf: asOf)
      }
    }
    return coverage(forecasts)
  }

  /// One year ahead, over provinces and years.
  private static func counts(_ projects: FDIProjects, store: ObservationStore) throws -> Coverage {
    let from = projects.parameters.countFrom
    var forecasts: [ReplayForecast] = []
    for (area, series) in ReplayPanel.byArea(store, projects.outputIds[0]).sorted(by: { $0.key < $1.key }) {
      guard let last = series.keys.max(), last >= from + 4 else { continue }
      for year in (from + 4)...last {
        let history = series.filter { $0.key >= from && $0.key < year }
        guard let actual = series[year], let asOf = CalendarDate("\(year - 1)-12-31"),
          let level = try ReplayPanel.level(projects.parameters, history: history, last: year - 1)
        else { continue }
        let forecast = ReplayPanel.count(
          level, fit: projects.fit, step: 1, history: history, actual: actual, indicator: "", area: area, asOf: asOf)
        if let forecast { forecasts.append(forecast) }
      }
    }
    return coverage(forecasts)
  }

  private static func coverage(_ forecasts: [ReplayForecast]) -> Coverage {
    guard !forecasts.isEmpty else { return .notTestable }
    let held = forecasts.count { $0.isInside(.wide) }
    return .tested(level: ReplayBand.wide.level, held: Double(held) / Double(forecasts.count), count: forecasts.count)
  }
}
